"""Parts of addresses that Django has no word for."""

from django.urls import register_converter


class Sha256Converter:
    """64 lower-case hexadecimal digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


class PtsConverter:
    """A presentation time: a whole number of at most 18 digits, perhaps negative."""

    regex = "-?[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Its digits."""
        return str(value)


def register() -> None:
    """Make them known to `path`."""
    register_converter(Sha256Converter, "sha256")
    register_converter(PtsConverter, "pts")
