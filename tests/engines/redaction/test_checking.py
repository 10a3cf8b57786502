"""What is planted into a masked copy is found; what rides in the film never gets into it."""

import io
import re
import struct
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, cast

import av
import numpy as np
import pytest
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.subtitles.subtitle import SubtitleSet

from tests.engines.redaction.moving import (
    UNEVEN,
    facts_of,
    picture,
    plan_for,
    rendered,
    squares,
    write_moving,
)
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.checking import check, must_be_sound
from videtur.engines.redaction.faults import Fault
from videtur.engines.redaction.finding import Found
from videtur.engines.redaction.plan import KeyFrame, RedactionPlan, Track
from videtur.engines.redaction.rendering import Rendered
from videtur.errors import VerificationFailed

SECRET = "a-secret-name"


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, sandbox: DecodingSandbox
) -> tuple[bytes, RedactionPlan, Rendered]:
    """A masked copy with sound, its plan, and what was rendered."""
    folder = tmp_path_factory.mktemp("copy")
    path = write_moving(folder / "film.mp4", sound=True)
    plan = replace(plan_for(path, sandbox, squares()), voice="keep")
    with rendered(path, sandbox, plan) as (copy, result):
        copy.seek(0)
        return copy.read(), plan, result


def faults(
    data: bytes, made: tuple[bytes, RedactionPlan, Rendered], folder: Path, sandbox: DecodingSandbox
) -> set[str]:
    return {each.code for each in found_in(data, made, folder, sandbox)}


def found_in(
    data: bytes, made: tuple[bytes, RedactionPlan, Rendered], folder: Path, sandbox: DecodingSandbox
) -> tuple[Fault, ...]:
    path = folder / "planted.mp4"
    path.write_bytes(data)
    with path.open("rb") as copy:
        result = check(copy, sandbox, made[1], made[2])
    if not result.ok:
        with pytest.raises(VerificationFailed):
            must_be_sound(result)
    return result.faults


Plant = Callable[[OutputContainer], "Callable[[], None] | None"]
"""Adds a stream or a tag; what it gives back writes the stream once all are there."""


def remuxed(data: bytes, plant: Plant) -> bytes:
    """The copy's packets in a new file, with something more."""
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(data), "r") as source,
        av.open(out, "w", format="mp4", options={"fflags": "+bitexact"}) as target,
    ):
        streams = {each.index: target.add_stream_from_template(each) for each in source.streams}
        if (write := plant(target)) is not None:
            write()
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
    return out.getvalue()


def a_second_sound(target: OutputContainer) -> Callable[[], None]:
    stream = target.add_stream("aac", 44_100, layout="mono")
    stream.disposition = Disposition.default  # nothing but its being there gives it away
    block = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.int16), format="s16", layout="mono")
    block.sample_rate, block.pts, block.time_base = 44_100, 0, Fraction(1, 44_100)

    def write() -> None:
        target.mux(stream.encode(block))
        target.mux(stream.encode(None))

    return write


def a_cover(target: OutputContainer) -> Callable[[], None]:
    stream = target.add_stream("mjpeg", 1)
    assert isinstance(stream, av.VideoStream)
    stream.width, stream.height, stream.pix_fmt = 64, 64, "yuvj420p"
    stream.disposition = Disposition.attached_pic
    frame = av.VideoFrame.from_ndarray(picture(0)[:64, :64].copy(), format="rgb24").reformat(
        format="yuvj420p"
    )
    frame.pts, frame.time_base = 0, Fraction(1)

    def write() -> None:
        target.mux(stream.encode(frame))
        target.mux(stream.encode(None))

    return write


def a_title(target: OutputContainer) -> None:
    target.metadata["title"] = SECRET


def chapters(target: OutputContainer) -> None:
    target.set_chapters(
        [{"id": 1, "start": 0, "end": 500, "time_base": Fraction(1, 1000), "metadata": {"title": SECRET}}]
    )


def test_a_plain_remux_is_no_fault(
    made: tuple[bytes, RedactionPlan, Rendered], tmp_path: Path, sandbox: DecodingSandbox
) -> None:
    assert faults(remuxed(made[0], lambda _: None), made, tmp_path, sandbox) == set()


@pytest.mark.parametrize("plant", [a_second_sound, a_cover, a_title, chapters])
def test_planted_streams_and_tags(
    made: tuple[bytes, RedactionPlan, Rendered], tmp_path: Path, sandbox: DecodingSandbox, plant: Plant
) -> None:
    found = found_in(remuxed(made[0], plant), made, tmp_path, sandbox)
    assert "stream" in {each.code for each in found}
    if plant in (a_second_sound, a_cover):
        assert any(each.detail.startswith("streams: ") for each in found)


def test_planted_bytes(
    made: tuple[bytes, RedactionPlan, Rendered], tmp_path: Path, sandbox: DecodingSandbox
) -> None:
    data = made[0]
    extra = SECRET.encode().ljust(32)
    for name in (b"free", b"uuid", b"skip", b"udta"):
        box = struct.pack(">I4s", 8 + len(extra), name) + extra
        assert "stream" in faults(data + box, made, tmp_path, sandbox), name
    hidden = struct.pack(">I4s", 8 + len(extra), b"mdat") + extra
    assert "hidden" in faults(data + hidden, made, tmp_path, sandbox)
    assert "stream" in faults(data + b"\0\0\0", made, tmp_path, sandbox)
    at = data.index(b"mvhd") + 8
    dated = data[:at] + b"\xe0\0\0\1" + data[at + 4 :]
    assert "stream" in faults(dated, made, tmp_path, sandbox)


