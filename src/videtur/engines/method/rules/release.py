"""What leaves the house: comment sought, nobody exposed, conflicts shown, names kept (sections 10 and 12)."""

from collections.abc import Iterator

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.comment import is_comment_sought, party_named, sides_of
from videtur.engines.method.dates import days_of
from videtur.engines.method.entities.accountability import Correction, RequestForComment
from videtur.engines.method.entities.case import Allegation, Neutrality
from videtur.engines.method.entities.evidence import Item, Source
from videtur.engines.method.entities.publication import Exposed, Redaction, Release
from videtur.engines.method.entities.verification import Finding
from videtur.engines.method.gates import RELEASED, hidden_conflicts
from videtur.engines.method.rules.rule import Rule, Violation
from videtur.engines.method.rules.sentences import sentences, standing_releases

_ALLEGES = {"act", "injury", "affiliation", "legal_character", "death", "cause_of_injury", "intent"}
_STRONG = ("solid", "resynthesis")
_ALWAYS_MASKED = ("face", "metadata")
_SIGNATURES = 2
_NOBODY = (None, "none", "", ())


def _f17(case: CaseFile) -> Iterator[Violation]:
    for release in standing_releases(case):
        if release.status not in RELEASED or release.comment_not_sought_because:
            continue
        asked = {
            party_named(case, request.to)
            for name in release.comment
            if (request := case.get(RequestForComment, name)) is not None
            and is_comment_sought(request)
            and not _is_asked_afterwards(request, release)
        }
        for party in sorted(_accused(case, release) - asked):
            yield Violation(
                "F17",
                release.id,
                f"It repeats an allegation against {party}, who was not asked for comment",
                f"Ask {party} for comment before the release, or say why nobody was asked",
            )


def _is_asked_afterwards(request: RequestForComment, release: Release) -> bool:
    """Whether the question was sent on a day after the release: that asks nobody before it."""
    if request.sent is None or release.at is None:
        return False
    asked, out = days_of(request.sent).earliest, days_of(release.at).latest
    return asked is not None and out is not None and asked > out


def _accused(case: CaseFile, release: Release) -> set[str]:
    found = set(release.names_parties)
    against = sides_of(case) & {allegation.against for allegation in case.all(Allegation)}
    for sentence in release.sentences:
        if _ALLEGES.intersection(sentence.asserts):
            found |= against.intersection(sentence.parties_named)
    return found


def _f19(case: CaseFile) -> Iterator[Violation]:
    for release in standing_releases(case):
        for media in release.media:
            if media.identifiable_captive and not _is_excepted(media):
                yield Violation(
                    "F19",
                    f"{release.id} {media.item}",
                    f"{media.item} lets an apparent captive be identified",
                    "Mask the person or describe the scene; an exception needs its reason and two signatures",
                )


def _is_excepted(media: Exposed) -> bool:
    return bool((media.exception or "").strip()) and len(set(media.signatures)) >= _SIGNATURES


def i9(case: CaseFile) -> Iterator[Violation]:
    """Every picture and sound of a release comes from an approved masking."""
    for release in standing_releases(case):
        for media in release.media:
            lack = _lack_of_masking(case.get(Redaction, media.redaction), media)
            if lack:
                yield Violation(
                    "I9",
                    f"{release.id} {media.item}",
                    f"{media.item} {lack}",
                    "Release a masked copy of it that one person checked and another approved",
                )


def _lack_of_masking(redaction: Redaction | None, media: Exposed) -> str:
    if redaction is None or redaction.item != media.item:
        return "goes out without a masked copy of it"
    if not redaction.approved_by or not redaction.checked_by:
        return "goes out in a masked copy that nobody approved and checked"
    if redaction.approved_by == redaction.checked_by:
        return "goes out in a masked copy that one person both checked and approved"
    if redaction.method not in _STRONG:
        return f"is masked by {redaction.method or 'no method'}, which can be undone"
    needed = [mask for mask in _ALWAYS_MASKED if mask not in redaction.masks]
    if media.identifiable_captive:
        needed = [mask for mask in needed if mask != "face"]
    return f"keeps its {' and '.join(needed)}" if needed else ""


