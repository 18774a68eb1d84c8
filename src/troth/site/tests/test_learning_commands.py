from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.faces import Shop
from tests.people_and_things import NOW

from troth import reading
from troth.cases import actions
from troth.cases.models import Message, Rereading
from troth.cases.rules.corrections import Field
from troth.people.models import SecurityEvent
from troth.site.learning_commands import export, reread

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


def test_corrections_are_written_for_their_owner_alone(shop: Shop, tmp_path: Path) -> None:
    actions.correct(shop.message().pk, said={Field.KIND: ["enquiry"]}, by=shop.lea, now=NOW)
    file = tmp_path / "corrections.jsonl"

    told = CliRunner().invoke(export, [str(file)], catch_exceptions=False)
    out = CliRunner().invoke(export, ["-"], catch_exceptions=False)

    assert told.output == f"1 messages are in {file}.\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert out.output == file.read_text()
    assert json.loads(out.output)["kind"] == "enquiry"
    assert SecurityEvent.objects.filter(kind="exported").count() == 2
