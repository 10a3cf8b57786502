"""Which recording, and what is seen and heard in it."""

from typing import ClassVar

from django.db import models

from videtur.evidence.models import Item
from videtur.ledger.models import RecordedRow, VersionedRow


class CopyDecision(RecordedRow):
    """A person's word on a proposed copy relation. The latest for a pair counts; item_a < item_b by id."""

    DECISIONS: ClassVar = ["same_footage", "not_the_same_footage"]

    item_a = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    item_b = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=40)
    reason = models.TextField()
    decided_by = models.CharField(max_length=80)


class Observation(VersionedRow):
    """What a person saw or heard between two times of one item (domain model, section 4)."""

    case = models.UUIDField(db_index=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="observations")
    start_pts = models.BigIntegerField()
    end_pts = models.BigIntegerField()
    time_base_numerator = models.PositiveIntegerField()
    time_base_denominator = models.PositiveIntegerField()
    modality = models.CharField(max_length=40)
    role = models.CharField(max_length=60)
    states: "models.JSONField[list[str]]" = models.JSONField(default=list)
    act = models.CharField(max_length=60, blank=True)
    target = models.CharField(max_length=60, blank=True)
    injury_region = models.CharField(max_length=40, blank=True)
    injury_sign = models.CharField(max_length=60, blank=True)
    injury_timing = models.CharField(max_length=40, blank=True)
    count_minimum = models.PositiveIntegerField(null=True)
    count_maximum = models.PositiveIntegerField(null=True)
    count_basis = models.CharField(max_length=60, blank=True)
    hedge = models.CharField(max_length=20, default="H1_appears")
    text = models.TextField()
    language = models.CharField(max_length=8, default="en")
    observed_by = models.CharField(max_length=80)
    withdrawn_because = models.TextField(blank=True)
    """A withdrawal is a new version with a reason; nothing is deleted."""
