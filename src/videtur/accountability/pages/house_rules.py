"""The rules of this house: deadlines and thresholds that no standard gives, and a form to change them."""

from collections.abc import Sequence
from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from videtur.accountability.pages.desk import Act, Desk, desk_for, settle
from videtur.accountability.pages.reading import entity_from
from videtur.cases.framing import set_house_rules
from videtur.cases.labels import label
from videtur.cases.saving import ROLES_OF_KIND
from videtur.cases.words import term
from videtur.engines.method.entities.case import LONGEST_TERM, HouseRules
from videtur.engines.method.house_rules import EffectiveHouseRules, house_rules
from videtur.errors import WrongUsage

NUMBERS = (
    "comment_newsroom_hours",
    "comment_shortest_hours",
    "comment_mission_days",
    "first_look_severe_hours",
    "first_look_hours",
    "stale_after_days",
    "fixity_days",
    "dissent_to_arbiter_days",
)
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


class ChangeHouseRules(Act):
    """Every rule of the house, with the value that holds now."""

    name = "change"
    summary = gettext_lazy("Change the house rules of this case")
    explained = gettext_lazy(
        "For the case lead. The change is an entry in the ledger; what was due before stays recorded."
    )
    button = gettext_lazy("Save the house rules")
    done = gettext_lazy("The house rules are saved.")
    roles = ROLES_OF_KIND[HouseRules]

    version_difference_seconds = forms.FloatField(min_value=0, max_value=600)
    follow_up_days = forms.CharField(
        max_length=100, help_text=gettext_lazy("Numbers of days with commas between them: 14, 30, 90")
    )
    likelihood_scale = forms.ChoiceField()
    time_zone = forms.CharField(max_length=60, help_text=gettext_lazy("A name such as Europe/Kyiv, or UTC."))
    working_days = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    holidays = forms.CharField(
        required=False,
        max_length=2000,
        help_text=gettext_lazy("Dates with commas between them: 2022-04-15, 2022-04-18"),
    )

    def __init__(self, desk: Desk, rules: EffectiveHouseRules) -> None:
        self.rules = rules
        super().__init__(desk)

    def fill(self) -> None:
        """The values of today."""
        for name in NUMBERS:
            self.fields[name] = forms.IntegerField(label=label(name), min_value=1, max_value=LONGEST_TERM)
        self.order_fields([*NUMBERS[:5], "follow_up_days", *NUMBERS[5:]])
        self.choose("likelihood_scale", [(scale, term(scale)) for scale in ("icd203", "ipcc_likelihood")])
        self.choose("working_days", [(str(number), str(name)) for number, name in enumerate(WEEKDAYS)])
        for name, field in self.fields.items():
            field.initial = _entered(name, getattr(self.rules, name))

    def perform(self) -> None:
        """Save them."""
        fields: dict[str, object] = {name: self.cleaned_data[name] for name in NUMBERS}
        fields["version_difference_seconds"] = self.cleaned_data["version_difference_seconds"]
        fields["follow_up_days"] = _numbers(self.value("follow_up_days"))
        fields["likelihood_scale"] = self.value("likelihood_scale")
        fields["time_zone"] = self.value("time_zone")
        fields["working_days"] = tuple(int(day) for day in self.values("working_days"))
        fields["holidays"] = tuple(day.strip() for day in self.value("holidays").split(",") if day.strip())
        set_house_rules(self.desk.user, self.desk.case, entity_from(HouseRules, fields))


@require_http_methods(["GET", "HEAD", "POST"])
def house_rules_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules that hold in the case, beside the defaults."""
    desk = desk_for(request, slug)
    rules = house_rules(desk.file)
    change = ChangeHouseRules(desk, rules)
    if settle(desk, [change]):
        return redirect("house_rules", slug=slug)
    rows = [
        (label(rule.name), _shown(rule.name, rule.value), _shown(rule.name, rule.default), rule.set_here)
        for rule in rules.shown()
    ]
    return desk.show("house_rules", "house_rules", {"rows": rows, "change": change}, [change])


def _entered(name: str, value: object) -> object:
    """A value as its field of the form holds it."""
    if isinstance(value, tuple):
        parts = [str(part) for part in cast("tuple[object, ...]", value)]
        return parts if name == "working_days" else ", ".join(parts)
    return value


def _shown(name: str, value: object) -> str:
    if name == "working_days":
        days = [str(WEEKDAYS[day]) for day in cast("Sequence[int]", value)]
        return ", ".join(days)
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in cast("tuple[object, ...]", value)) or _("none")
    if name == "likelihood_scale":
        return term(str(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _numbers(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or not all(part.isdigit() for part in parts):
        raise WrongUsage(_("These are not numbers of days"), text, _("Write them with commas: 14, 30, 90"))
    return tuple(int(part) for part in parts)
