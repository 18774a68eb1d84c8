"""The files of an export: one, a folder of them, or a zip, each read as a stream of objects or rows with their lines.

Nothing is unpacked to the disk, so a name in a zip leads nowhere; one object at a time is in memory. What cannot be read is told
with its file and line, and the rest goes on.
"""

from __future__ import annotations

import codecs
import csv
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from troth.channels.imports import values_in_json, values_in_xml
from troth.channels.imports.rules.lines import clean
from troth.channels.imports.rules.ticket import Plain
from troth.channels.imports.sources import recoded

#: Of one file in a zip, what it may become; a desk's pages hold a few hundred tickets each.
MEMBER_MOST = 64 * 1024**3
#: Zip packs zeros a thousandfold; text it packs tenfold.
PACKED_MOST, PACKED_FROM = 500, 64 * 1024**2
MEMBERS_MOST = 200_000
FIELD_MOST = 4 * 1024**2
ENDINGS = {".json", ".ndjson", ".jsonl", ".txt", ".csv", ".xml", ""}
csv.field_size_limit(FIELD_MOST)
codecs.register_error(
    "windows", lambda error: (_as_windows(cast(UnicodeDecodeError, error)), cast(UnicodeDecodeError, error).end)
)


def _as_windows(error: UnicodeDecodeError) -> str:
    return error.object[error.start : error.end].decode("cp1252", "replace")


@dataclass(frozen=True)
class Wrong:
    """What could not be read, and where it stands; its text, to be kept."""

    file: str
    line: int
    reason: str
    text: str = ""


@dataclass(frozen=True)
class Value:
    """An object of a file, the line it begins on, its text, and the name of the page around it or of the file."""

    file: str
    line: int
    plain: Plain
    text: str
    hint: str


@dataclass(frozen=True)
class Done:
    """How many bytes of the export were read, of how many; for whoever watches."""

    done: int
    whole: int


@dataclass(frozen=True)
class File:
    """One file of an export."""

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]


#: What opening or unpacking a file may end in, where its bytes are not what they should be.
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, UnicodeDecodeError)


class NotAnExport(ValueError):
    """There is nothing here that could be read; the sentence says what was looked for."""


def files(path: Path) -> Iterator[File | Wrong]:
    """The files at *path* in the order of their names; what is passed over is told."""
    if path.is_dir():
        for inside in sorted(path.rglob("*")):
            yield from _in_folder(inside, path)
    elif zipfile.is_zipfile(path):
        yield from _in_zip(path)
    elif path.is_file():
        yield File(path.name, path.stat().st_size, lambda: path.open("rb"))
    else:
        raise NotAnExport("there is no such file or folder")


def _in_folder(path: Path, top: Path) -> Iterator[File | Wrong]:
    name = clean(str(path.relative_to(top)))
    if path.is_symlink():
        yield Wrong(name, 0, "it is a link to somewhere else, and is not followed")
    elif path.is_file() and path.suffix.lower() == ".zip":
        for one in _in_zip(path):
            yield File(f"{name}/{one.name}", one.size, one.open) if isinstance(one, File) else one
    elif path.is_file() and not path.name.startswith("."):
        yield File(name, path.stat().st_size, lambda: path.open("rb"))


def _in_zip(path: Path) -> Iterator[File | Wrong]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(archive.infolist(), key=lambda one: one.filename)
    except BROKEN as error:
        yield Wrong(clean(path.name), 0, f"it is no zip that can be opened: {error}")
        return
    if len(members) > MEMBERS_MOST:
        raise NotAnExport(f"the zip holds more than {MEMBERS_MOST} files")
    for member in members:
        name = clean(member.filename)
        if member.is_dir() or "__MACOSX" in name or name.rpartition("/")[2].startswith("."):
            continue
        if member.flag_bits & 1:
            yield Wrong(name, 0, "it is locked with a password: unpack it first")
        elif member.file_size > MEMBER_MOST or (
            member.file_size > PACKED_FROM and member.file_size > PACKED_MOST * max(member.compress_size, 1)
        ):
            yield Wrong(name, 0, f"it is packed to a {PACKED_MOST}th or larger than any page: it is not opened")
        else:
            yield File(name, member.file_size, lambda member=member: _opened(path, member))  # type: ignore[misc]


@contextmanager
def _opened(path: Path, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        yield file


def is_read(name: str) -> bool:
    """Whether a file of this name can hold objects or rows; others are attachments, or nothing of ours."""
    return Path(name).suffix.lower() in ENDINGS


def values(file: File) -> Iterator[Value | Wrong | Done]:
    """Every object of a JSON or XML file."""
    try:
        with file.open() as opened:
            counted = _Counted(opened)
            start = counted.peek(4096)
            xml = start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
            found = values_in_xml.values(counted) if xml else values_in_json.values(_text_of(counted))
            for line, plain, said, hint, reason in found:
                if reason:
                    yield Wrong(file.name, line, reason, said)
                elif plain is not None:
                    yield Value(file.name, line, plain, said, hint or file.name)
                yield Done(counted.done, file.size)
    except BROKEN as error:
        yield Wrong(file.name, 0, f"it cannot be read to its end: {error}")


def rows(file: File) -> Iterator[Value | Wrong | Done]:
    """Every row of a CSV file, by its headings; the separator is what its first line has most of."""
    try:
        with file.open() as opened:
            counted = _Counted(opened)
            lines = (line.replace("\x00", "\ufffd") for line in _text_of(counted))
            yield from _rows(file, lines, counted)
    except BROKEN as error:
        yield Wrong(file.name, 0, f"it cannot be read to its end: {error}")


def _rows(file: File, lines: Iterator[str], counted: _Counted) -> Iterator[Value | Wrong | Done]:
    first = next(lines, "").lstrip("\ufeff")
    separator = max(",;\t|", key=first.count)
    reader = csv.reader(_again(first, lines), delimiter=separator)
    headings: list[str] = []
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Wrong(file.name, line, f"the row cannot be read: {error}")
            continue
        if not headings:
            headings = [heading.strip() for heading in row]
        elif len(row) > len(headings) and any(cell.strip() for cell in row[len(headings) :]):
            yield Wrong(file.name, line, "the row has more cells than there are headings", separator.join(row))
        elif any(cell.strip() for cell in row):
            yield Value(file.name, line, dict(zip(headings, row, strict=False)), "", file.name)
        yield Done(counted.done, file.size)


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _text_of(file: _Counted) -> io.TextIOWrapper:
    """As text: UTF-16 where the first bytes say so, else UTF-8, and what is no UTF-8 as Windows-1252, byte by byte."""
    raw: BinaryIO = cast(BinaryIO, file)
    if file.peek(2)[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        raw = cast(BinaryIO, io.BufferedReader(recoded(raw)))
    return io.TextIOWrapper(raw, encoding="utf-8", errors="windows", newline="")


class _Counted(io.BufferedReader):
    """A file that says how much of it was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._counting = _Counting(file)
        super().__init__(self._counting, buffer_size=1 << 18)

    @property
    def done(self) -> int:
        return self._counting.done


class _Counting(io.RawIOBase):
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        piece = self._file.read(len(view))
        view[: len(piece)] = piece
        self.done += len(piece)
        return len(piece)