def _f25(case: CaseFile) -> Iterator[Violation]:
    for release in standing_releases(case):
        if release.status not in RELEASED:
            continue
        hidden = [conflict.id for conflict in hidden_conflicts(case, release)]
        if hidden:
            yield Violation(
                "F25",
                release.id,
                f"It relies on what is in conflict and does not show: {', '.join(hidden)}",
                "Show each conflict in it, or settle the conflict with its result",
            )


def _f26(case: CaseFile) -> Iterator[Violation]:
    for name, source in case.named(Source).items():
        if source.private_name and source.access != "sealed":
            yield _named(name, "It holds the name of a private person")
    for said in sentences(case):
        if said.sentence.private_names and said.release.access != "sealed":
            yield _named(
                f"{said.release.id} sentence {said.sentence.id}",
                "It names a private person, suspect or uploader",
            )
    kept = case.one(Neutrality)
    if kept is not None and kept.access != "sealed":
        named = (kept.named_private_persons, kept.alleged_perpetrators_named, kept.uploader_named)
        if any(each not in _NOBODY for each in named):
            yield _named("neutrality", "It names private persons")


def _named(where: str, why: str) -> Violation:
    return Violation("F26", where, why, "Leave the name out, or keep it where only sealed access opens it")


def _signatures(case: CaseFile) -> Iterator[Violation]:
    for release in standing_releases(case):
        if release.status not in RELEASED:
            continue
        if not release.approver:
            yield Violation("M12.approval", release.id, "Nobody approved it", "Have an approver sign it")
        elif release.media and (
            not release.protection_officer or release.protection_officer == release.approver
        ):
            yield Violation(
                "M12.approval",
                release.id,
                "It shows material that no protection officer beside the approver has checked",
                "Have a protection officer check it who is not its approver",
            )


def _originals(case: CaseFile) -> Iterator[Violation]:
    for name, item in case.named(Item).items():
        if item.access == "public":
            yield Violation(
                "M12.original",
                name,
                "An original as received is open to everybody",
                "Restrict it, and release a masked copy or a description",
            )


def _flags(case: CaseFile) -> Iterator[Violation]:
    corrected = {correction.release for correction in case.all(Correction)}
    for name, release in case.named(Release).items():
        if release.status == "flagged" and name not in corrected:
            yield Violation(
                "M7.flag", name, "It is flagged and no correction is opened", "Open its correction"
            )


def _sealed_findings(case: CaseFile) -> Iterator[Violation]:
    for release in standing_releases(case):
        names = {*release.findings, *(sentence.finding for sentence in release.sentences if sentence.finding)}
        sealed = sorted(
            name for name in names if (found := case.get(Finding, name)) and found.access == "sealed"
        )
        if sealed and release.access != "sealed":
            yield Violation(
                "M7.sealed",
                release.id,
                f"It tells {', '.join(sealed)}, which is sealed",
                "Seal the release and hand it to the mandated body alone, or leave the finding out",
            )


_MODEL = "domain model, sections 12 and 14"
RULES = (
    Rule(
        "F17",
        "domain model, sections 10 and 14",
        True,
        "Nothing is published against a party that was not asked for comment, unless there is a reason",
        _f17,
    ),
    Rule(
        "F19",
        f"{_MODEL}; GC III, article 13",
        True,
        "No release lets an apparent captive be identified, unless an exception is recorded and signed",
        _f19,
    ),
    Rule(
        "F25",
        "domain model, sections 9 and 14",
        True,
        "A report shows the open conflicts about what it relies on",
        _f25,
    ),
    Rule("F26", _MODEL, True, "Names of private persons, suspects and uploaders stay sealed", _f26),
)
FURTHER = (
    Rule("M12.original", _MODEL, True, "Originals are restricted; masked copies are released", _originals),
    Rule("M7.flag", "domain model, section 7", True, "A flagged release has a correction", _flags),
    Rule(
        "M7.sealed",
        "domain model, section 7",
        True,
        "A sealed finding leaves only under seal",
        _sealed_findings,
    ),
    Rule(
        "M12.approval",
        _MODEL,
        True,
        "What leaves is approved; what shows people is checked by two",
        _signatures,
    ),
)
