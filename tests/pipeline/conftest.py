"""Small films that are drawn here, put into the real object store, and an examiner for them."""

import hashlib
import io
from collections.abc import Callable, Generator

import av
import numpy as np
import pytest
from django.conf import settings

from videtur.pipeline.examination import Examiner
from videtur.pipeline.jobs import Job
from videtur.storage.object_store import open_object_store

Film = Callable[..., bytes]
Store = Callable[[bytes], Job]


@pytest.fixture(scope="session")
def film() -> Film:
    """Draws a film: squares that wander over noise, another way for each seed; with a tone, if wanted."""

    def draw(seconds: int = 2, seed: int = 1, sound: bool = True, title: str = "") -> bytes:
        file = io.BytesIO()
        noise = np.random.default_rng(seed)
        background = np.kron(
            noise.integers(0, 200, (8, 12, 3), dtype=np.uint8), np.ones((12, 12, 1), np.uint8)
        )
        path = np.cumsum(noise.integers(-9, 10, (seconds * 15, 4, 2)), axis=0)
        with av.open(file, "w", format="mp4") as container:
            container.metadata["title"] = title
            picture = container.add_stream("mpeg4", rate=15)
            picture.width, picture.height, picture.pix_fmt = 144, 96, "yuv420p"
            picture.bit_rate = 400_000
            track = container.add_stream("aac", rate=16000) if sound else None
            for step in path:
                image = background.copy()
                for square, (across, down) in enumerate(step):
                    left, top = (20 + across + square * 30) % 120, (10 + down + square * 20) % 76
                    image[top : top + 20, left : left + 24] = 255 - square * 60
                container.mux(picture.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
            container.mux(picture.encode(None))
            if track is not None:
                time = np.arange(seconds * 16000) / 16000
                tone = 0.3 * np.sin(2 * np.pi * (300 + 50 * seed + 200 * np.floor(time * 4) % 900) * time)
                frame = av.AudioFrame.from_ndarray(tone.astype(np.float32)[None, :], "fltp", "mono")
                frame.sample_rate = 16000
                container.mux(track.encode(frame))
                container.mux(track.encode(None))
        return file.getvalue()

    return draw


@pytest.fixture
def stored() -> Store:
    """Puts bytes into the workspace's object store and gives the job of examining them."""

    def put(content: bytes) -> Job:
        sha256 = hashlib.sha256(content).hexdigest()
        key = f"test-inputs/{sha256}"
        open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root).put(key, content)
        return Job(sha256, key)

    return put


@pytest.fixture
def examiner(db: None) -> Generator[Examiner]:
    """An examiner with a sandbox of its own."""
    with Examiner(settings.WORKSPACE, "test:1") as made:
        yield made
