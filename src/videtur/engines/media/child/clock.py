"""Presentation times of decoded frames, strictly increasing, whatever the file says."""

import heapq
from fractions import Fraction


class PictureClock:
    """Gives each decoded frame, in presentation order, its time in ticks of the stream.

    A frame's own time is taken as it stands. Where a file gives none, the times of its packets are
    dealt out in order, and where there are none either, the declared rate counts. Small steps back are
    damage and the frame is passed over; a large step back (recordings joined without care) shifts all
    that follows, so that time goes on. With `in_order_only` a frame's own time counts for nothing: AVI and
    bare streams store the order of decoding alone, and what libraries make of it mixes both orders.
    """

    def __init__(self, time_base: Fraction, rate: Fraction | None, *, in_order_only: bool) -> None:
        self._time_base = time_base
        self._in_order_only = in_order_only
        step = 1 / (rate * time_base) if rate else Fraction(1, 25) / time_base
        self.step = max(1, round(step))
        self._ordered: list[int] = []
        self._shift = 0
        self.last: int | None = None
        self.from_order = 0
        self.stamped = 0

    def packet(self, presentation: int | None, decoding: int | None) -> None:
        """A packet went to the decoder; its time may be needed for a frame without one."""
        first, second = (decoding, presentation) if self._in_order_only else (presentation, decoding)
        time = second if first is None else first
        if time is not None:
            heapq.heappush(self._ordered, time)

    def stamp(self, own: int | None) -> tuple[int | None, str | None]:
        """(time, what is wrong). No time: the frame cannot be placed and is passed over."""
        given = heapq.heappop(self._ordered) if self._ordered else None
        if own is None or self._in_order_only:
            self.from_order += 1
            own = given if given is not None else self._next() - self._shift
        time = own + self._shift
        wrong = None
        if self.last is not None and time <= self.last:
            back = self.last - time
            if back * self._time_base < 1:
                return None, f"a frame is timed {back} ticks before the one shown ahead of it; passed over"
            self._shift += self._next() - time
            time = self._next()
            wrong = f"presentation times jump back by {back} ticks; counted on from here"
        self.last = time
        self.stamped += 1
        return time, wrong

    def _next(self) -> int:
        return 0 if self.last is None else self.last + self.step


class Pace:
    """Picks frames by presentation time: one for each slot of 1/rate seconds, the first always."""

    def __init__(self, time_base: Fraction, rate: Fraction) -> None:
        factor = time_base * rate
        self._numerator, self._denominator = factor.numerator, factor.denominator
        self._first: int | None = None
        self._slot = -1

    def wants(self, time: int) -> bool:
        """True when no frame of this slot was picked yet."""
        if self._first is None:
            self._first = time
        slot = (time - self._first) * self._numerator // self._denominator
        if slot <= self._slot:
            return False
        self._slot = slot
        return True
