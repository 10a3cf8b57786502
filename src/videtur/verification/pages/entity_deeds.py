"""Steps that some kinds have on their plain page: a lead is accepted, an item is graded for its watchers."""

from typing import Any

from django.utils.translation import gettext as _

from videtur.cases.queries import roles_in
from videtur.cases.roles import ANALYSTS
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.case import Lead
from videtur.engines.method.entities.evidence import Item
from videtur.engines.method.entities.footage import Observation
from videtur.evidence.item_steps import describe_item
from videtur.footage.family_steps import accept_lead
from videtur.verification.forms.deed import Deed, pick
from videtur.verification.forms.shapes import Part, Shape
from videtur.verification.pages.opened import Opened


def deeds_of(opened: Opened, found: Entity, reference: str) -> list[Deed]:
    """The steps of this entity that the person's roles allow."""
    roles = roles_in(opened.user, opened.case)
    if isinstance(found, Lead) and not found.accepted_as and roles & (ANALYSTS | {"case_lead", "linguist"}):
        return [_accept(opened, reference)]
    if isinstance(found, Item) and roles & (ANALYSTS | {"case_lead", "intake_officer", "protection_officer"}):
        return [_describe(opened, found, reference)]
    return []


def _accept(opened: Opened, reference: str) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        return accept_lead(opened.user, opened.case, reference, str(given["accepted_as"]))

    return Deed(
        "accept",
        _("Accept the lead as an observation"),
        _("Accept"),
        _("The lead is accepted. What counts is the observation."),
        perform,
        (Part("accepted_as", Shape("reference", kinds=(Observation,)), required=True),),
        explained=_("A machine's lead is no evidence until a person has observed it at a time code."),
    )


def _describe(opened: Opened, found: Item, reference: str) -> Deed:
    def perform(given: dict[str, Any]) -> object:
        violence = given.get("sexual_violence_indicator")
        return describe_item(opened.user, opened.case, reference, given.get("distress"), violence)

    return Deed(
        "describe",
        _("Say how hard it is to watch"),
        _("Record it"),
        _("It is recorded."),
        perform,
        pick(Item, "distress", "sexual_violence_indicator"),
        found.as_json(),
        Item,
        _("An indication of sexual violence seals the file at once: only the keepers of the seal open it."),
    )
