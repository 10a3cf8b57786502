"""Integer media time: round trips, order across time bases, reading form."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.media.timecode import MediaInterval, MediaTime

time_bases = st.fractions(min_value=Fraction(1, 10**6), max_value=Fraction(10), max_denominator=10**6)
times = st.builds(MediaTime, st.integers(-(2**62), 2**62), time_bases)


@given(times)
def test_json_round_trip(time: MediaTime) -> None:
    again = MediaTime.from_json(time.as_json())
    assert (again.pts, again.time_base) == (time.pts, time.time_base)


@given(times, time_bases)
def test_rescaling_is_the_nearest_tick(time: MediaTime, base: Fraction) -> None:
    assert abs(time.rescaled(base).instant - time.instant) <= base / 2


@given(times, times)
def test_order_is_of_instants(one: MediaTime, other: MediaTime) -> None:
    assert (one < other) == (one.instant < other.instant)


def test_reading_form() -> None:
    assert MediaTime(1001, Fraction(1, 30000)).seconds == "0.033367"
    assert MediaTime(0, Fraction(1, 30)).seconds == "0"


def test_an_interval_cannot_end_before_it_starts() -> None:
    late, early = MediaTime(2, Fraction(1)), MediaTime(1, Fraction(1))
    with pytest.raises(ValueError, match="ends before"):
        MediaInterval(late, early)
