"""What the decision on two sounds rests on, in figures with their thresholds and in sentences."""

BEYOND_CHANCE = (3.0, 6.8, 20.0)
"""How many times as closely the sounds agree as chance would have it: nothing, threshold, full."""
LEAD = (1.0, 1.2, 2.5)
"""How many times as closely as at the best other offset."""
HEARD = (0.8, 1.8, 8.0)
"""Seconds judged in which both sounds change."""


def sound_reasons(beyond: float, lead: float, seconds: float) -> tuple[str, ...]:
    """One line for each condition, met or not; and what a sound in common does not show."""
    figures = (
        f"the sounds agree {beyond:.1f} times as closely as chance would have it (6.8 needed)",
        f"at the best other offset they agree less closely, by a factor of {lead:.2f} (1.20 needed)",
        f"judged on {seconds:.1f} s of sound that changes (1.8 s needed)",
    )
    repeats = beyond >= BEYOND_CHANCE[1] and lead < LEAD[1]
    return (
        *figures,
        *(("the sound repeats itself, so that one part of it is like another",) if repeats else ()),
        "a sound in common does not show that the picture is of one recording",
    )
