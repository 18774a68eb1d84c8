"""Messages as JSON lines, and their readings as JSON lines: docs/formats/reading.md is the contract.

A line that cannot be read is answered by a line that says why, and the rest goes on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from troth.reading.found import Reading
from troth.reading.message import read, read_many
from troth.reading.plain import to_plain
from troth.words.hours import Hours, NotACalendar, office
from troth.words.messages import Direction

LINE_BYTES_MAX = 16 * 1024 * 1024
"""A longer line is not looked into: a million characters fit, however they are escaped."""

YEARS = range(1900, 2200)
"""When a message can have been written; beyond it calendars and their arithmetic end."""

WORDS_CHARS_MAX = 100
"""No time, zone or country takes more to write."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class NotAMessage(ValueError):
    """A line is no message; the sentence says why."""

    def __init__(self, why: str, id_: str | int | None = None) -> None:
        super().__init__(why)
        self.id = id_


@dataclass(frozen=True)
class Defaults:
    """What a message is taken to say where it says nothing."""

    at: datetime
    tz: str = "UTC"
    country: str = ""
    subdivision: str = ""
    direction: Direction = Direction.INBOUND


class Message(NamedTuple):
    """One message, ready to be read."""

    id: str | int | None
    text: str
    at: datetime
    calendar: Hours
    direction: Direction


class Trouble(NamedTuple):
    """A line that could not be read."""

    line: int
    why: str


@dataclass(frozen=True)
class Answer:
    """What became of some lines."""

    lines: bytes
    """A JSON line for each line that was not empty, in order."""
    read: int
    troubles: tuple[Trouble, ...]


def read_lines(lines: bytes, *, first: int, defaults: Defaults, source: str = "", embedding: bool = False) -> Answer:
    """Read each of *lines*, of which the first is line *first* of its *source*; the source is told if it is named."""
    where = {"file": source} if source else {}
    entries: list[tuple[int, Message | NotAMessage]] = []
    for number, line in enumerate(lines.split(b"\n"), first):
        if number == 1:
            line = line.removeprefix(BYTE_ORDER_MARK)
        if line.strip():
            entries.append((number, _message_or_why(line, defaults)))
    readings = iter(_readings([entry for _, entry in entries if isinstance(entry, Message)]))
    answers, troubles = [], []
    for number, entry in entries:
        found = next(readings) if isinstance(entry, Message) else entry
        head = where | {"line": number} | ({} if entry.id is None else {"id": entry.id})
        if isinstance(entry, Message) and isinstance(found, Reading):
            answers.append(head | to_plain(found, entry.text, embedding=embedding))
        else:
            answers.append(head | {"error": str(found)})
            troubles.append(Trouble(number, str(found)))
    return Answer(b"".join(_line(answer) for answer in answers), len(entries) - len(troubles), tuple(troubles))


def json_line(plain: dict[str, Any]) -> str:
    """*plain* as one line, also for those who take NEL and the separators of lines and paragraphs for its end."""
    line = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return line.translate(_ENDS_OF_LINES) + "\n"


_ENDS_OF_LINES = {number: f"\\u{number:04x}" for number in (0x85, 0x2028, 0x2029)}


def too_long(*, line: int, source: str = "") -> Answer:
    """The answer to a line of more than `LINE_BYTES_MAX`, which nobody held."""
    why = f"The line is longer than {LINE_BYTES_MAX:,} bytes."
    where = {"file": source} if source else {}
    return Answer(_line(where | {"line": line, "error": why}), 0, (Trouble(line, why),))


