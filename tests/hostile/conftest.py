from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.faces import Shop
from tests.hostile.doors import Door
from troth.channels.email import child


@pytest.fixture(scope="session")
def reader() -> Iterator[child.Reader]:
    """One warm child for all of these tests."""
    reader = child.reader_here()
    yield reader
    reader.close()


@pytest.fixture
def door(shop: Shop, settings: Settings, reader: child.Reader) -> Door:
    """The mailbox that customers write to, whose own server vouches for senders."""
    settings.TROTH_MAIL_FROM = "support@parcel.example"
    return Door(shop)
