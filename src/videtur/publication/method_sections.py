"""What the report tells of the method: allegations, footage, findings, conflicts, calls, promises, requests.

Each statement rests on the ledger entry of the present version. What a person wrote stands as a quotation
with its level; statuses are those that the method derives. A finding that is not approved is none, so it is
counted and not printed. Reviews, grades and the people behind them stay in the record.
"""

from collections.abc import Callable, Iterator

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.accountability import Call, Commitment, Correction, RequestForComment
from videtur.engines.method.entities.case import Allegation
from videtur.engines.method.entities.footage import FootageFamily
from videtur.engines.method.entities.verification import Conflict, Finding
from videtur.engines.method.footage_status import footage_status
from videtur.engines.method.independence import independent_source_count
from videtur.publication.record import CaseRecord
from videtur.publication.statements import Section, Statement, entry, listed, visible, words

_Told = Callable[[CaseFile, dict[str, int]], Iterator[Statement]]


def method_sections(record: CaseRecord) -> Iterator[Section]:
    """A section for each part of the method that the case has; none for a case without it."""
    entries = {row.reference: row.entry_index for row in record.entities}
    parts: tuple[tuple[str, str, _Told], ...] = (
        ("Allegations", "allegations", _allegations),
        ("Status of footage", "footage-status", _footage),
        ("Findings", "findings", _findings),
        ("What does not agree", "conflicts", _conflicts),
        ("Calls", "calls", _calls),
        ("Promises", "promises", _promises),
        ("Requests for comment", "requests", _requests),
        ("Corrections", "corrections", _corrections),
    )
    for heading, name, told in parts:
        statements = tuple(told(record.method, entries))
        if statements:
            yield Section(heading, statements, name=name)


def _allegations(case: CaseFile, entries: dict[str, int]) -> Iterator[Statement]:
    for name, each in case.named(Allegation).items():
        if name in entries:
            standard = f"Standard of proof: {words(each.standard)}."
            text = f"{name} is alleged against {visible(each.against)}. {standard}"
            level = (each.hedge or "H0_alleged").replace("_", ", ", 1)
            yield Statement(text, entry(entries[name]), quotation=visible(each.text), level=level)


def _footage(case: CaseFile, entries: dict[str, int]) -> Iterator[Statement]:
    for name, family in case.named(FootageFamily).items():
        if name not in entries:
            continue
        count = independent_source_count(case, name)
        sources = (
            "The number of independent sources is not known" if count is None else f"It is {count} source"
        )
        yield Statement(f"{name} is {words(footage_status(case, name))}. {sources}.", entry(entries[name]))
        judged = [f"{words(aspect)}: {words(family.aspect(aspect))}" for aspect in sorted(family.aspects)]
        if judged:
            yield Statement(f"{name}, aspect by aspect: {', '.join(judged)}.", entry(entries[name]))


def _findings(case: CaseFile, entries: dict[str, int]) -> Iterator[Statement]:
    pending: list[int] = []
    for name, each in case.named(Finding).items():
        if name not in entries:
            continue
        if each.status == "approved":
            text = (
                f"{name} was found at this standard: {words(each.standard)}. It is about {words(each.scope)}."
            )
            yield Statement(text, entry(entries[name]), quotation=visible(each.text))
        elif each.status in ("drafted", "under_review"):
            pending.append(entries[name])
    if pending:
        what = "1 draft waits" if len(pending) == 1 else f"{len(pending)} drafts wait"
        yield Statement(f"{what} for review; nothing is found by it.", entry(*pending))


def _conflicts(case: CaseFile, entries: dict[str, int]) -> Iterator[Statement]:
    for name, each in case.named(Conflict).items():
        if name in entries:
            between = listed(visible(one) for one in each.between)
            text = f"{name} ({words(each.kind)}): {between} do not agree. It is {words(each.status)}."
            yield Statement(text, entry(entries[name]), quotation=visible(each.result or each.detail or ""))


def _calls(case: CaseFile, entries: dict[str, int]) -> Iterator[Statement]:
    for name, each in case.named(Call).items():
        if name in entries:
            asked = listed(words(one) for one in each.asks) or "an answer"
            to = sorted(each.to)
            standing = "; ".join(f"{party}: {words(each.status.get(party, 'drafted'))}" for party in to)
            day = f" on {each.date}" if each.date else ""
            text = f"{name}: {visible(each.from_)} asked {listed(to)}{day} for {asked}. {standing}."
            yield Statement(text, entry(entries[name]))


def _promises(case: CaseFile, entries: dict[str, int]) -> Iterator[Statement]:
    for name, each in case.named(Commitment).items():
        if name in entries:
            step = "" if each.legal_step else " No step of an authority is evidenced."
            text = (
                f"{name}: said for {visible(each.by)} on {each.announced}. It is {words(each.status)}.{step}"
            )
            yield Statement(text, entry(entries[name]), quotation=visible(each.what))


def _requests(case: CaseFile, entries: dict[str, int]) -> Iterator[Statement]:
    for name, each in case.named(RequestForComment).items():
        if name in entries:
            text = f"{name}: {visible(each.by)} and {visible(each.to)}. The request is {words(each.status)}."
            yield Statement(
                text, entry(entries[name]), quotation=visible(each.reply_gist or each.reason or "")
            )


def _corrections(case: CaseFile, entries: dict[str, int]) -> Iterator[Statement]:
    for name, each in case.named(Correction).items():
        if name in entries:
            about = listed([part for part in (each.release, each.finding) if part])
            state = "made" if each.closed else "to be made"
            of = visible(about) or "something released"
            text = f"{name}: a correction is {state}, of {of}, for this reason:"
            yield Statement(text, entry(entries[name]), quotation=visible(each.because))
