"""Bytes, their access and how they are shown; the ledger; letting things go."""

from collections.abc import Iterator

from videtur.engines.method.case_file.model import CaseFile
from videtur.engines.method.entities.base import Entity
from videtur.engines.method.entities.case import Deletion, LedgerState
from videtur.engines.method.entities.evidence import Item
from videtur.engines.method.entities.footage import FootageFamily, Observation
from videtur.engines.method.footage_status import is_altered
from videtur.engines.method.membership import family_of
from videtur.engines.method.rules.rule import Rule, Violation

_SEVERE = ("severe", "extreme")
_SIGNATURES = 2


def _f02(case: CaseFile) -> Iterator[Violation]:
    for name, item in case.named(Item).items():
        if is_altered(item):
            yield Violation(
                "F02",
                name,
                "A check found other bytes than those received",
                "Restore the received bytes from a copy whose digest fits, and record how it happened",
            )
    for name, observation in case.named(Observation).items():
        item = case.get(Item, observation.t.item) if observation.t else None
        if item is not None and item.sha256 is None:
            yield Violation(
                "F02",
                f"{name} {item.id}",
                f"It observes {item.id}, which has no digest",
                f"Take {item.id} in again, so that its bytes are hashed before anybody looks",
            )


def _f27(case: CaseFile) -> Iterator[Violation]:
    for name, item in case.named(Item).items():
        if item.sexual_violence_indicator and item.access != "sealed":
            yield _unsealed(name, "The item holds an indicator of sexual violence and is not sealed")
    for name, observation in case.named(Observation).items():
        if observation.act != "sexual_violence_indicator":
            continue
        if observation.access != "sealed":
            yield _unsealed(name, "It notes an indicator of sexual violence and is not sealed")
        kind, seen = (Item, observation.t.item) if observation.t else (FootageFamily, observation.footage)
        carrier: Entity | None = case.get(kind, seen)
        if carrier is not None and carrier.access != "sealed":
            yield _unsealed(f"{seen} {name}", f"{name} notes an indicator of sexual violence in it")


def _unsealed(where: str, why: str) -> Violation:
    return Violation("F27", where, why, "Set its access to sealed; a trained role may then open it")


def _f30(case: CaseFile) -> Iterator[Violation]:
    ledger = case.one(LedgerState)
    if ledger is None:
        return
    expected = ledger.last_index - ledger.first_index + 1
    if ledger.entries != expected:
        yield Violation(
            "F30",
            "ledger",
            f"It holds {ledger.entries} entries where its indices make {expected}",
            "Find the missing entries in a witness's copy before anything is released",
        )
    if ledger.altered:
        listed = ", ".join(str(index) for index in ledger.altered)
        yield Violation(
            "F30",
            "ledger",
            f"Entries {listed} differ from what was signed",
            "Restore them from a copy whose checkpoint fits",
        )
    for name, item in case.named(Item).items():
        index = item.ledger_index
        if index is not None and not ledger.first_index <= index <= ledger.last_index:
            yield Violation(
                "F30",
                name,
                f"Its entry {index} is not among those of the ledger",
                "Find the missing entries in a witness's copy",
            )


def _f31(case: CaseFile) -> Iterator[Violation]:
    for name, item in case.named(Item).items():
        family = case.get(FootageFamily, family_of(case, name))
        severe = item.distress in _SEVERE or (family is not None and family.distress in _SEVERE)
        if severe and (item.thumbnail == "shown" or item.autoplay):
            what = "plays by itself" if item.autoplay else "shows a thumbnail"
            yield Violation(
                "F31",
                name,
                f"It is severe and {what}",
                "Hide or blur the thumbnail and let it play only when asked",
            )


def _f34(case: CaseFile) -> Iterator[Violation]:
    for name, deletion in case.named(Deletion).items():
        if not (deletion.retention_decision or "").strip():
            yield Violation("F34", name, "There is no retention decision", "Record who decided it, and why")
        if len(set(deletion.signatures)) < _SIGNATURES:
            yield Violation(
                "F34", name, "Two people have not signed it", "Have two different people sign the deletion"
            )


_MODEL = "domain model, section 14"
RULES = (
    Rule(
        "F02",
        f"{_MODEL}; Berkeley Protocol, paras 155 and 167",
        False,
        "Bytes stay as they were received, and nothing is observed before it is hashed",
        _f02,
    ),
    Rule("F27", f"{_MODEL}; Murad Code", True, "Whatever points to sexual violence is sealed", _f27),
    Rule(
        "F30",
        f"{_MODEL}; Berkeley Protocol, para 167",
        True,
        "The ledger has no gap and no edited entry",
        _f30,
    ),
    Rule(
        "F31",
        f"{_MODEL} and section 13",
        True,
        "Severe material shows no thumbnail and never plays itself",
        _f31,
    ),
    Rule("F34", _MODEL, True, "Nothing is deleted without a retention decision and two signatures", _f34),
)
