"""`troth log`: what it prints, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.people_and_things import handle
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint

from troth.ledger import outside, queries, rotation, sealing, tasks
from troth.ledger.rules import log_keys
from troth.site import log_commands

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key_file(settings: Any, tmp_path: Path) -> Path:
    settings.TROTH_LOG_KEY, settings.TROTH_LOG_KEY_FILE = "", str(tmp_path / "log-key")
    settings.TROTH_LOG_ORIGIN = "parcel.example/record"
    return tmp_path / "log-key"


def run(command: click.Command, *words: str) -> tuple[int, str, str]:
    inside = getattr(command.callback, "__wrapped__", command.callback)
    bare = click.Command("bare", params=command.params, callback=inside)
    done = CliRunner().invoke(bare, words, catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


def seal() -> None:
    handle()
    assert sealing.seal(now=timezone.now())


def test_the_head_is_printed_as_others_verify_it() -> None:
    assert run(log_commands.head)[0] == 1
    seal()

    code, said, _err = run(log_commands.head)

    assert (code, said) == (0, queries.checkpoint())
    Checkpoint.from_text(said).verify(Vkey.from_string(run(log_commands.keys)[1].split()[0]))
    assert run(log_commands.head, "--size", "77")[0] == 1


def test_no_command_shows_the_private_half_of_a_key_in_use() -> None:
    seal()

    for command in (log_commands.keys, log_commands.rotate, log_commands.head):
        code, said, err = run(command)
        assert (code, "PRIVATE" in said + err) == (0, False)


def test_a_printed_key_can_be_put_in_front(key_file: Path) -> None:
    seal()
    before = key_file.read_text()
    printed = run(log_commands.key)[1]
    assert key_file.read_text() == before
    key_file.write_text(printed + before.strip() + " until 2100-01-01T00:00:00Z\n")

    code, said, _err = run(log_commands.rotate, "--keys-as-they-are")

    assert (code, said.split()[0]) == (0, log_keys.read(printed)[0].verifier.to_text())
    assert [kind for kind, _values, _at in queries.facts_about(queries.LOG)] == ["LogKeyChanged"]


def test_both_keys_are_listed_with_their_periods() -> None:
    seal()
    old = outside.read_keys()[0]
    run(log_commands.rotate, "--overlap-days", "7")

    new, before = run(log_commands.keys)[1].splitlines()

    assert before.split()[0] == old.verifier.to_text()
    assert [word for word in before.split() if word in {"since", "until"}] == ["since", "until"]
    assert "until" not in new


def test_a_log_that_goes_on_is_not_reopened_and_one_that_lost_its_key_is(key_file: Path) -> None:
    seal()
    assert run(log_commands.reopen, "--because", "backup", "--yes")[0] == 1
    key_file.unlink()
    handle("bob@example.net")

    code, said, err = run(log_commands.reopen, "--because", "key", "--yes")

    assert (code, said.split("+")[0]) == (0, "parcel.example/record/2")
    assert "parcel.example/record/2" in err
    assert tasks.seal() > 1


def test_a_log_whose_key_is_in_other_hands_is_left_once_somebody_says_yes() -> None:
    seal()
    stolen = run(log_commands.keys)[1].split()[0]

    code, said, _err = run(log_commands.reopen, "--because", "key")
    assert (code, "This cannot be taken back" in said) == (1, True)
    assert queries.reopenings() == []

    assert run(log_commands.reopen, "--because", "key", "--yes")[0] == 0
    listed = run(log_commands.keys)[1].splitlines()
    assert [line.split()[0] == stolen for line in listed] == [False, True]
    assert "until" in listed[1]


def test_reasons_are_those_of_the_fact() -> None:
    assert list(log_commands.WHY) == [why.value for why in rotation.Why]
