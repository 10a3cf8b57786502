"""One sandbox for all tests of redaction."""

from collections.abc import Iterator

import pytest

from videtur.engines.media.sandbox import DecodingSandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[DecodingSandbox]:
    """The strongest sandbox this machine gives."""
    with DecodingSandbox() as sandbox:
        yield sandbox
