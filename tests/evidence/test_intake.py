"""Taking in: every sequence of bytes once, every arrival once, nothing told of before it is safe."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from videtur.cases.models import Case
from videtur.cases.services import create_case
from videtur.errors import StorageFailed, WrongUsage
from videtur.evidence import intake as intake_module
from videtur.evidence.intake import Intake, TakenFile
from videtur.evidence.models import Capture, Item, Publication, Refusal
from videtur.evidence.queries import item_among, item_count, items_of
from videtur.evidence.services import Arrival, CaptureFacts, Received, TakenIn, take_in
from videtur.evidence.sources import UnfitFile, find_files
from videtur.ledger.models import Entry
from videtur.ledger.services import entry_content, size
from videtur.storage.local_disk import LocalDisk, digests_of
from videtur.storage.object_store import Digests

ACTOR = "system:test"
HEAD = b"\0\0\0\x18ftypisom"
NOTHING = CaptureFacts()
pytestmark = pytest.mark.django_db


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalDisk]:
    made = LocalDisk(tmp_path / "objects")
    yield made
    made.close()


@pytest.fixture
def case() -> Case:
    return create_case(ACTOR, "Case")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "films"
    made.mkdir()
    return made


def film(path: Path, content: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(HEAD + content.encode() + bytes(100))
    return path


def run(
    store: LocalDisk, case: Case, *paths: Path, facts: CaptureFacts = NOTHING
) -> list[TakenFile | UnfitFile]:
    return list(Intake(store, ACTOR, case, facts).take(find_files(paths)))


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def taken(results: list[TakenFile | UnfitFile]) -> list[TakenIn]:
    return [result.taken for result in results if isinstance(result, TakenFile)]


def test_what_is_told_of_is_stored_and_recorded(store: LocalDisk, case: Case, folder: Path) -> None:
    path = film(folder / "відео.mp4", "one")
    os.utime(path, ns=(0, 1_648_400_733_123_456_789))
    (one,) = taken(run(store, case, folder))
    assert (one.new, one.again) == (True, False)
    with store.open(one.item.object_key) as stored:
        assert stored.read() == path.read_bytes()
    assert digests_of(store, one.item.object_key) == Digests(one.item.sha256, one.item.sha512, one.item.size)
    assert one.capture.file_name == "films/відео.mp4"
    assert one.capture.file_modified_at == datetime(2022, 3, 27, 17, 5, 33, 123456, tzinfo=UTC)
    entry = entry_content(Entry.objects.get(index=one.capture.entry_index))
    assert entry["verb"] == "evidence.item.received"
    assert entry["case"] == "case"


def test_the_same_command_again_adds_nothing(store: LocalDisk, case: Case, folder: Path) -> None:
    for number in range(40):
        film(folder / f"{number}.mp4", str(number))
    (folder / "empty.mp4").touch()
    facts = CaptureFacts("https://example.org/1", "27.03.2022", "somebody", "a note")
    first = taken(run(store, case, folder, facts=facts))
    before = size()
    second = taken(run(store, case, folder, facts=facts))
    assert size() == before
    assert [one.capture.id for one in second] == [one.capture.id for one in first]
    assert not any(one.new for one in second)
    assert all(one.again for one in second)


def test_the_same_bytes_another_way_are_one_item(store: LocalDisk, case: Case, folder: Path) -> None:
    film(folder / "a.mp4", "same")
    film(folder / "b.mp4", "same")
    film(folder / "sub" / "a.mp4", "same")
    facts = CaptureFacts(url="https://example.org/2")
    results = taken(run(store, case, folder)) + taken(run(store, case, folder / "a.mp4", facts=facts))
    other = create_case(ACTOR, "Other")
    results += taken(run(store, other, folder / "a.mp4"))
    assert [one.new for one in results] == [True, False, False, False, False]
    assert not any(one.again for one in results)
    assert Item.objects.count() == 1
    assert Capture.objects.count() == 5
    assert item_count(case) == item_count(other) == 1
    (listed,) = items_of(case)
    assert [arrived.capture.file_name for arrived in listed.arrivals] == [
        "films/a.mp4",
        "films/b.mp4",
        "films/sub/a.mp4",
        "a.mp4",
    ]
    assert listed.arrivals[-1].publications[0].url == "https://example.org/2"


def test_an_item_is_seen_through_its_cases_alone(store: LocalDisk, case: Case, folder: Path) -> None:
    (one,) = taken(run(store, case, film(folder / "a.mp4", "a")))
    other = create_case(ACTOR, "Other")
    assert item_among([case, other], one.item.sha256) == one.item
    assert item_among([other], one.item.sha256) is None


def test_a_file_that_changed_since_is_another_item(store: LocalDisk, case: Case, folder: Path) -> None:
    path = film(folder / "a.mp4", "before")
    run(store, case, path)
    film(path, "after!")  # the same size under the same name: not taken for the one that is known
    (one,) = taken(run(store, case, path))
    assert one.new
    with store.open(one.item.object_key) as stored:
        assert stored.read() == path.read_bytes()


def test_lost_bytes_are_stored_again(store: LocalDisk, case: Case, folder: Path) -> None:
    path = film(folder / "a.mp4", "a")
    (one,) = taken(run(store, case, path))
    content = store.path(one.item.object_key)
    for stray in sorted(content.parents[2].rglob("*"), reverse=True):
        stray.rmdir() if stray.is_dir() else stray.unlink()
    run(store, case, path)
    assert digests_of(store, one.item.object_key).sha256 == one.item.sha256


def test_publications_keep_the_words_and_the_date(store: LocalDisk, case: Case, folder: Path) -> None:
    facts = CaptureFacts("https://example.org/3", "27 марта 2022 в 18:05")
    run(store, case, film(folder / "a.mp4", "a"), facts=facts)
    seen = Publication.objects.get()
    assert (seen.posted_at_original, seen.posted_at_edtf) == ("27 марта 2022 в 18:05", "2022-03-27")


@pytest.mark.parametrize(
    "facts",
    [
        {"url": "t.me/x"},
        {"url": "javascript:alert(1)"},
        {"source": "a\nb"},
        {"note": "\udcff"},
        {"note": "\0"},
    ],
)
def test_facts_that_cannot_be_recorded(facts: dict[str, str]) -> None:
    with pytest.raises(WrongUsage):
        CaptureFacts(**facts)


def test_refusals_are_recorded_once(store: LocalDisk, case: Case, folder: Path) -> None:
    (folder / "empty.mp4").touch()
    (folder / "a.pdf").write_bytes(b"%PDF-1.7")
    film(folder / "good.mp4", "good")
    first, second = run(store, case, folder), run(store, case, folder)
    assert [isinstance(one, UnfitFile) for one in first] == [True, True, False]
    assert len(second) == 3
    assert sorted(Refusal.objects.values_list("file_name", "reason")) == [
        ("films/a.pdf", "not_media"),
        ("films/empty.mp4", "empty"),
    ]


def test_a_file_that_changes_while_it_is_read(
    store: LocalDisk, case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = film(folder / "growing.mp4", "a")
    monkeypatch.setattr(intake_module, "_READ", 16)

    def write_more(count: int) -> None:
        with path.open("ab") as file:
            file.write(b"x" * count)

    (result,) = Intake(store, ACTOR, case, NOTHING, watch=write_more).take(find_files([path]))
    assert isinstance(result, UnfitFile)
    assert result.reason == "changing"
    assert not list(store.keys("originals/")) or not Item.objects.exists()


def test_no_room_is_said_before_reading(store: LocalDisk, case: Case, folder: Path) -> None:
    path = film(folder / "a.mp4", "a")
    (result,) = Intake(store, ACTOR, case, NOTHING, free_room=lambda: 100).take(find_files([path]))
    assert isinstance(result, UnfitFile)
    assert result.reason == "no_room"


def test_a_stop_records_what_is_complete_and_leaks_nothing(
    store: LocalDisk, case: Case, folder: Path
) -> None:
    for number in range(100):
        film(folder / f"{number:03}.mp4", str(number))
    before = open_descriptors()
    stop = threading.Event()
    told = 0
    for _ in Intake(store, ACTOR, case, NOTHING, stop=stop).take(find_files([folder])):
        told += 1
        stop.set()
    assert 0 < told < 100
    assert Item.objects.count() == told
    store.close()
    assert open_descriptors() == before
    assert len(taken(run(store, case, folder))) == 100
    assert Item.objects.count() == Capture.objects.count() == 100


def test_a_reader_of_the_results_may_go_away(store: LocalDisk, case: Case, folder: Path) -> None:
    for number in range(100):
        film(folder / f"{number:03}.mp4", str(number))
    before = open_descriptors()
    results = Intake(store, ACTOR, case, NOTHING).take(find_files([folder]))
    next(results)
    results.close()
    store.close()
    assert open_descriptors() <= before


def test_two_different_files_of_one_digest_are_never_merged(
    store: LocalDisk, case: Case, folder: Path
) -> None:
    (one,) = taken(run(store, case, film(folder / "a.mp4", "a")))
    forged = Digests(one.item.sha256, "0" * 128, one.item.size)
    received = Received(forged, one.item.object_key, Arrival("file", b"x", "0" * 64))
    with pytest.raises(StorageFailed, match="Two different files"):
        take_in(ACTOR, case, [received])
