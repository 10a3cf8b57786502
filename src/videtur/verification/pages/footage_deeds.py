"""The forms of the page of a footage family: judge an aspect, attach files, set aside, close the review."""

from typing import Any

from django.utils.translation import gettext as _

from videtur.cases.queries import roles_in
from videtur.cases.roles import ANALYSTS
from videtur.engines.method import vocabulary
from videtur.engines.method.entities.evidence import Item
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.reviews import reviews_of
from videtur.footage import family_steps
from videtur.verification.forms.deed import Deed
from videtur.verification.forms.shapes import Part, Shape
from videtur.verification.pages.opened import Opened

_BECAUSE = Part("because", Shape("text"), required=True)


def deeds_of(opened: Opened, family: FootageFamily, reference: str) -> list[Deed]:
    """The forms of the page, as far as the person has a role that uses them."""
    roles = roles_in(opened.user, opened.case)
    deeds: list[Deed] = []
    if roles & (ANALYSTS | {"case_lead"}):
        if not any(review.role in ANALYSTS for review in reviews_of(opened.file, reference).values()):
            deeds.append(_judge(opened, reference))
        if (free := _free_items(opened)) and not family.review_closed:
            deeds.append(_attach(opened, reference, free))
    if roles & {"case_lead", "protection_officer"}:
        deeds.append(_set_aside(opened, family, reference))
    if roles & {"case_lead", "arbiter"} and not family.review_closed:
        deeds.append(_close(opened, reference))
    return deeds


def _judge(opened: Opened, reference: str) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        said = (str(given["aspect"]), str(given["status"]), str(given["because"]))
        return family_steps.set_aspect(opened.user, opened.case, reference, *said)

    return Deed(
        "judge",
        _("Say how an aspect stands"),
        _("Record it"),
        _("The aspect is recorded, with the reason."),
        perform,
        (
            Part(
                "aspect",
                Shape("choice", words=vocabulary.words("aspects")),
                required=True,
                label=_("Aspect"),
            ),
            Part("status", Shape("choice", words=vocabulary.words("aspect_status")), required=True),
            _BECAUSE,
        ),
        explained=_("Once there are reviews, the aspects follow them and nobody's hand."),
    )


def _attach(opened: Opened, reference: str, free: tuple[str, ...]) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        return family_steps.attach_items(opened.user, opened.case, reference, given["items"])

    return Deed(
        "attach",
        _("Attach files that carry this recording"),
        _("Attach"),
        _("The files are attached: still one recording, and one source."),
        perform,
        (Part("items", Shape("several", of=Shape("reference", kinds=(Item,))), required=True),),
        explained=_("Files in no family yet: %(count)s") % {"count": len(free)},
    )


def _set_aside(opened: Opened, family: FootageFamily, reference: str) -> Deed:
    back = family.set_status is not None

    def perform(given: dict[str, Any]) -> object:
        status = None if back else str(given["set_status"])
        return family_steps.set_status(opened.user, opened.case, reference, status, str(given["because"]))

    choice = Part("set_status", Shape("choice", words=("triaged_out", "withdrawn")), required=True)
    return Deed(
        "set-aside",
        _("Take it back into the work") if back else _("Set it aside, or withdraw it"),
        _("Take it back") if back else _("Set it aside"),
        _("It is recorded, with the reason."),
        perform,
        (_BECAUSE,) if back else (choice, _BECAUSE),
        danger=not back,
    )


def _close(opened: Opened, reference: str) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        return family_steps.close_review(opened.user, opened.case, reference, str(given["because"]))

    return Deed(
        "close",
        _("Close the review of this footage"),
        _("Close it"),
        _("The review is closed."),
        perform,
        (_BECAUSE,),
        explained=_("Without enough established, the footage is then inconclusive."),
    )


def _free_items(opened: Opened) -> tuple[str, ...]:
    taken = {item for each in opened.file.all(FootageFamily) for item in each.items}
    return tuple(name for name in opened.file.named(Item) if name not in taken)
