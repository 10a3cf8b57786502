"""Which recording, and what is seen and heard in it."""

from typing import ClassVar

from django.db import models

from videtur.cases.models import CaseEntity
from videtur.engines.method.entities import footage as entities
from videtur.evidence.models import Item
from videtur.ledger.models import RecordedRow, VersionedRow


class CopyDecision(RecordedRow):
    """A person's word on a proposed copy relation. The latest for a pair counts; item_a < item_b by id.

    "undecided" takes an earlier word back: the comparison counts again.
    """

    DECISIONS: ClassVar = ["same_footage", "not_the_same_footage", "undecided"]

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


class FootageFamily(CaseEntity):
    """One recording and what is known of it: the nine aspects."""

    kind = entities.FootageFamily


class ReportedObservation(CaseEntity):
    """An observation as a source reports it, or as a case file holds it."""

    kind = entities.Observation


class Utterance(CaseEntity):
    """Words that were said."""

    kind = entities.Utterance


class PersonMark(CaseEntity):
    """A pseudonym for one person shown."""

    kind = entities.PersonMark


class Indicator(CaseEntity):
    """Something that points to a party."""

    kind = entities.Indicator


class Affiliation(CaseEntity):
    """What can be said of a group's side."""

    kind = entities.Affiliation


class PlaceClaim(CaseEntity):
    """A place that somebody names."""

    kind = entities.PlaceClaim


class PlaceMatch(CaseEntity):
    """A person's choice among the candidates of a place claim."""

    kind = entities.PlaceMatch


class DistanceCheck(CaseEntity):
    """A claimed distance beside computed ones."""

    kind = entities.DistanceCheck


class TimeClaim(CaseEntity):
    """When something is said to have been."""

    kind = entities.TimeClaim
