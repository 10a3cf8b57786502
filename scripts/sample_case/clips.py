"""The list of sample clips: what the two sample cases are made of, and where each clip is said to come from.

The lengths and the days of the first film's versions are those that were reported of the recording that the
gold case is about; the pictures and the voices are a machine's, and every picture says so.
"""

import os
from pathlib import Path

from scripts.sample_case.films import (
    Film,
    Version,
    halved,
    mirrored,
    off_a_screen,
    subtitled,
    watermarked,
)
from scripts.sample_case.scene import Scene

MARK = "STAND-IN: drawn and spoken by a machine"
SIDE_A = "Channel close to one side (sample)"
SIDE_B = "Channel close to the other side (sample)"

FIRST = Film(
    Scene(11, 355, MARK, lying=5, brought=(160.0, 164.0, 168.0)),
    (
        (6.0, "ru", "Учебная запись. Это голос машины."),
        (34.0, "ru", "Моя нога, моя нога."),
        (71.0, "uk", "Це навчальний запис. Взяли розвідгрупу, вони працювали з Вільхівки."),
        (96.0, "ru", "Учебная запись. Разведгруппа работала из Ольховки."),
        (152.0, "ru", "Моя нога, моя нога."),
        (166.0, "uk", "Навчальний запис. Ще троє з машини."),
        (240.0, "ru", "Учебная запись. Мы ждём."),
        (322.0, "uk", "Навчальний запис. Кінець запису."),
    ),
    (
        Version(
            "V1-three-thirty-eight.mp4",
            0,
            218,
            quality=28,
            source="News desk, relay (sample)",
            url="https://news.example/observers/1",
            posted_at="2022-03-30",
            note="Stand-in for the version reported as 3 min 38 s",
        ),
        Version(
            "V2-about-five-minutes.mp4",
            20,
            320,
            quality=30,
            source="News site, relay (sample)",
            url="https://news.example/business/2",
            posted_at="2022-03-28",
            note="Stand-in for the version reported as about five minutes",
        ),
        Version(
            "V3-nearly-six-minutes.mp4",
            0,
            355,
            source="Video platform (sample)",
            url="https://video.example/full",
            posted_at="2022-03-27",
            note="Stand-in for the version reported as nearly six minutes",
        ),
        Version(
            "V4-first-short.mp4",
            140,
            180,
            quality=34,
            changes=(halved,),
            source="Forum (sample)",
            url="https://forum.example/t/41",
            posted_at="27 March 2022, morning",
            note="One of two short versions of that morning",
        ),
        Version(
            "V4-second-short.mp4",
            60,
            125,
            quality=33,
            changes=(watermarked, halved),
            source=SIDE_B,
            url="https://short.example/s/42",
            posted_at="27 March 2022, morning",
            note="The other short version; a channel's mark in the picture",
        ),
    ),
)
OTHER_SIDE = Film(
    Scene(29, 60, MARK, lying=3),
    (
        (4.0, "uk", "Навчальний запис. Скажіть, звідки ви."),
        (22.0, "ru", "Учебная запись. Говорите в камеру."),
        (44.0, "uk", "Це голос машини."),
    ),
    (
        Version(
            "FG2-one-minute.mp4",
            0,
            60,
            source=SIDE_A,
            url="https://video.example/b/7",
            posted_at="2022-03-26",
            note="Stand-in for the other side's videos, which the article does not describe one by one",
        ),
        Version(
            "FG2-copy.mp4",
            12,
            48,
            quality=31,
            changes=(mirrored,),
            source=SIDE_B,
            url="https://video.example/b/8",
            posted_at="2022-03-27",
            note="Left and right exchanged",
        ),
    ),
)
PRACTICE = Film(
    Scene(53, 30, MARK),
    (
        (3.0, "ru", "Учебная запись. Это голос машины."),
        (14.0, "uk", "Це навчальний запис. Ми йдемо через подвір'я."),
    ),
    (
        Version(
            "yard-full.mp4", 0, 30, source=SIDE_A, url="https://video.example/p/1", posted_at="2022-03-20"
        ),
        Version(
            "yard-mirrored.mp4", 4, 24, changes=(mirrored,), source=SIDE_B, url="https://video.example/p/2"
        ),
        Version("yard-subtitled.mp4", 0, 20, quality=28, changes=(subtitled,), source=SIDE_A),
        Version("yard-off-a-screen.mp4", 6, 26, changes=(off_a_screen,), note="Sent by a reader"),
        Version("yard-new-sound.mp4", 0, 24, sound="replaced", source=SIDE_A),
        Version("yard-damaged.mp4", 8, 24, quality=30, kept=0.55, source=SIDE_B, note="The upload broke off"),
    ),
)
UNRELATED = Film(
    Scene(47, 10, MARK), (), (Version("field-no-sound.mp4", 0, 10, sound="none", note="Unrelated, no sound"),)
)
GOLD_FILMS = (FIRST, OTHER_SIDE)
PRACTICE_FILMS = (PRACTICE, UNRELATED)
FILMS = (*GOLD_FILMS, *PRACTICE_FILMS)


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
