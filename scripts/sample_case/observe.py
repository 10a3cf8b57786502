"""Adds two sample observations to the demo's case. Usage: python -m scripts.sample_case.observe CASE USER."""

import sys
from fractions import Fraction
from pathlib import Path

from videtur.cli.environment import open_workspace, writing
from videtur.engines.media.timecode import MediaTime

CLOCK = Fraction(1, 12800)
"""The time base that the encoder gives to 25 pictures a second."""


def main() -> None:
    """Write them as the person named would."""
    case_name, username = sys.argv[1:]
    workspace = open_workspace(Path(sys.argv[3]) if sys.argv[3:] else None)
    from videtur.cases.queries import case_named
    from videtur.evidence.models import Capture
    from videtur.footage.drafts import Count, ObservationDraft
    from videtur.footage.services import add_observation
    from videtur.people.models import User

    def between(first: int, last: int) -> tuple[MediaTime, MediaTime]:
        return MediaTime(first * 12800, CLOCK), MediaTime(last * 12800, CLOCK)

    walking, heard = between(5, 9), between(3, 6)
    drafts = (
        ObservationDraft(
            *walking,
            modality="visual",
            role="unclear",
            text="At least two drawn figures appear to walk across a yard.",
            states=("walking",),
            count=Count(2, None, "simultaneously_visible"),
        ),
        ObservationDraft(
            *heard,
            modality="audible",
            role="off_camera_voice",
            text="A synthetic voice appears to say in Russian: this is a training recording, my leg, my leg.",
            count=Count(1, 1, "distinct_across_shots"),
        ),
    )
    case = case_named(case_name)
    actor = User.objects.get(username=username).actor
    full = Capture.objects.filter(case=case.thing, file_name__endswith="yard-full.mp4").order_by(
        "entry_index"
    )[0]
    with writing(workspace):
        for draft in drafts:
            add_observation(actor, case, full.item, draft)


if __name__ == "__main__":
    main()
