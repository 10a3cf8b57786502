"""The stored index of copies: what it holds comes back, what is damaged or old never does, nothing blocks."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from videtur.engines.copies import segment
from videtur.engines.copies.retrieval import Gallery
from videtur.engines.copies.segment import SOUND, FilmSigns, Segment
from videtur.pipeline import stored_copies
from videtur.pipeline.stored_copies import LIST, StoredCopies
from videtur.storage.column_files import BESIDE, SUFFIX


def signs(seed: int) -> FilmSigns:
    draw = np.random.default_rng(seed)
    return FilmSigns(
        hashes=draw.integers(0, 256, (5, 32), dtype=np.uint8),
        codes=draw.integers(0, 1 << 63, 40, dtype=np.uint64),
        shapes=draw.integers(0, 256, (40, 4), dtype=np.uint8),
        sound=np.zeros(seed % 3, dtype=SOUND),
        described=b"",
    )


def put(folder: Path, *numbers: int) -> Gallery:
    """A process that adds films and stores them."""
    gallery, stored = Gallery(), StoredCopies(folder)
    stored.refresh(gallery)
    for number in numbers:
        gallery.add(str(number), signs(number))
        stored.save(gallery)
    return gallery


def loaded(folder: Path) -> Gallery:
    gallery = Gallery()
    StoredCopies(folder).refresh(gallery)
    return gallery


def content(gallery: Gallery) -> dict[str, bytes]:
    """Everything that is kept of each film."""
    found: dict[str, bytes] = {}
    for number, part, place in gallery.films():
        rows = part.postings.films == place
        order = np.argsort(part.postings.codes[rows])
        found[gallery.name(number)] = b"".join(
            [
                part.hashes.film(place).tobytes(),
                part.postings.codes[rows][order].tobytes(),
                part.postings.shapes[rows][order].tobytes(),
            ]
        )
    return found


def expected(*numbers: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for number in numbers:
        each = signs(number)
        order = np.argsort(each.codes)
        rows = (each.hashes.tobytes(), each.codes[order].tobytes(), each.shapes[order].tobytes())
        found[str(number)] = b"".join(rows)
    return found


def test_a_new_process_has_what_the_last_one_stored(tmp_path: Path) -> None:
    put(tmp_path, *range(11))
    assert content(loaded(tmp_path)) == expected(*range(11))


def test_few_files_lie_there_however_often_is_stored(tmp_path: Path) -> None:
    put(tmp_path, *range(40))
    names = {path.name for path in tmp_path.iterdir()}
    assert {LIST, "lock"} < names
    assert len(names) <= 10


def test_what_was_taken_out_stays_out_and_can_come_back(tmp_path: Path) -> None:
    gallery, stored = put(tmp_path, *range(9)), StoredCopies(tmp_path)
    gallery.remove("4")
    stored.save(gallery)
    assert content(loaded(tmp_path)) == expected(0, 1, 2, 3, 5, 6, 7, 8)
    put(tmp_path, 4)
    assert content(loaded(tmp_path)) == expected(*range(9))
    stored.refresh(gallery)
    for number in range(9):
        gallery.remove(str(number))
    stored.save(gallery)
    assert content(loaded(tmp_path)) == {}
    assert not list(tmp_path.glob(f"*{SUFFIX}"))


def test_lists_of_many_hashes_lie_beside_and_are_checked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment, "EXACT_ROWS", 20)
    put(tmp_path, *range(6))
    (beside,) = tmp_path.glob(f"*{BESIDE}")
    ((made, _, _), *_) = loaded(tmp_path).segments()
    assert made.listed is not None
    query = signs(2).hashes
    bits, rows = made.listed.nearest(query)
    assert (bits[:, 0] == 0).all()
    assert np.array_equal(np.asarray(made.hashes.rows)[rows[:, 0]], query)
    damaged = bytearray(beside.read_bytes())
    damaged[len(damaged) // 2] ^= 4
    # Put in its place: `made` still maps the old bytes, and a mapped file that is cut short ends the process.
    elsewhere = tmp_path.with_suffix(".damaged")
    elsewhere.write_bytes(damaged)
    elsewhere.replace(beside)
    assert len(loaded(tmp_path)) < 6


@pytest.mark.parametrize("which", [LIST, SUFFIX])
def test_a_changed_or_missing_byte_is_never_trusted(
    tmp_path: Path, which: str, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, *range(7))
    truth = expected(*range(7))
    path = max(tmp_path.glob(f"*{which}"), key=lambda each: each.stat().st_size)
    good = path.read_bytes()
    draw = np.random.default_rng(3)
    places = {*draw.integers(0, len(good), 60).tolist(), *range(0, len(good), max(1, len(good) // 40))}
    harmless = 0
    for place in sorted(places):
        for damaged in (good[:place], good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]):
            path.write_bytes(damaged)
            caplog.clear()
            found = content(loaded(tmp_path))
            assert found.items() <= truth.items()
            if found == truth:
                harmless += 1  # a byte of padding, or a space in the list
            else:
                assert "Index of copies" in caplog.text
    assert harmless <= len(places) // 3
    path.write_bytes(good)
    assert content(loaded(tmp_path)) == truth


def test_what_was_damaged_is_made_anew(tmp_path: Path) -> None:
    put(tmp_path, *range(5))
    for path in tmp_path.glob(f"*{SUFFIX}"):
        path.write_bytes(path.read_bytes()[:-70])
    assert len(loaded(tmp_path)) == 0
    put(tmp_path, *range(5))
    assert content(loaded(tmp_path)) == expected(*range(5))


def test_another_version_is_made_anew_and_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, 1, 2)
    monkeypatch.setattr(stored_copies, "_MADE_BY", "fingerprints 99, signs 1")
    assert len(loaded(tmp_path)) == 0
    assert "made by" in caplog.text
    put(tmp_path, 3)
    assert content(loaded(tmp_path)) == expected(3)
    assert len(list(tmp_path.glob(f"*{SUFFIX}"))) == 1


def test_a_list_that_counts_other_films_than_there_are_is_not_trusted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, 1, 2)
    stored = json.loads((tmp_path / LIST).read_text())
    stored["body"]["set"] = "0" * 64
    stored["sha256"] = stored_copies.digest(stored["body"])
    (tmp_path / LIST).write_text(json.dumps(stored))
    assert len(loaded(tmp_path)) == 0
    assert "not those it says" in caplog.text


def test_two_processes_that_store_in_turn_lose_nothing_of_each_other(tmp_path: Path) -> None:
    first, second = Gallery(), Gallery()
    first_folder, second_folder = StoredCopies(tmp_path), StoredCopies(tmp_path)
    for number in range(0, 24, 2):
        first.add(str(number), signs(number))
        second.add(str(number + 1), signs(number + 1))
        if not number:
            second.add("both", signs(99))
        first_folder.save(first)
        second_folder.save(second)
    first_folder.refresh(first)
    whole = {**expected(*range(24)), "both": next(iter(expected(99).values()))}
    assert content(first) == content(second) == content(loaded(tmp_path)) == whole


def test_who_reads_keeps_what_he_has_while_others_join_and_delete(tmp_path: Path) -> None:
    put(tmp_path, *range(8))
    reader = loaded(tmp_path)
    files = {path.name for path in tmp_path.glob(f"*{SUFFIX}")}
    put(tmp_path, *range(8, 60))
    assert not files & {path.name for path in tmp_path.glob(f"*{SUFFIX}")}
    assert content(reader) == expected(*range(8))


CHILD = """
import os, sys
from pathlib import Path
from tests.pipeline.test_stored_copies import signs
from videtur.engines.copies.retrieval import Gallery
from videtur.pipeline.stored_copies import StoredCopies

