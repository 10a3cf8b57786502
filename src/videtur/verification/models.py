"""What it amounts to: claims, conflicts, hypotheses, reviews, findings, and the law that may apply."""

from videtur.cases.models import CaseEntity
from videtur.engines.method.entities import verification as entities


class Claim(CaseEntity):
    """What somebody says."""

    kind = entities.Claim


class LaterClaim(CaseEntity):
    """A claim made by others after the case was opened."""

    kind = entities.LaterClaim


class Conflict(CaseEntity):
    """Two things that do not agree."""

    kind = entities.Conflict


class Hypothesis(CaseEntity):
    """One explanation of the evidence."""

    kind = entities.Hypothesis


class Review(CaseEntity):
    """One person's examination."""

    kind = entities.Review


class Arbitration(CaseEntity):
    """An arbiter's decision where two reviews differ."""

    kind = entities.Arbitration


class Finding(CaseEntity):
    """A statement of fact at a standard of proof."""

    kind = entities.Finding


class ProvisionMapping(CaseEntity):
    """A provision of law as a candidate, and what it still needs."""

    kind = entities.ProvisionMapping


class CitedObligation(CaseEntity):
    """A provision cited as binding on a party."""

    kind = entities.CitedObligation
