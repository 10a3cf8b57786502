"""The figures of the copies benchmark, on pairs small enough to work out by hand, and its truth."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.copies.films import Film, Span, at_rate, cut, joined, paced, read, strange, write
from benchmarks.copies.kinds import BY_NAME, KINDS
from benchmarks.copies.metrics import bootstrapped, curve, offset_errors, overlap
from benchmarks.copies.pairs import Scored, pairs_of
from benchmarks.copies.queries import Query, plan
from benchmarks.copies.sources import Source, drawn_sources, halves
from benchmarks.copies.truth import spans_of, truth_of


def film(seconds: float = 4.0, rate: float = 25.0) -> Film:
    times = np.arange(int(seconds * rate)) / rate
    pictures = [np.full((36, 64, 3), number % 200, np.uint8) for number in range(len(times))]
    sound = (np.sin(np.arange(int(seconds * 44100)) / 20) * 9000).astype(np.int16)
    whole = (Span((0.0, seconds), (10.0, 10.0 + seconds)),)
    return Film(times, seconds, pictures, sound, whole, whole)


def query(**changes: object) -> Query:
    span = (Span((0.0, 4.0), (10.0, 14.0)),)
    plain = Query("q", "crop", True, "a", "room", "copy", "tuning", "", "", 4.0, span, span, -20.0, -20.0)
    return replace(plain, **changes)


def test_average_precision_and_recall_are_those_worked_out_by_hand() -> None:
    seen = curve(np.array([0.9, 0.8, 0.7, 0.6, 0.0]), np.array([True, False, True, False, True]))
    assert seen.average_precision == pytest.approx((1 / 1 + 2 / 3) / 3)
    assert seen.recall_at(1.0) == pytest.approx(1 / 3)
    assert seen.recall_at(0.6) == pytest.approx(2 / 3)
    assert seen.threshold_at(1.0) == pytest.approx(0.9)
    assert seen.threshold_at(0.6) == pytest.approx(0.7)


def test_pairs_that_score_the_same_are_taken_together() -> None:
    seen = curve(np.array([0.5, 0.5, 0.5]), np.array([True, False, True]))
    assert seen.recall_at(1.0) == 0
    assert seen.average_precision == pytest.approx(2 / 3)


def test_a_perfect_method_has_an_interval_of_ones() -> None:
    scores, positive = np.array([0.9, 0.8, 0.1]), np.array([True, True, False])
    found = bootstrapped(scores, positive, ["a", "b", "b"], rounds=50)
    assert found["recall at precision 0.99"][1] == 1.0


def test_overlap_counts_seconds_that_are_told_twice_once() -> None:
    assert overlap([(0, 2), (1, 3)], [(0, 4)]) == pytest.approx(0.75)
    assert overlap([(0, 1)], [(2, 3)]) == 0
    assert overlap([], [(2, 3)]) == 0


def test_an_offset_is_measured_where_the_found_stretch_has_its_middle() -> None:
    true = [((0.0, 4.0), (10.0, 14.4))]
    assert offset_errors([((1.0, 3.0), (11.1, 13.3))], true) == [pytest.approx(0.0)]
    assert offset_errors([((1.0, 3.0), (11.3, 13.5))], true) == [pytest.approx(0.2)]
    assert offset_errors([((7.0, 9.0), (11.3, 13.5))], true) == []


def test_the_truth_follows_a_film_through_cuts_pace_and_joins() -> None:
    piece = cut(film(), 1.0, 3.0)
    assert piece.spans == (Span((0.0, 2.0), (11.0, 13.0)),)
    fast = paced(piece, 2.0, piece.sound[::2])
    assert fast.spans == (Span((0.0, 1.0), (11.0, 13.0)),)
    both = joined([strange(film(1.0)), piece, piece])
    assert both.spans == (Span((1.0, 3.0), (11.0, 13.0)), Span((3.0, 5.0), (11.0, 13.0)))
    assert both.end == pytest.approx(5.0)
    assert len(both.times) == len(both.pictures) == 125
    assert len(at_rate(film(), 50).times) == 200


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_every_kind_makes_a_film_whose_truth_lies_inside_it(kind: str) -> None:
    made = BY_NAME[kind].make(np.random.default_rng(3), film(), replace(film(3.0), spans=(), heard=()))
    assert len(made.times) == len(made.pictures)
    assert len({picture.shape for picture in made.pictures}) == 1
    assert bool(made.spans) is not kind.startswith("sound only")
    for span in (*made.spans, *made.heard):
        assert -1e-6 <= span.query[0] < span.query[1] <= made.end + 1e-6
        assert 10.0 - 1e-6 <= span.reference[0] < span.reference[1] <= 14.0 + 1e-6


def test_the_truth_of_a_pair_knows_copies_takes_hosts_and_second_cameras() -> None:
    own, take, host, other = (
        Source("a", "room"),
        Source("b", "room"),
        Source("h", "hall"),
        Source("c", "yard"),
    )
    asked = query(host="h", host_group="hall")
    assert [truth_of(asked, film, "picture") for film in (own, take, host, other)] == [
        "copy",
        "other take",
        "undefined",
        "unrelated",
    ]
    assert spans_of(asked, own, "picture") == asked.spans
    beside = query(relation="second camera", spans=(), heard=())
    assert truth_of(beside, own, "picture") == "second camera"
    assert truth_of(beside, own, "sound") == "undefined"
    heard_only = query(spans=())
    assert truth_of(heard_only, own, "picture") == "unrelated"
    assert truth_of(heard_only, own, "sound") == "copy"
    assert truth_of(query(heard_level=-80.0), own, "sound") == "undefined"


def test_scores_are_pooled_over_all_pairs() -> None:
    gallery = [Source("a", "room"), Source("b", "room"), Source("c", "yard")]
    pairs = pairs_of([query()], gallery, "picture")
    scored = Scored.of(pairs, {"q": {"a": 0.8, "b": 0.9}})
    assert scored.headline()["muAP"] == pytest.approx(0.5)
    assert scored.without_hard().headline()["muAP"] == pytest.approx(1.0)
    assert scored.recall_per_kind(0.85) == {"crop": (1, 0.0)}


def test_no_group_is_in_both_halves_and_the_plan_keeps_to_them() -> None:
    listed = drawn_sources()
    half = halves(listed)
    assert abs(list(half.values()).count("tuning") - list(half.values()).count("sealed")) <= 4
    planned = plan(listed, {source.name for source in listed})
    assert planned == plan(listed, {source.name for source in listed})
    assert all(half[entry.source.group] == entry.half == half[entry.other.group] for entry in planned)
    assert all(entry.source.group != entry.other.group for entry in planned)


def test_a_written_film_has_the_times_it_was_given(tmp_path: Path) -> None:
    made = at_rate(film(2.0), 60)
    write(tmp_path / "made.mp4", made)
    again = read(tmp_path / "made.mp4")
    assert again.times == pytest.approx(made.times, abs=0.002)
