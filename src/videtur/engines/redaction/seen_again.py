"""What detectors still see on a masked copy, as tracks of the film it was made of: to be masked as well."""

from dataclasses import replace

from videtur.engines.redaction.checking import exposed, original_time
from videtur.engines.redaction.finding import Found
from videtur.engines.redaction.plan import KeyFrame, RedactionPlan, Track
from videtur.engines.redaction.rendering import Rendered


def seen_again(found: Found, plan: RedactionPlan, rendered: Rendered, prefix: str) -> tuple[Track, ...]:
    """The tracks found on the copy of a plan that no mask covers, at the times and places of the film.

    Their names begin with `prefix`. A key frame that falls on the time of the one before is left out.
    """
    placed: list[Track] = []
    for track, _ in exposed(found, plan, rendered):
        frames: list[KeyFrame] = []
        for frame in track.key_frames:
            pts = original_time(frame.pts, found.picture.time_base, rendered)
            if not frames or pts > frames[-1].pts:
                frames.append(replace(frame, pts=pts))
        unsure = track.unsure or ("weak",)
        placed.append(replace(track, id=f"{prefix}{track.id}", key_frames=tuple(frames), unsure=unsure))
    return tuple(placed)
