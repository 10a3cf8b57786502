"""Which bytes, and how we came by them."""

from typing import ClassVar

from django.db import models

from videtur.cases.models import CaseEntity
from videtur.engines.method.entities import evidence as entities
from videtur.ledger.models import ObjectReference, RecordedRow


class Item(RecordedRow):
    """Bytes as received. One row for one sequence of bytes, however often it arrives."""

    sha256 = models.CharField(max_length=64, unique=True)
    sha512 = models.CharField(max_length=128)
    size = models.BigIntegerField()
    object_key = models.CharField(max_length=300)

    def object_references(self) -> list[ObjectReference]:
        """The original."""
        return [ObjectReference(self.object_key, self.sha256, self.size)]


class Capture(RecordedRow):
    """How we came by an item: the collection record of one arrival (Berkeley Protocol, para. 155)."""

    HOW: ClassVar = ["file", "upload", "import"]

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="captures")
    item_sha256 = models.CharField(max_length=64)
    """The item's SHA-256: an item that first came in for another case is named by this case's own entry,
    so that a package proves what it holds without an entry of the other case."""
    case = models.UUIDField(db_index=True)
    how = models.CharField(max_length=40)
    file_name = models.TextField()
    """As received, made printable: bytes that are not UTF-8, controls and bidi marks are escaped."""
    file_name_bytes = models.BinaryField()
    place = models.CharField(max_length=64, db_index=True)
    """SHA-256 of the full path (or of the upload's id): the same arrival told again is known by it.
    The path itself is not recorded: the folders of a machine are nobody's business but its owner's."""
    file_modified_at = models.DateTimeField(null=True)
    source_name = models.TextField(blank=True)
    note = models.TextField(blank=True)
    captured_by = models.CharField(max_length=80)

    class Meta:
        """Arrivals in order."""

        ordering: ClassVar = ["entry_index"]


class Publication(RecordedRow):
    """Where an item was seen, and when it was posted, in the words of the place and as an EDTF date."""

    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="publications")
    url = models.TextField(blank=True)
    posted_at_original = models.TextField(blank=True)
    posted_at_edtf = models.CharField(max_length=60, blank=True)
    """EDTF level 1, empty where the words give none."""


class Refusal(RecordedRow):
    """An input that was not taken in, and why."""

    REASONS: ClassVar = [
        "missing",
        "unreadable",
        "symbolic_link",
        "not_a_file",
        "empty",
        "too_large",
        "no_room",
        "changing",
        "not_media",
        "own_workspace",
    ]

    case = models.UUIDField(db_index=True)
    file_name = models.TextField()
    place = models.CharField(max_length=64, db_index=True)
    reason = models.CharField(max_length=60)
    explanation = models.TextField()
    attempted_by = models.CharField(max_length=80)


class DescribedItem(CaseEntity):
    """An item that a case file describes; its bytes may not be here."""

    kind = entities.Item


class DescribedCapture(CaseEntity):
    """A capture that a case file describes."""

    kind = entities.Capture


class DescribedPublication(CaseEntity):
    """A publication that a case file describes."""

    kind = entities.Publication


class Source(CaseEntity):
    """An origin of information."""

    kind = entities.Source


class SourceGrade(CaseEntity):
    """Admiralty grades of a source."""

    kind = entities.SourceGrade


class Independence(CaseEntity):
    """How two origins stand to one another."""

    kind = entities.Independence
