"""What a file declares, in the child: streams, tags, traces of encoders; one frame is decoded."""

import os
import re
import struct
from fractions import Fraction

import av.logging
from av.audio.codeccontext import AudioCodecContext
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from videtur.engines.media.child.opening import (
    Refusal,
    find_picture,
    find_sound,
    open_input,
    orientation,
    prepare_picture,
    shown_size,
)
from videtur.engines.media.child.wire import Writer
from videtur.engines.media.limits import Limits

_KINDS = {"video": "picture", "audio": "sound"}
_PACKETS_FOR_ONE_FRAME = 400
_TEXT_LIMIT = 4000
_BOX_LIMIT = 200
_STILLS = ("png_pipe", "jpeg_pipe", "webp_pipe", "bmp_pipe", "tiff_pipe", "j2k_pipe", "jpegxl_pipe")
# What encoders and muxers write about themselves into the stream or the tags.
_TRACE = re.compile(rb"(?:x26[45] |Lavc|Lavf|LAME|libvpx|GPAC|HandBrake|Adobe|SVT-AV1)[\x20-\x7e]{0,160}")


def _pair(value: Fraction | None) -> list[int] | None:
    return None if value is None else [value.numerator, value.denominator]


def _tags(raw: dict[str, str]) -> list[list[str]]:
    return [[str(key)[:200], str(value)[:_TEXT_LIMIT]] for key, value in list(raw.items())[:500]]


def _stream(stream: Stream) -> dict[str, object]:
    context = stream.codec_context if stream.type in ("video", "audio", "subtitle") else None
    facts: dict[str, object] = {
        "index": stream.index,
        "kind": _KINDS.get(stream.type, stream.type),
        "codec": None if context is None else _codec_name(context),
        "profile": stream.profile if context is not None else None,
        "time_base": _pair(stream.time_base),
        "start": stream.start_time,
        "duration": stream.duration,
        "frames": stream.frames or None,
        "bit_rate": getattr(context, "bit_rate", None),
        "tags": _tags(stream.metadata),
    }
    if isinstance(stream, VideoStream):
        video = stream.codec_context
        facts |= {
            "width": video.width,
            "height": video.height,
            "pixel_format": video.pix_fmt,
            "average_rate": _pair(stream.average_rate),
            "declared_rate": _pair(stream.base_rate),
            "sample_aspect": _pair(stream.sample_aspect_ratio),
        }
    if isinstance(context, AudioCodecContext):
        facts |= {"sample_rate": context.sample_rate or None, "channels": context.channels or None}
    return facts


def _codec_name(context: object) -> str | None:
    try:
        return str(context.name)  # type: ignore[attr-defined]
    except (ValueError, AttributeError):  # a codec that this build does not know
        return None


def _first_frame(container: InputContainer, stream: VideoStream, traces: list[str]) -> VideoFrame | None:
    """Decode until one frame is out: only frames carry the display matrix for sure."""
    count = 0
    try:
        for packet in container.demux(stream):
            if count == 0:
                traces += _traces(bytes(packet)[:8192])
            count += 1
            try:
                frames = packet.decode()
            except FFmpegError:
                frames = []
            for frame in frames:
                return frame
            if count >= _PACKETS_FOR_ONE_FRAME:
                return None
    except (FFmpegError, EOFError, ValueError):
        return None
    return None


def _traces(data: bytes) -> list[str]:
    return [found.decode("ascii") for found in _TRACE.findall(data)]


def _boxes(descriptor: int) -> list[list[object]]:
    """Top-level boxes of an ISO file, without trusting a single size."""
    size = os.fstat(descriptor).st_size
    boxes: list[list[object]] = []
    at = 0
    while at + 8 <= size and len(boxes) < _BOX_LIMIT:
        head = os.pread(descriptor, 16, at)
        length, name = struct.unpack(">I4s", head[:8])
        if length == 1 and len(head) == 16:
            length = struct.unpack(">Q", head[8:])[0]
        elif length == 0:
            length = size - at
        if length < 8:
            break
        boxes.append([name.decode("latin-1"), length])
        at += length
    return boxes


def run(source: int, _: int | None, __: dict[str, object], limits: Limits, out: Writer) -> None:
    """The task of the child."""
    av.logging.set_level(av.logging.ERROR)
    with av.logging.Capture(local=True) as logs, open_input(source, limits) as container:
        picture, sound = find_picture(container), find_sound(container)
        if picture is None and sound is None:
            raise Refusal(
                "There is neither picture nor sound in the file",
                why=f"the container is {container.format.name} with {len(container.streams)} streams",
            )
        traces: list[str] = []
        frame = None
        if picture is not None:
            prepare_picture(picture, limits)
            traces += _traces(picture.codec_context.extradata or b"")
            frame = _first_frame(container, picture, traces)
            if frame is None and sound is None and not picture.codec_context.width:
                said = "; ".join(dict.fromkeys(text.strip() for _, _, text in logs))
                raise Refusal("No picture of the file can be decoded", why=said[:300])
        result = _result(container, picture, frame)
        result["has_picture"], result["has_sound"] = picture is not None, sound is not None
        result["sound_codec"] = None if sound is None else _codec_name(sound.codec_context)
        result["traces"] = list(dict.fromkeys(traces))
        result["damage"] = list(dict.fromkeys(f"{name}: {text.strip()}"[:300] for _, name, text in logs))[:50]
        if picture is not None and frame is None:
            result["damage"] = ["no picture could be decoded", *result["damage"]]
        result["boxes"] = _boxes(source) if "mp4" in container.format.name else []
    out.facts("result", result)


def _result(
    container: InputContainer, picture: VideoStream | None, frame: VideoFrame | None
) -> dict[str, object]:
    size: tuple[int, int] | None = None
    rotation = 0
    if picture is not None and frame is not None:
        turn = orientation(frame)
        size = shown_size(frame, picture)
        size = (size[1], size[0]) if turn.exchange else size
        rotation = turn.rotation
    name = container.format.name
    return {
        "container": name,
        "duration": container.duration,
        "size": size,
        "rotation": rotation,
        "pixel_format": None if picture is None else picture.codec_context.pix_fmt,
        "picture_codec": None if picture is None else _codec_name(picture.codec_context),
        "average_rate": None if picture is None else _pair(picture.average_rate),
        "declared_rate": None if picture is None else _pair(picture.base_rate),
        "interlaced": frame is not None and frame.interlaced_frame,
        "is_still": name in _STILLS,
        "streams": [_stream(stream) for stream in container.streams],
        "tags": _tags(container.metadata),
        "chapters": [str(chapter["metadata"].get("title", ""))[:200] for chapter in container.chapters()][
            :500
        ],
    }
