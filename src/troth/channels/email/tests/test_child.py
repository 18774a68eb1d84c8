from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from troth.channels.email import child as children
from troth.channels.email.child import BRIEF, LONG, Patience, Reader
from troth.inbox.rules.incoming import TOO_SLOW, Unreadable

GOOD = b"From: ann@example.net\r\nSubject: Parcel\r\n\r\nWhere is it?\r\n"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.close()


def test_letters_are_read_by_one_warm_child(reader: Reader) -> None:
    first = reader.read(GOOD)
    process = reader._child
    second = reader.read(GOOD, own_addresses=["ann@example.net"])

    assert (first.text, first.from_address) == ("Where is it?", "ann@example.net")
    assert second.origin.value == "own"
    assert reader._child is process


def test_letter_beyond_a_limit_is_refused_and_the_next_one_read(reader: Reader) -> None:
    with pytest.raises(Unreadable, match="more than 200 parts"):
        reader.read(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 4_000)

    assert reader.read(GOOD).text == "Where is it?"


def test_child_that_dies_is_replaced(reader: Reader) -> None:
    reader.read(GOOD)
    assert reader._child is not None
    reader._child.kill()
    reader._child.wait()

    assert reader.read(GOOD).text == "Where is it?"


#: A quarter of a megabyte of tables that were never closed: the cleaner needs a second for it.
SLOW = (
    b"From: ann@example.net\r\nContent-Type: text/html\r\n\r\nWhere is it?<table>" + b"x<b>" * 180 + b"<tr>x" * 50_000
)


def test_what_takes_long_is_given_up_soon_and_read_where_there_is_time(reader: Reader) -> None:
    with pytest.raises(Unreadable, match="longer than") as given_up:
        reader.read(SLOW, patience=BRIEF)

    assert given_up.value.code == TOO_SLOW
    assert reader.read(GOOD, patience=BRIEF).text == "Where is it?"
    assert reader.read(SLOW, patience=LONG).text.startswith("Where is it?")


def test_child_that_does_nothing_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = Reader()
    monkeypatch.setattr(children.subprocess, "Popen", _sleeping(children.subprocess.Popen))

    with pytest.raises(Unreadable, match="longer than") as given_up:
        stuck.read(GOOD, patience=Patience(cpu_seconds=10, wall_seconds=0.5))

    assert given_up.value.code == TOO_SLOW
    assert stuck._child is None
    stuck.close()


def _sleeping(popen: type) -> object:
    return lambda command, **values: popen(["/bin/sleep", "60"], **{**values, "env": {}})


@pytest.mark.parametrize(
    "words",
    [
        "On " * 21_000,
        "Am 1.1. " * 8_000,
        "Le " * 21_000,
        "> " * 31_000,
        "a_" * 31_000,
        "-- \n" * 15_000,
        "\n \t" * 20_000,
    ],
    ids=lambda words: words[:6],
)
def test_words_that_keep_the_reply_reader_busy_are_shown_whole(reader: Reader, words: str) -> None:
    """Each of these took it from many seconds to for ever; looking for the reply is not worth a letter."""
    read = reader.read(GOOD.replace(b"Where is it?", words.encode()) + b"Where is it?", patience=LONG)

    assert "Where is it?" in read.text
    assert read.reply_text


def test_child_has_no_more_memory_than_a_letter_may_need(reader: Reader) -> None:
    huge = b"From: ann@example.net\r\nContent-Type: text/plain\r\n\r\n" + b"x" * (24 * 1024 * 1024)

    with suppress(Unreadable):
        assert len(reader.read(huge).text) == 200_000

    assert reader.read(GOOD).text == "Where is it?"
