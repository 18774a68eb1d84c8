from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest

from troth.channels.email import child as children
from troth.channels.email.child import Reader, Unreadable

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


def test_child_that_takes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Reader(wall_seconds=0.5)
    monkeypatch.setattr(children.sys, "executable", "/bin/sleep")
    monkeypatch.setattr(children, "write_frame", lambda *_: None)
    monkeypatch.setattr(children.subprocess, "Popen", _sleeping(children.subprocess.Popen))

    with pytest.raises(Unreadable, match="longer than"):
        slow.read(GOOD)
    slow.close()


def _sleeping(popen: type) -> object:
    return lambda command, **values: popen(["/bin/sleep", "60"], **{**values, "env": {}})


def test_child_has_no_more_memory_than_a_letter_may_need(reader: Reader) -> None:
    huge = b"From: ann@example.net\r\nContent-Type: text/plain\r\n\r\n" + b"x" * (24 * 1024 * 1024)

    with suppress(Unreadable):
        assert len(reader.read(huge).text) == 200_000

    assert reader.read(GOOD).text == "Where is it?"
