from __future__ import annotations

import pytest
from click.testing import CliRunner
from tests.faces import Shop

from troth import reading
from troth.cases.models import Message, Rereading
from troth.site.learning_commands import reread

pytestmark = pytest.mark.django_db


def test_messages_are_read_anew_and_counted(shop: Shop) -> None:
    for _ in range(3):
        shop.message()
    Message.objects.update(reading={"version": "rules-0"})

    told = CliRunner().invoke(reread, ["--batch", "2"], catch_exceptions=False)

    assert told.output.splitlines()[-1] == f"Read anew by {reading.VERSION}: 3 messages."
    assert {plain["version"] for plain in Message.objects.values_list("reading", flat=True)} == {reading.VERSION}
    assert Rereading.objects.get().ended_at is not None


def test_where_nothing_is_left_it_says_so(shop: Shop) -> None:
    shop.message()

    told = CliRunner().invoke(reread, [], catch_exceptions=False)

    assert told.output == f"Every message was read by {reading.VERSION} already.\n"
