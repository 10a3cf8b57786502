"""How much one file may ask of us before it is refused."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one job in the sandbox; each stands for an attack or an accident seen in the field."""

    pixels: int = 40_000_000
    """Pixels of one picture: a small PNG can ask for gigabytes."""
    duration_seconds: int = 24 * 3600
    """Decoding stops there, and says so."""
    picture_frames: int = 24 * 3600 * 60
    """Decoding stops there, and says so."""
    memory_bytes: int = 3 << 30
    """Address space of the child, libraries included."""
    cpu_seconds: int = 6 * 3600
    """CPU time of the child for one file."""
    output_bytes: int = 8 << 30
    """The largest file the child may write (previews)."""
    stall_seconds: int = 120
    """A child that says nothing for so long while we wait for it is killed."""

    def as_json(self) -> dict[str, int]:
        """The caps by name, for the record of a derivation."""
        return asdict(self)
