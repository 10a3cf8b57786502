"""Cases, the parties named in them, who takes part; and the base of every entity of the method."""

from typing import Any, ClassVar, cast

from django.db import models

from videtur.engines.method.entities import case as entities
from videtur.engines.method.entities.base import Entity
from videtur.ledger.models import VersionedRow

DEFAULT_ACCESS = "internal"
"""Who may see an entity that says nothing of it (house rule)."""


class Case(VersionedRow):
    """A body of work on one set of allegations. `thing` is its identity, `slug` its name for people."""

    slug = models.SlugField(max_length=80, db_index=True)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)


class Party(VersionedRow):
    """A party to the conflict or a body, as named in one case. Shown in alphabetical order of `code`."""

    KINDS: ClassVar = ["state", "armed_group", "monitoring_body", "newsroom", "other"]

    case = models.UUIDField(db_index=True)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)


class Membership(VersionedRow):
    """One person's one role in one case (roles: `videtur.cases.roles.ROLES`)."""

    case = models.UUIDField(db_index=True)
    user_id = models.UUIDField(db_index=True)
    role = models.CharField(max_length=40)
    active = models.BooleanField(default=True)


class CaseEntity(VersionedRow):
    """One version of an entity of the method (`videtur.engines.method.entities`).

    The frozen entity is the one definition of what it holds; `content` is its JSON, so that a case file,
    a row and a ledger entry say the same. Each kind has its own table.
    """

    kind: ClassVar[type[Entity]]

    case = models.UUIDField(db_index=True)
    reference = models.CharField(max_length=200)
    """Its name inside the case, such as AL1; the same in every version."""
    position = models.PositiveIntegerField(default=0)
    """Its place among what the same entry wrote."""
    access = models.CharField(max_length=20, default=DEFAULT_ACCESS)
    content: "models.JSONField[dict[str, Any]]" = models.JSONField()
    written_by = models.CharField(max_length=80)

    class Meta(VersionedRow.Meta):
        """The name leads to one thing in a case."""

        abstract = True
        indexes: ClassVar = [models.Index(fields=["case", "reference"], name="%(app_label)s_%(class)s_name")]

    @property
    def entity(self) -> Entity:
        """What the row says."""
        return self.kind.model_validate(self.content)

    def as_record(self) -> dict[str, object]:
        """As a ledger entry has it: a fraction as {"$decimal": TEXT}, since records hold no floats."""
        return super().as_record() | {"content": _recordable(self.content)}


def _recordable(value: object) -> object:
    match value:
        case float():
            return {"$decimal": repr(value)}
        case dict():
            return {name: _recordable(part) for name, part in cast("dict[str, object]", value).items()}
        case list():
            return [_recordable(part) for part in cast("list[object]", value)]
        case _:
            return value


class CaseDate(CaseEntity):
    """The moment at which the case file describes the world."""

    kind = entities.CaseDate


class CaseParty(CaseEntity):
    """A party with everything the method needs to know of it; its code and name stand in `Party` too."""

    kind = entities.Party


class Allegation(CaseEntity):
    """What is alleged, against whom."""

    kind = entities.Allegation


class SymmetryGroup(CaseEntity):
    """Allegations that answer one another across the sides."""

    kind = entities.SymmetryGroup


class Neutrality(CaseEntity):
    """How the case keeps its balance."""

    kind = entities.Neutrality


class SourceArticle(CaseEntity):
    """The publication that opened the case."""

    kind = entities.SourceArticle


class CalendarCheck(CaseEntity):
    """Weekday words and their dates."""

    kind = entities.CalendarCheck


class VerificationState(CaseEntity):
    """Where the verification stands."""

    kind = entities.VerificationState


class OpenQuestions(CaseEntity):
    """What is still to be found out."""

    kind = entities.OpenQuestions


class ExpectedSentences(CaseEntity):
    """Sentences for the language engine to pass and to fail."""

    kind = entities.ExpectedSentences


class ExpectedBoard(CaseEntity):
    """The board that the facts must give on a day."""

    kind = entities.ExpectedBoard


class HouseRules(CaseEntity):
    """Deadlines and thresholds of this house."""

    kind = entities.HouseRules


class Assignment(CaseEntity):
    """One person's role on one thing of the case."""

    kind = entities.Assignment


class Lead(CaseEntity):
    """What a machine found, and who accepted it."""

    kind = entities.Lead


class Deletion(CaseEntity):
    """A retention decision."""

    kind = entities.Deletion


class LedgerState(CaseEntity):
    """What a verification of the ledger said."""

    kind = entities.LedgerState
