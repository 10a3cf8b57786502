"""The report on a case: what came in, what appears to be one footage, what people observed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from videtur.evidence.models import Capture, Item
from videtur.footage.models import Observation
from videtur.pipeline.derivations import FAILED, SKIPPED
from videtur.pipeline.models import Derivation
from videtur.publication.families import SAME, Basis, FamilyMember, FamilyRecord, family_of
from videtur.publication.method_notes import BOTH_SIDES, HELD_BACK, LEADS, METHOD
from videtur.publication.method_sections import method_sections
from videtur.publication.record import CaseRecord
from videtur.publication.statements import (
    Reference,
    Section,
    Statement,
    counted,
    day_and_time,
    entry,
    interval,
    listed,
    stretch,
    visible,
    words,
)

REPORT_FORMAT = "videtur-report/1"

_LEVELS = {
    "H0_alleged": "H0, alleged",
    "H1_appears": "H1, appears",
    "H2_consistent": "H2, is consistent with",
    "H3_likelihood": "H3, likely",
    "H4_established": "H4, established",
    "H5_finding": "H5, reasonable grounds to believe",
    "H6_adjudicated": "H6, adjudicated",
}
_BASES: dict[Basis, str] = {
    "people": "by decision of people",
    "people and machine": "in part by decision of people, for the rest by comparison by machine",
    "machine": "by comparison by machine; no person has decided on it",
}
_LEAD_COUNTS = {
    "shots": ("shot_count", "shot"),
    "speech": ("segment_count", "segment of machine transcript"),
    "metadata": ("tag_count", "metadata tag"),
}


@dataclass(frozen=True, slots=True)
class Report:
    """A report, in no particular form yet."""

    title: str
    slug: str
    sections: tuple[Section, ...]
    checkpoint_size: int
    checkpoint_root: str
    """Hexadecimal."""
    key_fingerprint: str

    def as_json(self) -> dict[str, object]:
        """The report in JSON."""
        return {
            "format": REPORT_FORMAT,
            "title": self.title,
            "slug": self.slug,
            "sections": [section.as_json() for section in self.sections],
            "checkpoint": {"size": self.checkpoint_size, "root": self.checkpoint_root},
            "key_fingerprint": self.key_fingerprint,
        }


def make_report(record: CaseRecord, families: Sequence[FamilyRecord], key_fingerprint: str) -> Report:
    """Write the report on a case as it stood at the record's checkpoint; the same record, the same report."""
    sections = (
        Section("How to read this report", notes=_flowing(METHOD + BOTH_SIDES + HELD_BACK), name="method"),
        Section("The case", tuple(_case(record)), name="case"),
        Section("Parties", tuple(_parties(record)), name="parties"),
        *method_sections(record),
        Section("Items", parts=tuple(_item(record, families, item) for item in record.items), name="items"),
        Section(
            "Families of footage",
            tuple(_decisions(record)),
            parts=tuple(_family(record, family) for family in families),
            name="families",
        ),
        Section("Observations", parts=tuple(_observations(record)), name="observations"),
        Section("Withdrawn observations", tuple(_withdrawn(record)), name="withdrawn"),
        Section("Leads, not findings", tuple(_leads(record)), notes=_flowing(LEADS), name="leads"),
        Section("Inputs that were not taken in", tuple(_refusals(record)), name="refusals"),
    )
    kept = tuple(section for section in sections if section.statements or section.parts or section.notes)
    return Report(
        title=visible(record.case.title),
        slug=record.case.slug,
        sections=kept,
        checkpoint_size=record.checkpoint.size,
        checkpoint_root=bytes(record.checkpoint.root).hex(),
        key_fingerprint=key_fingerprint,
    )


def _case(record: CaseRecord) -> Iterator[Statement]:
    case = record.case
    text = f"The case “{visible(case.title)}” was recorded under the name {case.slug}."
    yield Statement(text, entry(case.entry_index), quotation=visible(case.summary))
    if record.items:
        captures = entry(*(capture.entry_index for capture in record.captures))
        yield Statement(
            f"{_plural(len(record.items), 'item')} came in, in {_plural(len(record.captures), 'arrival')}.",
            captures,
        )
    standing = [row for row in record.observations if not row.withdrawn_because]
    if standing:
        text = f"{_plural(len(standing), 'observation')} by people stand{'s' if len(standing) == 1 else ''}."
        yield Statement(text, entry(*(row.entry_index for row in standing)))


