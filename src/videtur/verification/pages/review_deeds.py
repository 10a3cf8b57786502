"""The forms of the review page: begin, hand in, withdraw, arbitrate."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from videtur.cases.access import person_of
from videtur.cases.queries import roles_in
from videtur.cases.roles import ANALYSTS, EXPERTS
from videtur.cases.words import term
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.footage import FootageFamily, Observation
from videtur.engines.method.entities.verification import Arbitration, Finding, Review
from videtur.verification import services
from videtur.verification.disagreement import CONCURS, Dissent, dissents
from videtur.verification.forms.deed import Deed, pick
from videtur.verification.forms.shapes import Part, Shape
from videtur.verification.pages.opened import Opened


def deeds_of(opened: Opened, subject: Entity, reference: str, mine: Review | None) -> list[Deed]:
    """What this person may do with the reviews of a thing."""
    found: list[Deed] = []
    if mine is not None and not mine.submitted:
        return [_submit(opened, subject, mine), _withdraw(opened, mine)]
    found += [_begin(opened, reference, role) for role in _roles_open(opened, subject, reference)]
    if mine is not None:
        found.append(_withdraw(opened, mine))
    if "arbiter" in roles_in(opened.user, opened.case) and isinstance(subject, FootageFamily | Finding):
        found += list(_arbitrations(opened, reference))
    return found


def kept_from(review: Review) -> list[str]:
    """What a reviewer does not see until the review is in, one sentence each."""
    kept = [_("The reviews of others, so that yours is your own.")]
    if review.role == "analyst_2":
        kept.append(
            _("What the uploader wrote beside it, so that you see what is there and not what is said.")
        )
        kept.append(_("Which party is claimed to be shown, and the allegations that rest on it."))
    return kept


def _roles_open(opened: Opened, subject: Entity, reference: str) -> Iterator[str]:
    allowed = EXPERTS if isinstance(subject, Observation) else ANALYSTS | EXPERTS
    person = person_of(opened.user)
    taken = {
        each.role
        for each in opened.file.all(Review)
        if each.of == reference and each.by == person and not each.withdrawn_because
    }
    yield from sorted((roles_in(opened.user, opened.case) & allowed) - taken)


def _begin(opened: Opened, reference: str, role: str) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        return services.begin_review(opened.user, opened.case, reference, role)

    return Deed(
        f"begin-{role}",
        _("Review it as %(role)s") % {"role": term(role)},
        _("Begin the review"),
        _("Your review is open. Until it is in, the reviews of others are kept from you."),
        perform,
        explained=_(
            "Whoever reviews a thing in one role is barred from the roles that would judge that review."
        ),
    )


def _submit(opened: Opened, subject: Entity, mine: Review) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        return services.submit_review(
            opened.user,
            opened.case,
            mine.id,
            given.get("aspects", {}),
            str(given.get("reason", "")),
            given.get("concurs"),
            given.get("evidence", ()),
            given.get("consistency"),
        )

    fields = ["reason", "evidence"]
    if isinstance(subject, FootageFamily):
        fields.insert(0, "aspects")
    if isinstance(subject, Finding):
        fields.insert(0, "concurs")
    if mine.role == "medical_expert":
        fields.insert(0, "consistency")
    return Deed(
        "submit",
        _("Your review"),
        _("Hand the review in"),
        _("Your review is in. Nobody changes it any more; you may withdraw it, with a reason."),
        perform,
        pick(Review, *fields),
        mine.as_json(),
        Review,
    )


def _withdraw(opened: Opened, mine: Review) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        because = str(given.get("withdrawn_because", ""))
        return services.withdraw_review(opened.user, opened.case, mine.id, because)

    return Deed(
        "withdraw",
        _("Withdraw your review"),
        _("Withdraw"),
        _("Your review is withdrawn. It stays readable."),
        perform,
        pick(Review, "withdrawn_because"),
        mine.as_json(),
        Review,
        _("A finding that needed it goes back to review."),
        danger=True,
    )


def _arbitrations(opened: Opened, reference: str) -> Iterator[Deed]:
    pairs: dict[tuple[str, str], list[Dissent]] = {}
    for each in dissents(opened.file, reference):
        pairs.setdefault(each.between, []).append(each)
    for pair, open_ in pairs.items():
        yield _arbitrate(opened, reference, pair, open_)


def _arbitrate(opened: Opened, reference: str, pair: tuple[str, str], open_: list[Dissent]) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        aspects, reason = given.get("aspects", {}), str(given.get("reason", ""))
        return services.arbitrate(
            opened.user, opened.case, reference, pair, aspects, reason, given.get("concurs")
        )

    (aspects,) = pick(Arbitration, "aspects")
    wanted = tuple(each.aspect for each in open_ if each.aspect != CONCURS)
    parts = [*pick(Arbitration, "reason")]
    if any(each.aspect == CONCURS for each in open_):
        parts = [*pick(Arbitration, "concurs"), *parts]
    if wanted:
        parts.insert(0, Part("aspects", Shape("mapping", words=wanted, of=aspects.shape.of), required=True))
    return Deed(
        f"arbitrate-{pair[0]}-{pair[1]}",
        _("Decide between %(first)s and %(second)s") % {"first": pair[0], "second": pair[1]},
        _("Record the decision"),
        _("The decision is recorded. Both reviews stay."),
        perform,
        tuple(parts),
        explained=_("Decide every aspect on which the two are more than one step apart."),
    )
