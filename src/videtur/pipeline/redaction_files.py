"""The two steps of a masked copy, and the names of the files that they take and make."""

FIND, RENDER = "redaction_find", "redaction_render"
PLAN_FILE = "plan.json"
UNSURE_FILE = "unsure.json"
"""Stretches that a person has to look at: first and last presentation time, and why."""
COPY_FILE, RECORD_FILE, SEALED_FILE = "redacted.mp4", "redaction.json", "sealed.json"
SEEN_AGAIN_FILE = "seen_again.json"
"""Of a copy that was thrown away: what the detectors still saw, as tracks of the film."""
