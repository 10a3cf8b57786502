"""Tags and filters of our pages: built assets, and words that come from outside, made harmless to read."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from videtur.cases import labels, law_words, sentences, words
from videtur.cases.visible import visible
from videtur.people.models import User
from videtur.web.templatetags.built import built

register = template.Library()
register.simple_tag(built)


@register.filter
def shown(value: object) -> str:
    """Text from outside with everything made visible that could reorder or hide other text."""
    return visible(str(value))


@register.filter
def person(value: object) -> str:
    """What to call somebody."""
    return shown(value.display_name or value.username) if isinstance(value, User) else ""


@register.filter
def duration(seconds: str | None) -> str:
    """Decimal seconds as h:mm:ss; a dash when unknown."""
    if not seconds:
        return "–"
    whole = int(seconds.partition(".")[0] or 0)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


@register.filter
def utc(value: datetime) -> str:
    """A point in time, to the second, in UTC and saying so."""
    return value.strftime("%Y-%m-%d %H:%M:%S UTC")


@register.filter
def how_many(count: Mapping[str, int | None]) -> str:
    """A count as a person may say it: never more exact than what was seen."""
    least, most = count.get("min"), count.get("max")
    if least is not None and least == most:
        return _("%(number)s (counted)") % {"number": least}
    if least is not None and most is not None:
        return _("between %(least)s and %(most)s") % {"least": least, "most": most}
    if least is not None:
        return _("at least %(number)s") % {"number": least}
    if most is not None:
        return _("up to %(number)s") % {"number": most}
    return _("an unknown number")


@register.filter
def word(value: object) -> str:
    """A word of one of our vocabularies, in the reader's language."""
    return words.term(value)


@register.filter
def label(field: str) -> str:
    """What to call a field of an entity, in the reader's language."""
    return labels.label(field)


@register.filter
def section_name(section: str) -> str:
    """What to call a section of a case, in the reader's language."""
    return labels.section_name(section)


@register.filter
def entity_name(section: str) -> str:
    """What to call one entity of a section, in the reader's language."""
    return labels.entity_name(section)


@register.filter
def aspect_question(aspect: str) -> str:
    """What an aspect of footage asks, in the reader's language."""
    return words.aspect_question(aspect)


@register.filter
def law_word(word: str) -> str:
    """A word of the catalogue of law, in the reader's language."""
    return law_words.law_word(word)


@register.filter
def law_text(text: str) -> str:
    """A title, need or name of the catalogue of law, in the reader's language."""
    return law_words.law_text(text)


@register.filter
def told(sentence: object) -> str:
    """A sentence of a rule, a gate or a refusal, in the reader's language."""
    return sentences.told(sentence)


register.filter("rule_sentence", told)
