"""The picture descriptor as a step: only with a model, named by its digest, and harming nothing else."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from tests.engines.copies.onnx_graphs import DIMENSION, write_descriptor
from videtur.engines.copies.descriptor import Descriptors, View
from videtur.errors import WrongUsage
from videtur.pipeline import model_choice
from videtur.pipeline.derivations import latest_done
from videtur.pipeline.descriptor_choice import chosen_descriptor
from videtur.pipeline.examination import Examiner
from videtur.pipeline.jobs import Job
from videtur.pipeline.model_registry import InstalledModel, add_model, choose_model, verify
from videtur.pipeline.models import Derivation
from videtur.pipeline.queries import State, progress_of
from videtur.pipeline.steps import Group
from videtur.storage.object_store import open_object_store
from videtur.workspace import Workspace

Film = Callable[..., bytes]
Store = Callable[[bytes], Job]
KIND = "picture-descriptor"


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """The tests' workspace; models put into it are gone afterwards."""
    opened: Workspace = settings.WORKSPACE
    opened.models.mkdir(exist_ok=True)
    yield opened
    shutil.rmtree(opened.models)


def add(workspace: Workspace, source: Path, name: str = "cells") -> InstalledModel:
    return add_model(workspace, source, name=name, version="1", kind=KIND, licence="none", origin="a test")


def step(job: Job, name: str = "picture_descriptor") -> State:
    return next(each.state for each in progress_of(job.input_sha256).steps if each.step == name)


def nothing_installed(_: str) -> None:
    """In place of `find_spec`."""


def described(job: Job) -> Descriptors:
    row = latest_done(job.input_sha256, "picture_descriptor")
    assert row is not None
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    with store.open(row.outputs["fingerprint.bin"]["key"]) as file:
        return Descriptors.from_bytes(file.read())


def test_a_graph_is_completed_when_it_is_added_and_changes_are_seen(
    workspace: Workspace, tmp_path: Path
) -> None:
    graph = write_descriptor(tmp_path / "cells.onnx")
    (tmp_path / "LICENSE").write_text("do as you like")
    (tmp_path / "holiday.mp4").write_bytes(b"nothing of the model's")
    model = add(workspace, graph)
    assert set(model.files) == {"cells.onnx", "descriptor.toml", "background.npy", "LICENSE"}
    assert np.load(model.folder / "background.npy").shape == (96, DIMENSION)
    assert 'layout = "NHWC"' in (model.folder / "descriptor.toml").read_text()
    assert verify(model) == []
    assert choose_model(workspace, KIND) == model
    np.save(model.folder / "background.npy", np.ones((96, DIMENSION)))
    assert verify(model) != []


def test_what_cannot_describe_is_not_added(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "no.onnx").write_bytes(b"no graph")
    with pytest.raises(WrongUsage, match="cannot be used"):
        add(workspace, tmp_path / "no.onnx")
    with pytest.raises(WrongUsage, match="no folder"):
        add_model(
            workspace,
            tmp_path / "no.onnx",
            name="s",
            version="1",
            kind="speech",
            licence="",
            origin="",
        )
    assert list(workspace.models.iterdir()) == []


def test_a_model_that_comes_later_adds_its_step_and_a_new_search_and_nothing_else(
    examiner: Examiner, film: Film, stored: Store, workspace: Workspace, tmp_path: Path
) -> None:
    job = stored(film(4))
    examiner.examine(job)
    assert step(job) is State.SKIPPED
    reason = Derivation.objects.get(step="picture_descriptor").reason
    assert reason == "no model"
    before = Derivation.objects.count()
    model = add(workspace, write_descriptor(tmp_path / "cells.onnx"))
    assert progress_of(job.input_sha256).pending_groups() == (Group.FIRST_LOOK,)
    examiner.examine(job)
    assert step(job) is State.DONE
    new = Derivation.objects.order_by("entry_index")[before:]
    assert {row.step for row in new} == {"picture_descriptor", "copy_search"}
    row = latest_done(job.input_sha256, "picture_descriptor")
    assert row is not None
    assert row.model_sha256 == model.sha256
    assert row.summary["providers"]
    found = described(job)
    assert found.model == model.sha256
    assert len(found.rows_of([View.WHOLE])) >= 1


def test_copies_are_searched_by_what_the_model_made(
    examiner: Examiner, film: Film, stored: Store, workspace: Workspace, tmp_path: Path
) -> None:
    add(workspace, write_descriptor(tmp_path / "cells.onnx"))
    first, second = stored(film(8, 3)), stored(film(8, 3, title="copy"))
    examiner.examine(first)
    examiner.examine(second)
    row = latest_done(second.input_sha256, "copy_search")
    assert row is not None, list(
        Derivation.objects.filter(step="copy_search").values_list("reason", flat=True)
    )
    own = row.parameters["own"]
    assert isinstance(own, dict)
    assert own["picture_descriptor"]
    store = open_object_store(settings.WORKSPACE.objects, settings.WORKSPACE.root)
    with store.open(row.outputs["relations.json"]["key"]) as file:
        relations = json.load(file)
    reasons = [reason for relation in relations for reason in relation["reasons"]]
    assert any("a model finds the pictures alike" in reason for reason in reasons)


def test_a_model_that_was_changed_fails_its_step_alone(
    examiner: Examiner, film: Film, stored: Store, workspace: Workspace, tmp_path: Path
) -> None:
    # A name of its own: a process that has checked a model's folder once trusts it.
    model = add(workspace, write_descriptor(tmp_path / "cells.onnx"), "changed")
    (model.folder / "cells.onnx").write_bytes(b"something else")
    job = stored(film())
    examiner.examine(job)
    assert step(job) is State.FAILED
    assert step(job, "picture_fingerprint") is State.DONE
    assert step(job, "filmstrip") is State.DONE
    assert "cannot be trusted" in Derivation.objects.get(step="picture_descriptor").reason


def test_a_film_without_pictures_has_nothing_to_describe(
    examiner: Examiner, stored: Store, workspace: Workspace, tmp_path: Path
) -> None:
    add(workspace, write_descriptor(tmp_path / "cells.onnx"))
    job = stored(b"no film at all" * 9)
    examiner.examine(job)
    assert step(job) is State.SKIPPED


def test_without_the_library_the_model_is_as_good_as_none(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(workspace, write_descriptor(tmp_path / "cells.onnx"))
    assert "picture_descriptor" in model_choice.chosen_models(workspace)
    for module in ("videtur.pipeline.model_choice", "videtur.pipeline.descriptor_choice"):
        monkeypatch.setattr(f"{module}.find_spec", nothing_installed)
    assert "picture_descriptor" not in model_choice.chosen_models(workspace)
    assert chosen_descriptor(None, workspace) is None


def test_a_model_is_meant_by_name_by_folder_or_by_file(workspace: Workspace, tmp_path: Path) -> None:
    graph = write_descriptor(tmp_path / "cells.onnx")
    model = add(workspace, graph)
    for given in (None, "cells", "cells-1", str(model.folder)):
        place = chosen_descriptor(given, workspace)
        assert place is not None
        assert place.sha256 == model.sha256
    lying = chosen_descriptor(str(graph), None)
    assert lying is not None
    assert lying.sha256 != model.sha256
    assert lying.load().sha256 == lying.sha256
    assert chosen_descriptor("none", workspace) is None
    assert chosen_descriptor(None, None) is None
    with pytest.raises(WrongUsage) as problem:
        chosen_descriptor("cels", workspace)
    assert "cells" in problem.value.explain()
