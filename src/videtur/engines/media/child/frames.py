"""Every displayed picture, in the child: timed as the first pass times it, and sent whole."""

from __future__ import annotations  # PyAV's Packet takes its parameter in stubs only

import av.logging
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from videtur.engines.media.child.first_pass import Pass, PictureTrack
from videtur.engines.media.child.opening import open_input
from videtur.engines.media.child.wire import ANALYSIS, Writer
from videtur.engines.media.limits import Limits


class EveryPicture(PictureTrack):
    """Sends each picture, at the size of analysis; the parent's reading holds it back."""

    _every = VideoReformatter()

    def _emit(self, frame: VideoFrame, time: int) -> None:
        assert self._sizes is not None  # noqa: S101 -- announced before
        try:
            self._send_image(ANALYSIS, self._every, frame, time, self._sizes[0], "rgb24")
        except (FFmpegError, ValueError) as error:
            self._damages.tell(time, self.time_base, f"the picture cannot be converted: {error}")


def run(source: int, _: int | None, arguments: dict[str, object], limits: Limits, out: Writer) -> None:
    """The task of the child."""
    request = {
        "analysis_rate": "1",
        "analysis_side": arguments["side"],
        "proxy_rate": "1",
        "proxy_side": "1",
        "picture": True,
        "sound": False,
    }
    av.logging.set_level(av.logging.ERROR)
    with av.logging.Capture(local=True) as logs, open_input(source, limits) as container:
        Pass(container, request, limits, out, EveryPicture).run(logs)
