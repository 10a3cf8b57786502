"""Which items of a case a person may open: the levels of access, before any page, still or byte."""

from django.http import Http404

from videtur.cases.access import clearance_of
from videtur.cases.models import Case
from videtur.evidence.contributions import ACCESS, item_name
from videtur.evidence.models import DescribedItem, Item
from videtur.evidence.pages import item_for
from videtur.footage.contributions import SEALING_ACT
from videtur.footage.models import Observation
from videtur.people.models import User


class OpenItems:
    """The items of a case that are open to one person.

    An item is restricted from its arrival; what people said of it may open or seal it, and an observed
    indication of sexual violence seals it whatever else is said, and also once it is withdrawn: that is for
    the keepers of what is sealed to weigh (domain model, F27).
    """

    def __init__(self, user: User, case: Case) -> None:
        self._clearance = clearance_of(user, case)
        described = DescribedItem.present().filter(case=case.thing)
        self._levels = dict(described.values_list("reference", "access"))
        observed = Observation.present().filter(case=case.thing, act=SEALING_ACT)
        self._sealed = set(observed.values_list("item__sha256", flat=True))

    def has(self, sha256: str) -> bool:
        """Whether the item with that digest is open to the person."""
        level = "sealed" if sha256 in self._sealed else self._levels.get(item_name(sha256), ACCESS)
        return level in self._clearance


def item_open_to(user: User, case: Case, sha256: str) -> Item:
    """The item of that digest in this case. One that the person may not open is not there: Http404."""
    item = item_for(case, sha256)
    if not OpenItems(user, case).has(sha256):
        raise Http404
    return item
