"""The gold case's first film, in small, through the real pipeline: its lineage, and a split that lasts."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from scripts.sample_case.clips import FIRST
from scripts.sample_case.films import Film, Version, write_versions
from videtur.workspace import ENVIRONMENT_VARIABLE

# The fixture draws, takes in and examines five films: minutes, where others use the machine as well.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
SMALLER = 6
"""The films at a sixth of their length, with the cuts, changes and dates of the long ones."""
LATE = Version("late.mp4", 20, 32, quality=30)
FULL, SHORT, OTHER_SHORT = "V3-nearly-six-minutes.mp4", "V4-first-short.mp4", "V4-second-short.mp4"
SPLIT = """
import sys
from videtur.cli.environment import open_workspace, writing
workspace = open_workspace(None)
with writing(workspace):
    from videtur.cases.queries import case_named
    from videtur.evidence.models import Item
    from videtur.footage.services import split_family
    apart, *rest = [Item.objects.get(sha256=name) for name in sys.argv[1:]]
    split_family("system:test", case_named("gold"), [apart], rest, "Filmed by another person")
"""


@dataclass(frozen=True)
class Workspace:
    root: Path
    films: Path

    def run(self, *command: str) -> str:
        environment = {**os.environ, ENVIRONMENT_VARIABLE: str(self.root)}
        done = subprocess.run(
            [sys.executable, "-c", *command], env=environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def videtur(self, *words: str) -> str:
        return self.run("from videtur.cli.main import main; main()", *words)

    def take(self, version: Version) -> str:
        known = {"--source": version.source, "--url": version.url, "--posted-at": version.posted_at}
        options = [part for name, value in known.items() if value for part in (name, value)]
        told = self.videtur("intake", str(self.films / version.name), "--case", "gold", "--json", *options)
        return str(json.loads(told)["item"])

    def families(self) -> list[dict[str, Any]]:
        return list(json.loads(self.videtur("copies", "--case", "gold", "--json")))

    def family_of(self, item: str) -> dict[str, Any]:
        return next(each for each in self.families() if item in members(each))


def members(family: Mapping[str, Any]) -> set[str]:
    return {each["item"] for each in family["items"]}


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, dict[str, str]]:
    folder = tmp_path_factory.mktemp("gold")
    scene = replace(FIRST.scene, seconds=FIRST.scene.seconds // SMALLER, brought=(26.0, 27.0, 28.0))
    versions = tuple(
        replace(each, start=each.start // SMALLER, end=max(each.start // SMALLER + 6, each.end // SMALLER))
        for each in FIRST.versions
    )
    write_versions(Film(scene, FIRST.lines, (*versions, LATE)), folder)
    workspace = Workspace(folder / "workspace", folder)
    workspace.videtur("init", str(workspace.root))
    items = {version.name: workspace.take(version) for version in versions}
    workspace.videtur("examine", "--wait")
    return workspace, items


def test_the_versions_are_one_family_with_the_right_earliest_and_most_complete(
    gold: tuple[Workspace, dict[str, str]],
) -> None:
    workspace, items = gold
    names = {item: name for name, item in items.items()}
    (family,) = workspace.families()
    assert members(family) == set(items.values())
    assert names[family["most_complete"]] == FULL
    lineage = family["lineage"]
    assert lineage["most_complete"]["may_be_as_well"] == []
    # Both short versions were there that morning; so may the full one have been, of the same day.
    earliest = {family["earliest"], *lineage["earliest"]["may_be_as_well"]}
    assert names[family["earliest"]] in (SHORT, OTHER_SHORT)
    assert {names[item] for item in earliest} == {SHORT, OTHER_SHORT, FULL}
    covers = {names[each["item"]]: each["covers"] for each in family["items"]}
    for name, (start, end) in {FULL: (0, 59), "V1-three-thirty-eight.mp4": (0, 36), SHORT: (23, 30)}.items():
        ((first, last),) = covers[name]
        assert first == pytest.approx(start, abs=0.3), name
        assert last == pytest.approx(end, abs=0.7), name


def test_the_short_ones_can_have_been_cut_from_the_full_one_and_not_the_other_way(
    gold: tuple[Workspace, dict[str, str]],
) -> None:
    workspace, items = gold
    (family,) = workspace.families()
    told = {(each["item"], each["source"]): each for each in family["lineage"]["descents"]}
    for name, item in items.items():
        if name != FULL:
            assert told[item, items[FULL]]["verdict"] == "can", (name, told[item, items[FULL]]["why"])
            assert told[items[FULL], item]["verdict"] == "cannot", name
    # What was posted on the 30th is no source of what was there on the morning of the 27th.
    late = told[items[SHORT], items["V1-three-thirty-eight.mp4"]]
    assert late["verdict"] == "cannot"
    assert any("it was there before" in reason for reason in late["why"])
    assert family["lineage"]["contradictions"] == []
    table = workspace.videtur("copies", "--case", "gold")
    assert "most complete" in table
    assert "1 families of several items" in table


def test_a_split_lasts_when_all_is_examined_again_and_more_comes_in(
    gold: tuple[Workspace, dict[str, str]],
) -> None:
    workspace, items = gold
    short, full = items[SHORT], items[FULL]
    rest = [item for item in items.values() if item != short]
    workspace.run(SPLIT, short, *rest)
    assert members(workspace.family_of(short)) == {short}
    assert members(workspace.family_of(full)) == set(rest)
    workspace.videtur("examine", "--wait")
    assert members(workspace.family_of(short)) == {short}
    late = workspace.take(LATE)
    workspace.videtur("examine", "--wait")
    # It holds what both sides hold, and joins one of them.
    assert members(workspace.family_of(full)) - {late} == set(rest)
    assert members(workspace.family_of(short)) - {late} == {short}
    assert len(members(workspace.family_of(late))) > 1
    kinds = {each["kind"] for each in workspace.family_of(short)["lineage"]["contradictions"]}
    assert kinds == {"left_out"}
