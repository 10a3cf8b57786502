"""Changing one thing in a valid case, and picking what to change."""

import random
from collections.abc import Callable
from typing import Any, TypeVar

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities import accountability, evidence, footage, publication, verification
from videtur.engines.method.entities.base import Entity

Dice = random.Random
Mutation = Callable[[CaseFile, Dice], CaseFile]
_E = TypeVar("_E", bound=Entity)


def changed(case: CaseFile, name: str, **fields: Any) -> CaseFile:
    """The case with other values in some fields of one entity; None takes a field away."""
    entity = case.find(name)
    assert entity is not None, name
    given = {**entity.as_json(), **fields}
    return case.with_entity(
        type(entity).model_validate({key: value for key, value in given.items() if value is not None}), name
    )


def setting(name: str, **fields: Any) -> Mutation:
    """The mutation that sets these fields of one entity."""
    return lambda case, dice: changed(case, name, **fields)


def saying(**fields: Any) -> Mutation:
    """The mutation that adds one sentence to the first release."""
    return lambda case, dice: with_sentence(case, **fields)


def adding(kind: Callable[..., Entity], /, **fields: Any) -> Mutation:
    """The mutation that adds one entity."""
    return lambda case, dice: case.with_entity(kind(**fields))


def with_sentence(case: CaseFile, **fields: Any) -> CaseFile:
    """The case with one more sentence in its first release."""
    release = case.get(publication.Release, "RL1")
    assert release is not None
    given = [each.as_json() for each in release.sentences]
    return changed(case, "RL1", sentences=[*given, {"id": "new", "text": "A new sentence", **fields}])


def pick(case: CaseFile, dice: Dice, kind: type[_E], wanted: Callable[[_E], bool] = lambda _: True) -> str:
    """The name of one entity of that kind, any that is wanted."""
    return dice.choice([name for name, entity in case.named(kind).items() if wanted(entity)])


def observation(case: CaseFile, dice: Dice) -> str:
    """An observation that the release uses."""
    release = case.get(publication.Release, "RL1")
    assert release is not None
    return pick(case, dice, footage.Observation, lambda each: each.id in release.observations)


def item(case: CaseFile, dice: Dice) -> str:
    """An item that no seal covers."""
    return pick(case, dice, evidence.Item, lambda each: each.access != "sealed")


def on_observation(**fields: Any) -> Mutation:
    """The mutation that sets fields of some observation."""
    return lambda case, dice: changed(case, observation(case, dice), **fields)


def on_item(**fields: Any) -> Mutation:
    """The mutation that sets fields of some item."""
    return lambda case, dice: changed(case, item(case, dice), **fields)


def on_finding_review(**fields: Any) -> Mutation:
    """The mutation that sets fields of some review of the first finding."""

    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        return changed(case, pick(case, dice, verification.Review, lambda each: each.of == "FI1"), **fields)

    return mutate


def on_corroboration(relation: str) -> Mutation:
    """The mutation by which what stands beside the footage of the first finding is independent no more."""

    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        finding = case.get(verification.Finding, "FI1")
        assert finding is not None
        sources = set(finding.sources)
        return changed(
            case,
            pick(case, dice, evidence.Independence, lambda each: bool(sources & set(each.between))),
            relation=relation,
        )

    return mutate


def on_media(**fields: Any) -> Mutation:
    """The mutation of what the first release shows."""

    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        release = case.get(publication.Release, "RL1")
        assert release is not None
        return changed(case, "RL1", media=[{**each.as_json(), **fields} for each in release.media])

    return mutate


def on_redaction(**fields: Any) -> Mutation:
    """The mutation of the masking of what the first release shows."""

    def mutate(case: CaseFile, dice: Dice) -> CaseFile:
        release = case.get(publication.Release, "RL1")
        assert release is not None
        return changed(case, str(release.media[0].redaction), **fields)

    return mutate


def sides(case: CaseFile) -> list[str]:
    """The sides in the order of the allegations."""
    call = case.get(accountability.Call, "C1")
    assert call is not None
    return list(call.to)
