"""Template texts: a call, a request for comment, the sentence of a verification's state, counts in words.

The same template serves every party; nothing in it depends on which party it is but the names. A request
carries what is needed to answer it, and never a source or a picture.
"""

from datetime import date

from videtur.engines.method import vocabulary
from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.comment import party_named
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.accountability import Call, RequestForComment
from videtur.engines.method.entities.case import Allegation, Party
from videtur.engines.method.entities.footage import Count, FootageFamily
from videtur.engines.method.standing import verification
from videtur.errors import WrongUsage

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MATERIAL = {
    "received": "had been received and not yet been examined",
    "preserved": "had been preserved and not yet been examined",
    "in_process": "was being verified",
    "partly_verified": "was partly verified",
    "verified": "was verified in the aspects that each entry names",
    "inconclusive": "had been examined without a conclusion",
    "false_context": "travelled with a claim that its date or place contradicts",
    "manipulated": "had been altered",
    "staged_established": "had been shown to be staged, by named experts",
}
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def day_in_words(day: date) -> str:
    """28 March 2022."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def name_of(case: CaseFile, party: str) -> str:
    """The name of a party, or the words themselves where they name none."""
    found = case.get(Party, party)
    return found.name if found is not None else party


def listed(names: list[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def sentence_of_state(case: CaseFile) -> str:
    """The one sentence that says where the verification of a case stands, on its own day."""
    whole = verification(case)
    day = days_of(case.as_of).latest if case.as_of else None
    begin = f"As of {day_in_words(day)} the material" if day else "The material"
    if not whole.findings:
        found = "no finding had been made about any video of either side"
    else:
        found = f"{_number(len(whole.findings))} finding{'s' * (len(whole.findings) > 1)} had been made"
    return f"{begin} {_MATERIAL[whole.overall]}; {found}."


def count_text(count: Count) -> str:
    """A count as it may be said: a least number never becomes an exact one."""
    render = vocabulary.table("count_render")
    if count.min is not None and count.max is not None:
        if count.min == count.max:
            return str(render["min=max"]).format(n=_number(count.min))
        return str(render["range"]).format(a=_number(count.min), b=_number(count.max))
    if count.min is not None:
        return str(render["min_only"]).format(n=_number(count.min))
    if count.max is not None:
        return str(render["max_only"]).format(n=_number(count.max))
    return str(render["unknown"])


def _number(value: int) -> str:
    return _NUMBERS[value] if 0 <= value < len(_NUMBERS) else str(value)


def call_text(case: CaseFile, reference: str) -> str:
    """One text of a call for all its addressees. Raises WrongUsage when there is no such call."""
    call = case.get(Call, reference)
    if call is None:
        raise WrongUsage(f"There is no call {reference!r} in the case")
    to = [name_of(case, party) for party in sorted(call.to)]
    asked = [f"- {each.replace('_', ' ')}" for each in call.asks] or ["- investigate the allegations fully"]
    about = [
        f"- {allegation.text}."
        for name in call.about
        if (allegation := case.get(Allegation, name)) is not None
    ]
    matter = ["This concerns:", *about] if about else []
    return "\n".join(
        [
            f"To the authorities of: {listed(to)}",
            "",
            f"{name_of(case, call.from_)} asks each of you to:",
            *asked,
            *matter,
            "",
            "The same text goes to every addressee. It is no finding about any of them.",
            "Please tell us which authority acts, under which number, and since when.",
        ]
    )


QUESTIONS = (
    "What do you know of these events?",
    "Has any authority opened a case? If so, which one, when, and under which number?",
    "What has been done for the persons shown and for their families?",
    "Is there anything in this account that is wrong or incomplete?",
)


def request_text(case: CaseFile, reference: str) -> str:
    """The text of a request for comment. Raises WrongUsage when there is no such request.

    It says what is alleged, when and where as far as known, and by when an answer can be taken in. Which
    source it comes from, who filmed it and what it looks like stay out.
    """
    request = case.get(RequestForComment, reference)
    if request is None:
        raise WrongUsage(f"There is no request for comment {reference!r} in the case")
    party = party_named(case, request.to)
    allegation = case.get(Allegation, request.allegation)
    matter = allegation.text if allegation is not None else request.about or "an allegation in our hands"
    lines = [
        f"To: {name_of(case, party) if party else request.to}",
        "",
        "We intend to publish on the following and ask for your answer:",
        f"- {matter}",
        *_when_and_where(case, allegation),
        "",
        *[f"{number}. {question}" for number, question in enumerate(QUESTIONS, 1)],
        "",
        f"What is said here is alleged. {sentence_of_state(case)}",
    ]
    if request.deadline is not None:
        zone = f" ({request.time_zone})" if request.time_zone else ""
        lines.append(f"An answer that reaches us by {request.deadline}{zone} is in the same publication.")
    lines.append("A later answer is taken in as well, and what was published is then amended.")
    return "\n".join(lines)


def _when_and_where(case: CaseFile, allegation: Allegation | None) -> list[str]:
    families = [case.get(FootageFamily, name) for name in allegation.footage] if allegation else []
    out: list[str] = []
    for family in families:
        if family is None:
            continue
        upload = days_of(family.first_known_upload.edtf).latest if family.first_known_upload else None
        if upload is not None:
            out.append(f"- first seen in public by {day_in_words(upload)}")
        if family.claimed_setting is not None:
            out.append(f"- said to have been {family.claimed_setting.text}")
    return out
