"""Walks the demo's gold case through the method.

Usage: python -m scripts.sample_case.walk PASSWORD_FILE [--without-observations]

People get their accounts and tasks; the copies are confirmed, what appears is written down at time codes, and
the case goes its way (`scripts.sample_case.method`). Each step is a service call by its person.
"""

import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.sample_case.build import CASE, PRACTICE
from scripts.sample_case.people import ANALYST_ONE, ANALYST_TWO, LEAD, PEOPLE, Person
from videtur.cli.environment import open_workspace, writing
from videtur.engines.media.timecode import MediaTime

if TYPE_CHECKING:
    from videtur.cases.models import Case
    from videtur.evidence.models import Item
    from videtur.people.models import User

CLOCK = Fraction(1, 15360)
"""The time base that the encoder gives to 15 pictures a second."""


def main() -> None:
    """Every step, once: a walk that was broken off is not patched up."""
    workspace = open_workspace()
    password = Path(sys.argv[1]).read_text(encoding="ascii")
    with writing(workspace):
        from videtur.cases.queries import case_named
        from videtur.footage.models import CopyDecision

        people = _accounts(password)
        gold = case_named(CASE)
        if CopyDecision.objects.exists():
            sys.exit("The walk was begun before. Remove the demo's folder, then start again")
        _confirm_copies(people, gold)
        if "--without-observations" not in sys.argv:  # films too short for them, in a test
            _observe(people, gold)
        from scripts.sample_case.method import walk

        walk(people, gold)


def item_named(case: "Case", name: str) -> "Item":
    """The item that arrived under that file name."""
    from videtur.evidence.models import Capture

    found = Capture.objects.filter(case=case.thing, file_name__endswith=name).select_related("item").first()
    if found is None:
        sys.exit(f"The demo stopped: {name} was not taken in")
    return found.item


def _accounts(password: str) -> "dict[Person, User]":
    from videtur.cases.queries import case_named
    from videtur.cases.services import add_member
    from videtur.people.models import User
    from videtur.people.services import create_user

    lead = User.objects.get(username=LEAD.username)
    people = {LEAD: lead}
    for person in PEOPLE:
        user = User.objects.filter(username=person.username).first()
        people[person] = user or create_user(
            lead.actor, person.username, password, display_name=person.display_name
        )
        for name in (CASE, PRACTICE):
            add_member(lead.actor, case_named(name), people[person], person.role)
    return people


def _confirm_copies(people: "dict[Person, User]", case: "Case") -> None:
    from videtur.footage.services import decide_copy

    analyst = people[ANALYST_ONE].actor
    first, second = "V3-nearly-six-minutes.mp4", "FG2-one-minute.mp4"
    for whole, parts in (
        (first, ("V1-three-thirty-eight.mp4", "V2-about-five-minutes.mp4", "V4-first-short.mp4")),
        (first, ("V4-second-short.mp4",)),
        (second, ("FG2-copy.mp4",)),
    ):
        for part in parts:
            reason = "Looked at both side by side: the same picture, from the same place, at the same moments"
            decide_copy(
                analyst, case, item_named(case, whole), item_named(case, part), "same_footage", reason
            )


def _observe(people: "dict[Person, User]", case: "Case") -> None:
    from videtur.footage.drafts import Count, ObservationDraft
    from videtur.footage.services import add_observation

    def between(first: int, last: int) -> tuple[MediaTime, MediaTime]:
        return MediaTime(first * 15360, CLOCK), MediaTime(last * 15360, CLOCK)

    film = item_named(case, "V3-nearly-six-minutes.mp4")
    other = item_named(case, "FG2-one-minute.mp4")
    written = (
        (
            ANALYST_ONE,
            film,
            ObservationDraft(
                *between(4, 24),
                modality="visual",
                role="apparent_captive",
                states=("lying",),
                count=Count(5, None, "simultaneously_visible"),
                text="At least five drawn figures appear to lie on the ground of a yard.",
            ),
        ),
        (
            ANALYST_ONE,
            film,
            ObservationDraft(
                *between(34, 37),
                modality="audible",
                role="off_camera_voice",
                count=Count(1, 1, "distinct_across_shots"),
                text="A synthetic voice appears to say in Russian: my leg, my leg.",
            ),
        ),
        (
            ANALYST_TWO,
            film,
            ObservationDraft(
                *between(160, 174),
                modality="visual",
                role="apparent_captive",
                act="unloading_from_vehicle",
                states=("walking",),
                count=Count(3, 3, "distinct_across_shots"),
                text="Three more drawn figures appear to come from a van, one by one, and to lie down.",
            ),
        ),
        (
            ANALYST_ONE,
            other,
            ObservationDraft(
                *between(2, 20),
                modality="visual",
                role="apparent_captive",
                states=("lying",),
                count=Count(3, None, "simultaneously_visible"),
                text="At least three drawn figures appear to lie on the ground; others walk by.",
            ),
        ),
    )
    for person, item, draft in written:
        add_observation(people[person].actor, case, item, draft)


if __name__ == "__main__":
    main()
