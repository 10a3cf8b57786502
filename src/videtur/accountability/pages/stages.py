"""The steps of the work in their order: how much there is of each, and the next thing to do in it."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from videtur.accountability.pages.desk import Desk
from videtur.engines.method.accountability.readings import readings_of
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities import accountability as acts
from videtur.engines.method.entities import evidence, footage, publication, verification
from videtur.engines.method.entities.base import Entity


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the walk; `next` is empty where nothing waits."""

    name: str
    address: str
    count: int
    next: str


def stages_of(desk: Desk) -> list[Stage]:
    """From the files to what left the house."""
    file, slug = desk.file, desk.case.slug
    return [
        Stage(name, _address(slug, page, section), sum(len(file.all(kind)) for kind in kinds), following)
        for name, page, section, kinds, following in (*_of_evidence(file), *_of_accountability(file))
    ]


_Line = tuple[str, str, str, tuple[type[Entity], ...], str]


def _of_evidence(file: CaseFile) -> Iterable[_Line]:
    yield _("Footage"), "footage_families", "footage", (footage.FootageFamily,), _unseen(file)
    yield _("Files"), "", "items", (evidence.Item,), ""
    untimed = sum(each.t is None and not each.withdrawn_because for each in file.all(footage.Observation))
    yield (
        _("Observations"),
        "",
        "observations",
        (footage.Observation,),
        (
            ngettext("%(count)s needs its time code", "%(count)s need their time codes", untimed)
            % {"count": untimed}
            if untimed
            else ""
        ),
    )
    unheard = sum(each.second_linguist is None for each in file.all(footage.Utterance))
    yield (
        _("Utterances"),
        "",
        "utterances",
        (footage.Utterance,),
        (
            ngettext("%(count)s waits for a second linguist", "%(count)s wait for a second linguist", unheard)
            % {"count": unheard}
            if unheard
            else ""
        ),
    )
    graded = {grade.source for grade in file.all(evidence.SourceGrade)}
    ungraded = sum(name not in graded for name in file.named(evidence.Source))
    yield (
        _("Sources"),
        "sources",
        "sources",
        (evidence.Source,),
        (
            ngettext("%(count)s has no grade yet", "%(count)s have no grade yet", ungraded)
            % {"count": ungraded}
            if ungraded
            else ""
        ),
    )
    opened = sum(each.status == "open" for each in file.all(verification.Conflict))
    yield (
        _("Claims and conflicts"),
        "claims",
        "claims",
        (
            verification.Claim,
            verification.LaterClaim,
            verification.Conflict,
        ),
        (
            ngettext("%(count)s conflict is open", "%(count)s conflicts are open", opened) % {"count": opened}
            if opened
            else ""
        ),
    )
    yield _("Reviews"), "reviews", "reviews", (verification.Review,), _unreviewed(file)
    yield _("Hypotheses"), "hypotheses", "hypotheses", (verification.Hypothesis,), ""
    waiting = sum(each.status in ("drafted", "under_review") for each in file.all(verification.Finding))
    yield (
        _("Findings"),
        "findings",
        "findings",
        (verification.Finding,),
        (
            ngettext("%(count)s waits at its gate", "%(count)s wait at their gates", waiting)
            % {"count": waiting}
            if waiting
            else ""
        ),
    )
    candidates = sum(each.status == "candidate" for each in file.all(verification.ProvisionMapping))
    yield (
        _("Law"),
        "law",
        "mappings",
        (verification.ProvisionMapping,),
        (
            ngettext(
                "%(count)s candidate waits for the legal reviewer",
                "%(count)s candidates wait for the legal reviewer",
                candidates,
            )
            % {"count": candidates}
            if candidates
            else ""
        ),
    )


def _of_accountability(file: CaseFile) -> Iterable[_Line]:
    yield _("Statements"), "statements", "statements", (acts.Statement,), ""
    unissued = sum(call.date is None for call in file.all(acts.Call))
    yield (
        _("Calls"),
        "calls",
        "calls",
        (acts.Call,),
        (
            ngettext("%(count)s is not issued yet", "%(count)s are not issued yet", unissued)
            % {"count": unissued}
            if unissued
            else ""
        ),
    )
    yield _("Commitments"), "commitments", "commitments", (acts.Commitment,), ""
    unsent = sum(each.status in ("drafted", "approved") for each in file.all(acts.RequestForComment))
    yield (
        _("Requests for comment"),
        "requests",
        "requests_for_comment",
        (acts.RequestForComment,),
        (
            ngettext("%(count)s is not sent yet", "%(count)s are not sent yet", unsent) % {"count": unsent}
            if unsent
            else ""
        ),
    )
    unread = sum(reading.accepted_by is None for reading in readings_of(file))
    yield (
        _("Follow-ups"),
        "follow_ups",
        "followups",
        (acts.FollowUp,),
        (
            ngettext(
                "%(count)s reading waits for a person's word",
                "%(count)s readings wait for a person's word",
                unread,
            )
            % {"count": unread}
            if unread
            else ""
        ),
    )
    yield _("Releases"), "releases", "releases", (publication.Release,), ""
    uncorrected = sum(each.closed is None for each in file.all(acts.Correction))
    yield (
        _("Corrections"),
        "",
        "corrections",
        (acts.Correction,),
        (
            ngettext("%(count)s is open", "%(count)s are open", uncorrected) % {"count": uncorrected}
            if uncorrected
            else ""
        ),
    )


def _unseen(file: CaseFile) -> str:
    places = sum(each.kind == "placeholder_set" for each in file.all(footage.FootageFamily))
    if not places:
        return ""
    return ngettext(
        "%(count)s place is kept for footage not yet seen: find it",
        "%(count)s places are kept for footage not yet seen: find it",
        places,
    ) % {"count": places}


def _unreviewed(file: CaseFile) -> str:
    begun = sum(not each.submitted and not each.withdrawn_because for each in file.all(verification.Review))
    if begun:
        return ngettext("%(count)s is not submitted yet", "%(count)s are not submitted yet", begun) % {
            "count": begun
        }
    reviewed = {each.of for each in file.all(verification.Review)}
    families = [
        name
        for name, each in file.named(footage.FootageFamily).items()
        if each.kind == "footage_family" and name not in reviewed
    ]
    return _("Nobody has reviewed %(families)s") % {"families": ", ".join(families)} if families else ""


def _address(slug: str, page: str, section: str) -> str:
    with suppress(NoReverseMatch):
        return reverse(page, args=[slug]) if page else reverse("entities", args=[slug, section])
    return ""
