"""The pages of accountability: what they show, what they refuse in place, and to whom they exist."""

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.conftest import REPOSITORY
from tests.web.conftest import make_user
from tests.web.office import page as read_page
from videtur.cases.entities import put
from videtur.cases.framing import assign
from videtur.cases.loading import load_case
from videtur.cases.models import Case
from videtur.cases.services import add_member
from videtur.engines.method.case_file.reading import read_case
from videtur.engines.method.entities.accountability import Commitment, Correction
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.case import Assignment
from videtur.engines.method.entities.verification import CitedObligation
from videtur.ledger.services import size
from videtur.people.models import User

if TYPE_CHECKING:
    from tests.web.conftest import House

GOLD: Path = REPOSITORY / "scripts" / "sample_case" / "gold_case.yaml"
METHOD = "/cases/gold-2022-03-28-pow-videos/method/"
PAGES = [
    "",
    "statements/",
    "calls/",
    "calls/C1/",
    "commitments/",
    "commitments/CM1/",
    "requests/",
    "requests/RFC1/",
    "requests/RFC3/",
    "deadlines/",
    "follow-ups/",
    "board/",
    "board/?on=2023-03-24",
    "timeline/",
    "impartiality/",
    "house-rules/",
    "assignments/",
]


@pytest.fixture
def gold(house: "House") -> Case:
    """The gold case, led by the lead; the auditor reads along."""
    case = load_case("system:test", house.lead, read_case(GOLD.read_text(encoding="utf-8"))).case
    add_member("system:test", case, house.auditor, "auditor")
    return case


@pytest.fixture
def lead(gold: Case, client: Client) -> Client:
    """The browser of the case lead."""
    return client


@pytest.fixture
def analyst(house: "House", gold: Case) -> User:
    """Somebody who follows calls and promises, and leads nothing."""
    user = make_user("analyst")
    add_member("system:test", gold, user, "analyst_1")
    return user


def html_of(browser: Client, path: str) -> str:
    return read_page(browser, METHOD + path)