left = int(sys.argv[2])

def counted(real):
    def call(*given, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)
        return real(*given, **named)
    return call

gallery, stored = Gallery(), StoredCopies(Path(sys.argv[1]))
stored.refresh(gallery)
os.fsync, os.write, os.rename, Path.rename, Path.unlink = map(
    counted, (os.fsync, os.write, os.rename, Path.rename, Path.unlink)
)
for number in range(int(sys.argv[3]), 99):
    gallery.add(str(number), signs(number))
    stored.save(gallery)
    os.write.__closure__[0].cell_contents(1, f"{number}\\n".encode())
"""


def test_what_one_process_takes_out_another_does_not_bring_back(tmp_path: Path) -> None:
    first = put(tmp_path, *range(6))
    second, folder = loaded(tmp_path), StoredCopies(tmp_path)
    for number in range(4):
        first.remove(str(number))
    StoredCopies(tmp_path).save(first)
    folder.refresh(second)
    second.add("7", signs(7))
    folder.save(second)
    assert content(second) == content(loaded(tmp_path)) == expected(4, 5, 7)


def test_files_that_were_deleted_by_hand_are_written_again(tmp_path: Path) -> None:
    gallery, folder = put(tmp_path, *range(5)), StoredCopies(tmp_path)
    for path in tmp_path.glob("*.*"):
        path.unlink()
    folder.save(gallery)
    assert content(loaded(tmp_path)) == expected(*range(5))


@pytest.mark.parametrize("seed", range(6))
def test_processes_that_add_take_out_and_store_in_any_order_agree_with_the_rows(
    tmp_path: Path, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    processes = [(Gallery(), StoredCopies(tmp_path)) for _ in range(3)]
    rows: set[int] = set()
    for _ in range(40):
        gallery, folder = processes[draw.integers(3)]
        if draw.random() < 0.7:
            rows.add(int(draw.integers(30)))
        elif rows:
            rows.discard(int(draw.choice(sorted(rows))))
        folder.refresh(gallery)
        for name in [name for name in gallery.names if int(name) not in rows]:
            gallery.remove(name)
        for number in rows:
            if str(number) not in gallery:
                gallery.add(str(number), signs(number))
        if draw.random() < 0.8:
            folder.save(gallery)
        assert content(gallery) == expected(*rows)
    gallery, folder = processes[0]
    folder.refresh(gallery)
    folder.save(gallery)
    assert content(gallery) == content(loaded(tmp_path))


@pytest.mark.chaos
def test_killed_anywhere_in_the_middle_of_storing_nothing_that_was_stored_is_lost(tmp_path: Path) -> None:
    known = 0
    for step in (0, 1, 2, 3, 5, 8, 13, 21, 27, 34, 40, 47, 55, 64, 74):
        ran = subprocess.run(
            [sys.executable, "-c", CHILD, str(tmp_path), str(step), str(known)],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
        )
        assert ran.returncode == -9, ran.stderr
        acknowledged = [int(line) for line in ran.stdout.split()]
        known = max([known, *(number + 1 for number in acknowledged)])
        found = content(loaded(tmp_path))
        truth = expected(*range(known + 1))
        assert found.items() <= truth.items()
        assert set(found) >= {str(number) for number in range(known)}
        known = len(found)
    assert known > 5


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Exception, match="Could not create"):
        StoredCopies(tmp_path / "file" / "copies")


def test_segments_are_joined_without_what_was_taken_out() -> None:
    gallery = Gallery()
    for number in range(6):
        gallery.add(str(number), signs(number))
    gallery.segments()
    for number in (0, 1, 2):
        gallery.remove(str(number))
    ((made, _, without),) = gallery.segments()
    assert isinstance(made, Segment)
    assert (made.names, without) == (("3", "4", "5"), [])


def test_nothing_is_said_when_all_is_well(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        put(tmp_path, 1, 2, 3)
        loaded(tmp_path)
    assert caplog.text == ""
