"""What the log keeps outside the database: the keys it signs with, and the head it signed last.

A copy of the database can then neither sign in the log's name nor, put back after a fault, go on from an older head as if nothing
had been signed since. Both are small files beside the data; settings name other places, or hold the keys themselves. The public
halves are kept once more beside the head, for receipts are verified with them when the keys themselves are lost.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from troth.ledger.durable import settle
from troth.ledger.rules import log_keys
from troth.ledger.rules.checkpoint import Checkpoint, NotACheckpoint
from troth.ledger.rules.log_keys import LogKey
from troth.ledger.rules.note import NotAKey, NotANote, Note

SECRET_BYTES = 32
#: How long one process waits for another to write its few bytes; who takes longer is paused, or its disk is.
PATIENCE_SECONDS = 2.0


class SealingRefused(RuntimeError):
    """Nothing is signed until somebody looks; the sentence says what is wrong and what to do."""


class KeysNotReadable(SealingRefused):
    """The keys of the log are not where they should be, or are none; the sentence says what to do."""


class KeysNotOurs(SealingRefused):
    """The keys are held where we cannot write; the sentence says what to do instead."""


class LastHeadNotReadable(SealingRefused):
    """The file with the head that was signed last cannot be read; the sentence says what to do."""


class HeldByAnother(RuntimeError):
    """Another process writes beside the data and does not come to its end; nothing was written, and the next round may."""


# Keys


def read_keys() -> tuple[LogKey, ...]:
    """Every key of the log, the newest first; none before the first was made. Read anew each time, so that no rotated key needs
    a restart. Raises KeysNotReadable."""
    path = _key_file()
    try:
        return log_keys.read(settings.TROTH_LOG_KEY if path is None else path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise KeysNotReadable(
            _("The keys of the log cannot be read from %(file)s: see whose file it is.") % {"file": path}
        ) from error
    except NotAKey as error:
        said = {"place": path or "TROTH_LOG_KEY", "problem": error}
        raise KeysNotReadable(_("The keys of the log in %(place)s cannot be read: %(problem)s") % said) from error


def make_first_key(*, now: datetime) -> tuple[LogKey, ...]:
    """The log's first key, made and kept; where another process was quicker, theirs. Raises KeysNotOurs."""
    path = _key_file()
    if path is None:
        raise AssertionError("Keys that stand in the environment are there already.")
    try:
        beside = _written_beside(path, log_keys.written([new_key(name=settings.TROTH_LOG_ORIGIN, now=now)]))
        with suppress(FileExistsError):
            os.link(beside, path)
        beside.unlink()
        settle(path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    return read_keys()


def new_key(*, name: str, now: datetime) -> LogKey:
    return log_keys.made(secrets.token_bytes(SECRET_BYTES), name=name, now=now)


def write_keys(found: Sequence[LogKey]) -> None:
    """Put *found* in the place of the keys there are. Raises KeysNotOurs."""
    path = _key_file()
    if path is None:
        raise KeysNotOurs(
            _(
                "The keys stand in TROTH_LOG_KEY, which only you can change: put a new one in front of the others (`troth log key`"
                " prints one), write `until` and a time behind the one before, and run this again with --keys-as-they-are."
            )
        )
    try:
        _written_beside(path, log_keys.written(found)).replace(path)
        settle(path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error


def known_keys() -> tuple[LogKey, ...]:
    """Every key that this machine ever signed with, the newest first; also where the file of keys is gone, of those the public
    half. Never taken from the database: whoever can write there could have receipts of their own believed."""
    return log_keys.together(read_keys(), _public_halves())


def keep_public_halves() -> None:
    """Write down whom heads are verified with, beside the last of them: receipts outlive the file of keys. Raises HeldByAnother."""
    path = _public_file()
    with _alone(path):
        there = _public_halves()
        known = log_keys.together(read_keys(), there)
        if log_keys.written(known, public=True) != log_keys.written(there, public=True):
            _written_beside(path, log_keys.written(known, public=True)).replace(path)
            settle(path.parent)


def _public_halves() -> tuple[LogKey, ...]:
    path = _public_file()
    try:
        return log_keys.read(path.read_text(encoding="utf-8"), only_public=True)
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, NotAKey) as error:
        said = {"file": path, "problem": error}
        raise KeysNotReadable(
            _("The public halves of the log's keys in %(file)s cannot be read (%(problem)s): put the file back.") % said
        ) from error


def _public_file() -> Path:
    return last_head_file().with_name(f"{last_head_file().name}.keys")


def _cannot_write(path: Path, error: OSError) -> KeysNotOurs:
    said = {"file": path, "problem": error.strerror}
    return KeysNotOurs(
        _("The keys of the log cannot be written to %(file)s (%(problem)s): see whose folder it is.") % said
    )


def _key_file() -> Path | None:
    """Where the keys lie, unless the environment holds them."""
    return None if settings.TROTH_LOG_KEY else Path(settings.TROTH_LOG_KEY_FILE)


# The head that was signed last


def last_head() -> tuple[Checkpoint, Note] | None:
    """The head that was signed last, as far as this machine knows; None before the first. Raises LastHeadNotReadable."""
    path = last_head_file()
    try:
        note = Note.from_text(path.read_text(encoding="utf-8"))
        return Checkpoint.from_note(note), note
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, NotANote, NotACheckpoint) as error:
        raise LastHeadNotReadable(
            _(
                "%(file)s, the head of the log that was signed last, cannot be read (%(problem)s): put it back from a backup."
            )
            % {"file": path, "problem": error}
        ) from error


def last_head_note() -> str | None:
    """The same as it stands there; raises LastHeadNotReadable."""
    found = last_head()
    return found[1].to_text() if found else None


def keep_head(note: str) -> None:
    """Write *note* down as the head that was signed last, unless a later one stands there; on the disk when this returns.

    The last head of a log that does not go on is kept beside it. Raises HeldByAnother.
    """
    path, head = last_head_file(), Checkpoint.from_note(Note.from_text(note))
    with _alone(path):
        there = last_head()
        if there and there[0].origin == head.origin and there[0].size >= head.size:
            return
        if there and there[0].origin != head.origin:
            path.replace(path.with_name(f"{path.name}.{hashlib.sha256(there[1].text.encode()).hexdigest()[:8]}"))
        _written_beside(path, note).replace(path)
        settle(path.parent)


def forget() -> None:
    """Leave no key and no head, for the whole log goes with its database; keys in the environment are the host's own."""
    last_head_file().unlink(missing_ok=True)
    _public_file().unlink(missing_ok=True)
    path = _key_file()
    if path is not None:
        path.unlink(missing_ok=True)


def last_head_file() -> Path:
    return Path(settings.TROTH_LAST_CHECKPOINT)


# Files


def _written_beside(path: Path, text: str) -> Path:
    """A new file beside *path*, for our own eyes only, whole on the disk."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return beside


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time: the later of two heads must stay. Raises HeldByAnother."""
    opened = os.open(path.with_name(f".{path.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        _locked(opened, until=time.monotonic() + PATIENCE_SECONDS)
        yield
    finally:
        os.close(opened)


def _locked(opened: int, *, until: float) -> None:
    """Not for ever: a process that is paused keeps its lock, and whoever took over from it would stand still beside it."""
    while True:
        with suppress(BlockingIOError):
            return fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if time.monotonic() > until:
            raise HeldByAnother("Another process has been writing down the head of the log for seconds.")
        time.sleep(0.02)
