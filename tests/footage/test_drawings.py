"""The geometry of drawings: where bars, arrows and points stand."""

from decimal import Decimal
from fractions import Fraction

import pytest

from videtur.engines.media.timecode import MediaInterval, MediaTime
from videtur.footage.drawings import (
    BARS_HEIGHT,
    LABELS,
    SIDE,
    SPAN,
    agreement,
    clock,
    curve,
    graph,
    time_line,
)
from videtur.footage.evidence_shown import Window, evidence_of, inverse_of


def time(seconds: float) -> MediaTime:
    return MediaTime(round(seconds * 1000), Fraction(1, 1000))


def span(first: float, last: float) -> MediaInterval:
    return MediaInterval(time(first), time(last))


def window(seconds: float, likeness: str, *, moving: bool = True) -> Window:
    return Window(time(seconds), time(seconds + 10), Decimal(likeness), moving)


def test_bars_lie_on_the_common_time_line() -> None:
    drawn = time_line([(1, [span(0, 100)], "complete"), (2, [span(25, 50), span(75, 100)], ""), (3, [], "")])
    assert drawn is not None
    whole, part, unknown = drawn.rows
    assert [(bar.x, bar.width) for bar in whole.bars] == [(LABELS, SPAN)]
    assert [(bar.x, bar.width) for bar in part.bars] == [
        (LABELS + SPAN // 4, SPAN // 4),
        (LABELS + 3 * SPAN // 4, SPAN // 4),
    ]
    assert unknown.bars == ()
    assert len(drawn.ticks) <= 10
    assert (LABELS + SPAN * 15 // 100, "0:15") in drawn.ticks
    assert time_line([(1, [], "")]) is None


def test_arrows_that_follow_from_others_are_left_out() -> None:
    can = {("c", "b"), ("b", "a"), ("c", "a"), ("d", "a"), ("a2", "a"), ("a", "a2")}
    drawn = graph({"a": 1, "a2": 2, "b": 3, "c": 4, "d": 5}, can)
    assert drawn is not None
    levels = {node.number: node.y for node in drawn.nodes}
    assert levels[1] == levels[2] < levels[3] == levels[5] < levels[4]
    assert sorted(line.either for line in drawn.lines) == [False, False, False, True]
    assert graph({"a": 1, "b": 2}, set()) is None
    circle = graph({"a": 1, "b": 2, "c": 3}, {("a", "b"), ("b", "c"), ("c", "a")})
    assert circle is not None, "what cannot be still ends"


def test_the_curve_goes_from_corner_to_corner() -> None:
    drawn = curve(
        [window(0, "1"), window(5, "1", moving=False)],
        [(span(0, 10), span(10, 20))],
        span(0, 10),
        span(10, 20),
    )
    ((x1, y1, x2, y2),) = drawn.lines
    assert (x2 - x1, y1 - y2) == (SIDE, SIDE)
    assert drawn.points[1] == (x1 + SIDE / 2, y1 - SIDE / 2, False)
    assert (drawn.across, drawn.up) == (("0:00", "0:10"), ("0:10", "0:20"))


def test_agreement_is_drawn_against_what_is_needed() -> None:
    drawn = agreement([window(0, "0.9"), window(1, "-0.5"), window(2, "0", moving=False)], 0.8)
    assert drawn is not None
    assert [bar[4] for bar in drawn.bars] == ["agrees", "differs", "still"]
    assert drawn.threshold == pytest.approx(BARS_HEIGHT * 0.2)
    assert drawn.bars[0][1] < drawn.threshold < drawn.bars[1][1]
    many = agreement([window(number / 2, "0.9") for number in range(5000)], 0.8)
    assert many is not None
    assert len(many.bars) <= 250
    assert many.bars[-1][0] + many.bars[-1][2] == pytest.approx(SPAN, abs=1)
    assert agreement([], 0.8) is None


def test_clock() -> None:
    assert [clock(Fraction(seconds)) for seconds in (0, 61, 3725)] == ["0:00", "1:01", "1:02:05"]


def test_a_map_and_back_is_no_map() -> None:
    matrix = tuple(map(Decimal, ("0.5", "0.1", "0.25", "0", "0.5", "0.25", "0.01", "0", "1")))
    back = inverse_of(matrix)
    assert back is not None
    again = inverse_of(back)
    assert again is not None
    scale = matrix[8] / again[8]
    assert [round(value * scale, 9) for value in again] == [round(value, 9) for value in matrix]
    assert inverse_of((Decimal(0),) * 9) is None


@pytest.mark.parametrize(
    "told", [None, "nothing", {}, {"matrix": ["1"], "points": [["1", "2"], ["a", "b", "c", "d"]]}]
)
def test_what_is_no_evidence_shows_nothing(told: object) -> None:
    found = evidence_of(told)
    assert found is None or (found.matrix, found.windows, found.points) == (None, (), ())
