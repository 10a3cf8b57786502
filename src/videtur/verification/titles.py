"""One line by which a person knows an entity again."""

from typing import Any

from videtur.cases.words import term
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.footage import Observation

_FIELDS = ("text", "gist", "title", "name", "name_original", "description", "what", "fact", "detail")
_MORE_FIELDS = ("paraphrase_en", "translation_en", "provision", "because", "about", "group", "value", "url")
_LONGEST = 120


def title_of(entity: Entity) -> str:
    """The first of its fields that tells; empty when none does."""
    for field in (*_FIELDS, *_MORE_FIELDS):
        value: Any = getattr(entity, field, None)
        if isinstance(value, str) and value:
            return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
    return _in_words(entity) if isinstance(entity, Observation) else ""


def _in_words(observation: Observation) -> str:
    """What is observed, where nobody put it in a sentence."""
    injury = observation.injury
    words = (
        observation.role,
        *observation.state,
        observation.act,
        observation.target if observation.act else None,
        *((injury.region, injury.sign) if injury else ()),
        observation.utterance,
    )
    return ", ".join(term(word) for word in words if word)