@pytest.mark.parametrize("page", PAGES)
def test_a_member_sees_each_page(house: "House", lead: Client, page: str) -> None:
    assert lead.get(METHOD + page).status_code == 200
    assert house.browser(house.auditor).get(METHOD + page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_finds_nothing(house: "House", gold: Case, page: str) -> None:
    assert house.browser(house.stranger).get(METHOD + page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_the_anonymous_are_sent_to_sign_in(gold: Case, page: str) -> None:
    assert Client().get(METHOD + page).status_code == 302


def sent(browser: Client, page: str, act: str, **fields: object) -> tuple[int, str]:
    """What comes of sending a form; a form that did its work leads back to the page."""
    answer = browser.post(METHOD + page, {"do": act, **fields})
    return answer.status_code, answer.content.decode()


def words_of(html: str) -> str:
    """The text of a page, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_expected_board_is_seen_on_its_day(lead: Client) -> None:
    text = words_of(html_of(lead, "board/?on=2023-03-24"))
    assert "as expected" in text
    assert re.search(r"C1 2022-03-28 acknowledged .* acknowledged .* no Commitments", text)
    assert re.search(r"CM1 UA progress evidenced", text)
    assert "read by rule" in text
    assert "The same side called staged what it promised to investigate: K1." in text


def test_the_board_knows_nothing_of_later_days(lead: Client) -> None:
    before = words_of(html_of(lead, "board/?on=2022-03-27"))
    assert "No call had been made." in before
    assert "CM1 UA announced" in before
    assert "progress evidenced" not in before


def test_a_day_that_is_none_is_said_so(lead: Client) -> None:
    answer = lead.get(METHOD + "board/?on=24.03.2023")
    assert answer.status_code == 422
    assert "is no day" in answer.content.decode()


def test_each_cell_of_the_board_leads_to_what_it_rests_on(lead: Client) -> None:
    html = html_of(lead, "board/?on=2023-03-24")
    links = set(re.findall(r'href="([^"]*/method/[^"]*(?:K3|K4|FU1|FU7))/"', html))
    assert {link.rpartition("/")[2] for link in links} == {"K3", "K4", "FU1", "FU7"}
    assert all(lead.get(f"{link}/").status_code == 200 for link in links)


def test_what_is_overdue_stays_until_somebody_closes_it_with_a_reason(lead: Client) -> None:
    html = html_of(lead, "deadlines/")
    name = re.search(r'name="do" value="close-(RFC1/comment/[^"]+)"', html)
    assert name
    before = size()
    status, refused = sent(lead, "deadlines/", f"close-{name[1]}", because="  ")
    assert status == 422
    assert size() == before
    assert 'role="alert"' in refused
    assert "overdue" in words_of(html_of(lead, "")).lower()
    assert sent(lead, "deadlines/", f"close-{name[1]}", because="The mission answered by telephone")[0] == 302
    closed = words_of(html_of(lead, "deadlines/")).partition("Done")[2]
    assert "The mission answered by telephone" in closed


@pytest.mark.parametrize(
    ("quote", "capture"),
    [("word " * 26, ""), ("just three words", "")],
    ids=["too long", "no capture"],
)
def test_a_quotation_is_refused_where_it_was_written(lead: Client, quote: str, capture: str) -> None:
    before = size()
    fields = {"body": "UA", "speaker": "spokesperson", "kind": "response", "date": "2022-04-02", "gist": "g"}
    status, html = sent(lead, "statements/", "record", **fields, quote=quote, capture=capture)
    assert status == 422
    assert "F33" in html
    assert "What would satisfy it" in html
    assert f"This one has {len(quote.split())}." in html
    assert size() == before


def test_a_statement_is_recorded_and_shown(lead: Client) -> None:
    fields = {"body": "RU", "speaker": "spokesperson", "kind": "response", "date": "2022-04-02"}
    assert sent(lead, "statements/", "record", **fields, gist="An answer in our words", to=["UA"])[0] == 302
    text = words_of(html_of(lead, "statements/"))
    assert "An answer in our words" in text
    assert "S6" in text


def test_a_date_that_is_none_is_explained_in_the_form(lead: Client) -> None:
    fields = {"body": "RU", "speaker": "spokesperson", "kind": "response", "gist": "g"}
    status, html = sent(lead, "statements/", "record", **fields, date="last Sunday")
    assert status == 422
    assert "'last Sunday' is no EDTF date" in words_of(html)


def test_a_call_to_one_side_needs_a_reason(lead: Client) -> None:
    draft = {"caller": "HRMMU", "to": ["RU"], "about": ["AL2"], "asks": "investigate", "basis": "concern"}
    assert sent(lead, "calls/", "draft", **draft)[0] == 302
    assert "It does not reach UA" in words_of(html_of(lead, "calls/C2/"))
    assert sent(lead, "calls/C2/", "approve-C2")[0] == 302
    before = size()
    status, html = sent(lead, "calls/C2/", "issue-C2", date="2022-04-02")
    assert status == 422
    assert "F16" in html
    assert size() == before
    both = {**draft, "to": ["UA", "RU"]}
    assert sent(lead, "calls/", "draft", **both)[0] == 302
    assert sent(lead, "calls/C3/", "approve-C3")[0] == 302
    assert sent(lead, "calls/C3/", "issue-C3", date="2022-04-02")[0] == 302
    assert words_of(html_of(lead, "calls/C3/")).count("The call is issued to all addressees") == 2


def test_an_addressee_moves_alone_and_with_evidence(lead: Client) -> None:
    step = {"status": "acknowledged", "because": "It spoke of the call", "date": "2022-03-29"}
    status, html = sent(lead, "calls/C1/", "move-RU", **step)
    assert status == 422
    assert "acknowledged needs what shows it" in words_of(html)
    assert sent(lead, "calls/C1/", "move-RU", **step, evidence="K3")[0] == 302
    text = words_of(html_of(lead, "calls/"))
    assert "RU acknowledged UA issued" in text
    assert "It spoke of the call Lead" in words_of(html_of(lead, "calls/C1/"))


def test_a_promise_is_no_opened_case_without_a_legal_step(lead: Client) -> None:
    step = {"status": "legal_step_evidenced", "because": "It is said that a case was opened"}
    status, html = sent(lead, "commitments/CM1/", "move", **step)
    assert status == 422
    assert "F15" in html
    assert "the authority, and a number or a published notice" in html
    full = {**step, "authority": "Office of a prosecutor", "number": "12/2022", "date": "2022-05-01"}
    assert sent(lead, "commitments/CM1/", "move", **full, evidence="FU1")[0] == 302
    text = words_of(html_of(lead, "commitments/CM1/"))
    assert "Office of a prosecutor · 12/2022" in text
    assert "legal step evidenced · reached" in text


def test_progress_alone_does_not_evidence_a_legal_step(lead: Client) -> None:
    text = words_of(html_of(lead, "commitments/CM1/"))
    assert "legal step evidenced · not evidenced" in text
    assert "progress evidenced · reached" in text


def test_the_checklist_wants_evidence_for_each_answer(lead: Client) -> None:
    answers = dict.fromkeys(
        ("prompt", "effective", "thorough", "independent", "impartial", "transparent", "victims_involved"),
        "unknown",
    )
    said = {**answers, "prompt": "no", "outcome": "unknown"}
    status, html = sent(lead, "commitments/CM1/", "judge", **said)
    assert status == 422
    assert "rests on nothing" in html
    assert sent(lead, "commitments/CM1/", "judge", **said, prompt_evidence="FU8")[0] == 302
    assert re.search(r"without delay\? no FU8", words_of(html_of(lead, "commitments/CM1/")))


def test_a_reading_is_accepted_or_refused_by_a_person(lead: Client) -> None:
    html = html_of(lead, "follow-ups/")
    assert "Read from the words “under UA investigation”." in words_of(html)
    assert sent(lead, "follow-ups/", "accept-FU7-CM1")[0] == 302
    assert sent(lead, "follow-ups/", "refuse-FU8-CM1")[0] == 302
    decided = html_of(lead, "follow-ups/")
    assert "accept-FU" not in decided
    assert words_of(decided).count("Decided by Lead") == 2
    board = words_of(html_of(lead, "board/?on=2023-03-24"))
    assert re.search(r"CM1 UA progress evidenced Rests on", board)
    assert "as expected" in board


def test_a_request_has_its_deadline_on_two_clocks(lead: Client) -> None:
    draft = {"by": "HRMMU", "to": "RU", "allegation": "AL2", "about": "AL2", "time_zone": "Europe/Moscow"}
    assert sent(lead, "requests/", "draft", **draft)[0] == 302
    assert sent(lead, "requests/RFC4/", "move", status="approved", because="Read and approved")[0] == 302
    told = {"status": "sent", "because": "Sent to the ministry", "date": "2022-03-28"}
    assert sent(lead, "requests/RFC4/", "move", **told)[0] == 302
    text = words_of(html_of(lead, "requests/RFC4/"))
    assert "2022-04-12 00:00 Europe/Moscow 2022-04-11 21:00:00 UTC" in text
    reply = {"status": "answered_full", "because": "The ministry wrote", "date": "2022-05-01"}
    assert sent(lead, "requests/RFC4/", "move", **reply)[0] == 422
    assert sent(lead, "requests/RFC4/", "move", **reply, reply_gist="It denies all")[0] == 302
    late = {"status": "late_reply", "because": "A second letter came", "date": "2022-06-01"}
    assert sent(lead, "requests/RFC4/", "move", **late, reply_gist="It names an authority")[0] == 302
    text = words_of(html_of(lead, "requests/RFC4/"))
    assert "It names an authority" in text
    assert "reflected in output" in text.partition("What may come next")[2]


def test_house_rules_are_marked_as_such_and_changed_by_the_lead_alone(
    house: "House", lead: Client, analyst: User
) -> None:
    text = words_of(html_of(lead, "house-rules/"))
    assert "they are not the words of the United Nations" in text
    assert text.count("house rule") >= 13
    fields = {
        "comment_newsroom_hours": 72,
        "comment_shortest_hours": 4,
        "comment_mission_days": 14,
        "first_look_severe_hours": 24,
        "first_look_hours": 72,
        "follow_up_days": "10, 20",
        "stale_after_days": 90,
        "fixity_days": 30,
        "dissent_to_arbiter_days": 5,
        "version_difference_seconds": 2,
        "likelihood_scale": "icd203",
        "time_zone": "Europe/Kyiv",
        "working_days": ["0", "1", "2", "3", "4"],
        "holidays": "",
    }
    assert sent(house.browser(analyst), "house-rules/", "change", **fields)[0] == 403
    assert sent(lead, "house-rules/", "change", **fields | {"follow_up_days": "soon"})[0] == 422
    assert sent(lead, "house-rules/", "change", **fields)[0] == 302
    after = words_of(html_of(lead, "house-rules/"))
    assert "72 set in this case 48" in after
    assert "Europe/Kyiv" in words_of(html_of(lead, "deadlines/"))


def test_swapping_the_parties_changes_nothing(lead: Client) -> None:
    assert "nothing changes" in words_of(html_of(lead, "impartiality/?first=RU&second=UA"))
    answer = lead.get(METHOD + "impartiality/?first=RU&second=RU")
    assert answer.status_code == 422


def test_measures_stand_side_by_side_in_alphabetical_order(lead: Client) -> None:
    text = words_of(html_of(lead, "impartiality/"))
    assert "Measure RU UA" in text
    assert "RU: no" in text
    assert "UA: yes" in text


def test_the_timeline_has_a_lane_for_each_party_and_a_table(lead: Client) -> None:
    html = html_of(lead, "timeline/")
    lanes = re.findall(r'<line class="lane"[^>]*/><text[^>]*>([^<]+)</text>', html)
    assert lanes == ["RU", "UA", "other bodies"]
    assert html.count("<circle") == html.count("<tr>") - 1


def test_counterparts_stand_side_by_side(lead: Client) -> None:
    text = words_of(html_of(lead, ""))
    assert text.index("AL2 · concerns RU") < text.index("AL1 · concerns UA")
    assert "Identify FG2, describe it, and take it in" in text
    assert "Ask RU for comment" in text
    assert "no finding had been made about any video of either side" in text


def test_who_may_only_read_is_told_so_in_place(house: "House", gold: Case) -> None:
    before = size()
    auditor = house.browser(house.auditor)
    fields = {"body": "UA", "speaker": "s", "kind": "response", "date": "2022-04-02", "gist": "g"}
    status, html = sent(auditor, "statements/", "record", **fields)
    assert status == 403
    assert "You may not" in words_of(html)
    assert size() == before
    assert sent(house.browser(house.stranger), "statements/", "record", **fields)[0] == 404


def test_a_form_that_the_page_does_not_offer_is_not_there(lead: Client) -> None:
    assert sent(lead, "statements/", "nonsense")[0] == 404
    assert lead.get(METHOD + "calls/C99/").status_code == 404
    assert lead.get(METHOD + "commitments/C1/").status_code == 404


def test_what_is_sealed_is_there_for_those_alone_whom_it_opens_to(
    house: "House", lead: Client, analyst: User
) -> None:
    fields = {"body": "UA", "speaker": "spokesperson", "kind": "response", "date": "2022-04-02"}
    told = {**fields, "gist": "A guarded word", "access": "sealed"}
    assert sent(lead, "statements/", "record", **told)[0] == 302
    for page in ("statements/", "timeline/"):
        assert "A guarded word" in html_of(lead, page)
        assert "A guarded word" not in html_of(house.browser(house.auditor), page)
    assert "S6" not in html_of(house.browser(house.auditor), "calls/C1/")
    follows = house.browser(analyst)
    assert sent(follows, "statements/", "record", **fields, gist="An open word")[0] == 302
    assert "An open word" in html_of(follows, "statements/")
    assert "A guarded word" in html_of(lead, "statements/"), "another statement did not take its name"


TURNED = "\u202egpj.\u2066\u200b\u2028<script>alert(1)</script>\"'>{{ 90000|add:1 }}"
WORDS = ("text", "gist", "fact", "src", "speaker", "venue", "what", "note", "basis", "about", "by", "name")


def hostile(entity: Entity) -> Entity:
    """The entity with words from outside that try to act, hide or reorder."""
    given = {field: getattr(entity, field) for field in WORDS if field in entity.model_fields_set}
    bad = {
        field: f"{value} {TURNED}"
        for field, value in given.items()
        if isinstance(value, str) and not (field in ("by", "about") and isinstance(entity, Commitment))
    }
    return entity.model_copy(update=bad)


@pytest.mark.parametrize("page", PAGES)
def test_hostile_words_are_harmless_and_complete(house: "House", client: Client, page: str) -> None:
    read = read_case(GOLD.read_text(encoding="utf-8"))
    case = read.case
    for each in read.case.placed:
        if each.entity.section not in ("expected_accountability_boards", "reviews"):
            case = case.with_entity(hostile(each.entity), each.reference)
    load_case("system:test", house.lead, replace(read, case=case))
    answer = client.get(METHOD + page)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert not set("\u202e\u2066\u200b\u2028") & set(html)
    assert "<script>alert" not in html
    assert "90001" not in html


def test_nobody_gets_two_roles_that_exclude_one_another(house: "House", gold: Case, lead: Client) -> None:
    add_member("system:test", gold, house.auditor, "analyst_1")
    add_member("system:test", gold, house.auditor, "arbiter")
    fields = {"person": house.auditor.actor, "on": "FF1"}
    assert sent(lead, "assignments/", "assign", **fields, role="analyst_1")[0] == 302
    before = size()
    status, html = sent(lead, "assignments/", "assign", **fields, role="arbiter")
    assert status == 422
    assert "F04" in html
    assert size() == before
    assert sent(house.browser(house.auditor), "assignments/", "assign", **fields, role="arbiter")[0] == 403
    assert sent(lead, "assignments/", "end-AS1", because="Another person takes over")[0] == 302
    assert "Another person takes over" in html_of(lead, "assignments/")


def test_a_conflict_of_interest_bars_a_role(house: "House", gold: Case, lead: Client, analyst: User) -> None:
    mine = house.browser(analyst)
    assert sent(mine, "assignments/", "declare", on="FF1", what="A relative works for the party")[0] == 302
    assert "A relative works for the party" in html_of(lead, "assignments/")
    fields = {"person": analyst.actor, "on": "FF1", "role": "analyst_1"}
    assert sent(lead, "assignments/", "assign", **fields)[0] == 422


def test_a_correction_stays_until_somebody_says_how_it_was_made(
    house: "House", gold: Case, lead: Client
) -> None:
    task = Correction(id="CO1", because="A conflict was found after the release")
    put("system:test", gold, "accountability.correction.opened", task)
    assert "A conflict was found after the release" in html_of(lead, "deadlines/")
    assert sent(lead, "deadlines/", "correct-CO1", how="")[0] == 422
    assert sent(lead, "deadlines/", "correct-CO1", how="A note was added to the report")[0] == 302
    assert "put right A note was added to the report" in words_of(html_of(lead, "deadlines/"))


def test_an_assignment_from_a_file_may_name_somebody_without_an_account(gold: Case, lead: Client) -> None:
    told = Assignment(id="AS9", person="user:nobody-here", role="analyst_1", on="FF1")
    put("system:test", gold, "cases.assignment.made", told)
    assert "user:nobody-here" in html_of(lead, "assignments/")


def test_links_lead_only_where_the_role_allows(house: "House", lead: Client) -> None:
    assert "Record an allegation" in html_of(lead, "")
    assert "Record an allegation" not in html_of(house.browser(house.auditor), "")


def test_every_link_leads_somewhere(lead: Client) -> None:
    pages = "".join(html_of(lead, page) for page in PAGES)
    links = {unescape(each) for each in re.findall(r'href="(/cases/[^"#]+)', pages)}
    assert len(links) > 50
    assert [each for each in links if lead.get(each).status_code != 200] == []


@pytest.fixture
def second_analyst(house: "House", gold: Case) -> User:
    """Somebody who has the second review of the footage to make, and must not know whom it shows."""
    user = make_user("second")
    add_member("system:test", gold, user, "analyst_2")
    assign(house.lead, gold, user, "analyst_2", "FF1")
    return user


@pytest.mark.parametrize("page", PAGES)
def test_a_blind_reviewer_is_not_told_the_claimed_side(
    house: "House", second_analyst: User, page: str
) -> None:
    answer = house.browser(second_analyst).get(METHOD + page)
    assert answer.status_code in (200, 404)
    assert "Apparent soldiers of UA" not in answer.content.decode()


def test_the_overview_says_what_may_not_stay_as_it_is(house: "House", gold: Case, lead: Client) -> None:
    assert "no forbidden state" in words_of(html_of(lead, ""))
    told = CitedObligation(provision="GC3-999", of=("RU",))
    put("system:test", gold, "cases.obligation.cited", told)
    text = words_of(html_of(lead, ""))
    assert "What may not stay as it is" in text
    assert "GC3-999" in text
    assert "Name it as the catalogue does" in text
