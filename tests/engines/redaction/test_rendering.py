"""A masked copy covers what the plan covers, at the times of the plan, and carries nothing else."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.engines.media.films import Film, write
from tests.engines.redaction.moving import (
    HEIGHT,
    UNEVEN,
    WIDTH,
    checked,
    facts_of,
    greenest,
    picture,
    plan_for,
    rendered,
    shifted,
    squares,
    write_moving,
)
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.checking import check
from videtur.engines.redaction.plan import Box, Fill, KeyFrame, RedactionPlan, Shot, SoundSegment, Track
from videtur.errors import Refused

MARKS = re.compile(rb"x264|Lavf|Lavc|VideoLAN|secret|creation", re.IGNORECASE)


def as_shown(box: Box, turned: int) -> Box:
    """A place of the stored picture where it lies upright, for a display rotation of -90 (clockwise)."""
    if not turned:
        return box
    return Box(HEIGHT - box.bottom, box.left, HEIGHT - box.top, box.right)


@pytest.mark.parametrize(
    ("name", "late", "between", "turned"),
    [("film.mp4", 0, "0", 0), ("film.mp4", 300, "2", -90), ("film.mkv", 700, "2", 0)],
)
def test_masks_stay_where_they_were_planned(
    tmp_path: Path, sandbox: DecodingSandbox, name: str, late: int, between: str, turned: int
) -> None:
    times = [late + each for each in UNEVEN]
    path = write_moving(tmp_path / name, times, turned, options=between)
    plan = plan_for(path, sandbox, [as_shown(box, turned) for box in squares()])
    kept = tmp_path / "copy.mp4"
    with rendered(path, sandbox, plan, kept=kept) as (copy, made):
        result = check(copy, sandbox, plan, made)
    assert result.ok, result.faults
    assert result.frames == result.masks == len(UNEVEN)
    _, original = facts_of(path, sandbox)
    with av.open(str(kept)) as container:
        (stream,) = container.streams
        assert isinstance(stream, av.VideoStream)
        frames = list(container.decode(stream))
        instants = [
            frame.pts * frame.time_base for frame in frames if frame.pts is not None and frame.time_base
        ]
        base = plan.picture.time_base
        assert instants == [(pts - made.copied.offset) * base for pts in original]
        assert (stream.width, stream.height) == ((HEIGHT, WIDTH) if turned else (WIDTH, HEIGHT))
        assert not frames[0].rotation
    for frame in frames:
        assert greenest(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)) < 0.0005
    unmasked = replace(plan, tracks=())
    with rendered(path, sandbox, unmasked, kept=kept), av.open(str(kept)) as container:
        for frame in container.decode(video=0):
            assert greenest(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)) > 0.02


def test_nothing_else_goes_along(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mp4", sound=True)
    plan = replace(plan_for(path, sandbox, squares()), voice="keep")
    kept = tmp_path / "copy.mp4"
    with rendered(path, sandbox, plan, kept=kept) as (copy, made):
        result = check(copy, sandbox, plan, made)
    assert result.ok, result.faults
    assert not MARKS.findall(kept.read_bytes())
    with av.open(str(kept)) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]
    with rendered(path, sandbox, replace(plan, voice="mute"), kept=kept), av.open(str(kept)) as container:
        assert [stream.type for stream in container.streams] == ["video"]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_noise(
    tmp_path: Path, sandbox: DecodingSandbox
) -> None:
    path = write_moving(tmp_path / "film.mp4")
    plan = replace(plan_for(path, sandbox, squares()), fill="mosaic")
    copies: list[bytes] = []
    for _ in range(2):
        with rendered(path, sandbox, plan) as (copy, made):
            assert check(copy, sandbox, plan, made).ok
            copy.seek(0)
            copies.append(copy.read())
    assert copies[0] == copies[1]


@pytest.mark.parametrize(("width", "height", "form"), [(176, 120, "yuv420p"), (175, 119, "yuv444p")])
def test_what_no_mask_covers_stays_as_it_was(
    tmp_path: Path, sandbox: DecodingSandbox, width: int, height: int, form: str
) -> None:
    """Also where a mask would be painted into what the decoder still builds on, and where sides are odd."""
    path = tmp_path / "film.mp4"
    pictures = [picture(number)[:height, :width].copy() for number in range(len(UNEVEN))]
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", 25, {"preset": "ultrafast", "crf": "4", "bf": "0", "g": "100"})
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = width, height, form
        context.time_base = stream.time_base = Fraction(1, 1000)
        context.color_range = 1
        for image, pts in zip(pictures, UNEVEN, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(
                format=form, dst_color_range="MPEG"
            )
            frame.pts, frame.time_base = pts, Fraction(1, 1000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    plan = plan_for(path, sandbox, squares())
    kept = tmp_path / "copy.mp4"
    with rendered(path, sandbox, plan, kept=kept) as (copy, made):
        result = check(copy, sandbox, plan, made)
    assert result.ok, result.faults
    with av.open(str(kept)) as container:
        shown = [np.asarray(each.to_ndarray(format="rgb24"), np.int16) for each in container.decode(video=0)]
    assert shown[0].shape[:2] == (120, 176)
    for image, frame, box in zip(pictures, shown, squares(), strict=True):
        far = np.abs(frame[:height, :width] - image.astype(np.int16)).mean(axis=2)
        far[int(box.top) - 4 : int(box.bottom) + 4, int(box.left) - 4 : int(box.right) + 4] = 0
        # Of 4:4:4 every second chroma sample is lost, here of cells of eight pixels.
        assert float(far.mean()) < (8 if form == "yuv420p" else 12), "nothing but the mask was changed"
        if width % 2:
            assert int(frame[:, width].mean(axis=1).max()) < 90, "what is added is black"


@pytest.mark.parametrize("fill", ["solid", "mosaic", "blur"])
def test_masks_at_and_beyond_the_edge(tmp_path: Path, sandbox: DecodingSandbox, fill: Fill) -> None:
    path = write_moving(tmp_path / "film.mp4")
    boxes = [Box(-50, -10, 3.2, 9.5)] * len(UNEVEN)
    plan = replace(plan_for(path, sandbox, boxes), fill=fill)
    far = tuple(
        Track(name, "other", (KeyFrame(0, box), KeyFrame(10**9, box)), "test@0")
        for name, box in (
            ("thin", Box(100, 50, 100.5, 50.5)),
            ("outside", Box(WIDTH + 1, 0, WIDTH + 9, 9)),
            ("corner", Box(WIDTH - 1, HEIGHT - 1, 1e9, 1e9)),
        )
    )
    plan = replace(plan, tracks=(*plan.tracks, *far))
    with rendered(path, sandbox, plan) as (copy, made):
        result = check(copy, sandbox, plan, made)
    assert result.ok, result.faults
    assert result.masks + result.unverified == 3 * len(UNEVEN)


def test_a_shot_that_nobody_signed_is_covered_whole(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mp4")
    plan = plan_for(path, sandbox, squares())
    _, times = facts_of(path, sandbox)
    cut = times[7]
    shots = (Shot(times[0], cut, "first"), Shot(cut, times[-1] + 1))
    plan = replace(plan, shots=shots)
    kept = tmp_path / "copy.mp4"
    with rendered(path, sandbox, plan, "cover", kept) as (copy, made):
        result = check(copy, sandbox, plan, made)
    assert result.ok, result.faults
    with av.open(str(kept)) as container:
        lightest = [int(frame.to_ndarray(format="gray").max()) for frame in container.decode(video=0)]
    assert all(each > 100 for each in lightest[:7])
    assert all(each < 20 for each in lightest[7:])
    with rendered(path, sandbox, plan, "show") as (copy, made):
        covered = check(copy, sandbox, plan, replace(made, unsigned_shots="cover"))
    assert {fault.code for fault in covered.faults} == {"mask"}


def test_another_film_is_refused(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mp4")
    plan = plan_for(path, sandbox, squares())
    for times, said in ((UNEVEN[:-1], "pictures were decoded"), ([*UNEVEN[:-1], 601], "times differ")):
        other = write_moving(tmp_path / "other.mp4", times)
        with pytest.raises(Refused, match="presentation times") as refused, rendered(other, sandbox, plan):
            pass
        assert said in refused.value.why
    turned = write_moving(tmp_path / "turned.mp4", turned=-90)
    with pytest.raises(Refused, match="another picture"), rendered(turned, sandbox, plan):
        pass


def test_masks_gone_wrong_fail_the_check(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mp4")
    plan = plan_for(path, sandbox, squares())
    width = plan.tracks[0].key_frames[0].box.width
    for wrong in (
        replace(plan, tracks=()),
        shifted(plan, across=width),
        shifted(plan, across=-width),
        shifted(plan, pictures=1),
        shifted(plan, across=8),
    ):
        result = checked(path, sandbox, made_for=wrong, held_to=plan)
        assert {fault.code for fault in result.faults} == {"mask"}, wrong
    # The check itself, held to the plan that was rendered, finds nothing.
    assert checked(path, sandbox, made_for=plan, held_to=plan).ok


def test_times_gone_wrong_fail_the_check(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "film.mp4")
    plan = plan_for(path, sandbox, squares())
    with rendered(path, sandbox, plan) as (copy, made):
        late = replace(made, copied=replace(made.copied, offset=made.copied.offset + 40))
        assert "times" in {fault.code for fault in check(copy, sandbox, plan, late).faults}
        fewer = replace(plan, picture=replace(plan.picture, frames=plan.picture.frames - 1))
        assert "times" in {fault.code for fault in check(copy, sandbox, fewer, made).faults}


def test_silence_is_silence_and_what_is_kept_stays(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    path = write_moving(tmp_path / "tone.mp4", [each * 180 for each in range(15)], sound=True)
    plan = plan_for(path, sandbox, squares(15))
    base = plan.picture.time_base
    half, later, latest = (int(Fraction(each) / base) for each in ("0.5", "1.5", "2.2"))
    plan = replace(plan, voice="keep", sound=(SoundSegment(half, later, "mute", "a name is said"),))
    kept = tmp_path / "copy.mp4"
    with rendered(path, sandbox, plan, kept=kept) as (copy, made):
        result = check(copy, sandbox, plan, made)
        assert result.ok, result.faults
        assert "silence" in result.done
        longer = replace(plan, sound=(SoundSegment(half, latest, "mute"),))
        assert {fault.code for fault in check(copy, sandbox, longer, made).faults} == {"silence"}
    loud = _loudness(kept)
    assert loud(0.1, 0.4) > 5000
    assert loud(0.55, 1.45) < 20
    assert loud(1.6, 2.0) > 5000


def _loudness(path: Path) -> Callable[[float, float], float]:
    """The loudest sample between two times in seconds."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("s16", "mono", 16_000)
        parts = [
            part.to_ndarray()[0] for frame in container.decode(audio=0) for part in resampler.resample(frame)
        ]
    sound = np.abs(np.concatenate(parts).astype(np.float64))

    def loudest(one: float, two: float) -> float:
        return float(sound[int(one * 16_000) : int(two * 16_000)].max())

    return loudest


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "film.ts"])
def test_sound_that_begins_earlier_and_ends_later(
    tmp_path: Path, sandbox: DecodingSandbox, name: str
) -> None:
    film = Film(pts=tuple(range(41, 71)), sound_codec="aac", sound_seconds=5)
    path = write(tmp_path / name, film)
    facts, times = facts_of(path, sandbox)
    everything = Box(0, 0, facts.width, facts.height / 2)
    frames = (KeyFrame(times[0], everything), KeyFrame(times[-1], everything))
    plan = RedactionPlan(
        "0" * 64,
        facts,
        (Track("one", "text", frames, "test@0"),),
        (Shot(times[0], times[-1] + 1),),
        voice="keep",
    )
    kept = tmp_path / "copy.mp4"
    with rendered(path, sandbox, plan, kept=kept) as (copy, made):
        result = check(copy, sandbox, plan, made)
    assert result.ok, result.faults
    assert made.copied.offset < times[0]
    loud = _loudness(kept)
    assert loud(0.45, 0.6) > 3000, "a click at every half second"
    assert loud(3.95, 4.1) > 3000
    assert loud(0.7, 0.9) < 300


def test_the_clip_with_the_late_start_keeps_its_275_pictures(
    sandbox: DecodingSandbox, tmp_path: Path
) -> None:
    folder = Path(os.environ.get("VIDETUR_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
    clip = folder / "faces" / "videos" / "short_hamilton_clip.mp4"
    if not clip.is_file():
        pytest.skip("the clip of shared/data is not there")
    facts, times = facts_of(clip, sandbox)
    assert facts.frames == 275
    box = Box(100, 60, 300, 260)
    plan = RedactionPlan(
        "0" * 64,
        facts,
        (Track("one", "head", (KeyFrame(times[0], box), KeyFrame(times[-1], box)), "test@0"),),
        (Shot(times[0], times[-1] + 1),),
    )
    with rendered(clip, sandbox, plan) as (copy, made):
        result = check(copy, sandbox, plan, made)
    assert result.ok, result.faults
    assert result.frames == made.copied.frames == 275
    assert made.copied.offset == times[0]
