"""The kinds of attack: those of the clips' README over their whole ranges, and others not named there."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.copies import changes, sounds
from benchmarks.copies.changes import Maker
from benchmarks.copies.films import Coding, Draw, Film, at_rate, cut, joined, lasting, paced, strange

Make = Callable[[Draw, Film, Film], Film]


@dataclass(frozen=True)
class Kind:
    """One kind of attack. `listed` kinds are those of the clips' README."""

    name: str
    make: Make
    listed: bool = True
    needs_sound: bool = False
    uses_other: bool = False


def changed(film: Film, maker: Maker, draw: Draw, other: Film) -> Film:
    """The film with every picture changed."""
    change = maker(draw, film, other)
    pictures = [
        np.ascontiguousarray(change(picture, float(time)))
        for time, picture in zip(film.times, film.pictures, strict=True)
    ]
    return replace(film, pictures=pictures)


def _pictures(*makers: Maker) -> Make:
    def make(draw: Draw, film: Film, other: Film) -> Film:
        for maker in makers:
            film = changed(film, maker, draw, other)
        return film

    return make


def _encoded(draw: Draw, film: Film, other: Film) -> Film:
    return replace(film, coding=Coding(quality=int(draw.integers(33, 44)), sound_bits=32_000))


def _other_codec(draw: Draw, film: Film, other: Film) -> Film:
    codec = str(draw.choice(["mpeg4", "libx265", "libvpx-vp9"]))
    quality = {"mpeg4": 28, "libx265": int(draw.integers(26, 36)), "libvpx-vp9": int(draw.integers(34, 48))}
    return replace(film, coding=Coding(codec, quality[codec]))


def _speed(draw: Draw, film: Film, other: Film) -> Film:
    speed = float(draw.choice([draw.uniform(0.9, 0.97), draw.uniform(1.03, 1.15)]))
    return at_speed(draw, film, speed)


def at_speed(draw: Draw, film: Film, speed: float) -> Film:
    """Played faster or slower, the sound stretched with it: half of the time the pitch goes along."""
    stretch = sounds.resampled if draw.random() < 0.5 else sounds.stretched
    return paced(film, speed, stretch(film.sound, speed))


def _slow(draw: Draw, film: Film, other: Film) -> Film:
    return at_speed(draw, film, float(draw.uniform(0.45, 0.6)))


def _cut(draw: Draw, film: Film, other: Film) -> Film:
    length = min(film.end, max(2.0, film.end * float(draw.uniform(0.22, 0.45))))
    first = float(draw.uniform(0, film.end - length))
    return cut(film, first, first + length)


def _insert(draw: Draw, film: Film, other: Film) -> Film:
    length = min(film.end, float(draw.uniform(2.0, 5.0)))
    first = float(draw.uniform(0, film.end - length))
    middle = other.end * float(draw.uniform(0.4, 0.6))
    before, after = cut(other, 0, middle), cut(other, middle, other.end)
    return joined([strange(before), cut(film, first, first + length), strange(after)])


def _loop(draw: Draw, film: Film, other: Film) -> Film:
    length = min(film.end, float(draw.uniform(2.0, 3.0)))
    first = float(draw.uniform(0, film.end - length))
    piece = cut(film, first, first + length)
    return joined([piece] * int(draw.integers(2, 4)))


def _swapped(draw: Draw, film: Film, other: Film) -> Film:
    middle = film.end * float(draw.uniform(0.4, 0.6))
    return joined([cut(film, middle, film.end), cut(film, 0, middle)])


def _rate(draw: Draw, film: Film, other: Film) -> Film:
    return at_rate(film, float(draw.choice([15, 20, 24, 25, 30, 48, 50, 60])))


def _silenced(draw: Draw, film: Film, other: Film) -> Film:
    seed, ways = int(draw.integers(1 << 30)), ("music", "noise", "voices")
    way = ways[int(draw.integers(3))]
    if way == "noise":
        sound = draw.normal(0, 2500, round(film.end * sounds.SOUND_RATE)).astype(np.int16)
    else:
        sound = sounds.drawn(way, seed, film.end)
    return replace(film, sound=sound, heard=())


def _under(film: Film, other: Film, end: float | None = None) -> Film:
    """The sound of a film under the pictures of another."""
    length = end or film.end
    rounds = joined([strange(other)] * (int(length / other.end) + 1))
    shown = cut(rounds, 0, length)
    sound = lasting(film.sound, length)
    return replace(film, times=shown.times, pictures=shown.pictures, end=shown.end, sound=sound, spans=())


