"""What left the house: packages and reports."""

from django.db import models

from videtur.cases.models import CaseEntity
from videtur.engines.method.entities import publication as entities
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


class Redaction(CaseEntity):
    """A masked copy."""

    kind = entities.Redaction


class Release(CaseEntity):
    """Something published or handed over."""

    kind = entities.Release


class ExposureLog(CaseEntity):
    """How long a person was shown severe material."""

    kind = entities.ExposureLog
