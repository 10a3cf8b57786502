"""What a person may do on the page of a footage family."""

from videtur.engines.method.entities.footage import FootageFamily
from videtur.verification.forms.deed import Deed
from videtur.verification.pages.opened import Opened


def deeds_of(opened: Opened, family: FootageFamily, reference: str) -> list[Deed]:
    """The forms of the page, as far as the person has a role that uses them."""
    return []
