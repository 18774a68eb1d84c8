from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings
from tests.faces import Shop
from tests.planted import Life

from troth.channels.email import child


@pytest.fixture(scope="session")
def reader() -> Iterator[child.Reader]:
    """One warm child that reads mail for all of these tests."""
    reader = child.reader_here()
    yield reader
    reader.close()


@pytest.fixture
def life(shop: Shop, tmp_path: Path, settings: Settings, reader: child.Reader) -> Life:
    settings.TROTH_DATA = tmp_path
    return Life(shop)
