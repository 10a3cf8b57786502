"""The list of sample clips: what the two-sided case is made of, and where each clip is said to come from."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.sample_case.films import SOUND_RATE as SECOND
from scripts.sample_case.films import (
    changed,
    halved,
    mirrored,
    off_a_screen,
    pictures,
    sound_track,
    subtitled,
    tune,
    write_film,
)
from scripts.sample_case.scene import Scene

MARK = "STAND-IN: drawn and spoken by a machine"
YARD = Scene(11, 36, MARK)
ROAD = Scene(29, 24, MARK)
FIELD = Scene(47, 10, MARK)
YARD_LINES = (
    (3.0, "ru", "Учебная запись. Моя нога, моя нога."),
    (14.0, "uk", "Це навчальний запис. Вони йшли з Вільхівки."),
    (25.0, "ru", "Это учебная запись, голос машины."),
)
ROAD_LINES = (
    (2.0, "uk", "Навчальний запис. Скажіть, звідки ви."),
    (12.0, "ru", "Учебная запись. Мы идём по дороге."),
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file to take in, and what is known of it."""

    name: str
    source: str
    url: str
    posted_at: str
    note: str
    write: Callable[[Path], None]


def _yard(path: Path) -> None:
    write_film(path, pictures(YARD), sound_track(YARD, YARD_LINES))


def _yard_clip(path: Path) -> None:
    sound = sound_track(YARD, YARD_LINES)[10 * SECOND : 24 * SECOND]
    write_film(path, changed(pictures(YARD, 10, 24), halved), sound, quality=30)


def _yard_mirrored(path: Path) -> None:
    write_film(
        path,
        changed(pictures(YARD, 4, 24), mirrored),
        sound_track(YARD, YARD_LINES)[4 * SECOND : 24 * SECOND],
    )


def _yard_subtitled(path: Path) -> None:
    write_film(
        path, changed(pictures(YARD, 0, 20), subtitled), sound_track(YARD, YARD_LINES)[: 20 * SECOND], 28
    )


def _yard_off_a_screen(path: Path) -> None:
    write_film(
        path,
        changed(pictures(YARD, 8, 26), off_a_screen),
        sound_track(YARD, YARD_LINES)[8 * SECOND : 26 * SECOND],
    )


def _yard_new_sound(path: Path) -> None:
    write_film(path, pictures(YARD, 0, 24), tune(24, 5))


def _road(path: Path) -> None:
    write_film(path, pictures(ROAD), sound_track(ROAD, ROAD_LINES))


def _road_clip(path: Path) -> None:
    write_film(
        path, pictures(ROAD, 6, 18), sound_track(ROAD, ROAD_LINES)[6 * SECOND : 18 * SECOND], quality=32
    )


def _road_subtitled(path: Path) -> None:
    write_film(
        path,
        changed(pictures(ROAD, 2, 20), subtitled),
        sound_track(ROAD, ROAD_LINES)[2 * SECOND : 20 * SECOND],
    )


def _field(path: Path) -> None:
    write_film(path, pictures(FIELD), None)


def _damaged(path: Path) -> None:
    whole = path.with_suffix(".whole.mp4")
    _yard_clip(whole)
    content = whole.read_bytes()
    path.write_bytes(content[: len(content) * 55 // 100])
    whole.unlink()


SIDE_A = "Channel close to the side of party A (sample)"
SIDE_B = "Channel close to the side of party B (sample)"
STAND_INS = (
    Arrival(
        "yard-full.mp4",
        SIDE_A,
        "https://video.example/a/1",
        "2022-03-27 09:40 UTC",
        "Longest version known",
        _yard,
    ),
    Arrival(
        "yard-clip.mp4", SIDE_A, "https://video.example/a/2", "Sunday, 27 March 2022, morning", "", _yard_clip
    ),
    Arrival("yard-mirrored.mp4", SIDE_B, "https://video.example/b/1", "2022-03-27", "", _yard_mirrored),
    Arrival("yard-subtitled.mp4", SIDE_A, "https://video.example/c/1", "2022-03-28", "", _yard_subtitled),
    Arrival("yard-off-a-screen.mp4", SIDE_B, "", "", "Sent by a reader", _yard_off_a_screen),
    Arrival("yard-new-sound.mp4", SIDE_A, "https://video.example/d/9", "2022-03-29", "", _yard_new_sound),
    Arrival("road-full.mp4", SIDE_B, "https://video.example/b/7", "2022-03-26", "", _road),
    Arrival("road-clip.mp4", SIDE_B, "https://video.example/b/8", "2022-03-27", "", _road_clip),
    Arrival("road-subtitled.mp4", SIDE_A, "https://video.example/a/5", "2022-03-28", "", _road_subtitled),
    Arrival("field-no-sound.mp4", "", "", "", "Unrelated, no sound", _field),
    Arrival(
        "damaged.mp4", SIDE_B, "https://video.example/b/11", "2022-03-28", "The upload broke off", _damaged
    ),
)


def real_clips() -> list[Path]:
    """Real clips of the test data folder beside the checkout, or of VIDETUR_TEST_DATA, when there."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("VIDETUR_TEST_DATA", beside)) / "clips"
    names = (
        "demo.mp4",
        "demo.3gp",
        "pattern-hd-no-bar.mp4",
        "pattern-longer-no-bar.mp4",
        "bottle-detection.mp4",
        "02_cups.mp4",
        "04_coffee.mp4",
        "learn.mkv",
        "school.mkv",
        "again.mkv",
        "earth-at-night.avi",
    )
    return [folder / name for name in names if (folder / name).is_file()]
