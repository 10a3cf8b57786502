"""What forms and pages call the fields and the kinds of entities, in the reader's language.

A field whose plain reading is good English ("legal_reviewer": "Legal reviewer") needs no line here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from types import UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from django.utils.translation import pgettext

from videtur.engines.method.case_file.model import KINDS
from videtur.engines.method.entities.base import Entity, Value
from videtur.engines.method.entities.case import CaseDate
from videtur.engines.method.house_rules import EffectiveHouseRules

FIELDS: Mapping[str, str] = {
    "about": "What it is about",
    "accepted_as": "Accepted as observation",
    "access": "Who may see it",
    "admin": "Region or district",
    "against_own_interest": "Against its own interest",
    "alleged_victims_side": "Side of the alleged victims",
    "alt": "Other name",
    "alt_coord": "Other coordinates",
    "altered": "Entries that differ from what was signed",
    "anchor": "Date from which it is reckoned",
    "as_of": "The case as it stood on",
    "asks": "What it asks for",
    "aspects_named": "Aspects that it names",
    "at": "When",
    "autoplay": "Plays by itself",
    "basis": "What it rests on",
    "basis_in_article": "What the article rests it on",
    "becomes": "New status",
    "blind": "Blind review",
    "body": "Body that speaks",
    "boundary_set": "Set of boundaries used",
    "by_machine": "Made by a machine",
    "capture": "Capture of it",
    "certainty": "How certain",
    "closed": "Closed on",
    "comment": "Request for comment",
    "comment_mission_days": "Days to comment, mission",
    "comment_newsroom_hours": "Hours to comment, newsroom",
    "comment_not_sought_because": "Why no comment was sought",
    "comment_shortest_hours": "Hours to comment, at least",
    "computed": "Computed distances",
    "conditional": "Conditional (“if real”)",
    "conflicts_shown": "Conflicts that it shows",
    "consistency": "Consistency (Istanbul Protocol)",
    "count": "How many",
    "dataset": "Data used",
    "described": "Described by a source",
    "dissent_to_arbiter_days": "Days until dissent goes to the arbiter",
    "distinctness": "What shows that the persons are distinct",
    "distress": "How distressing",
    "done": "Done on",
    "done_because": "Why it counts as done",
    "due": "Due by",
    "duration_s": "Length in seconds",
    "edtf": "Date (EDTF)",
    "ended_because": "Why it ended",
    "entries": "Number of entries",
    "exact": "Given as exact",
    "failing": "Sentences that must be refused",
    "first_index": "First entry",
    "first_known": "First known on",
    "first_look_hours": "Hours to the first look",
    "first_look_severe_hours": "Hours to the first look, severe material",
    "fixity": "Checks of the stored bytes",
    "fixity_days": "Days between checks of the stored bytes",
    "follow_up_days": "Days after which to follow up",
    "follow_up_due": "Follow-ups due",
    "full_page_capture": "Whole page captured",
    "gazetteer_trap": "What a gazetteer gets wrong",
    "geonames": "GeoNames number",
    "group": "Group of persons",
    "headline_gist": "Gist of the headline",
    "html_source": "Source of the page kept",
    "id": "Reference",
    "identifiable_captive": "An apparent captive can be identified",
    "independent_of_each_other": "Letter and digit judged apart",
    "independent_origins": "Independent origins that confirm it",
    "independent_source_count": "Number of independent sources",
    "indicator_claim": "Side that a source claims",
    "information_credibility": "Credibility of the information",
    "item": "File",
    "items": "Files",
    "km": "Kilometres",
    "language_certain": "Language is certain",
    "last_index": "Last entry",
    "lat": "Latitude",
    "lead_origin": "Who found it",
    "ledger_index": "Ledger entry",
    "lesson": "What it teaches",
    "level": "Level of the hedging ladder",
    "likelihood_scale": "Scale of likelihood",
    "lon": "Longitude",
    "match": "How well the place is matched",
    "material": "Material to the findings",
    "max": "At most",
    "max_s": "At most, in seconds",
    "media": "Pictures and sound",
    "members_reported_elsewhere": "Versions that others report",
    "mi": "Miles",
    "min": "At least",
    "min_s": "At least, in seconds",
    "name_original": "Name in the original",
    "name_ru": "Name in Russian",
    "name_uk": "Name in Ukrainian",
    "named_expert_evidence": "Experts’ evidence that it was staged",
    "names_parties": "Parties against whom an allegation is repeated",
    "need": "Fact that is needed",
    "needs": "Facts that are needed",
    "notice": "Published notice",
    "of": "Of what or whom",
    "on": "On what",
    "opened": "Opened on",
    "origin": "Who found it",
    "original": "In the original words",
    "overall": "Overall status",
    "paraphrase_en": "Paraphrase in English",
    "party_order": "Order of the parties",
    "party_to_conflict": "Party to the conflict",
    "passing": "Sentences that may stand",
    "phrase": "The body’s own words for the standard",
    "place_role": "Role of the place",
    "place_used_as": "Role in which the place is used",
    "posted_at_original": "Posted at, in the original words",
    "private_name": "Name of a private person",
    "private_names": "Names of private persons",
    "pts": "Presentation time (pts)",
    "quote": "Quotation (at most 25 words)",
    "radius_km": "Radius in kilometres",
    "read_as": "How we read it",
    "reason_for_one_side": "Why to one side only",
    "ref": "Reference",
    "region_certain": "Region is certain",
    "relays": "Repeats the source",
    "render": "How the count is said",
    "rendered_max": "Said as at most",
    "rendered_min": "Said as at least",
    "rendering": "How it is said",
    "reply_gist": "Gist of the reply",
    "required": "Must be sought",
    "same_persons_as": "Same persons as in",
    "saw_before": "Seen before the review was submitted",
    "says_opened": "Says that a case was opened",
    "says_verified": "Footage that it calls verified",
    "second_translation_en": "Second translation into English",
    "set_because": "Why it was set",
    "set_status": "Status set by a person",
    "sexual_violence_indicator": "Indicator of sexual violence",
    "sha256": "SHA-256",
    "short_deadline_because": "Why the deadline is short",
    "side": "Side it speaks for",
    "side_claimed": "Side that is claimed",
    "size": "Size in bytes",
    "source_count": "Number of sources",
    "source_identity": "Would give a source away",
    "source_reliability": "Reliability of the source",
    "sources_counted": "What it counts as sources",
    "speaker_role": "Role of the speaker",
    "speaker_visibility": "Whether the speaker is seen",
    "src": "Source",
    "stale_after_days": "Days without evidence until stale",
    "standard": "Standard of proof",
    "state": "State of the persons",
    "status_at_as_of": "Status at the date of the case file",
    "summed": "Counts are added",
    "t": "Stretch of the footage",
    "text_same_for_all": "Same text for all",
    "texts": "Text for each addressee",
    "time_base": "Unit of time",
    "tolerance_pct": "Tolerance in percent",
    "translation_en": "Translation into English",
    "truth_status": "Whether what is said is so",
    "unquoted": "Fields given without quotation marks",
    "unredacted_image": "Shows an unredacted image",
    "url": "Address (URL)",
    "used_for_truth": "Used as proof of what is said",
    "value_s": "Seconds",
    "venue": "Where it was said",
    "version_difference_seconds": "Seconds by which versions differ",
    "victims_involved": "Victims’ families take part",
    "weekday_original": "Weekday in the original words",
    "working_days": "Days on which a deadline may end",
}
"""English labels of the fields whose name does not read well."""

SECTIONS: Mapping[str, tuple[str, str]] = {
    "as_of": ("Date of the case file", "Date of the case file"),
    "neutrality": ("Neutrality", "Neutrality"),
    "source_article": ("Source article", "Source article"),
    "calendar_check": ("Calendar check", "Calendar check"),
    "house_rules": ("House rules", "House rules"),
    "parties": ("Parties", "Party"),
    "allegations": ("Allegations", "Allegation"),
    "symmetry_groups": ("Symmetry groups", "Symmetry group"),
    "assignments": ("Assignments", "Assignment"),
    "items": ("Files", "File"),
    "captures": ("Captures", "Capture"),
    "publications": ("Publications", "Publication"),
    "sources": ("Sources", "Source"),
    "source_grades": ("Grades of sources", "Grade of a source"),
    "independence": ("Independence of sources", "Independence of two sources"),
    "footage": ("Footage", "Footage family"),
    "leads": ("Leads from machines", "Lead from a machine"),
    "observations": ("Observations", "Observation"),
    "utterances": ("Utterances", "Utterance"),
    "person_marks": ("Persons shown, by pseudonym", "Person shown, by pseudonym"),
    "indicators": ("Indicators of affiliation", "Indicator of affiliation"),
    "affiliation": ("Apparent affiliation", "Apparent affiliation of a group"),
    "place_claims": ("Places named", "Place named"),
    "place_matches": ("Places matched", "Place matched"),
    "distance_checks": ("Distance checks", "Distance check"),
    "time_claims": ("Times claimed", "Time claimed"),
    "claims": ("Claims", "Claim"),
    "statements": ("Statements", "Statement"),
    "calls": ("Calls", "Call"),
    "commitments": ("Commitments", "Commitment"),
    "obligations_cited": ("Obligations cited", "Obligation cited"),
    "requests_for_comment": ("Requests for comment", "Request for comment"),
    "reviews": ("Reviews", "Review"),
    "arbitrations": ("Arbitrations", "Arbitration"),
    "hypotheses": ("Hypotheses", "Hypothesis"),
    "findings": ("Findings", "Finding"),
    "mappings": ("Provisions mapped", "Provision mapped"),
    "verification_state": ("State of the verification", "State of the verification"),
    "open_questions": ("Open questions", "Open questions"),
    "expected_sentences": ("Sentences to check", "Sentences to check"),
    "claims_by_others_after": ("Later claims by others", "Later claim by others"),
    "conflicts": ("Conflicts", "Conflict"),
    "deadlines": ("Deadlines", "Deadline"),
    "actions": ("Actions", "Action"),
    "followups": ("Follow-ups", "Follow-up"),
    "corrections": ("Corrections", "Correction"),
    "redactions": ("Redactions", "Redaction"),
    "releases": ("Releases", "Release"),
    "exposure_log": ("Exposure log", "Exposure"),
    "deletions": ("Deletions", "Deletion"),
    "ledger": ("State of the ledger", "State of the ledger"),
    "expected_accountability_boards": ("Boards to check", "Board to check"),
}
"""The name of each section of a case: of all it holds, and of one."""


def label_in_english(field: str) -> str:
    """A field for an English reader, and its key in the catalogues: "status_at_as_of" is a "Status ..."."""
    name = field.rstrip("_")
    return FIELDS.get(name) or name[:1].upper() + name[1:].replace("_", " ")


def label(field: str) -> str:
    """What to call a field of an entity, in the reader's language."""
    return pgettext("field", label_in_english(field))