def _parties(record: CaseRecord) -> Iterator[Statement]:
    for party in record.parties:
        text = f"{visible(party.code)}: {visible(party.name)} ({words(party.kind)})."
        yield Statement(text, entry(party.entry_index))


def _item(record: CaseRecord, families: Sequence[FamilyRecord], item: Item) -> Section:
    statements = [
        *(told for capture in record.captures_of(item) for told in _capture(record, capture)),
        *_contents(record, item),
        *_damage(record, item),
    ]
    family = family_of(families, item.sha256)
    if family is not None:
        references = entry(*family.decided_at, *family.shown_by)
        statements.append(Statement(f"It is in the family of footage {family.name}.", references))
    return Section(
        f"Item {record.number_of[item.sha256]}",
        tuple(statements),
        notes=(f"SHA-256 {item.sha256}", f"{item.size} bytes"),
        name=f"item-{item.sha256}",
    )


def _capture(record: CaseRecord, capture: Capture) -> Iterator[Statement]:
    name, when = visible(capture.file_name), day_and_time(capture.recorded_at)
    yield Statement(f"It came in as “{name}” ({words(capture.how)}) on {when}.", entry(capture.entry_index))
    for seen in record.publications_of(capture):
        parts = [
            f"It is recorded as seen at {visible(seen.url)}" if seen.url else "It is recorded as published"
        ]
        if seen.posted_at_original:
            read = (
                f", read as {visible(seen.posted_at_edtf)}"
                if seen.posted_at_edtf
                else ", which gives no date"
            )
            parts.append(f"posted at “{visible(seen.posted_at_original)}”{read}")
        yield Statement(", ".join(parts) + ".", entry(seen.entry_index))


def _contents(record: CaseRecord, item: Item) -> Iterator[Statement]:
    probe = record.latest(item, "probe")
    if probe is None:
        return
    facts = probe.summary
    tells: list[str] = []
    if facts.get("duration_seconds") is not None:
        tells.append(f"a duration of {facts['duration_seconds']} s")
    if facts.get("has_picture"):
        tells.append(f"pictures of {facts.get('width')} by {facts.get('height')}")
    if facts.get("has_sound"):
        tells.append("sound")
    told = listed(tells) if tells else "neither duration, pictures nor sound"
    text = f"Its file, of the form {visible(str(facts.get('container', 'unknown')))}, declares {told}."
    yield Statement(text, entry(probe.entry_index))


def _damage(record: CaseRecord, item: Item) -> Iterator[Statement]:
    decode = record.latest(item, "decode")
    if decode is not None:
        frames, damaged = decode.summary.get("frame_count"), decode.summary.get("damage_count")
        found = (
            f"at {_plural(damaged, 'place')} it is damaged"
            if isinstance(damaged, int) and damaged
            else "no damage was met"
        )
        yield Statement(
            f"It was decoded from end to end: {frames} pictures, and {found}.", entry(decode.entry_index)
        )
    for row in _latest_unfinished(record, item):
        done = "failed" if row.outcome == FAILED else "was left out"
        text = f"The step {words(row.step)} {done}: {visible(row.reason) or 'no reason was recorded'}"
        yield Statement(text.rstrip(".") + ".", entry(row.entry_index))


def _latest_unfinished(record: CaseRecord, item: Item) -> Iterator[Derivation]:
    """The newest attempt at each step that gave nothing, where no attempt gave anything."""
    newest: dict[str, Derivation] = {}
    for row in record.derivations_of(item):
        newest[row.step] = row
    for step, row in sorted(newest.items()):
        if row.outcome in (FAILED, SKIPPED) and record.latest(item, step) is None:
            yield row


def _family(record: CaseRecord, family: FamilyRecord) -> Section:
    """Hedged by who says so: the machine proposes, a person's decision is named as one."""
    references = entry(*family.decided_at, *family.shown_by)
    names = listed(_name(record, member.sha256) for member in family.members)
    statements = [Statement(f"{names} appear to hold the same footage, {_BASES[family.basis]}.", references)]
    statements += [Statement(_member(record, member), references) for member in family.members]
    for sha256, what in ((family.earliest, "earliest known"), (family.most_complete, "most complete")):
        if sha256 is not None:
            text = f"{_name(record, sha256)} appears to be the {what} version held in this case."
            statements.append(Statement(text, references))
    reasons = (_named(record, why).rstrip(".") for why in family.why)
    statements += [Statement(f"Reason: {reason}.", references) for reason in reasons]
    return Section(f"Family {family.name}", tuple(statements), name=f"family-{family.name}")


