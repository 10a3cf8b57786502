"""What was said, called for, promised and asked, and what came of it."""

from videtur.cases.models import CaseEntity
from videtur.engines.method.entities import accountability as entities


class Statement(CaseEntity):
    """A public statement of a body."""

    kind = entities.Statement


class Call(CaseEntity):
    """What one body asks of parties."""

    kind = entities.Call


class Commitment(CaseEntity):
    """A promise."""

    kind = entities.Commitment


class RequestForComment(CaseEntity):
    """Asking for an answer before publication."""

    kind = entities.RequestForComment


class Deadline(CaseEntity):
    """Something due."""

    kind = entities.Deadline


class Action(CaseEntity):
    """Something a person did or read, with its effect."""

    kind = entities.Action


class FollowUp(CaseEntity):
    """A later fact."""

    kind = entities.FollowUp


class Correction(CaseEntity):
    """A task to put right something that left the house."""

    kind = entities.Correction
