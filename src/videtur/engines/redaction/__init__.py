"""Finding, tracking and masking of faces, persons, text and voices; and the proof that it was done."""
