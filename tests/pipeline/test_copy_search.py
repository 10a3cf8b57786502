"""The search among all inputs: its index is stored for the next process, and the rows have the last word."""

import json
import logging
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from django.conf import settings

from videtur.engines.copies.index import CopyIndex
from videtur.pipeline import copy_search
from videtur.pipeline.copy_search import Searchable
from videtur.pipeline.derivations import latest_done
from videtur.pipeline.examination import Examiner
from videtur.pipeline.jobs import Job
from videtur.pipeline.stored_copies import LIST
from videtur.storage.object_store import open_object_store

Film = Callable[..., bytes]
Store = Callable[[bytes], Job]


@pytest.fixture(autouse=True)
def folder_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Generator[None]:
    """No index of another test, in memory or on the disk."""
    monkeypatch.setattr(copy_search, "FOLDER", str(tmp_path / "copies"))
    new_process()
    yield
    new_process()


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The inputs whose fingerprints were read, in order."""
    read: list[str] = []
    real = Searchable.load

    def load(self: Searchable, *given: object) -> object:
        read.append(self.input_sha256)
        return real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Searchable, "load", load)
    return read


def new_process() -> None:
    """What a process holds of the index is gone."""
    copy_search.index_of.cache_clear()


def found(job: Job) -> set[str]:
    row = latest_done(job.input_sha256, "copy_search")
    assert row is not None
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    with store.open(row.outputs["relations.json"]["key"]) as file:
        relations = json.load(file)
    return {each["other"] for each in relations if each["outcome"] == "same_footage"}


def finds_nothing(*given: object, **named: object) -> tuple[()]:
    return ()


def test_a_new_process_reads_no_fingerprints_that_are_indexed(
    examiner: Examiner, film: Film, stored: Store, loads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Candidates are read to be compared: here it is about what is read to be indexed.
    monkeypatch.setattr(CopyIndex, "search", finds_nothing)
    strange = [stored(film(3, seed, sound=False)) for seed in (11, 12, 13)]
    for job in strange:
        examiner.examine(job)
    new_process()
    loads.clear()
    copy = stored(film(3, 14, sound=False))
    examiner.examine(copy)
    assert loads == [copy.input_sha256]


def test_copies_are_found_through_the_stored_index(
    examiner: Examiner, film: Film, stored: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = stored(film(8, 3))
    examiner.examine(first)
    new_process()
    second = stored(film(8, 3, title="copy"))
    examiner.examine(second)
    assert found(second) == {first.input_sha256}
    new_process()
    (tmp_path / "copies" / LIST).write_text("{}")
    with caplog.at_level(logging.WARNING):
        third = stored(film(8, 3, title="another copy"))
        examiner.examine(third)
    assert found(third) == {first.input_sha256, second.input_sha256}
    assert "made anew" in caplog.text


def test_what_the_rows_do_not_have_is_taken_out_of_the_index(
    examiner: Examiner, film: Film, stored: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = stored(film(8, 3)), stored(film(8, 3, title="copy"))
    examiner.examine(first)
    rows = copy_search.all_searchable

    def without_first() -> dict[str, Searchable]:
        return {key: row for key, row in rows().items() if key != first.input_sha256}

    monkeypatch.setattr(copy_search, "all_searchable", without_first)
    new_process()
    examiner.examine(second)
    assert found(second) == set()
    row = latest_done(second.input_sha256, "copy_search")
    assert row is not None
    assert row.parameters["searched_count"] == 0
