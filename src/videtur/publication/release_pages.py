"""Releases: what stands against each, who signed, and the steps by which it leaves or is taken back."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from videtur.cases.queries import roles_in
from videtur.engines.method.entities.publication import Redaction, Release
from videtur.engines.method.uniqueness import alike
from videtur.people.queries import names_of
from videtur.publication import release_steps as steps
from videtur.publication.redaction_standing import derivation_of_copy
from videtur.verification.facts import facts_of
from videtur.verification.forms.deed import Deed
from videtur.verification.forms.shapes import Part, Shape
from videtur.verification.pages.entity_pages import history
from videtur.verification.pages.opened import Opened, open_case

_FORM = require_http_methods(["GET", "HEAD", "POST"])
_REASON = (Part("because", Shape("text"), required=True),)


@require_safe
def releases(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Every release and masked copy of the case, and how much stands against each."""
    opened = open_case(request, slug)
    lines = [
        (name, each, len(steps.hindrances(opened.file, each)))
        for name, each in opened.file.named(Release).items()
    ]
    copies = list(opened.file.named(Redaction).items())
    people = names_of(
        person for _, each in copies for person in (each.checked_by, each.approved_by) if person
    )
    context = {
        "lines": lines,
        "copies": [
            (name, each, people.get(each.checked_by or ""), people.get(each.approved_by or ""))
            for name, each in copies
        ],
        "may_add": bool(roles_in(opened.user, opened.case) & {"case_lead", "publication_approver"}),
    }
    return opened.answer("publication/releases.html", "releases", context)


@_FORM
def release_page(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """One release: its gate, what is rare in it, its text, and the steps that the person's roles allow."""
    opened = open_case(request, slug)
    present = opened.entity(Release, reference)
    deeds = _deeds(opened, present)
    if opened.done(deeds):
        return opened.go("release", reference)
    people = names_of(person for person in (present.approver, present.protection_officer) if person)
    context = {
        "reference": reference,
        "release": present,
        "hindrances": steps.hindrances(opened.file, present),
        "alike": alike(opened.file, present),
        "approver": people.get(present.approver or ""),
        "protection_officer": people.get(present.protection_officer or ""),
        "facts": facts_of(slug, opened.file, present),
        "deeds": deeds,
        "section": "releases",
        **history(opened, present, reference),
    }
    return opened.answer("publication/release.html", "releases", context, deeds=deeds)


@_FORM
def masked_copy(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """One masked copy of the case, for two people to sign."""
    opened = open_case(request, slug)
    present = opened.entity(Redaction, reference)
    deeds: list[Deed] = []
    if (
        roles_in(opened.user, opened.case) & {"protection_officer", "publication_approver"}
        and present.approved_by is None
    ):
        deeds.append(_sign_copy(opened, present, reference))
    if opened.done(deeds):
        return opened.go("masked_copy", reference)
    people = names_of(person for person in (present.checked_by, present.approved_by) if person)
    made = derivation_of_copy(present.sha256)
    context = {
        "reference": reference,
        "copy": present,
        "of_item": made.input_sha256 if made is not None else "",
        "checked_by": people.get(present.checked_by or ""),
        "approved_by": people.get(present.approved_by or ""),
        "facts": facts_of(slug, opened.file, present),
        "deeds": deeds,
        "section": "redactions",
        **history(opened, present, reference),
    }
    return opened.answer("publication/masked_copy.html", "releases", context, deeds=deeds)


def _sign_copy(opened: Opened, present: Redaction, reference: str) -> Deed:
    first = present.checked_by is None
    return Deed(
        "sign",
        _("Sign: I have watched it, and nobody is exposed")
        if first
        else _("Approve it as the second person"),
        _("Sign"),
        _("Your signature is recorded."),
        lambda given: steps.check_redaction(opened.user, opened.case, reference),
        explained=_("Watch the whole copy first. The machine's checks do not know whom they cannot see."),
    )


def _deeds(opened: Opened, present: Release) -> list[Deed]:
    roles, name = roles_in(opened.user, opened.case), present.id
    user, case = opened.user, opened.case
    sends = bool(roles & {"publication_approver", "case_lead"})
    waiting = present.status in ("drafted", "flagged")
    found: list[Deed] = []
    if waiting and "protection_officer" in roles and present.protection_officer is None:
        found.append(
            Deed(
                "protect",
                _("Sign for the protection of persons"),
                _("Sign"),
                _("Your signature is recorded."),
                lambda given: steps.sign_as_protection_officer(user, case, name),
                explained=_(
                    "You say that nobody is exposed by it: not by a picture, a word, a place or a time."
                ),
            )
        )
    if waiting and "publication_approver" in roles:
        found.append(
            Deed(
                "approve",
                _("Approve it"),
                _("Approve"),
                _("It is approved."),
                lambda given: steps.approve_release(user, case, name),
                explained=_("Whoever approves it judged nothing in it."),
            )
        )
    if sends and present.embargo_until is not None and present.status != "released":
        found.append(_with_reason("lift", _("Lift the embargo"), _("It is lifted."), opened, name))
    if sends and present.status == "approved":
        found.append(
            Deed(
                "release",
                _("Record that it leaves the house"),
                _("It leaves"),
                _("It is released."),
                lambda given: steps.release(user, case, name),
                explained=_("What was read by others cannot be called back; it can only be corrected."),
                danger=True,
            )
        )
    if sends and present.status != "withdrawn":
        found.append(_with_reason("withdraw", _("Withdraw it"), _("It is withdrawn."), opened, name))
    return found


def _with_reason(key: str, summary: str, told: str, opened: Opened, name: str) -> Deed:
    perform = {"lift": steps.lift_embargo, "withdraw": steps.withdraw_release}[key]

    def do(given: dict[str, Any]) -> object:
        return perform(opened.user, opened.case, name, str(given["because"]))

    return Deed(key, summary, summary, told, do, _REASON, danger=key == "withdraw")
