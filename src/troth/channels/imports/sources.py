"""Files as a stream of conversations and rejects, whatever is in them; one place in memory at a time."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from troth.channels.imports.rules import lines
from troth.channels.imports.rules.conversation import Conversation, NotAConversation, checked

#: A line of JSON beyond this is not read; it is passed over in pieces.
LINE_MAX = 64 * 1024 * 1024
PIECE = 1024 * 1024


class NotAFileWeKnow(ValueError):
    """The file is neither mbox nor JSON lines."""


@dataclass(frozen=True)
class Rejected:
    """Something that was not taken in: where it stands, why, and its bytes, to be kept."""

    line: int
    reason: str
    pieces: Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Progress:
    """How far the reading of the file has come, of `whole`."""

    done: int
    whole: int


@dataclass(frozen=True)
class Found:
    """A conversation, the line it starts on, and its bytes, should it have to be rejected after all."""

    line: int
    conversation: Conversation
    pieces: Callable[[], Iterator[bytes]]


Item = Found | Rejected | Progress


def format_of(path: Path) -> str:
    """`mbox` or `lines`, by how the file begins; raises NotAFileWeKnow."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "lines"
    bare = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if bare.startswith(b"From "):
        return "mbox"
    if bare.startswith(b"{") or not bare:
        return "lines"
    if bare.startswith(b"["):
        raise NotAFileWeKnow("it is one JSON list: write one conversation per line (`jq -c '.[]'` does it)")
    raise NotAFileWeKnow('it is neither mbox (its first line would begin with "From ") nor JSON lines ("{")')


def conversations_in_lines(path: Path, *, zone: str, now: datetime) -> Iterator[Item]:
    """Each line of a JSON-lines file, in order."""
    whole = path.stat().st_size
    with _as_utf8(path) as file:
        number = 0
        while True:
            raw = file.readline(LINE_MAX)
            if not raw:
                return
            number += 1
            if len(raw) >= LINE_MAX and not raw.endswith(b"\n"):
                _skip_line(file)
                yield Rejected(number, f"the line is longer than {LINE_MAX // PIECE} MiB", _one_line(path, number))
            elif raw.strip():
                yield _line(raw, number=number, zone=zone, now=now)
            yield Progress(min(file.tell(), whole), whole)


def _line(raw: bytes, *, number: int, zone: str, now: datetime) -> Item:
    def pieces() -> Iterator[bytes]:
        yield raw if raw.endswith(b"\n") else raw + b"\n"

    try:
        return Found(number, checked(lines.conversation_of(lines.decoded(raw), zone=zone), now=now), pieces)
    except NotAConversation as reason:
        return Rejected(number, str(reason), pieces)


@contextmanager
def _as_utf8(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes; one in UTF-16 (its first bytes say so) as if it were in UTF-8."""
    with path.open("rb") as file:
        start = file.read(2)
        file.seek(0)
        if start not in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            yield file
        else:
            with io.BufferedReader(_Recoded(file)) as recoded:
                yield recoded


def recoded(file: BinaryIO) -> io.RawIOBase:
    """A file in UTF-16 as if it were in UTF-8."""
    return _Recoded(file)


class _Recoded(io.RawIOBase):
    """UTF-16 read as UTF-8; what cannot be read is marked, not dropped."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
        self._waiting = b""

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._waiting:
            raw = self._file.read(65536)
            self._waiting = self._decoder.decode(raw, final=not raw).encode("utf-8", "replace")
            if not raw:
                break
        count = min(len(view), len(self._waiting))
        view[:count] = self._waiting[:count]
        self._waiting = self._waiting[count:]
        return count


def _skip_line(file: BinaryIO) -> None:
    while (piece := file.readline(PIECE)) and not piece.endswith(b"\n"):
        pass


def _one_line(path: Path, wanted: int) -> Callable[[], Iterator[bytes]]:
    """That line again, in pieces, so that it is kept without being held."""

    def pieces() -> Iterator[bytes]:
        with _as_utf8(path) as file:
            number = 1
            while piece := file.readline(PIECE):
                if number == wanted:
                    yield piece
                if piece.endswith(b"\n"):
                    number += 1
                    if number > wanted:
                        return

    return pieces
