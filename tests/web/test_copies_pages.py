"""Two items side by side, and the page of their family: what they show to whom, and what is decided."""

import json
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.web.conftest import make_user
from videtur.cases.services import add_member
from videtur.engines.copies.decision import Verdict
from videtur.evidence.contributions import item_name
from videtur.evidence.item_steps import describe_item
from videtur.evidence.models import Item
from videtur.evidence.services import CaptureFacts
from videtur.footage.derived import open_store
from videtur.footage.family_steps import open_family
from videtur.footage.models import CopyDecision
from videtur.footage.pair_shown import needed_for
from videtur.footage.queries import families_of_case
from videtur.ledger.services import size
from videtur.pipeline.derivations import DONE
from videtur.pipeline.models import OutputRecord
from videtur.pipeline.services import Result, record_results
from videtur.pipeline.steps import BY_NAME
from videtur.storage.derivatives import put_derivative

if TYPE_CHECKING:
    from tests.web.conftest import House

BASE = [1, 12800]


def at(seconds: float) -> dict[str, object]:
    return {"pts": round(seconds * BASE[1]), "time_base": BASE, "seconds": str(seconds)}


def relation(
    other: Item, outcome: str = "same_footage", score: str = "0.9", **changes: object
) -> dict[str, object]:
    evidence = {
        "matrix": ["0.5", "0", "0.25", "0", "0.5", "0.25", "0", "0", "1"],
        "windows": [
            {"this": at(half / 2), "other": at(half / 2), "likeness": likeness, "moving": moving}
            for half, (likeness, moving) in enumerate(
                [("0.95", True), ("0.4", True), ("0", False), ("0.9", True)]
            )
        ],
        "frames": [[at(1), at(1)], [at(3), at(3)], [at(5), at(5)]],
        "points": [["0.5", "0.5", "0.5", "0.5"], ["0.1", "0.2", "0.3", "0.35"]],
    }
    return {
        "other": other.sha256,
        "modality": "picture",
        "outcome": outcome,
        "segments": [{"this": [at(0), at(8)], "other": [at(0), at(8)], "score": score}],
        "transform": ["crop"],
        "speed": "1",
        "score": score,
        "reasons": ["motion agrees window by window: median 0.95 (0.83 needed)"],
        "evidence": evidence,
        **changes,
    }


@dataclass(frozen=True)
class Copies:
    """A whole film, a part cropped out of it, and one that looks like the same scene."""

    house: "House"
    whole: Item
    part: Item
    scene: Item

    @property
    def pair(self) -> str:
        return f"/cases/the-first-case/items/{self.part.sha256}/with/{self.whole.sha256}/"

    @property
    def family(self) -> str:
        return f"/cases/the-first-case/items/{self.whole.sha256}/family/"

    def searched(self, item: Item, *found: dict[str, object]) -> None:
        """A search as it is recorded; each has searched another set, so none is the same work again."""
        content = json.dumps(found).encode()
        stored = put_derivative(open_store(), content)
        kept = OutputRecord(
            key=stored.key, sha256=stored.sha256, size=stored.size, media_type="application/json"
        )
        work = BY_NAME["copy_search"].work(item.sha256, searched=stored.sha256)
        summary: dict[str, object] = {"hint_count": len(found)}
        record_results([Result(work, DONE, summary=summary, outputs={"relations.json": kept})], {})


@pytest.fixture
def copies(house: "House") -> Copies:
    made = [
        house.take(name.encode() * 300, f"{name}.mp4".encode(), CaptureFacts(posted_at=posted))
        for name, posted in (("whole", "2022-03-27"), ("part", "27 March 2022, morning"), ("scene", ""))
    ]
    for item in made:
        house.examine(item)
    found = Copies(house, *made)
    found.searched(found.part, relation(found.whole), relation(found.scene, "same_scene", "0.4"))
    return found