def _member(record: CaseRecord, member: FamilyMember) -> str:
    name = _name(record, member.sha256)
    changed = f", changed by {listed(words(one) for one in member.transform)}" if member.transform else ""
    if not member.covers:
        return f"{name} appears to be in it{changed}; which part of its time line it holds is not known."
    parts = listed(stretch(part) for part in member.covers)
    return f"{name} appears to hold, of the family's time line, {parts}{changed}."


_VERDICTS = {
    SAME: "decided that {} hold the same footage",
    "not_the_same_footage": "decided that {} do not hold the same footage",
    "undecided": "took back what was decided on {}",
}


def _decisions(record: CaseRecord) -> Iterator[Statement]:
    for row in record.copy_decisions:
        verdict = _VERDICTS[row.decision]
        pair = listed(
            _name(record, item.sha256)
            for item in sorted((row.item_a, row.item_b), key=lambda item: record.number_of[item.sha256])
        )
        text = f"A person {verdict.format(pair)}, for this reason:"
        yield Statement(text, entry(row.entry_index), quotation=visible(row.reason))


def _observations(record: CaseRecord) -> Iterator[Section]:
    for item in record.items:
        rows = [row for row in record.observations_of(item) if not row.withdrawn_because]
        if rows:
            heading = f"In item {record.number_of[item.sha256]}"
            yield Section(heading, tuple(_observed(record, row) for row in rows))


def _withdrawn(record: CaseRecord) -> Iterator[Statement]:
    for item in record.items:
        for row in record.observations_of(item):
            if row.withdrawn_because:
                text = (
                    f"An observation in item {record.number_of[item.sha256]} was withdrawn, for this reason:"
                )
                yield Statement(text, (_where(record, row),), quotation=visible(row.withdrawn_because))


def _observed(record: CaseRecord, row: Observation) -> Statement:
    where = _where(record, row)
    assert where.interval is not None  # noqa: S101 - an observation always has its segment
    tells = [words(row.modality), words(row.role)]
    if row.states:
        tells.append(listed(words(state) for state in row.states))
    if row.act:
        tells.append(words(row.act) + (f" (target: {words(row.target)})" if row.target else ""))
    if row.injury_timing:
        signs = [words(part) for part in (row.injury_sign, row.injury_region) if part]
        tells.append(f"apparent injury: {', '.join(signs)}, {words(row.injury_timing)}")
    if row.count_minimum is not None or row.count_maximum is not None:
        number = counted(row.count_minimum, row.count_maximum)
        tells.append(f"number: {number}, {words(row.count_basis)}")
    text = f"{stretch(where.interval)}. {'; '.join(tells)}. In the observer's words:"
    return Statement(text, (where,), quotation=visible(row.text), level=_LEVELS.get(row.hedge, row.hedge))


def _where(record: CaseRecord, row: Observation) -> Reference:
    time = interval(row.start_pts, row.end_pts, row.time_base_numerator, row.time_base_denominator)
    return Reference(row.entry_index, record.sha256_of_observed(row), time)


def _leads(record: CaseRecord) -> Iterator[Statement]:
    for item in record.items:
        for step, (count, what) in _LEAD_COUNTS.items():
            row = record.latest(item, step)
            number = row.summary.get(count) if row else None
            if row is not None and isinstance(number, int) and number:
                yield Statement(
                    f"{_name(record, item.sha256)}: {_plural(number, what)}.", entry(row.entry_index)
                )


def _refusals(record: CaseRecord) -> Iterator[Statement]:
    for row in record.refusals:
        text = f"“{visible(row.file_name)}” was refused ({words(row.reason)}): {visible(row.explanation)}"
        yield Statement(text.rstrip(".") + ".", entry(row.entry_index))


def _flowing(notes: Iterable[str]) -> tuple[str, ...]:
    return tuple(" ".join(note.split()) for note in notes)


def _named(record: CaseRecord, text: str) -> str:
    """The text with the items it names by digest named as the report names them."""
    for sha256 in record.number_of:
        text = text.replace(sha256, _name(record, sha256))
    return visible(text)


def _name(record: CaseRecord, sha256: str) -> str:
    return f"Item {record.number_of[sha256]}"


def _plural(number: int, what: str) -> str:
    if number == 1:
        return f"1 {what}"
    first, space, rest = what.partition(" of ")
    return f"{number} {first}s{space}{rest}"
