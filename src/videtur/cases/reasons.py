"""A reason in words, where a step needs one."""

from videtur.errors import WrongUsage

LONGEST_REASON = 2000


def required(text: str, what: str) -> str:
    """The reason without blanks around it. Raises WrongUsage saying `what` when there is none, or a book."""
    text = text.strip()
    if not text:
        raise WrongUsage(what, remedy="Say why, in a sentence")
    if len(text) > LONGEST_REASON:
        raise WrongUsage(f"The reason is longer than {LONGEST_REASON} characters")
    return text
