"""Which recording, what is seen and heard in it, where and when it may have been made."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from videtur.engines.method.entities.base import (
    Edtf,
    Entity,
    Hedge,
    Many,
    Moment,
    Number,
    Reason,
    Reference,
    Value,
    word_of,
)

Qualifier = Annotated[str, word_of("qty_qualifier")]
Aspect = Annotated[str, word_of("aspects")]
AspectStatus = Annotated[str, word_of("aspect_status")]
PersonsRole = Annotated[str, word_of("persons_role_apparent")]


class MediaTime(Value):
    """A presentation time: an integer and the length of its unit in seconds as a fraction."""

    pts: int
    time_base: Annotated[tuple[int, int], Field(strict=False)]

    @model_validator(mode="after")
    def _positive_base(self) -> "MediaTime":
        if min(self.time_base) < 1:
            raise ValueError("the time base must be a fraction of two positive whole numbers")
        return self


class Segment(Value):
    """From `start` up to `end` of one item."""

    item: Reference
    start: MediaTime
    end: MediaTime

    @model_validator(mode="after")
    def _forwards(self) -> "Segment":
        start, end = self.start, self.end
        if (
            start.pts * start.time_base[0] * end.time_base[1]
            >= end.pts * end.time_base[0] * start.time_base[1]
        ):
            raise ValueError("a segment must end after it begins")
        return self


class Duration(Value):
    """A length in the words of its source, with the seconds those words allow."""

    original: str
    value_s: Number | None = None
    qualifier: Qualifier | None = None
    min_s: Number | None = None
    max_s: Number | None = None


class DatedBy(Value):
    """A date and on what it rests; a weekday keeps its own words."""

    edtf: Edtf
    weekday_original: str | None = None
    anchor: Edtf | None = None
    basis: str | None = None


class ClaimedSetting(Value):
    """What somebody says the footage shows."""

    text: str
    by: str
    hedge: Hedge | None = None


class ReportedVersion(Value):
    """A version of the footage that others describe."""

    ref: Reference
    duration_s: Number | None = None
    qualifier: Qualifier | None = None
    reported_by: str
    note: str | None = None


class FootageFamily(Entity):
    """One recording, however many items carry it: one source. Or a place kept for footage not yet seen."""

    section: ClassVar[str] = "footage"

    id: Reference
    kind: Literal["footage_family", "placeholder_set"]
    duration: Duration | None = None
    first_known_upload: DatedBy | None = None
    recording: DatedBy | None = None
    claimed_setting: ClaimedSetting | None = None
    described: bool | None = None
    claimed_content: str | None = None
    by: str | None = None
    status_at_as_of: Annotated[str, word_of("footage_status")] | None = None
    """As written; it is derived, and a file that says otherwise is wrong."""
    set_status: Literal["withdrawn", "triaged_out"] | None = None
    """The only two states that a person sets, with `set_because`."""
    set_because: Reason | None = None
    aspects: dict[Aspect, AspectStatus] = Field(default_factory=dict)
    items: Many[Reference] = ()
    distress: Annotated[str, word_of("distress_grade")] | None = None
    members_reported_elsewhere: Many[ReportedVersion] = ()
    independent_source_count: int | Literal["unknown"] | None = None
    preserved: bool | None = None
    """For footage known by a file alone: whether its bytes are hashed, recorded and checked."""
    review_closed: bool = False
    named_expert_evidence: Many[Reference] = ()
    """Experts' evidence that the event was staged; an official's word is none."""

    @model_validator(mode="after")
    def _check(self) -> "FootageFamily":
        if self.set_status is not None and not self.set_because:
            raise ValueError(f"{self.set_status} needs a reason in set_because")
        return self

    def aspect(self, name: str) -> str:
        """The status of an aspect; `not_examined` where nothing is said."""
        return self.aspects.get(name, "not_examined")


class Count(Value):
    """How many: at least `min`, at most `max`, and how one knows."""

    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=0)] | None = None
    basis: Annotated[str, word_of("count_basis")]

    @model_validator(mode="after")
    def _order(self) -> "Count":
        if self.min is None and self.max is None:
            raise ValueError("a count needs min or max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"max is smaller than min ({self.max} < {self.min})")
        return self


class Injury(Value):
    """A wound that is seen is not yet wounding that is seen: `timing` may not be left out."""

    region: Annotated[str, word_of("injury_region")]
    region_certain: bool | None = None
    sign: Annotated[str, word_of("injury_sign")] | None = None
    timing: Annotated[str, word_of("injury_timing")]
    cause: str | None = None
    """A cause needs `medical_review`."""
    consistency: Annotated[str, word_of("istanbul_consistency")] | None = None
    medical_review: Reference | None = None


class Observation(Entity):
    """What a person saw or heard. `t` is null where a source gives no time code; use demands one."""

    section: ClassVar[str] = "observations"

    id: Reference
    footage: Reference
    t: Segment | None = None
    modality: Annotated[str, word_of("modality")]
    role: PersonsRole | None = None
    state: Many[Annotated[str, word_of("person_state")]] = ()
    act: Annotated[str, word_of("act")] | None = None
    target: PersonsRole | None = None
    injury: Injury | None = None
    count: Count | None = None
    same_persons_as: Many[Reference] = ()
    """Observations of the same group of persons: their counts are never added."""
    utterance: Reference | None = None
    text: str | None = None
    render: str | None = None
    """How the count is said."""
    indicator_claim: Reference | None = None
    """The party that a source says the persons belong to: a claim."""
    hedge: Hedge | None = None
    by: str | None = None
    at: Moment | None = None
    lead_origin: Annotated[str, word_of("lead_origin")] | None = None
    accepted_by: str | None = None
    withdrawn_because: str | None = None


class Utterance(Entity):
    """Words that were said. What captives say under questioning proves that it was said, no more."""

    section: ClassVar[str] = "utterances"

    id: Reference
    kind: Annotated[str, word_of("utterance_kind")]
    language: str | Many[str]
    language_certain: bool | None = None
    original: str | None = None
    translation_en: str | None = None
    paraphrase_en: str | None = None
    translator: str | None = None
    second_linguist: str | None = None
    second_translation_en: str | None = None
    speaker_role: PersonsRole | None = None
    speaker_visibility: Annotated[str, word_of("speaker_visibility")] | None = None
    count: Count | None = None
    truth_status: Literal["unverified", "supported", "contradicted"] | None = None


class PersonMark(Entity):
    """A pseudonym for one person shown: P1, P2, ... inside one case, and never a name."""

    section: ClassVar[str] = "person_marks"

    id: Annotated[str, Field(pattern=r"^P[1-9][0-9]*$")]
    footage: Reference
    role: PersonsRole
    distinct_from: Many[Reference] = ()
    basis: str | None = None


class Indicator(Entity):
    """Something about a group that points to a party; each alone is a single indicator."""

    section: ClassVar[str] = "indicators"

    id: Reference
    footage: Reference
    group: str
    kind: Annotated[str, word_of("affiliation_indicator")]
    points_to: Reference | None = None
    observation: Reference | None = None
    external_record: Reference | None = None


class Affiliation(Entity):
    """What can be said of a group's side: always "apparent"."""

    section: ClassVar[str] = "affiliation"
    prefix: ClassVar[str] = "AF"

    group: str
    grade: Annotated[str, word_of("affiliation_grade")]
    side_claimed: Reference | None = None
    basis_in_article: str | None = None
    indicators: Many[Reference] = ()
    rendering: str | None = None


