"""The run that searches an input's copies among all fingerprints there are.

An input's own fingerprints are committed before its search begins. So of two inputs examined at the same
moment, the one whose fingerprints come second sees those of the first: no pair is missed, and no search
has to be made anew when others arrive.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.conf import settings

from videtur.engines.copies.descriptor import Descriptors
from videtur.engines.copies.descriptor_match import DescriptorFinder
from videtur.engines.copies.descriptor_model import DescriptorModel
from videtur.engines.copies.fingerprint import Fingerprints, PictureFingerprint, SoundFingerprint
from videtur.engines.copies.index import CopyIndex, Shared
from videtur.engines.custody.canonical import canonical_json
from videtur.errors import StorageFailed
from videtur.pipeline.derivations import DONE
from videtur.pipeline.model_choice import chosen_models
from videtur.pipeline.models import Derivation
from videtur.pipeline.picture_descriptor import descriptor_model
from videtur.pipeline.services import Result
from videtur.pipeline.steps import BY_NAME
from videtur.pipeline.stored_copies import StoredCopies
from videtur.pipeline.tools import Run, json_bytes
from videtur.storage.derivatives import derivative_key
from videtur.storage.object_store import ObjectStore

_log = logging.getLogger(__name__)

STEP = "copy_search"
FOLDER = "copies"
"""Where the index lies in the workspace's cache."""
PICTURE, SOUND, DESCRIBED = BY_NAME[STEP].needs
_READ = (
    "step",
    "input_sha256",
    "engine_name",
    "engine_version",
    "model_sha256",
    "parameters",
    "outputs",
)
"""What is read of a derivation to know whether it holds and where its bytes are."""
_SAVED_EVERY = 256
"""Of many inputs to index at once, so many are lost at most when the process is killed."""


@dataclass(frozen=True, slots=True, order=True)
class Searchable:
    """An input and the SHA-256 of its fingerprints: what can be searched, and searched for."""

    input_sha256: str
    picture: str
    sound: str
    described: str = ""

    def load(self, store: ObjectStore) -> Fingerprints:
        """Read the fingerprints from the object store."""
        return Fingerprints(
            PictureFingerprint.from_bytes(_read(store, self.picture)) if self.picture else None,
            SoundFingerprint.from_bytes(_read(store, self.sound)) if self.sound else None,
            Descriptors.from_bytes(_read(store, self.described)) if self.described else None,
        )


def copy_search(run: Run) -> list[Result]:
    """Search once, and keep what was found, hints below the threshold too; people see the reasons."""
    if STEP not in run.wanted:
        return []
    held = index_of(run.tools.store, run.tools.cache / FOLDER, descriptor_model(run.tools.workspace))
    # What the index has now was in the rows before, so what the rows then lack is old.
    held.refresh()
    own, others = _own_and_others(run)
    work = run.wanted[STEP]
    searched = {**work.parameters, "searched": _digest_of(others), "searched_count": len(others)}
    found = held.search(own, others)
    names = {_name(other): other.input_sha256 for other in others}
    relations = [
        {"other": names[shared.name], **relation.as_json()}
        for shared in found
        for relation in shared.relations
    ]
    complete = replace(run, wanted={STEP: replace(work, parameters=searched)})
    accepted = sum(len(shared.accepted) for shared in found)
    summary = {"relation_count": accepted, "hint_count": len(relations)}
    return [complete.keep(STEP, summary, {"relations.json": json_bytes(relations)})]


def _own_and_others(run: Run) -> tuple[Searchable, list[Searchable]]:
    """Everything that has fingerprints of the present version, in order; the input itself apart."""
    searchable = all_searchable()
    own = searchable.pop(run.job.input_sha256)
    return own, sorted(searchable.values())


def all_searchable() -> dict[str, Searchable]:
    """Every input with fingerprints made by the present version, and by the present model if there is one."""
    models = chosen_models(settings.WORKSPACE)
    parts: dict[str, dict[str, str]] = defaultdict(dict)
    rows = Derivation.objects.filter(step__in=(PICTURE, SOUND, DESCRIBED), outcome=DONE)
    for row in rows.only(*_READ):
        if BY_NAME[row.step].made(row, models.get(row.step)):
            parts[row.input_sha256][row.step] = row.outputs["fingerprint.bin"]["sha256"]
    return {
        sha256: Searchable(sha256, steps.get(PICTURE, ""), steps.get(SOUND, ""), steps.get(DESCRIBED, ""))
        for sha256, steps in parts.items()
    }


def _digest_of(others: Sequence[Searchable]) -> str:
    """SHA-256 of the set searched, so that an auditor can search the same set again."""
    listed = [[other.input_sha256, other.picture, other.sound, other.described] for other in others]
    return hashlib.sha256(canonical_json({"searched": listed})).hexdigest()


class _HeldIndex:
    """The index of this process, and the workspace's folder of it that all processes share.

    It is a cache of the rows and never the truth: what the rows have and it lacks is put in, what it has
    and the rows lack is taken out.
    """

    def __init__(self, store: ObjectStore, folder: Path, model: DescriptorModel | None) -> None:
        self._store = store
        self._stored = StoredCopies(folder)
        self._by_name: dict[str, Searchable] = {}
        finder = DescriptorFinder(model.sha256, model.background) if model else None
        self._index = CopyIndex(load=self._load, descriptors=finder)

    def refresh(self) -> None:
        """Take over what other processes have put into the folder since."""
        self._stored.refresh(self._index.gallery)

    def search(self, own: Searchable, others: Sequence[Searchable]) -> tuple[Shared, ...]:
        """Search one among others, and leave the index complete for the next, here or in another process."""
        self._by_name = {_name(each): each for each in (*others, own)}
        removed = [name for name in self._index.gallery.names if name not in self._by_name]
        for name in removed:
            self._index.remove(name)
        fingerprints = own.load(self._store)
        added = 0
        for name, each in self._by_name.items():
            if name in self._index:
                continue
            self._index.add(name, fingerprints if each == own else each.load(self._store))
            added += 1
            if added % _SAVED_EVERY == 0:
                self._save()
        if added or removed:
            self._save()
        # The folder may already have what others examine at this moment: it is not in the set searched.
        wanted = {_name(each) for each in others}
        return self._index.search(
            fingerprints, leave_out={name for name in self._index.gallery.names if name not in wanted}
        )

    def _load(self, name: str) -> Fingerprints:
        return self._by_name[name].load(self._store)

    def _save(self) -> None:
        try:
            self._stored.save(self._index.gallery)
        except StorageFailed as problem:
            # The search itself needs no folder: only the next process will have more to do.
            _log.warning("The index of copies is not stored: %s", problem.explain())


@cache
def index_of(store: ObjectStore, folder: Path, model: DescriptorModel | None) -> _HeldIndex:
    """The index that this process holds."""
    return _HeldIndex(store, folder, model)


def _name(searchable: Searchable) -> str:
    """A name that changes when the fingerprints do."""
    return f"{searchable.input_sha256}/{searchable.picture}/{searchable.sound}/{searchable.described}"


def _read(store: ObjectStore, sha256: str) -> bytes:
    with store.open(derivative_key(sha256)) as file:
        return file.read()