def test_user_data_of_an_encoder(tmp_path: Path, sandbox: DecodingSandbox) -> None:
    """What x264 writes of itself unless it is taken out."""
    path = write_moving(tmp_path / "film.mp4")
    plan = replace(plan_for(path, sandbox, squares()), tracks=())
    with rendered(path, sandbox, plan) as (_, result), path.open("rb") as plain:
        found = check(plain, sandbox, plan, result)
    assert any("units" in each.detail for each in found.faults)


def test_a_detector_sees_what_a_mask_left_bare(
    made: tuple[bytes, RedactionPlan, Rendered], tmp_path: Path, sandbox: DecodingSandbox
) -> None:
    data, plan, result = made
    path = tmp_path / "copy.mp4"
    path.write_bytes(data)
    facts, times = facts_of(path, sandbox)
    boxes = squares()

    def seen(number: int, score: float, across: float = 0) -> Callable[[BinaryIO], Found]:
        box = boxes[number]
        moved = replace(box, left=box.left + across, right=box.right + across)
        track = Track("seen", "face", (KeyFrame(times[number], moved, score),), "test@0")
        found = Found(facts, (track,), (), ("again 1 00",), (), len(times), 1, None)
        return lambda _: found

    cases: list[tuple[Callable[[BinaryIO], Found], set[str]]] = [
        (seen(3, 0.9), set()),  # under the mask: an illusion
        (seen(3, 0.9, across=60), {"exposed"}),
        (seen(3, 0.1, across=60), set()),
    ]
    for look, codes in cases:
        with path.open("rb") as copy:
            checked = check(copy, sandbox, plan, result, look_again=look)
        assert {each.code for each in checked.faults} == codes
        assert "exposed" in checked.done
        assert checked.detectors == ("again 1 00",)
    sign = replace(boxes[3], left=boxes[3].left + 60, right=boxes[3].right + 60)
    shown = Track(
        "sign",
        "other",
        (KeyFrame(-(10**6), sign), KeyFrame(10**6, sign)),
        "test@0",
        decision="show",
        reason="a road sign",
        decided_by=("one", "two"),
    )
    with path.open("rb") as copy:
        allowed = check(
            copy,
            sandbox,
            replace(plan, tracks=(*plan.tracks, shown)),
            result,
            look_again=seen(3, 0.9, across=60),
        )
    assert allowed.ok


def words(target: OutputContainer) -> Callable[[], None]:
    stream = target.add_stream("srt" if target.format.name == "matroska" else "mov_text")
    stream.codec_context.subtitle_header = (
        b"[Script Info]\n\n[Events]\n"
        b"Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    )
    text = f"0,0,Default,,0,0,0,,{SECRET}".encode()

    def write() -> None:
        packet = cast(
            "Packet[Stream]", stream.codec_context.encode_subtitle(SubtitleSet.create(text, 0, 500))
        )
        packet.stream, packet.pts, packet.dts, packet.duration = stream, 0, 0, 500
        packet.time_base = Fraction(1, 1000)
        target.mux(packet)

    return write


@pytest.mark.parametrize(
    ("name", "riders"),
    [
        ("film.mp4", (a_title, chapters, a_cover, a_second_sound)),
        ("film.mov", (a_title, chapters, a_second_sound)),
        ("film.mkv", (a_title, chapters, words, a_second_sound)),
        ("film.ts", (a_title, a_second_sound)),
    ],
)
def test_what_rides_in_the_film_stays_behind(
    tmp_path: Path, sandbox: DecodingSandbox, name: str, riders: tuple[Plant, ...]
) -> None:
    plain = write_moving(tmp_path / "plain.mp4", sound=True)
    path = tmp_path / name
    with av.open(str(plain)) as source, av.open(str(path), "w") as target:
        streams = {each.index: target.add_stream_from_template(each) for each in source.streams}
        if name.endswith("mkv"):
            target.add_attachment("face.png", "image/png", SECRET.encode())
        writing = [rider(target) for rider in riders]
        target.start_encoding()
        for write in writing:
            if write is not None:
                write()
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
    if not name.endswith("ts"):
        assert SECRET.encode() in path.read_bytes()
    with av.open(str(path)) as container:
        assert len(container.streams) > 2

    plan = replace(plan_for(path, sandbox, squares()), voice="keep")
    kept = tmp_path / "copy.mp4"
    with rendered(path, sandbox, plan, kept=kept) as (copy, result):
        checked = check(copy, sandbox, plan, result)
    assert checked.ok, checked.faults
    assert checked.frames == len(UNEVEN)
    assert not re.findall(rb"a-secret|x264|Lavf|Lavc", kept.read_bytes())
    with av.open(str(kept)) as container:
        assert [each.type for each in container.streams] == ["video", "audio"]
