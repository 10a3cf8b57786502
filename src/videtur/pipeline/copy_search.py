"""The run that searches an input's copies among all fingerprints there are.

An input's own fingerprints are committed before its search begins. So of two inputs examined at the same
moment, the one whose fingerprints come second sees those of the first: no pair is missed, and no search
has to be made anew when others arrive.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings

from videtur.engines.copies.descriptor import Descriptors
from videtur.engines.copies.descriptor_match import DescriptorFinder
from videtur.engines.copies.descriptor_model import DescriptorModel
from videtur.engines.copies.fingerprint import Fingerprints, PictureFingerprint, SoundFingerprint
from videtur.engines.copies.index import CopyIndex, Shared
from videtur.engines.custody.canonical import canonical_json
from videtur.pipeline.derivations import DONE
from videtur.pipeline.model_choice import chosen_models
from videtur.pipeline.models import Derivation
from videtur.pipeline.picture_descriptor import descriptor_model
from videtur.pipeline.services import Result
from videtur.pipeline.steps import BY_NAME
from videtur.pipeline.tools import Run, json_bytes
from videtur.storage.derivatives import derivative_key
from videtur.storage.object_store import ObjectStore

STEP = "copy_search"
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
    own, others = _own_and_others(run)
    work = run.wanted[STEP]
    searched = {**work.parameters, "searched": _digest_of(others), "searched_count": len(others)}
    model = descriptor_model(run.tools.workspace)
    index = _index_of(run.tools.store, model).holding(others, besides=own)
    found = index.search(own.load(run.tools.store), leave_out={_name(own)})
    names = {_name(other): other.input_sha256 for other in others}
    relations = [
        {"other": names[shared.name], **relation.as_json()}
        for shared in found
        for relation in shared.relations
        if shared.name in names
    ]
    complete = replace(run, wanted={STEP: replace(work, parameters=searched)})
    summary = {"relation_count": _accepted(found, names), "hint_count": len(relations)}
    return [complete.keep(STEP, summary, {"relations.json": json_bytes(relations)})]


def _accepted(found: Sequence[Shared], names: Mapping[str, str]) -> int:
    return sum(len(shared.accepted) for shared in found if shared.name in names)


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
    """The index of this process: it grows with what arrives and is built anew when something in it is old.

    It is a cache of the rows and never the truth.
    """

    def __init__(self, store: ObjectStore, model: DescriptorModel | None) -> None:
        self._store = store
        self._model = model
        self._by_name: dict[str, Searchable] = {}
        self._index = self._new()

    def holding(self, wanted: Sequence[Searchable], besides: Searchable) -> CopyIndex:
        """The index with everything in `wanted`; `besides` may be in it from an earlier search."""
        names = {_name(each): each for each in wanted}
        if any(name not in names for name in self._by_name if name != _name(besides)):
            self._by_name.clear()
            self._index = self._new()
        for name, each in names.items():
            if name not in self._by_name:
                self._by_name[name] = each
                self._index.add(name, each.load(self._store))
        return self._index

    def _new(self) -> CopyIndex:
        finder = DescriptorFinder(self._model.sha256, self._model.background) if self._model else None
        return CopyIndex(load=lambda name: self._by_name[name].load(self._store), descriptors=finder)


@cache
def _index_of(store: ObjectStore, model: DescriptorModel | None) -> _HeldIndex:
    return _HeldIndex(store, model)


def _name(searchable: Searchable) -> str:
    """A name that changes when the fingerprints do."""
    return f"{searchable.input_sha256}/{searchable.picture}/{searchable.sound}/{searchable.described}"


def _read(store: ObjectStore, sha256: str) -> bytes:
    with store.open(derivative_key(sha256)) as file:
        return file.read()
