"""The one decode against what was written: every presentation time, every kind of file."""

from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.media.films import Film, number_in, numbered, packet_times, write
from videtur.engines.media.first_pass import (
    AnalysisFrame,
    Damage,
    PassEnd,
    PassRequest,
    PictureStream,
    PresentationTimes,
    ProxyFrame,
    SoundBlock,
    SoundStream,
    decode,
)
from videtur.engines.media.limits import Limits
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.errors import Refused

B_FRAMES = {"preset": "ultrafast", "bf": "2", "g": "10"}


@dataclass
class Seen:
    """All events of one pass, by kind."""

    times: list[int] = field(default_factory=list[int])
    analysis: list[AnalysisFrame] = field(default_factory=list[AnalysisFrame])
    proxies: list[ProxyFrame] = field(default_factory=list[ProxyFrame])
    sound: list[SoundBlock] = field(default_factory=list[SoundBlock])
    damage: list[Damage] = field(default_factory=list[Damage])
    picture: PictureStream | None = None
    sound_stream: SoundStream | None = None
    end: PassEnd | None = None

    @property
    def ended(self) -> PassEnd:
        assert self.end is not None
        return self.end

    @property
    def samples(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
        return np.concatenate([block.samples for block in self.sound])


def watch(
    path: Path, sandbox: DecodingSandbox, request: PassRequest | None = None, limits: Limits | None = None
) -> Seen:
    seen = Seen()
    with path.open("rb") as source:
        for event in decode(source, sandbox, request, limits):
            assert seen.end is None, "nothing comes after the end"
            match event:
                case PresentationTimes():
                    seen.times += event.pts.tolist()
                case AnalysisFrame():
                    seen.analysis.append(event)
                case ProxyFrame():
                    seen.proxies.append(event)
                case SoundBlock():
                    seen.sound.append(event)
                case Damage():
                    seen.damage.append(event)
                case PictureStream():
                    seen.picture = event
                case SoundStream():
                    seen.sound_stream = event
                case PassEnd():
                    seen.end = event
    assert seen.end is not None
    assert seen.end.picture_frames == len(seen.times)
    assert seen.end.damage_count >= len(seen.damage)
    assert all(a < b for a, b in zip(seen.times, seen.times[1:], strict=False))
    return seen


def onset(seen: Seen, after: float = 0.0) -> float:
    """Seconds at which the first burst of sound begins."""
    for block in seen.sound:
        loud = np.flatnonzero(np.abs(block.samples.astype(int)) > 3000)
        for at in loud.tolist():
            moment = float(block.time.instant) + at / 16000
            if moment >= after:
                return moment
    raise AssertionError("no burst")


@given(
    gaps=st.lists(st.integers(1, 400), min_size=3, max_size=25),
    start=st.integers(0, 5000),
    time_base=st.sampled_from([Fraction(1, 1000), Fraction(1, 90_000), Fraction(1, 30_000)]),
    b_frames=st.booleans(),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_time_of_a_film_of_variable_rate(
    tmp_path: Path,
    sandbox: DecodingSandbox,
    gaps: list[int],
    start: int,
    time_base: Fraction,
    b_frames: bool,
) -> None:
    pts = [start + sum(gaps[:at]) for at in range(len(gaps))]
    film = Film(pts=pts, time_base=time_base)
    film = replace(film, options=B_FRAMES) if b_frames else film
    path = write(tmp_path / "film.mp4", film)
    seen = watch(path, sandbox)
    assert seen.picture is not None
    base = seen.picture.time_base
    assert seen.times == packet_times(path)
    first = seen.times[0]
    assert [(time - first) * base for time in seen.times] == [(each - start) * time_base for each in pts]
    assert not seen.damage


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts", "film.mov", "film.webm"])
@pytest.mark.parametrize("start", [0, 45])
def test_times_are_those_of_the_container(
    tmp_path: Path, sandbox: DecodingSandbox, name: str, start: int
) -> None:
    pts = [start + each for each in (0, 1, 2, 5, 6, 9, 15, 16, 20, 30, 31, 40)]
    film = Film(pts=pts, options=B_FRAMES)
    if name.endswith("webm"):
        film = replace(film, codec="libvpx", options={"deadline": "realtime", "cpu-used": "8"})
    path = write(tmp_path / name, film)
    seen = watch(path, sandbox)
    assert seen.times == packet_times(path)
    assert len(seen.times) == len(pts)
    assert not seen.damage
    assert not seen.ended.times_from_order


def test_an_edit_list_hides_what_comes_before(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    # Times below zero become an edit list: those frames are decoded and never shown.
    path = write(tmp_path / "film.mp4", Film(pts=list(range(-12, 20)), options=B_FRAMES))
    seen = watch(path, sandbox)
    assert seen.times == packet_times(path)
    assert len(seen.times) == 20
    assert number_in(seen.proxies[0].image) == 12


def test_frames_are_picked_by_time_and_show_what_was_there(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write(tmp_path / "film.mkv", Film(pts=list(range(90)), options=B_FRAMES))
    seen = watch(path, sandbox)
    shown = dict(zip(seen.times, range(90), strict=True))
    assert len(seen.analysis) == 6
    assert len(seen.proxies) == 45
    for frame in [*seen.analysis, *seen.proxies]:
        assert number_in(frame.image) == shown[frame.time.pts]
    assert seen.analysis[0].time.pts == seen.times[0]
    assert seen.analysis[0].image.shape == (48, 128, 3)


def test_sizes_keep_to_the_longest_side(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write(tmp_path / "film.mkv", Film(pts=[0, 1, 2], width=800, height=600))
    seen = watch(path, sandbox, PassRequest(analysis_side=320, proxy_side=160))
    assert seen.analysis[0].image.shape == (240, 320, 3)
    assert seen.proxies[0].image.shape == (120, 160)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_film_stands_upright(tmp_path: Path, sandbox: DecodingSandbox, turn: int) -> None:
    path = write(tmp_path / "film.mp4", Film(pts=[0, 1, 2], turned=-turn))
    seen = watch(path, sandbox)
    assert seen.picture is not None
    assert seen.picture.rotation == turn
    stored = numbered(0)
    upright = np.rot90(stored, -turn // 90).astype(int)
    height, width = upright.shape[:2]
    assert (seen.picture.width, seen.picture.height) == (width, height)
    assert seen.analysis[0].image.shape == upright.shape
    assert np.abs(seen.analysis[0].image.astype(int) - upright).mean() < 30


def test_ten_bits_and_other_formats(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    for number, pixel_format in enumerate(("yuv420p10le", "yuv422p10le", "gray", "yuv444p", "bgra")):
        film = Film(pts=[0, 1, 2, 3], codec="ffv1", pixel_format=pixel_format, options={})
        seen = watch(write(tmp_path / f"{number}.mkv", film), sandbox)
        assert number_in(seen.proxies[0].image) == 0
        assert number_in(watch_last(seen)) in (2, 3)
        assert not seen.damage


def watch_last(seen: Seen) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return seen.proxies[-1].image


def test_interlaced_film_is_said_to_be_so(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    film = Film(options={"preset": "ultrafast", "bf": "0", "x264-params": "tff=1:interlaced=1"}, height=64)
    seen = watch(write(tmp_path / "film.mkv", film), sandbox)
    assert len(seen.times) == 30
    assert any("interlaced" in note for note in seen.ended.notes)


def test_no_duration_declared(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write(tmp_path / "film.mkv", Film(container={"live": "1"}))
    with av.open(str(path)) as container:
        assert container.duration is None
    seen = watch(path, sandbox)
    assert len(seen.times) == 30
    assert seen.ended.duration is not None
    assert abs(float(seen.ended.duration.instant) - 1.0) < 0.05


def test_bare_stream_is_timed_by_order_and_says_so(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    seen = watch(write(tmp_path / "film.h264", Film(options=B_FRAMES), "h264"), sandbox)
    assert seen.ended.times_from_order
    assert len(seen.times) == 30
    assert [number_in(frame.image) for frame in seen.proxies][:3] == [0, 2, 4]


def test_avi_is_timed_by_order(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    film = Film(codec="mpeg4", options={"bf": "2", "qscale": "3"})
    seen = watch(write(tmp_path / "film.avi", film), sandbox)
    assert len(seen.times) == 30
    assert len({b - a for a, b in zip(seen.times, seen.times[1:], strict=False)}) == 1
    assert seen.ended.times_from_order


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout"),
    [
        ("sound.wav", "pcm_s16le", 11_025, "stereo"),
        ("sound.wav", "pcm_s16le", 16_000, "mono"),
        ("sound.flac", "flac", 48_000, "5.1"),
        ("sound.mkv", "flac", 96_000, "3.0"),
        ("sound.m4a", "aac", 22_050, "mono"),
        ("sound.wav", "pcm_u8", 8_000, "mono"),
    ],
)
def test_sound_alone(
    tmp_path: Path, sandbox: DecodingSandbox, name: str, codec: str, rate: int, layout: str
) -> None:
    film = Film(codec=None, sound_codec=codec, sound_rate=rate, sound_layout=layout, sound_seconds=1.6)
    seen = watch(write(tmp_path / name, film), sandbox)
    assert seen.picture is None
    assert seen.sound_stream is not None
    assert abs(seen.ended.sound_samples - 1.6 * 16_000) < 1200
    assert abs(onset(seen, 0.25) - 0.5) < 0.005
    assert abs(onset(seen, 1.25) - 1.5) < 0.005
    assert seen.ended.first == seen.ended.sound_first


def test_sound_and_picture_keep_their_distance(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    film = Film(
        pts=list(range(30, 60)),
        sound_codec="pcm_s16le",
        sound_start=Fraction(3, 4),
        sound_rate=48_000,
    )
    seen = watch(write(tmp_path / "film.mkv", film), sandbox)
    assert seen.ended.sound_first is not None
    assert seen.ended.sound_first.seconds == "0.75"
    assert abs(onset(seen) - 0.75) < 0.003
    assert seen.ended.first is not None
    assert abs(float(seen.ended.first.instant) - 1.0) < 0.002


def test_a_gap_in_the_sound_stays_a_gap(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = tmp_path / "gap.mkv"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("pcm_s16le", 16_000, layout="mono")
        for start in (0, 48_000):
            samples = np.full((1, 8_000), 5000, np.int16)
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 16_000, start, Fraction(1, 16_000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    seen = watch(path, sandbox)
    assert [block.time.seconds for block in seen.sound] == ["0", "3"]
    assert seen.ended.sound_samples == 16_000


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"),
    [("still.png", "png", "rgb24"), ("still.jpg", "mjpeg", "yuvj420p"), ("still.bmp", "bmp", "bgr24")],
)
def test_a_still_picture_is_one_frame(
    tmp_path: Path, sandbox: DecodingSandbox, name: str, codec: str, pixel_format: str
) -> None:
    film = Film(pts=[0], codec=codec, pixel_format=pixel_format, options={})
    seen = watch(write(tmp_path / name, film, "image2"), sandbox)
    assert seen.ended.picture_frames == 1
    assert len(seen.analysis) == len(seen.proxies) == 1
    assert seen.analysis[0].image.shape == (48, 128, 3)


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts", "film.avi"])
def test_what_is_left_of_a_truncated_film_is_decoded(
    tmp_path: Path, sandbox: DecodingSandbox, name: str
) -> None:
    film = Film(pts=list(range(90)), container={"movflags": "faststart"} if name == "film.mp4" else {})
    if name == "film.avi":
        film = replace(film, codec="mpeg4", options={})
    data = write(tmp_path / name, film).read_bytes()
    cut = tmp_path / f"cut-{name}"
    cut.write_bytes(data[: len(data) * 6 // 10])
    seen = watch(cut, sandbox)
    assert 30 < len(seen.times) < 75
    if name != "film.ts":  # a transport stream declares no end
        assert seen.damage
        assert any(damage.time is not None for damage in seen.damage)


def test_damage_in_the_middle_is_told_with_its_time(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write(tmp_path / "film.mkv", Film(pts=list(range(90))))
    with av.open(str(path)) as container:
        packet = list(container.demux(container.streams.video[0]))[45]
        assert packet.pos is not None
        position, size, time = packet.pos, packet.size, packet.pts
    data = bytearray(path.read_bytes())
    start = position + 16  # behind the block's head and the length of the slice
    data[start : position + size] = np.random.default_rng(1).bytes(position + size - start)
    path.write_bytes(data)
    seen = watch(path, sandbox)
    assert len(seen.times) >= 85
    assert seen.times[-1] >= 2900
    told = [damage.time.pts for damage in seen.damage if damage.time is not None]
    assert told
    assert time is not None
    assert min(abs(each - time) for each in told) <= 70


def test_recordings_joined_without_care_go_on(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    data = write(tmp_path / "film.ts", Film(pts=list(range(60)))).read_bytes()
    joined = tmp_path / "joined.ts"
    joined.write_bytes(data + data)
    seen = watch(joined, sandbox)
    assert len(seen.times) >= 115
    assert any("jump back" in damage.what for damage in seen.damage)


def test_limits_stop_a_film_that_is_too_long(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write(tmp_path / "film.mkv", Film(pts=list(range(0, 9000, 100))))
    seen = watch(path, sandbox, limits=Limits(duration_seconds=100))
    assert 30 <= len(seen.times) < 40
    assert any("longer than the limit" in damage.what for damage in seen.damage)
    seen = watch(path, sandbox, limits=Limits(picture_frames=10))
    assert len(seen.times) == 10


def test_an_abandoned_pass_ends_its_child(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write(tmp_path / "film.mkv", Film(pts=list(range(90))))
    for _ in range(40):  # each would hold a descriptor and a process if it were left behind
        with path.open("rb") as source:
            events = decode(source, sandbox)
            next(iter(events))
            events.close()  # type: ignore[attr-defined]  # a generator, by its contract
    assert len(watch(path, sandbox).times) == 90


def test_one_file_read_twice_at_once(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write(tmp_path / "film.mkv", Film(pts=list(range(90))))
    with path.open("rb") as source:
        source.seek(1000)
        both = zip(decode(source, sandbox), decode(source, sandbox), strict=True)
        ends = [pair for pair in both if isinstance(pair[0], PassEnd)]
    assert ends[0][0] == ends[0][1]


def test_nothing_in_it(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = tmp_path / "nothing.mp4"
    path.write_bytes(b"\0" * 5000)
    with pytest.raises(Refused, match="not media"):
        watch(path, sandbox)


@pytest.mark.parametrize("name", ["02_cups.mp4", "demo.3gp", "walk.mkv", "legacy.mp4"])
def test_real_clips_have_the_times_of_their_packets(clips: Path, sandbox: DecodingSandbox, name: str) -> None:
    seen = watch(clips / name, sandbox)
    assert seen.times == packet_times(clips / name)
    assert not seen.damage
