"""Everything that a finished film carries, in the child: streams, tags, chapters, units of its packets."""

import av.logging
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Stream
from av.video.stream import VideoStream

from videtur.engines.media.child.opening import Refusal, open_input
from videtur.engines.media.child.wire import ALIVE, Writer
from videtur.engines.media.limits import Limits

_PACKETS_PER_SIGN_OF_LIFE = 256
_LENGTH_BYTES = 4
_LISTED = 100


def _units(packet: bytes) -> set[int]:
    """The types of the NAL units of a packet of H.264, each behind its length; -1: a wrong length."""
    found: set[int] = set()
    at = 0
    while at < len(packet):
        length = int.from_bytes(packet[at : at + _LENGTH_BYTES], "big")
        if length == 0 or at + _LENGTH_BYTES + length > len(packet):
            return {*found, -1}
        found.add(packet[at + _LENGTH_BYTES] & 31)
        at += _LENGTH_BYTES + length
    return found


def _tags(raw: dict[str, str]) -> list[list[str]]:
    return sorted([str(key)[:100], str(value)[:200]] for key, value in raw.items())[:_LISTED]


def _stream(stream: Stream) -> dict[str, object]:
    try:
        codec = str(stream.codec_context.name) if stream.type in ("video", "audio") else None
    except (ValueError, AttributeError):  # a codec that this build does not know
        codec = None
    return {
        "kind": {"video": "picture", "audio": "sound"}.get(stream.type, stream.type),
        "codec": codec,
        "tags": sorted([str(key)[:100], str(value)[:200]] for key, value in stream.metadata.items())[
            :_LISTED
        ],
        "disposition": int(stream.disposition),
        "bytes": 0,
        "units": [],
    }


def _count(container: InputContainer, streams: list[dict[str, object]], out: Writer) -> None:
    counted = [0] * len(streams)
    units: list[set[int]] = [set() for _ in streams]
    for number, packet in enumerate(container.demux()):
        index = packet.stream.index
        if index >= len(streams):
            raise Refusal("A stream appears in the middle of the film")
        counted[index] += packet.size
        if isinstance(packet.stream, VideoStream) and streams[index]["codec"] == "h264":
            units[index] |= _units(bytes(packet))
        if number % _PACKETS_PER_SIGN_OF_LIFE == 0:
            out.send(ALIVE)
            out.flush()
    for facts, size, seen in zip(streams, counted, units, strict=True):
        facts["bytes"], facts["units"] = size, sorted(seen)


def run(source: int, _: int | None, __: dict[str, object], limits: Limits, out: Writer) -> None:
    """The task of the child."""
    av.logging.set_level(None)
    with open_input(source, limits) as container:
        streams = [_stream(stream) for stream in container.streams]
        try:
            _count(container, streams, out)
        except FFmpegError as error:
            raise Refusal("The film cannot be read to its end", why=str(error)[:200]) from error
        facts = {
            "container": container.format.name,
            "tags": _tags(container.metadata),
            "chapters": len(container.chapters()),
            "streams": streams,
        }
    out.facts("result", facts)
