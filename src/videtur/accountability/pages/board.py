"""The board of a day: where each call stood with each addressee, and each promise, and on what that rests."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from videtur.accountability.pages.desk import Desk, desk_for
from videtur.accountability.pages.flags import flags_of, today
from videtur.engines.method.accountability.board import CallOnBoard, agrees, board
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.case import ExpectedBoard


@require_safe
def board_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The board at the end of the day in `?on=`; today without it."""
    desk = desk_for(request, slug)
    asked = request.GET.get("on", "")
    on, problem = today(), ""
    if asked:
        try:
            on = date.fromisoformat(asked)
        except ValueError:
            problem = _("%(text)s is no day; write 2023-03-24.") % {"text": asked[:40]}
    found = board(desk.file, on)
    expected = next((each for each in desk.file.all(ExpectedBoard) if days_of(each.date).latest == on), None)
    parties = sorted({each.party for call in found.calls for each in call.addressees})
    context = {
        "on": on,
        "on_text": on.isoformat(),
        "problem": problem,
        "days": days_offered(desk),
        "parties": parties,
        "calls": [(call, cells_of(call, parties)) for call in found.calls],
        "commitments": [(each, flags_of(desk, each)) for each in found.commitments],
        "stated_by_others": found.stated_by_others,
        "expected": expected,
        "differences": agrees(expected.board, found.as_json()) if expected else (),
    }
    response = desk.show("board", "board", context)
    if problem:
        response.status_code = 422
    return response


def cells_of(call: CallOnBoard, parties: list[str]) -> list[object]:
    """The addressees of a call under the columns of all parties; None where it is not addressed to one."""
    by_party = {each.party: each for each in call.addressees}
    return [by_party.get(party) for party in parties]


def days_offered(desk: Desk) -> list[tuple[str, str]]:
    """Days worth a look: that of the case file, those of expected boards, today."""
    found: dict[str, str] = {}
    if desk.file.as_of and (day := days_of(desk.file.as_of).latest):
        found[day.isoformat()] = _("the case file")
    for each in desk.file.all(ExpectedBoard):
        if day := days_of(each.date).latest:
            found[day.isoformat()] = _("an expected board")
    found.setdefault(today().isoformat(), _("today"))
    return sorted(found.items())
