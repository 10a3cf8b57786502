"""What left the house: packages and reports."""

from typing import Any, ClassVar

from django.db import models

from videtur.cases.models import CaseEntity
from videtur.engines.method.entities import publication as entities
from videtur.evidence.models import Item
from videtur.ledger.models import RecordedRow


class PackageExport(RecordedRow):
    """An evidence package that was written. The digest is of its tag manifest, which names every file."""

    case = models.UUIDField(db_index=True)
    tag_manifest_sha256 = models.CharField(max_length=64)
    checkpoint_size = models.BigIntegerField()
    item_count = models.PositiveIntegerField()
    exported_by = models.CharField(max_length=80)


class ReportIssue(RecordedRow):
    """A report that was written."""

    case = models.UUIDField(db_index=True)
    sha256 = models.CharField(max_length=64)
    form = models.CharField(max_length=20)
    issued_by = models.CharField(max_length=80)


class RedactionDeed(RecordedRow):
    """What a reviewer did with the plan of a masked copy, or that an earlier deed is undone.

    The machine's plan with all deeds done is the plan as it stands (`videtur.engines.redaction.review`).
    """

    case = models.UUIDField(db_index=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    plan_sha256 = models.CharField(max_length=64)
    """Of the machine's plan; another plan begins with no deeds."""
    number = models.PositiveIntegerField()
    deed: "models.JSONField[dict[str, Any]]" = models.JSONField(default=dict)
    """Empty for one that undoes."""
    undoes = models.PositiveIntegerField(null=True)
    done_by = models.CharField(max_length=80)

    class Meta:
        """Two people cannot both do the next deed: the second sees the first one's before."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "item", "plan_sha256", "number"], name="one_deed_a_number"
            )
        ]


class Redaction(CaseEntity):
    """A masked copy."""

    kind = entities.Redaction


class Release(CaseEntity):
    """Something published or handed over."""

    kind = entities.Release


class ExposureLog(CaseEntity):
    """How long a person was shown severe material."""

    kind = entities.ExposureLog
