"""What people say of an item as a whole, and checks of its bytes."""

from videtur.cases.access import get_visible
from videtur.cases.case_file import case_file_of
from videtur.cases.entities import Written, put_all
from videtur.cases.models import Case
from videtur.cases.revision import now, revised
from videtur.cases.roles import ANALYSTS
from videtur.cases.rules import require_role
from videtur.engines.method.entities.evidence import Fixity, Item
from videtur.errors import WrongUsage
from videtur.ledger.services import exclusively
from videtur.people.models import User

_DESCRIBING = ANALYSTS | {"case_lead", "intake_officer", "protection_officer"}


def describe_item(
    user: User, case: Case, item: str, distress: str | None = None, sexual_violence: bool | None = None
) -> Item:
    """Grade how hard an item is to watch; mark an indication of sexual violence, which seals it at once."""
    require_role(user, case, _DESCRIBING, "describe items")
    with exclusively():
        present = get_visible(user, case, Item, item)
        changed = present if distress is None else revised(present, distress=distress)
        if sexual_violence is not None:
            changed = revised(changed, sexual_violence_indicator=sexual_violence)
        if sexual_violence:
            changed = revised(changed, access="sealed")
        elif "access" not in present.model_fields_set:
            changed = revised(changed, access="restricted")
        put_all(user.actor, case, "evidence.item.described", [Written(changed)])
    return changed


def record_fixity(actor: str, case: Case, item: str, sha256: str) -> Item:
    """Record a check of an item's bytes. Where they differ, findings that rest on it go back to review."""
    with exclusively():
        present = case_file_of(case).get(Item, item)
        if present is None:
            raise WrongUsage(f"There is no item {item!r} in {case.slug}")
        checks = [*present.fixity, Fixity(checked_at=now(), sha256=sha256)]
        checked = revised(present, fixity=[each.as_json() for each in checks])
        if "access" not in present.model_fields_set:
            checked = revised(checked, access="restricted")
        put_all(actor, case, "evidence.fixity.checked", [Written(checked)], noticed=True)
    return checked