def message_from(line: bytes, defaults: Defaults) -> Message:
    """The message that a line of JSON holds. Raises `NotAMessage`."""
    given = _object_from(line)
    id_ = given.get("id")
    if isinstance(id_, bool) or not isinstance(id_, str | int | None):
        raise NotAMessage("id is text or a whole number.")
    try:
        tz = _words(given, "tz") or defaults.tz
        # The holidays given with the command are those of its own country.
        country = _words(given, "country") or defaults.country
        subdivision = _words(given, "subdivision") or (defaults.subdivision if country == defaults.country else "")
        return Message(
            id=id_,
            text=_text(given),
            at=_moment(_words(given, "at"), tz, defaults.at),
            calendar=_office(tz, country, subdivision),
            direction=_direction(_words(given, "direction"), defaults.direction),
        )
    except (NotAMessage, NotACalendar) as why:
        raise NotAMessage(str(why), id_) from why


def _message_or_why(line: bytes, defaults: Defaults) -> Message | NotAMessage:
    try:
        return message_from(line, defaults)
    except NotAMessage as why:
        return why


def _object_from(line: bytes) -> dict[str, Any]:
    if len(line) > LINE_BYTES_MAX:
        raise NotAMessage(f"The line is longer than {LINE_BYTES_MAX:,} bytes.")
    try:
        given = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as why:
        raise NotAMessage(f"This is not UTF-8: byte {why.start + 1} of the line.") from why
    except json.JSONDecodeError as why:
        raise NotAMessage(f"This is not JSON: {why.msg} at character {why.pos + 1}.") from why
    except RecursionError as why:
        raise NotAMessage("This is not a message: lists or objects are nested too deeply.") from why
    except ValueError as why:  # a whole number of thousands of digits
        raise NotAMessage("This is not a message: a number in it is too long.") from why
    if not isinstance(given, dict):
        raise NotAMessage('A message is a JSON object, such as {"text": "Where is my parcel?"}.')
    return given


def _text(given: dict[str, Any]) -> str:
    text = given.get("text")
    if not isinstance(text, str):
        raise NotAMessage("text is missing." if text is None else "text is not text.")
    return text


def _words(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str | None):
        raise NotAMessage(f"{name} is not text.")
    if value and (len(value) > WORDS_CHARS_MAX or not value.isprintable()):  # it may be repeated in what we say
        raise NotAMessage(f"{name} cannot be: it is long, or holds control characters.")
    return value or ""


def _moment(words: str, tz: str, default: datetime) -> datetime:
    if not words:
        return default
    try:
        at = datetime.fromisoformat(words)
    except ValueError as why:
        raise NotAMessage("at is no time as RFC 3339 writes it, such as 2026-03-02T09:30:00+01:00.") from why
    if at.year not in YEARS:
        raise NotAMessage(f"at lies outside the years {YEARS[0]} to {YEARS[-1]}.")
    if at.tzinfo is None:
        _office(tz, "", "")  # says what is wrong with the zone
        at = at.replace(tzinfo=ZoneInfo(tz))
    return at


def _direction(words: str, default: Direction) -> Direction:
    if not words:
        return default
    try:
        return Direction(words)
    except ValueError as why:
        raise NotAMessage(f"direction is {', '.join(Direction)}.") from why


@lru_cache(maxsize=512)
def _office(tz: str, country: str, subdivision: str) -> Hours:
    return office(tz, country, subdivision)


def _readings(messages: Sequence[Message]) -> list[Reading | Exception]:
    """The reading of each message, or what went wrong with it: the others are read all the same."""
    try:
        return list(read_many((each.text, each.at, each.calendar, each.direction) for each in messages))
    except Exception:  # whatever it was, it is told below, with the line that brought it about
        return [_reading_or_why(each) for each in messages]


def _reading_or_why(message: Message) -> Reading | Exception:
    try:
        return read(message.text, at=message.at, calendar=message.calendar, direction=message.direction)
    except Exception as why:  # one message must not end the reading of a million
        return NotAMessage(f"It could not be read: {type(why).__name__}: {why}", message.id)


def _line(answer: dict[str, Any]) -> bytes:
    # Half a surrogate pair cannot be written in UTF-8; as a backslash and its number it is what JSON writes anyway.
    return json_line(answer).encode("utf-8", "backslashreplace")