def page(client: Client, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_items_stand_side_by_side_with_what_speaks_for_it(client: Client, copies: Copies) -> None:
    html = page(client, copies.pair)
    assert "The same footage, as the comparison has it" in html
    for item in (copies.part, copies.whole):
        assert f'/items/{item.sha256}/still/{BASE[1]}"' in html
    assert html.count('class="match"') == 2
    assert html.count('class="moment"') == 3
    assert html.count('<rect class="agreement agrees"') == 2
    assert html.count('<rect class="agreement differs"') == 1
    assert html.count('<rect class="agreement still"') == 1
    assert 'class="threshold"' in html
    assert html.count('class="window') == 4
    # The first point lies in the middle of both; the second still begins after the first and a gap.
    assert 'x1="320.0" y1="180.0" x2="984.0" y2="180.0"' in html
    assert 'points="824.0,90.0 1144.0,90.0 1144.0,270.0 824.0,270.0"' in html


def test_the_other_way_round_tells_the_same(client: Client, copies: Copies) -> None:
    turned = f"/cases/the-first-case/items/{copies.whole.sha256}/with/{copies.part.sha256}/"
    html = page(client, turned)
    assert 'x1="192.0" y1="126.0"' in html, "the points are turned with the items"
    assert "padding" in html


def test_a_scene_that_was_not_shown_to_be_the_same_says_so(client: Client, copies: Copies) -> None:
    html = page(client, f"/cases/the-first-case/items/{copies.part.sha256}/with/{copies.scene.sha256}/")
    assert "The same scene, not shown to be the same footage" in html


def test_two_that_share_nothing_have_a_page_to_decide_on(client: Client, copies: Copies) -> None:
    html = page(client, f"/cases/the-first-case/items/{copies.whole.sha256}/with/{copies.scene.sha256}/")
    assert "No comparison found anything" in html
    assert "decide/" in html
    own = f"/cases/the-first-case/items/{copies.whole.sha256}/with/{copies.whole.sha256}/"
    assert client.get(own).status_code == 404


def test_an_old_record_without_evidence_still_shows_moments(client: Client, copies: Copies) -> None:
    copies.searched(copies.part, relation(copies.whole, evidence=None))
    html = page(client, copies.pair)
    assert html.count('class="moment"') == 3
    assert f'/still/{4 * BASE[1]}"' in html
    assert '<rect class="agreement' not in html


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_drawings_are_the_same_in_every_language(client: Client, copies: Copies, language: str) -> None:
    for address in (copies.pair, copies.family):
        html = page(client, address, language)
        drawn = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
        assert drawn
        # A decimal comma would end a coordinate.
        assert not [
            each for each in drawn if re.search(r'(?:x|y|x1|x2|y1|y2|cx|cy|width|height)="[^"]*,', each)
        ]
        assert "style=" not in html
        headings = re.findall(r"<(?:h1|h2|h3|th|dt|summary|legend|button)[^>]*>([^<]+)", html)
        assert [text for text in headings if re.search("[A-Za-z]{3}", text) and ".mp4" not in text] == []


def test_reasons_of_engines_are_told_in_the_readers_language(client: Client, copies: Copies) -> None:
    assert "motion agrees" in page(client, copies.pair)
    assert "motion agrees" not in page(client, copies.pair, "uk")
    assert "joined by" not in page(client, copies.family, "ru")


def test_the_threshold_that_is_drawn_is_the_one_that_the_engine_tells() -> None:
    verdict = Verdict(**{field.name: 1 for field in fields(Verdict)})
    (told,) = [reason for reason in verdict.reasons() if "median" in reason]
    needed = needed_for(["something else", told])
    assert f"({needed:.2f} needed)" in told
    assert needed_for(["motion agrees window by window: median 0.95 (0.91 needed)"]) == 0.91


def test_a_family_is_drawn_with_its_lineage(client: Client, copies: Copies) -> None:
    html = page(client, copies.family)
    assert html.count('<rect class="cover') == 2
    assert "earliest by record" in html
    assert "may be as early" in html
    assert "most complete" in html
    assert "can have been cut from it" in html
    assert "cannot be ordered" in html
    assert html.count('class="node"') == 2
    assert html.count('marker-end="url(#arrow)"') == 1
    assert f"/items/{copies.part.sha256}/with/{copies.whole.sha256}/" in html or (
        f"/items/{copies.whole.sha256}/with/{copies.part.sha256}/" in html
    )
    assert client.get(f"/cases/the-first-case/items/{copies.scene.sha256}/family/").status_code == 404


def test_the_item_page_leads_to_both(client: Client, copies: Copies) -> None:
    html = page(client, f"/cases/the-first-case/items/{copies.part.sha256}/")
    assert f"/items/{copies.part.sha256}/family/" in html
    assert f"/items/{copies.part.sha256}/with/{copies.whole.sha256}/" in html
    assert f"/items/{copies.part.sha256}/with/{copies.scene.sha256}/" in html


def test_a_person_decides_on_the_pair_and_takes_it_back(client: Client, copies: Copies) -> None:
    where = copies.pair + "decide/"
    answer = client.post(where, {"decision": "not_the_same_footage", "reason": "Another window"})
    assert answer["Location"] == copies.pair
    assert "Another window" in page(client, copies.pair)
    assert len(families_of_case(copies.house.case)) == 3
    client.post(where, {"decision": "undecided", "reason": "It may be the same window"})
    assert len(families_of_case(copies.house.case)) == 2
    assert client.post(where, {"decision": "perhaps", "reason": "?"}).status_code == 404
    before = size()
    client.post(where, {"decision": "same_footage", "reason": " "})
    assert size() == before


def test_a_family_is_split_for_good_and_merged_again(client: Client, copies: Copies) -> None:
    client.post(copies.family + "split/", {"apart": [copies.part.sha256], "reason": "Filmed from next door"})
    assert len(families_of_case(copies.house.case)) == 3
    copies.searched(
        copies.part, relation(copies.whole, score="0.99"), relation(copies.scene, "same_scene", "0.4")
    )
    assert len(families_of_case(copies.house.case)) == 3
    alone = f"/cases/the-first-case/items/{copies.part.sha256}/family/"
    client.post(alone + "merge/", {"with": copies.whole.sha256, "reason": "No, the same window"})
    assert [len(family.items) for family in families_of_case(copies.house.case)] == [2, 1]
    client.post(copies.family + "merge/", {"with": copies.scene.sha256, "reason": "So it is"})
    assert [len(family.items) for family in families_of_case(copies.house.case)] == [3]
    assert "the same scene" in page(client, copies.family)


def test_nonsense_splits_nothing(client: Client, copies: Copies) -> None:
    before = size()
    everybody = [copies.part.sha256, copies.whole.sha256]
    for apart in ([], everybody):
        client.post(copies.family + "split/", {"apart": apart, "reason": "All of them"})
    assert client.post(copies.family + "split/", {"apart": ["x"], "reason": "?"}).status_code == 404
    assert client.post(copies.family + "merge/", {"with": "nothing", "reason": "?"}).status_code == 404
    assert size() == before


def test_strangers_and_readers(copies: Copies) -> None:
    house = copies.house
    auditor, stranger = house.browser(house.auditor), house.browser(house.stranger)
    before = size()
    for address in (copies.pair, copies.family):
        assert auditor.get(address).status_code == 200
        assert "<textarea" not in page(auditor, address)
        assert stranger.get(address).status_code == 404
        assert Client().get(address).status_code == 302
    for end in ("split/", "merge/"):
        sent = {"apart": [copies.part.sha256], "with": copies.scene.sha256, "reason": "Because"}
        assert auditor.post(copies.family + end, sent).status_code == 403
        assert stranger.post(copies.family + end, sent).status_code == 404
        assert house.browser(house.lead, csrf=True).post(copies.family + end, sent).status_code == 403
    decision = {"decision": "same_footage", "reason": "Because"}
    assert auditor.post(copies.pair + "decide/", decision).status_code == 403
    assert house.browser(house.lead, csrf=True).post(copies.pair + "decide/", decision).status_code == 403
    assert size() == before
    assert not CopyDecision.objects.exists()


def test_a_sealed_copy_is_on_no_page_of_who_may_not_open_it(copies: Copies) -> None:
    house = copies.house
    describe_item(house.lead, house.case, item_name(copies.part.sha256), sexual_violence=True)
    auditor = house.browser(house.auditor)
    assert auditor.get(copies.pair).status_code == 404
    html = page(auditor, copies.family)
    for kept in (copies.part.sha256[:12], "part.mp4", "morning"):
        assert kept not in html
    assert "kept from you" in html
    lead = page(house.browser(house.lead), copies.family)
    assert "part.mp4" in lead


def test_a_blind_reviewer_sees_pictures_and_no_words(copies: Copies) -> None:
    house = copies.house
    second = make_user("second")
    add_member("system:test", house.case, second, "analyst_2")
    open_family(house.lead, house.case, [item_name(copies.part.sha256), item_name(copies.whole.sha256)])
    browser = house.browser(second)
    house.browser(house.lead).post(
        copies.pair + "decide/", {"decision": "same_footage", "reason": "The uploader says so"}
    )
    for address in (copies.pair, copies.family):
        html = page(browser, address)
        for kept in ("whole.mp4", "part.mp4", "morning", "2022-03-27", "The uploader says so"):
            assert kept not in html, (address, kept)
    assert "<svg" in page(browser, copies.pair)
    assert "whole.mp4" in page(house.browser(house.lead), copies.family)