def _sound_only(draw: Draw, film: Film, other: Film) -> Film:
    coding = Coding(sound_bits=int(draw.choice([32_000, 64_000, 128_000])))
    return replace(_under(film, other), coding=coding)


def _sound_noise(draw: Draw, film: Film, other: Film) -> Film:
    noise = draw.normal(0, 2000, len(film.sound)).astype(np.int16)
    loud = sounds.mixed(film.sound, noise, float(draw.uniform(5, 15)))
    return _under(replace(film, sound=loud), other)


def _sound_voice(draw: Draw, film: Film, other: Film) -> Film:
    talk = sounds.drawn("voices", int(draw.integers(1 << 30)), film.end)
    return _under(replace(film, sound=sounds.mixed(film.sound, talk, float(draw.uniform(0, 6)))), other)


def _sound_speed(draw: Draw, film: Film, other: Film) -> Film:
    return _under(_speed(draw, film, other), other)


def _split(draw: Draw, film: Film, other: Film) -> Film:
    seen = changed(film, changes.split, draw, other)
    return replace(
        seen, sound=lasting(other.sound, film.end) if len(other.sound) else seen.sound[:0], heard=()
    )


def _matrix(draw: Draw, film: Film, other: Film) -> Film:
    return replace(film, coding=Coding(turned=int(draw.choice([90, 180, 270]))))


_WITH_CROP: tuple[Maker, ...] = (
    changes.mirror,
    changes.overlay,
    changes.blur,
    changes.colour,
    changes.bars,
    changes.padding,
    changes.resize,
    changes.filmed_screen,
)


def _combined(count: int) -> Make:
    def make(draw: Draw, film: Film, other: Film) -> Film:
        film = changed(film, changes.crop, draw, other)
        for number in draw.permutation(len(_WITH_CROP) + 1)[: count - 1]:
            if number == len(_WITH_CROP):
                film = _speed(draw, film, other)
            else:
                film = changed(film, _WITH_CROP[int(number)], draw, other)
        return film

    return make


KINDS: tuple[Kind, ...] = (
    Kind("re-encode", _encoded),
    Kind("other codec", _other_codec),
    Kind("resize", _pictures(changes.resize)),
    Kind("crop", _pictures(changes.crop)),
    Kind("mirror", _pictures(changes.mirror)),
    Kind("vertical re-frame", _pictures(changes.reframe)),
    Kind("letterbox or pillarbox", _pictures(changes.bars)),
    Kind("blurred padding", _pictures(changes.padding)),
    Kind("overlay and subtitles", _pictures(changes.overlay)),
    Kind("picture in picture", _pictures(changes.inset), uses_other=True),
    Kind("screen filming", _pictures(changes.filmed_screen)),
    Kind("speed", _speed),
    Kind("cut", _cut),
    Kind("insert", _insert, uses_other=True),
    Kind("blur", _pictures(changes.blur)),
    Kind("colour", _pictures(changes.colour)),
    Kind("two with a crop", _combined(2)),
    Kind("three with a crop", _combined(3)),
    Kind("mirror, crop, text", _pictures(changes.mirror, changes.crop, changes.overlay)),
    Kind("sound replaced", _silenced, needs_sound=True),
    Kind("sound only", _sound_only, needs_sound=True, uses_other=True),
    Kind("turned by 90 degrees", _pictures(changes.quarter_turn)),
    Kind("turned by 180 degrees", _pictures(changes.half_turn)),
    Kind("turned by display matrix", _matrix),
    Kind("sound only, noise", _sound_noise, False, needs_sound=True, uses_other=True),
    Kind("sound only, speed", _sound_speed, False, needs_sound=True, uses_other=True),
    Kind("sound only, voice over", _sound_voice, False, needs_sound=True, uses_other=True),
    Kind("picture rate", _rate, False),
    Kind("slow motion", _slow, False),
    Kind("loop", _loop, False),
    Kind("split screen", _split, False, uses_other=True),
    Kind("zoom and drift", _pictures(changes.drift), False),
    Kind("sharpened, grain", _pictures(changes.sharp_noise), False),
    Kind("two cuts swapped", _swapped, False),
    Kind("fade", _pictures(changes.fade), False),
    Kind("text at the top", _pictures(changes.top_text), False),
    Kind("stickers", _pictures(changes.stickers), False),
    Kind("squeezed", _pictures(changes.squeeze), False),
)
BY_NAME = {kind.name: kind for kind in KINDS}
