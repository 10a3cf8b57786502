"""The passes behind `videtur redact`: find, render, check, and look again; each with its progress."""

import os
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import BinaryIO

from videtur.cli.environment import Progress
from videtur.engines.media.probe import probe
from videtur.engines.media.sandbox import DecodingSandbox
from videtur.engines.redaction.checking import Checked, check, must_be_sound
from videtur.engines.redaction.detectors import Detectors
from videtur.engines.redaction.finding import FindRequest, Found, find
from videtur.engines.redaction.masking import Persons
from videtur.engines.redaction.plan import Fill, RedactionPlan, Track, Voice
from videtur.engines.redaction.rendering import Rendered, UnsignedShots, render
from videtur.engines.redaction.seen_again import seen_again

_SEED_BYTES = 32
_ROUNDS = 2
"""How often an automatic pass covers what the second look still saw, and renders again."""


@dataclass(frozen=True, slots=True)
class Task:
    """What was asked for."""

    persons: Persons
    text: bool
    voice: Voice
    fill: Fill
    unsigned_shots: UnsignedShots
    second_look: bool

    @property
    def request(self) -> FindRequest:
        """What is looked for."""
        return FindRequest(self.persons, self.text)


@dataclass(frozen=True, slots=True)
class Masked:
    """A copy that stands in its file, and what is to be said about it."""

    plan: RedactionPlan
    """With what the second look added."""
    rendered: Rendered
    checked: Checked
    unsure: tuple[tuple[int, int, str], ...]
    """First and last presentation time, and why a person has to look there."""


def detectors_for(task: Task) -> Detectors:
    """The models of this machine. Raises Refused when one is missing: never a pass without."""
    from videtur.pipeline.face_detectors import load_detectors

    return load_detectors(text=task.text)


@contextmanager
def _progress(doing: str, seconds: Fraction | None) -> Generator[Callable[[Fraction], None]]:
    """A bar over seconds of film; what it yields takes how far the film is."""
    done = 0
    first: Fraction | None = None
    with Progress(doing, None if seconds is None else int(seconds) + 1) as bar:

        def told(instant: Fraction) -> None:
            nonlocal done, first
            first = instant if first is None else first
            now = int(instant - first)
            if now > done:
                bar.advance(now - done)
                done = now

        yield told


def automatic_plan(
    source: BinaryIO, digest: str, sandbox: DecodingSandbox, detectors: Detectors, task: Task
) -> tuple[RedactionPlan, Found]:
    """The plan of a first pass, and all that it found."""
    facts = probe(source, sandbox)
    length = facts.duration.instant if facts.duration else None
    with _progress("Looking for people (s)", length) as told:
        found = find(source, sandbox, detectors, task.request, told=told)
    plan = RedactionPlan(
        input_sha256=digest,
        picture=found.picture,
        tracks=found.tracks,
        shots=found.shots,
        fill=task.fill,
        voice=task.voice,
        detectors=found.detectors,
    )
    return plan, found


def masked_copy(
    source: BinaryIO,
    target: int,
    sandbox: DecodingSandbox,
    plan: RedactionPlan,
    detectors: Detectors | None,
    task: Task,
    found: Found | None,
) -> Masked:
    """Render into `target` and check. An automatic pass covers what a second look sees, and renders again.

    `found` is what the automatic pass found; None where the plan came from a person. Raises
    VerificationFailed when the copy is not what the plan says; with a plan of a person also when somebody is
    still seen on it.
    """
    again: list[Track] = []
    rounds = 0 if found is None or not task.second_look else _ROUNDS
    while True:
        prefix = f"again-{rounds}-"
        rendered, checked, bare = _render_and_check(source, target, sandbox, plan, detectors, task, prefix)
        if found is None or any(fault.code != "exposed" for fault in checked.faults):
            must_be_sound(checked)
        if not bare or not rounds:
            break
        rounds -= 1
        again += bare
        plan = replace(plan, tracks=(*plan.tracks, *bare))
        os.ftruncate(target, 0)
    unsure = [(track.start, track.end, "seen_again") for track in again]
    unsure += [(fault.pts or 0, fault.pts or 0, "seen_again") for fault in checked.faults]
    if found is not None:
        unsure += [(each.start, each.end, each.reason) for each in found.unsure]
    else:
        unsure += [
            (track.start, track.end, reason)
            for track in plan.tracks
            for reason in track.unsure
            if not track.decided_by
        ]
    return Masked(plan, rendered, checked, tuple(sorted(set(unsure))))


def _render_and_check(
    source: BinaryIO,
    target: int,
    sandbox: DecodingSandbox,
    plan: RedactionPlan,
    detectors: Detectors | None,
    task: Task,
    prefix: str,
) -> tuple[Rendered, Checked, tuple[Track, ...]]:
    looked: list[Found] = []
    length = plan.picture.time_base * max((shot.end for shot in plan.shots), default=0)
    length -= plan.picture.time_base * min((shot.start for shot in plan.shots), default=0)
    with _progress("Masking (s)", length) as told:
        rendered = render(
            source,
            target,
            sandbox,
            plan,
            seed=secrets.token_bytes(_SEED_BYTES),
            unsigned_shots=task.unsigned_shots,
            told=told,
        )
    looks = detectors if task.second_look else None
    with (
        os.fdopen(os.dup(target), "rb") as copy,
        _progress("Checking the copy (s)", length * (2 if looks else 1)) as told,
    ):

        def look_again(copy: BinaryIO) -> Found:
            assert looks is not None  # noqa: S101 -- else it is not called
            request = replace(task.request, pace="quick")
            found = find(copy, sandbox, looks, request, told=lambda instant: told(length + instant))
            looked.append(found)
            return found

        checked = check(copy, sandbox, plan, rendered, look_again=look_again if looks else None, told=told)
    bare = [track for found in looked for track in seen_again(found, plan, rendered, prefix)]
    return rendered, checked, tuple(bare)
