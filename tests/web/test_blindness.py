"""What is kept from a blind reviewer, or sealed, is told on no page, in no file and by no number."""

from django.test import Client

from tests.web.conftest import House, make_user
from videtur.cases.saving import save
from videtur.cases.services import add_member
from videtur.engines.method.entities.evidence import Source, SourceGrade
from videtur.evidence.contributions import item_name
from videtur.evidence.item_steps import describe_item
from videtur.evidence.models import Capture, Item
from videtur.evidence.services import CaptureFacts
from videtur.footage.family_steps import open_family
from videtur.footage.services import decide_copy
from videtur.people.models import User
from videtur.verification.services import begin_review, submit_review

CLAIM = "their-soldiers"
"""Stands in everything that was said beside the film, and nowhere else."""
FILM = b"\x00\x00\x00\x18ftypmp42"


def said(browser: Client, address: str) -> str:
    """Everything of an answer: its status, headers and body."""
    answer = browser.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    return f"{answer.status_code} {dict(answer.headers)} {body.decode('utf-8', 'replace')}"


def telling(browser: Client, addresses: list[str], words: str) -> set[str]:
    """The addresses that tell the words."""
    return {address for address in addresses if words in said(browser, address)}


def member(house: House, name: str, role: str) -> User:
    user = make_user(name)
    add_member("system:test", house.case, user, role)
    return user


def test_what_was_said_beside_a_film_reaches_no_blind_reviewer(house: House, item: Item) -> None:
    facts = CaptureFacts(f"https://video.example/{CLAIM}", f"posted by {CLAIM}", CLAIM, f"Note on {CLAIM}")
    film = house.take(FILM + b"second film" * 500, f"{CLAIM}.mp4".encode(), facts)
    house.examine(film)
    house.derive(film, "metadata", {"tag_count": 1}, {"metadata.json": {"tags": {"comment": CLAIM}}})
    # The same recording by an item that is in no footage yet: its page speaks of the film as well.
    twin = house.take(FILM + b"third film" * 500, b"plain.mp4")
    house.examine(twin)
    decide_copy(house.lead.actor, house.case, twin, film, "same_footage", f"Both say {CLAIM}")
    open_family(house.lead, house.case, [item_name(film.sha256), item_name(item.sha256)], "FF1")
    first, second = member(house, "first", "analyst_1"), member(house, "second", "analyst_2")
    for source in (
        Source(id="SRC1", kind="footage", description=f"Channel of {CLAIM}", footage="FF1"),
        Source(id="SRC2", kind="official_statement", description=f"A minister on {CLAIM}"),
    ):
        save(first, house.case, source)
    graded = {"id": "GR1", "source": "SRC1", "by": first.actor, "at": "2022-03-28"}
    save(first, house.case, SourceGrade.model_validate({**graded, "reason": f"Speaks for {CLAIM}"}))
    review = begin_review(first, house.case, "FF1", "analyst_1")
    submit_review(first, house.case, review.id, {"event": "probable"}, f"They look like {CLAIM}")

    root = f"/cases/{house.case.slug}/"
    method = f"{root}method/"
    capture = f"cap-{Capture.objects.get(item=film).id.hex[-12:]}"
    told = [
        root,
        f"{root}items/{film.sha256}/",
        f"{root}items/{film.sha256}/media/original",
        f"{root}items/{film.sha256}/outputs/metadata/metadata.json",
        f"{root}items/{twin.sha256}/",
        f"/api{root}items/{film.sha256}/timeline",
        f"/api{root}items/{twin.sha256}/timeline",
        f"{method}footage/FF1/",
        f"{method}reviews/FF1/",
        f"{method}sources/",
        f"{method}sources/SRC1/",
        f"{method}records/captures/",
        f"{method}records/captures/of/{capture}/",
        f"{method}records/sources/of/SRC2/",
        f"{method}records/source_grades/of/GR1/",
        f"{method}records/items/of/{item_name(film.sha256)}/",
        f"{method}records/claims/add/",
    ]
    assert telling(house.browser(house.lead), told, CLAIM) == set(told)
    assert telling(house.browser(second), [*told, f"{root}?text={CLAIM}"], CLAIM) == {
        f"{root}?text={CLAIM}"  # the word that the person looked for, in the field for it
    }
    tags_too = f"{root}items/{film.sha256}/outputs/probe/probe.json"
    assert house.browser(second).get(tags_too).status_code == 404
    own = begin_review(second, house.case, "FF1", "analyst_2")
    assert own.blind
    submit_review(second, house.case, own.id, {"event": "probable"}, "Seen")
    assert telling(house.browser(second), told, CLAIM) == set(told)


def test_a_sealed_copy_is_told_by_no_name_and_no_number(house: House, item: Item) -> None:
    closed = house.take(FILM + b"a longer film" * 900, f"{CLAIM}.mp4".encode())
    house.examine(closed)
    decide_copy(house.lead.actor, house.case, closed, item, "same_footage", f"Both show {CLAIM}")
    third = house.take(FILM + b"third film" * 500, b"third.mp4")
    decide_copy(house.lead.actor, house.case, third, item, "same_footage", "Both look alike")
    root = f"/cases/{house.case.slug}/"
    analyst = house.browser(member(house, "first", "analyst_1"))
    addresses = [root, f"{root}items/{item.sha256}/", f"/api{root}items/{item.sha256}/timeline"]
    assert telling(analyst, addresses, closed.sha256) == set(addresses)
    describe_item(house.lead, house.case, item_name(closed.sha256), sexual_violence=True)
    for words in (closed.sha256, CLAIM):
        assert telling(analyst, addresses, words) == set()
    assert analyst.get(f"/api{root}progress").json()["items"] == 2
    assert house.browser(house.lead).get(f"/api{root}progress").json()["items"] == 3
