"""Times of frames: taken as they stand, or from order, and always going on."""

import itertools
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from videtur.engines.media.child.clock import Pace, PictureClock

BASE = Fraction(1, 1000)


def stamps(times: list[int | None], *, in_order_only: bool = False) -> tuple[list[int], int]:
    clock = PictureClock(BASE, Fraction(25), in_order_only=in_order_only)
    given_times: list[int] = []
    wrongs = 0
    for time in times:
        stamped, wrong = clock.stamp(time)
        wrongs += wrong is not None
        if stamped is not None:
            given_times.append(stamped)
    return given_times, wrongs


@given(st.lists(st.none() | st.integers(-10_000, 10_000), max_size=50))
def test_times_always_go_on(times: list[int | None]) -> None:
    given_times, _ = stamps(times)
    assert all(a < b for a, b in itertools.pairwise(given_times))


@given(st.sets(st.integers(0, 10**9), max_size=50))
def test_good_times_are_left_alone(times: set[int]) -> None:
    assert stamps([*sorted(times)]) == (sorted(times), 0)


@given(st.permutations(range(20)))
def test_packets_without_presentation_times_are_dealt_in_order(order: list[int]) -> None:
    clock = PictureClock(BASE, Fraction(25), in_order_only=True)
    for decoding in order:
        clock.packet(None, decoding)
    assert [clock.stamp(None)[0] for _ in order] == list(range(20))


def test_no_time_at_all_counts_by_the_rate() -> None:
    assert stamps([None] * 4) == ([0, 40, 80, 120], 0)


def test_a_large_step_back_goes_on_and_a_small_one_is_passed_over() -> None:
    assert stamps([0, 40, 5000, 0, 40]) == ([0, 40, 5000, 5040, 5080], 1)
    assert stamps([0, 40, 20, 80]) == ([0, 40, 80], 1)


@given(
    times=st.lists(st.integers(1, 500), min_size=1, max_size=200),
    rate=st.integers(1, 30),
    first=st.integers(-1000, 1000),
)
def test_no_slot_gives_two_frames(times: list[int], rate: int, first: int) -> None:
    pace = Pace(BASE, Fraction(rate))
    moments = [first + sum(times[:at]) for at in range(len(times))]
    picked = [moment for moment in moments if pace.wants(moment)]
    assert picked[0] == first
    slots = [(moment - first) * rate // 1000 for moment in picked]
    assert len(slots) == len(set(slots))
    assert set(slots) == {(moment - first) * rate // 1000 for moment in moments}
