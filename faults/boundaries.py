"""The moments between which nothing reaches the world outside a process: where it can be struck.

One stands after each statement, commit, command and answer: before the next nothing happens, so that moment needs none of its own.
"""

from __future__ import annotations

import imaplib
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from troth.channels.email.child import Reader
from troth.channels.email.pipeline import Line
from troth.ledger import outside

#: Told the number of the boundary and its name; does what it wants, such as killing the process.
Strike = Callable[[int, str], None]


@contextmanager
def boundaries(strike: Strike) -> Iterator[None]:
    """Call *strike* at every boundary of what this thread does."""
    reached = 0

    def boundary(name: str) -> None:
        nonlocal reached
        reached += 1
        strike(reached, name)

    def around(function: Callable[..., Any], name: Callable[..., str]) -> Callable[..., Any]:
        def struck(*values: Any, **named: Any) -> Any:
            result = function(*values, **named)
            boundary(name(*values))
            return result

        return struck

    @contextmanager
    def copied(cursor: psycopg.Cursor[Any], *values: Any, **named: Any) -> Iterator[psycopg.Copy]:
        with copy(cursor, *values, **named) as rows:
            yield rows
        boundary("COPY")

    copy = psycopg.Cursor.copy
    send = smtplib.SMTP.send

    def sent(smtp: smtplib.SMTP, said: str | bytes) -> None:
        """The letter itself goes in two halves; commands are struck by `putcmd`."""
        if isinstance(said, str):
            send(smtp, said)
            return
        middle = len(said) // 2
        send(smtp, said[:middle])
        boundary("half of the letter's bytes")
        send(smtp, said[middle:])
        boundary("the letter's bytes")

    say = Line.say

    def said_ahead(line: Line, words: bytes) -> None:
        """What goes out together goes in two halves."""
        middle = len(words) // 2
        say(line, words[:middle])
        boundary("half of what is said together")
        say(line, words[middle:])
        boundary("what is said together")

    struck = {
        (psycopg.Cursor, "execute"): around(psycopg.Cursor.execute, _statement),
        (psycopg.Cursor, "executemany"): around(psycopg.Cursor.executemany, _statement),
        (psycopg.Cursor, "copy"): copied,
        (smtplib.SMTP, "connect"): around(smtplib.SMTP.connect, lambda *_: "connecting to the SMTP server"),
        (smtplib.SMTP, "putcmd"): around(smtplib.SMTP.putcmd, lambda _smtp, verb, *_: f"SMTP {verb}"),
        (smtplib.SMTP, "getreply"): around(smtplib.SMTP.getreply, lambda *_: "the SMTP answer"),
        (smtplib.SMTP, "send"): sent,
        (Line, "say"): said_ahead,
        (Line, "hear"): around(Line.hear, lambda *_: "the SMTP answer"),
        (imaplib.IMAP4, "open"): around(imaplib.IMAP4.open, lambda *_: "connecting to the IMAP server"),
        (imaplib.IMAP4, "send"): around(imaplib.IMAP4.send, lambda _imap, said: f"IMAP {bytes(said)[:24]!r}"),
        (imaplib.IMAP4, "_command_complete"): around(
            imaplib.IMAP4._command_complete,  # type: ignore[attr-defined]
            lambda _imap, verb, *_: f"the IMAP answer to {verb}",
        ),
        (Reader, "read"): around(Reader.read, lambda *_: "a letter is read"),
        (outside, "_written_beside"): around(
            outside._written_beside, lambda path, *_: f"{path.name} is written beside"
        ),
        (outside, "settle"): around(outside.settle, lambda *_: "a file outside the database has its name"),
    }
    commit = connection._commit  # type: ignore[attr-defined]

    def committing() -> None:
        commit()
        boundary("COMMIT")

    connection.ensure_connection()
    before = {(owner, name): getattr(owner, name) for owner, name in struck}
    for (owner, name), function in struck.items():
        setattr(owner, name, function)
    connection._commit = committing  # type: ignore[attr-defined]
    try:
        boundary("nothing yet")
        yield
    finally:
        del connection._commit  # type: ignore[attr-defined]
        for (owner, name), function in before.items():
            setattr(owner, name, function)


def _statement(_cursor: psycopg.Cursor[Any], sql: Any, *_values: Any) -> str:
    return " ".join(str(sql).split())[:60]
