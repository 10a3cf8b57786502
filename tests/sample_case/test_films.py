"""The demo's stand-in films: as long as the reported versions, marked, and one family for the copy finder."""

import json
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import pytest

from scripts.sample_case.clips import FILMS, FIRST, GOLD_FILMS, MARK
from scripts.sample_case.films import Film, Version, write_versions
from videtur.engines.method.case_file.reading import read_case
from videtur.engines.method.entities.footage import FootageFamily

GOLD_CASE = Path(__file__).parents[2] / "scripts" / "sample_case" / "gold_case.yaml"


def _reported() -> dict[str, float]:
    family = read_case(GOLD_CASE.read_text(encoding="utf-8")).case.find("FF1")
    assert isinstance(family, FootageFamily)
    return {each.ref: float(each.duration_s or 0) for each in family.members_reported_elsewhere}


def test_versions_are_as_long_as_those_that_the_case_file_reports() -> None:
    reported = _reported()
    lengths = {version.name.split("-")[0]: version.end - version.start for version in FIRST.versions}
    assert lengths["V1"] == reported["V1"]
    assert lengths["V2"] == reported["V2"]
    assert 0.9 * reported["V3"] <= lengths["V3"] <= reported["V3"], "nearly six minutes"
    assert set(lengths) == set(reported)


def test_two_short_versions_of_the_first_morning() -> None:
    short = [version for version in FIRST.versions if version.name.startswith("V4")]
    assert [version.end - version.start for version in short] == [40, 65]
    assert {version.posted_at for version in short} == {"27 March 2022, morning"}
    # Of the other versions none is said to be from before that day: a recording precedes its first upload.
    assert all("2022-03-2" in each.posted_at or "2022-03-3" in each.posted_at for each in FIRST.versions[:3])


def test_every_version_lies_inside_its_film_and_names_are_told_apart() -> None:
    versions = [(film, version) for film in FILMS for version in film.versions]
    assert len({version.name for _, version in versions}) == len(versions)
    for film, version in versions:
        assert 0 <= version.start < version.end <= film.scene.seconds, version.name
        assert film.scene.caption == MARK


def test_both_sides_have_footage() -> None:
    assert {version.name[:3] for film in GOLD_FILMS[1:] for version in film.versions} == {"FG2"}


def test_only_what_is_missing_is_written_and_a_broken_upload_is_short(tmp_path: Path) -> None:
    film = Film(
        replace(FIRST.scene, seconds=3, brought=(1.0,)),
        (),
        (
            Version("whole.mp4", 0, 3),
            Version("part.mp4", 1, 3, sound="none"),
            Version("broken.mp4", 0, 3, kept=0.5),
        ),
    )
    (tmp_path / "part.mp4").write_bytes(b"drawn before")
    write_versions(film, tmp_path)
    assert (tmp_path / "part.mp4").read_bytes() == b"drawn before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.mp4", "part.mp4", "whole.mp4"]
    whole = (tmp_path / "whole.mp4").stat().st_size
    assert (tmp_path / "broken.mp4").stat().st_size == whole // 2
    with av.open(str(tmp_path / "whole.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.duration is not None
        assert stream.time_base is not None
        assert stream.duration * stream.time_base == Fraction(3)


@pytest.mark.slow
def test_the_five_versions_are_one_family_and_the_other_side_is_another(tmp_path: Path) -> None:
    """The films at a sixth of their length, with the cuts and changes of the long ones."""
    shortened: list[str] = []
    for film in GOLD_FILMS:
        scene = replace(film.scene, seconds=film.scene.seconds // 6, brought=(26.0, 27.0, 28.0))
        versions = tuple(
            replace(each, start=each.start // 6, end=max(each.start // 6 + 6, each.end // 6))
            for each in film.versions
        )
        write_versions(Film(scene, film.lines, versions), tmp_path)
        shortened += [version.name for version in versions]
    whole = [tmp_path / name for name in ("V3-nearly-six-minutes.mp4", "FG2-one-minute.mp4")]
    others = [tmp_path / name for name in shortened if tmp_path / name not in whole]
    command = [sys.executable, "-c", "from videtur.cli.main import main; main()", "match", "--json"]
    paths = [*map(str, others), "--modality", "picture", "--against", *map(str, whole)]
    found = subprocess.run([*command, *paths], capture_output=True, text=True, check=True, timeout=240).stdout
    pairs = {
        (Path(line["query"]).name[:3], Path(line["reference"]).name[:3], Path(line["query"]).name)
        for line in map(json.loads, found.splitlines())
    }
    assert {(first.rstrip("-"), second.rstrip("-")) for first, second, _ in pairs} == {
        ("V1", "V3"),
        ("V2", "V3"),
        ("V4", "V3"),
        ("FG2", "FG2"),
    }
    assert len({name for _, _, name in pairs}) == len(others)