def section_name(section: str) -> str:
    """What to call a section of a case ("findings": "Findings"), in the reader's language."""
    return pgettext("section", _names(section)[0])


def entity_name(section: str) -> str:
    """What to call one entity of a section ("findings": "Finding"), in the reader's language."""
    return pgettext("section", _names(section)[1])


def _names(section: str) -> tuple[str, str]:
    plain = label_in_english(section)
    return SECTIONS.get(section, (plain, plain))


def parts_of_entities() -> tuple[type[Value], ...]:
    """Every kind of entity, and every value that is part of one."""
    found: dict[type[Value], None] = {}
    waiting: list[type[Value]] = [*KINDS, CaseDate]
    while waiting:
        kind = waiting.pop(0)
        if kind not in found:
            found[kind] = None
            for field in kind.model_fields.values():
                waiting.extend(each for each in _inside(field.annotation) if _is_part(each))
    return tuple(found)


def fields_of_entities() -> tuple[str, ...]:
    """The name of every field of every entity and of its parts, of every house rule, and of forms."""
    names = [field.alias or name for kind in parts_of_entities() for name, field in kind.model_fields.items()]
    names += [field.name for field in fields(EffectiveHouseRules)]
    names.append("aspect")  # a form asks for one at a time
    return tuple(dict.fromkeys(names))


def choices_of_entities() -> tuple[str, ...]:
    """The words between which fields choose that have no vocabulary of their own: statuses, kinds, scopes."""
    return tuple(
        dict.fromkeys(
            word
            for kind in parts_of_entities()
            for field in kind.model_fields.values()
            for each in _inside(field.annotation)
            if get_origin(each) is Literal
            for word in get_args(each)
        )
    )


def _inside(annotation: object) -> Iterator[Any]:
    """An annotation and all that it is made of."""
    yield annotation
    if get_origin(annotation) in (Annotated, Union, UnionType, tuple, dict, list):
        for part in get_args(annotation):
            yield from _inside(part)


def _is_part(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(cast("type[object]", annotation), Value | Entity)
