"""Examining small drawn films: what comes out, what is left out, and that nothing is done twice."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from django.conf import settings

from videtur.errors import StorageFailed
from videtur.ledger.services import size
from videtur.pipeline import queries
from videtur.pipeline.derivations import latest_done
from videtur.pipeline.examination import Examiner
from videtur.pipeline.inline import InlineRunner
from videtur.pipeline.jobs import Job
from videtur.pipeline.models import Derivation, Heartbeat
from videtur.pipeline.queries import State, progress_of
from videtur.pipeline.steps import STEPS, Group
from videtur.storage.object_store import open_object_store

Film = Callable[..., bytes]
Store = Callable[[bytes], Job]


def states(job: Job) -> dict[str, State]:
    return {step.step: step.state for step in progress_of(job.input_sha256).steps}


def output(job: Job, step: str, name: str) -> bytes:
    row = latest_done(job.input_sha256, step)
    assert row is not None
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    with store.open(row.outputs[name]["key"]) as file:
        return file.read()


def test_a_film_goes_through_all_steps(examiner: Examiner, film: Film, stored: Store) -> None:
    job = stored(film())
    done = examiner.examine(job)
    assert done.state is State.DONE
    assert {name for name, state in states(job).items() if state is State.SKIPPED} == {
        "speech",
        "picture_descriptor",
    }
    for row in Derivation.objects.all():
        for kept in row.object_references():
            content = output(job, row.step, next(n for n, o in row.outputs.items() if o["key"] == kept.key))
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (kept.sha256, kept.size)
        assert row.environment["sandbox"] != "none"
        assert "libavcodec" in str(row.environment["ffmpeg"])
    times = np.frombuffer(output(job, "decode", "presentation_times.bin"), "<i8")
    decode = latest_done(job.input_sha256, "decode")
    assert decode is not None
    assert decode.summary["frame_count"] == len(times) == 30
    assert (decode.summary["first_pts"], decode.summary["last_pts"]) == (times[0], times[-1])
    assert output(job, "preview", "preview.mp4")[4:8] == b"ftyp"
    assert output(job, "filmstrip", "poster.jpg").startswith(b"\xff\xd8")
    assert json.loads(output(job, "shots", "shots.json"))["shots"]
    assert len({row.entry_index for row in Derivation.objects.filter(step__in=("decode", "peaks"))}) == 1


def test_examining_twice_adds_nothing(examiner: Examiner, film: Film, stored: Store) -> None:
    job = stored(film())
    examiner.examine(job)
    rows, entries = Derivation.objects.count(), size()
    examiner.examine(job)
    examiner.examine(job, again=True)  # nothing failed, so there is nothing to try again
    assert (Derivation.objects.count(), size()) == (rows, entries)


def test_a_silent_film_skips_what_needs_sound(examiner: Examiner, film: Film, stored: Store) -> None:
    job = stored(film(sound=False))
    assert examiner.examine(job).state is State.DONE
    skipped = {name for name, state in states(job).items() if state is State.SKIPPED}
    assert skipped == {"sound_fingerprint", "peaks", "speech", "picture_descriptor"}
    reasons = Derivation.objects.filter(step__in=("sound_fingerprint", "peaks")).values_list(
        "reason", flat=True
    )
    assert set(reasons) == {"no sound"}


def test_what_is_no_media_fails_with_one_line(examiner: Examiner, stored: Store) -> None:
    job = stored(b"%PDF-1.7 this is no film" * 50)
    done = examiner.examine(job)
    assert done.state is State.FAILED
    assert done.settled
    assert done.failure
    assert "\n" not in done.failure
    assert states(job)["probe"] is State.FAILED
    assert states(job)["decode"] is State.SKIPPED
    assert not Derivation.objects.exclude(step__in=("probe", "metadata")).exists()


def test_a_failure_is_tried_again_only_when_asked(examiner: Examiner, stored: Store) -> None:
    job = stored(b"no film")
    for again in (False, False, True):
        examiner.examine(job, again)
    attempts = Derivation.objects.filter(step="probe").values_list("attempt", flat=True)
    assert sorted(attempts) == [1, 2]


def test_a_cut_film_yields_what_can_be_decoded(examiner: Examiner, film: Film, stored: Store) -> None:
    whole = film(seconds=6, sound=False)
    start, length = whole.index(b"mdat") - 4, int.from_bytes(whole[whole.index(b"mdat") - 4 :][:4], "big")
    # The index stays where it is; the second half of the pictures is gone.
    cut = bytearray(whole)
    cut[start + length // 2 : start + length] = bytes(length - length // 2)
    job = stored(bytes(cut))
    examiner.examine(job)
    decode = latest_done(job.input_sha256, "decode")
    assert decode is not None
    assert decode.summary["damage_count"]
    damage = json.loads(output(job, "decode", "damage.json"))
    assert damage["count"] == decode.summary["damage_count"]
    assert damage["damage"][0]["what"]
    assert states(job)["filmstrip"] is State.DONE


def test_bytes_that_are_missing_are_not_held_against_the_input(examiner: Examiner) -> None:
    with pytest.raises(StorageFailed):
        examiner.examine(Job("0" * 64, "test-inputs/nowhere"))
    assert not Derivation.objects.exists()
    assert not Heartbeat.objects.exclude(working_on="").exists()


def test_one_missing_input_does_not_stop_the_others(db: None, film: Film, stored: Store) -> None:
    whole = stored(film())
    with pytest.raises(StorageFailed, match="nowhere"):
        InlineRunner(settings.WORKSPACE, slots=1).submit([Job("0" * 64, "test-inputs/nowhere"), whole])
    assert progress_of(whole.input_sha256).state is State.DONE
    assert not Heartbeat.objects.exists()


def test_of_two_copies_the_second_finds_the_first(examiner: Examiner, film: Film, stored: Store) -> None:
    first, second, other = stored(film(8, 3)), stored(film(8, 3, title="copy")), stored(film(8, 4))
    for job in (first, other, second):
        examiner.examine(job)
    found = json.loads(output(second, "copy_search", "relations.json"))
    accepted = {each["other"] for each in found if each["outcome"] in ("same_footage", "same_sound")}
    assert accepted == {first.input_sha256}
    row = latest_done(second.input_sha256, "copy_search")
    assert row is not None
    assert row.parameters["searched_count"] == 2
    assert json.loads(output(first, "copy_search", "relations.json")) == []


def test_a_new_version_of_one_step_redoes_that_step_alone(
    examiner: Examiner, film: Film, stored: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = stored(film())
    examiner.examine(job)
    before = Derivation.objects.count()
    newer = tuple(replace(step, engine_version="next") if step.name == "shots" else step for step in STEPS)
    monkeypatch.setattr(queries, "STEPS", newer)
    monkeypatch.setattr("videtur.pipeline.examination.BY_NAME", {step.name: step for step in newer})
    assert progress_of(job.input_sha256).pending_groups() == (Group.FIRST_LOOK,)
    examiner.examine(job)
    assert Derivation.objects.count() == before + 1
    assert Derivation.objects.order_by("-entry_index")[0].step == "shots"
