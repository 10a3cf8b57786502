"""Opening a file by its descriptor alone, by formats and protocols we chose."""

import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.sidedata.sidedata import SideData
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from videtur.engines.media.limits import Limits

# No playlist, no script, no picture format that names other files: those are ways out of a sandbox.
FORMATS = (
    "mov,mp4,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h261,h263,h264,hevc,vvc,av1,obu,ivf,flv,live_flv,"
    "asf,asf_o,rm,dv,mxf,gxf,wtv,nut,dhav,ogg,wav,w64,mp3,aac,ac3,eac3,flac,amr,amrnb,amrwb,caf,aiff,au,"
    "wv,tta,ape,dts,gif,apng,png_pipe,jpeg_pipe,jpegxl_pipe,webp_pipe,bmp_pipe,tiff_pipe,j2k_pipe,mjpeg,"
    "yuv4mpegpipe,smjpeg,vc1,xmv,lxf,ty,pva,nsv,3g2"
)


_WITHOUT_PRESENTATION_TIMES = (
    "avi",
    "h261",
    "h263",
    "h264",
    "hevc",
    "vvc",
    "m4v",
    "mpegvideo",
    "vc1",
    "obu",
    "mjpeg",
)


def times_in_order_only(container: InputContainer) -> bool:
    """The container stores no presentation times, only an order."""
    return container.format.name in _WITHOUT_PRESENTATION_TIMES


class Refusal(Exception):
    """The file will not be decoded, and why."""

    def __init__(self, what: str, why: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.remedy = remedy


def open_input(descriptor: int, limits: Limits) -> InputContainer:
    """Open the container. Raises Refusal when it is empty or no media that we read."""
    if os.fstat(descriptor).st_size == 0:
        raise Refusal("The file is empty", remedy="Get the file again from where it came")
    options = {
        "fd": str(descriptor),
        "protocol_whitelist": "fd",
        "format_whitelist": FORMATS,
        "max_pixels": str(limits.pixels),
        "threads": "1",
        "max_streams": "64",
        # Sound may begin megabytes behind the picture; files with an index never need so much.
        "probesize": str(20 << 20),
        "analyzeduration": str(15_000_000),
    }
    try:
        container = av.open("fd:", "r", options=options, metadata_errors="replace")
    except FFmpegError as error:
        raise Refusal(
            "The file is not media that can be read",
            why=f"the demuxer says: {_said(error)}",
            remedy="If it should be a film, it may be cut off before its index or be of another kind",
        ) from error
    except (ValueError, OverflowError, LookupError) as error:
        raise Refusal("The file is not media that can be read", why=str(error)[:300]) from error
    return container


def _said(error: FFmpegError) -> str:
    return (error.strerror or type(error).__name__)[:200]


def find_picture(container: InputContainer) -> VideoStream | None:
    """The picture to examine. A cover drawn beside sound is no film."""
    stream = container.streams.best("video")
    if not isinstance(stream, VideoStream):
        return None
    is_cover = bool(int(stream.disposition) & int(Disposition.attached_pic))
    return None if is_cover and container.streams.audio else stream


def find_sound(container: InputContainer) -> AudioStream | None:
    """The sound to examine: the one a player would choose."""
    stream = container.streams.best("audio")
    return stream if isinstance(stream, AudioStream) else None


def prepare_picture(stream: VideoStream, limits: Limits) -> None:
    """One thread, and no picture larger than the limit. Raises Refusal beyond it."""
    context = stream.codec_context
    width, height = context.width, context.height
    if width * height > limits.pixels:
        raise Refusal(
            f"The picture is too large: {width} x {height} pixels",
            why=f"at most {limits.pixels} pixels are decoded",
            remedy="Examine it by hand on a machine kept apart",
        )
    context.thread_count = 1
    context.thread_type = "NONE"
    context.options = {"max_pixels": str(limits.pixels)}


@dataclass(frozen=True, slots=True)
class Orientation:
    """How stored rows become an upright picture: first exchange axes, then flip."""

    exchange: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @property
    def rotation(self) -> int:
        """Quarter turns clockwise in degrees; a mirrored picture counts as the turn without the mirror."""
        if self.exchange:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    @property
    def mirrored(self) -> bool:
        """The display matrix mirrors the picture, besides turning it."""
        return self.exchange ^ self.flip_x ^ self.flip_y

    def as_list(self) -> list[bool]:
        """For the message to the parent."""
        return [self.exchange, self.flip_x, self.flip_y]


def orientation(frame: VideoFrame) -> Orientation:
    """Read the display matrix that came with a frame; angles between quarter turns go to the nearest."""
    for data in cast("Iterable[SideData]", frame.side_data):  # the stubs call it a dict; it is not
        if data.type.name == "DISPLAYMATRIX" and data.buffer_size >= 36:
            a, b, _, c, d = struct.unpack("<5i", bytes(data)[:20])
            if abs(a) + abs(d) >= abs(b) + abs(c):
                return Orientation(False, a < 0, d < 0)
            return Orientation(True, c < 0, b < 0)
    return Orientation()


def shown_size(frame: VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Width and height in square pixels, before turning."""
    aspect = stream.sample_aspect_ratio or Fraction(1)
    if not Fraction(1, 16) <= aspect <= 16:
        aspect = Fraction(1)
    return max(1, round(frame.width * aspect)), frame.height


def fit(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size scaled down so that no side is longer than `side`; never up."""
    longest = max(size)
    if longest <= side:
        return size
    width, height = size
    return max(1, (width * side + longest // 2) // longest), max(1, (height * side + longest // 2) // longest)
