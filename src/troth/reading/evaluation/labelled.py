"""Labelled messages as JSON lines: a message as `troth read` takes it, with what people say about it.

A label that is not there is not known: that line takes no part in the tasks that need it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from troth.reading.found import Bond, NearKind, Span
from troth.reading.lines import Defaults, Message, NotAMessage, message_from
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.messages import Direction
from troth.words.promises import Strength

NEUTRAL = "neutral"
EMOTIONS = (*(emotion.value for emotion in Emotion), NEUTRAL)
TIMES = ("dated", "vague", "none")
NO_TIME_GIVEN = Defaults(at=datetime(2000, 1, 3, 12, tzinfo=UTC))
"""A labelled line says when it was written wherever that matters; without, a fixed day keeps figures the same."""


class NotLabelled(ValueError):
    """A line is no labelled message; the sentence says which line, and why."""


@dataclass(frozen=True)
class GoldPromise:
    """A promise as labelled. What is None was not labelled, except for `due`."""

    span: Span
    due: date | datetime | None
    """The day, or the instant, by which; None: none, or it is not known."""
    has_due_label: bool = True
    """Is `due` labelled? Then None says that it names no time."""
    due_from: date | None = None
    """The first day that would be right as well, where several are ("next week")."""
    window_start: date | datetime | None = None
    strength: str | None = None
    bond: str | None = None
    time: str | None = None

    @property
    def is_date_free(self) -> bool:
        """Is it sure that no date is promised?"""
        return self.has_due_label and self.due is None and self.time != "dated"


@dataclass(frozen=True)
class GoldNear:
    span: Span
    kind: str


@dataclass(frozen=True)
class Labelled:
    """One message and its labels; None: not labelled."""

    line: int
    message: Message
    promises: tuple[GoldPromise, ...] | None = None
    near: tuple[GoldNear, ...] | None = None
    emotions: frozenset[str] | None = None
    """Of `EMOTIONS`; neutral alone where none is shown."""
    cause: str | None = None
    has_cause_label: bool = False
    """Is `cause` labelled? Then None says that there is none."""
    complaint: bool | None = None
    request: bool | None = None


def labelled(lines: Iterable[bytes]) -> Iterator[Labelled]:
    """Every line that is not empty. Raises `NotLabelled`: a judge does not go on with half of the evidence."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _labelled(number, line)
            except (NotAMessage, ValueError, TypeError, KeyError) as why:
                said = f"{why} is missing" if isinstance(why, KeyError) else str(why)
                raise NotLabelled(f"Line {number}: {said}") from why


def _labelled(number: int, line: bytes) -> Labelled:
    given: dict[str, Any] = json.loads(line.decode("utf-8")) if line else {}
    # Promises stand in what we write; the rest is labelled in what customers write.
    ours = "promises" in given or "near" in given
    direction = Direction.OUTBOUND if ours else Direction.INBOUND
    message = message_from(line, replace(NO_TIME_GIVEN, direction=direction))
    text = message.text
    return Labelled(
        line=number,
        message=message,
        promises=_each(given.get("promises"), lambda plain: _promise(plain, text)),
        near=_each(given.get("near"), lambda plain: GoldNear(_span(plain, text), NearKind(plain["kind"]).value)),
        emotions=_emotions(given.get("emotions")),
        cause=None if given.get("cause") is None else Cause(given["cause"]).value,
        has_cause_label="cause" in given,
        complaint=_yes_or_no(given, "complaint"),
        request=_yes_or_no(given, "request"),
    )


def _promise(plain: dict[str, Any], text: str) -> GoldPromise:
    due = _moment(plain.get("due"))
    time = _one_of(TIMES, plain.get("time")) or ("dated" if due else None)
    if due and time != "dated":
        raise ValueError(f"a promise with a due is dated, not {time}")
    return GoldPromise(
        span=_span(plain, text),
        due=due,
        has_due_label="due" in plain,
        due_from=date.fromisoformat(plain["due_from"]) if plain.get("due_from") else None,
        window_start=_moment(plain.get("window_start")),
        strength=Strength(plain["strength"]).value if plain.get("strength") else None,
        bond=Bond(plain["bond"]).value if plain.get("bond") else None,
        time=time,
    )


def _span(plain: dict[str, Any], text: str) -> Span:
    start, end = plain["span"]
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
        raise ValueError(f"span {plain['span']} is no place in the text")
    return Span(start, end)


def _moment(words: str | None) -> date | datetime | None:
    """A day, or an instant. Raises `ValueError`."""
    if not words:
        return None
    if len(words) == len("2026-03-02"):
        return date.fromisoformat(words)
    at = datetime.fromisoformat(words)
    if at.tzinfo is None:
        raise ValueError(f"{words} has no offset")
    return at


def _emotions(labels: list[str] | None) -> frozenset[str] | None:
    if labels is None:
        return None
    return frozenset(_one_of(EMOTIONS, label) or NEUTRAL for label in labels) or frozenset({NEUTRAL})


def _one_of(words: tuple[str, ...], word: str | None) -> str | None:
    if word is not None and word not in words:
        raise ValueError(f"{word!r} is none of {', '.join(words)}")
    return word


def _yes_or_no(given: dict[str, Any], name: str) -> bool | None:
    value = given.get(name)
    if not isinstance(value, bool | None):
        raise ValueError(f"{name} is true or false")
    return value


def _each(items: list[Any] | None, make: Any) -> tuple[Any, ...] | None:
    return None if items is None else tuple(make(item) for item in items)
