"""Links from a name in a case, such as CM1, to where it is shown."""

from typing import cast

from django import template

from videtur.cases.models import Case
from videtur.engines.method.case_file.model import CaseFile
from videtur.verification.facts import address_of

register = template.Library()


@register.inclusion_tag("accountability/entity_link.html", takes_context=True)
def entity_link(context: template.Context, reference: str) -> dict[str, str]:
    """The name of a thing, as a link to its page where the reader may see it."""
    case, file = cast("Case", context["case"]), cast("CaseFile", context["file"])
    return {"reference": reference, "address": address_of(case.slug, file, reference)}
