"""The upper part of a receipt, which people read: written in exactly one way from what is proven; pure.

Nobody reads this part back. Whoever verifies a receipt writes it anew and compares, so every sign of it counts. Words that are
not ours may hold anything; here they neither begin a line, nor end one with a blank, nor turn the direction of what follows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from troth.ledger.rules.canonical import moment
from troth.ledger.rules.note import ED25519, Verifier
from troth.ledger.rules.receipt_words import KINDS

WIDTH = 78
FORMAT = 1

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
#: Signs that control, are not seen, or turn the direction of writing; the backslash, with which they are written; a blank that a
#: mail program may take away. A fixed list: what Unicode says of a sign may change, a receipt may not. Line breaks are not
#: among them, they are shown as such. The joiners U+200C and U+200D stay, for some scripts cannot be written without.
_UNSAFE = re.compile(
    "[\\\\\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]|(?<![^ \n]) | (?![^ \n])"
)
_SIGN = re.compile(r"\\u\{[0-9a-f]+\}|\\\\|[^\\]", re.DOTALL)


def head(
    fact: Mapping[str, Any],
    *,
    happened_at: str,
    recorded_at: str,
    words: Mapping[str, str] | None,
    origin: str,
    index: int,
    size: int,
    keys: Sequence[Verifier],
) -> list[str]:
    """The lines above the proof, without the empty one before it."""
    shown = {
        **fact,
        "happened_at": happened_at,
        "recorded_at": recorded_at,
        **{f"words.{name}": text for name, text in (words or {}).items()},
    }
    title, rows = _told(fact, words or {})
    lines = [*_fold(title), ""]
    for name, label in rows:
        value = spoken(shown.get(name))
        if value:
            lines += _fold(f"{label}:", value)
    lines += ["", *_fold("Record:", origin), f"Place: entry {index + 1:,} of {size:,}"]
    lines += [f"{'Key' if key.algorithm == ED25519 else 'Witness'}: {key.to_text()}" for key in keys]
    return [*lines, *_fold("Check it:", f"troth verify, or {origin}/verify in a browser (receipt format {FORMAT})")]


def _told(fact: Mapping[str, Any], words: Mapping[str, str]) -> tuple[str, list[tuple[str, str]]]:
    """First line and rows: those of the table, else the same for every kind."""
    kind = KINDS.get(fact["kind"])
    if kind is not None:
        return kind["titles"].get(spoken(fact.get(kind["by"])), kind["title"]) if "by" in kind else kind["title"], kind[
            "rows"
        ]
    own = sorted(set(fact) - {"kind", "v", "about", "customer", "happened_at", "recorded_at"})
    rows = [(f"words.{name}", label_of(name)) for name in sorted(words)] + [(name, label_of(name)) for name in own]
    times = [("happened_at", "Happened"), ("recorded_at", "Recorded")]
    return f"Put on record: {fact['kind']}.", [*rows, ("about", "About"), ("customer", "Customer"), *times]


def label_of(name: str) -> str:
    """`delivered_at` is "Delivered at"."""
    return (name[:1].upper() + name[1:]).replace("_", " ")


def spoken(value: str | int | bool | None) -> str:
    """A value as the head says it; nothing for what is not there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    at = instant(value)
    return told_moment(at) if at else value


def instant(text: str) -> datetime | None:
    """The moment that is written so in canonical JSON; None if this is another text."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if moment(at) == text else None


def told_moment(at: datetime) -> str:
    """`Fri 13 Nov 2026, 17:00 UTC`, with seconds and their parts only where there are some."""
    at = at.astimezone(UTC)
    seconds = f":{at:%S}" if at.second or at.microsecond else ""
    parts = f".{at.microsecond:06}" if at.microsecond else ""
    date = f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year:04}"
    return f"{date}, {at:%H:%M}{seconds}{parts} UTC"


# Words that are not ours


def safe(text: str) -> str:
    """The text with every sign that could mislead written as `\\u{...}`, and `\\` as two; line breaks stay."""
    return _UNSAFE.sub(lambda sign: "\\\\" if sign[0] == "\\" else f"\\u{{{ord(sign[0]):x}}}", text)


def _fold(label: str, text: str = "") -> list[str]:
    """*label* and *text* in lines that are not too long, so that it can be undone.

    A line that begins with two blanks goes on with the line before it: a blank stood between them, or nothing where that one
    ends with a single `\\`. One that begins with `|` is a new line of the text itself.
    """
    lines: list[str] = []
    first, *more = safe(text).split("\n") if text else [""]
    _fill(lines, label, first)
    for one in more:
        _fill(lines, "|", one)
    return lines


def _fill(lines: list[str], begin: str, text: str) -> None:
    line = begin
    for word in text.split(" ") if text else ():
        if len(line) + 1 + len(word) <= WIDTH:
            line += " " + word
            continue
        lines.append(line)
        line = " "
        if len(word) + 2 <= WIDTH:
            line += " " + word
            continue
        line = "  "
        for sign in _SIGN.findall(word):
            if len(line) + len(sign) >= WIDTH:
                lines.append(line + "\\")
                line = "  "
            line += sign
    lines.append(line)