class Coordinates(Value):
    """WGS 84 degrees."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    src: str | None = None


class PlaceCandidate(Value):
    """A place that a name may mean."""

    geonames: int | None = None
    name: str
    alt: str | None = None
    name_uk: str | None = None
    name_ru: str | None = None
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    admin: str | None = None
    country: str | None = None
    preferred: bool | None = None
    alt_coord: Coordinates | None = None


class PlaceClaim(Entity):
    """A place somebody names, with its role asked before any match."""

    section: ClassVar[str] = "place_claims"

    id: Reference
    name_original: str
    kind: Annotated[str, word_of("place_claim_kind")]
    place_role: Annotated[str, word_of("place_role")]
    footage: Reference | None = None
    utterance: Reference | None = None
    match: Annotated[str, word_of("place_match")] = "not_attempted"
    candidates: Many[PlaceCandidate] = ()
    gazetteer_trap: str | None = None


class PlaceMatch(Entity):
    """A person's choice among the candidates of a place claim."""

    section: ClassVar[str] = "place_matches"

    id: Reference
    claim: Reference
    place_role: Annotated[str, word_of("place_role")]
    footage: Reference | None = None
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    radius_km: Annotated[Number, Field(ge=0)]
    match: Annotated[str, word_of("place_match")]
    by: str
    reason: str
    boundary_set: str | None = None


class DistanceClaim(Value):
    """A distance in the words of its source, with the tolerance that its qualifier has here."""

    original: str
    value: Number
    unit: Literal["mi", "km", "m"]
    km: Number | None = None
    qualifier: Qualifier
    tolerance_pct: Annotated[tuple[Number | None, Number | None], Field(strict=False)] | None = None


class ComputedDistance(Value):
    """One computation; without its boundary set it means nothing."""

    dataset: str | None = None
    km: Number
    mi: Number | None = None
    point: str | None = None
    ratio: Number | None = None
    result: Annotated[str, word_of("distance_check")]
    nearest: Annotated[tuple[float, float], Field(strict=False)] | None = None


class ExpectedDistance(Value):
    """What a check comes to, in words."""

    result: Annotated[str, word_of("distance_check")]
    wording: str | None = None


class DistanceCheck(Entity):
    """A claimed distance beside computed ones."""

    section: ClassVar[str] = "distance_checks"

    id: Reference
    claim: DistanceClaim
    from_: Annotated[Reference, Field(alias="from")]
    to: str
    computed: Many[ComputedDistance] = ()
    expected: ExpectedDistance | None = None
    lesson: str | None = None


class TimeClaim(Entity):
    """When something is said to have been: event, recording, upload and so on, never mixed."""

    section: ClassVar[str] = "time_claims"

    id: Reference
    footage: Reference
    kind: Annotated[str, word_of("time_kind")]
    edtf: Edtf
    original: str | None = None
    anchor: Edtf | None = None
    by: str | None = None
    basis: str | None = None
