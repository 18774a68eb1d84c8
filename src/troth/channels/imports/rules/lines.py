"""One line of JSON into a conversation: our own plain shape, or dialogs of client and agent turns.

Both are described in `docs/formats/import.md`. Whatever a line holds, reading it ends in a conversation or in
NotAConversation with the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from troth.channels.imports.rules.conversation import Conversation, NotAConversation, Person, Stated, Turn
from troth.words.promises import State

KINDS = ("email", "phone", "social")
OUTCOMES = {
    "kept": State.KEPT,
    "late": State.LATE,
    "broken": State.BROKEN,
    "released": State.RELEASED,
    "unknown": None,
    "": None,
}
#: What PostgreSQL and UTF-8 cannot hold: the NUL, and halves of surrogate pairs.
_UNHOLDABLE = re.compile("[\x00\ud800-\udfff]")
#: Milliseconds from which the numbers of social posts count their time (they carry it in their upper bits).
_POSTS_SINCE_MS = 1_288_834_974_657


def decoded(raw: bytes) -> str:
    """The line as text whatever its encoding: UTF-8, else Windows-1252, else byte by byte."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def conversation_of(line: str, *, zone: str) -> Conversation:
    """The conversation in *line*; times without a zone are read in *zone*. Raises NotAConversation."""
    try:
        plain = json.loads(line)
    except RecursionError:
        raise NotAConversation("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise NotAConversation(f"it is no JSON: {error.msg} at character {error.pos + 1}") from None
    except ValueError:
        raise NotAConversation("it holds a number that is too long") from None
    if not isinstance(plain, dict):
        raise NotAConversation("it is no JSON object")
    if "dialogContent" in plain:
        return _dialog(plain)
    return _plain(plain, zone=zone)


def clean(text: str) -> str:
    return _UNHOLDABLE.sub("\ufffd", text)


# Our own shape


def _plain(plain: Mapping[str, Any], *, zone: str) -> Conversation:
    said = plain.get("messages")
    if not isinstance(said, list):
        raise NotAConversation('it has no list of "messages"')
    promises = plain.get("promises", [])
    if not isinstance(promises, list):
        raise NotAConversation('"promises" is no list')
    return Conversation(
        id=_id(plain),
        customer=_person(plain.get("customer")),
        channel=_text(plain, "channel") or "import",
        subject=" ".join(_text(plain, "subject").split()),
        turns=tuple(_turn(turn, zone=zone) for turn in said),
        stated=tuple(_stated(promise, zone=zone) for promise in promises),
    )


def _id(plain: Mapping[str, Any], name: str = "id") -> str:
    value = plain.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _text(plain, name).strip()


def _person(plain: object) -> Person:
    if not isinstance(plain, dict):
        raise NotAConversation('it has no "customer"')
    name, address = _text(plain, "name"), _text(plain, "handle").strip()
    if not name.strip() and not address:
        raise NotAConversation('its "customer" has neither a name nor a handle')
    kind = _text(plain, "kind") or ("email" if "@" in address.lstrip("@") else "social")
    if kind not in KINDS:
        raise NotAConversation(f"the kind of handle is {kind[:40]!r}: write {', '.join(KINDS)}")
    return Person(name=name, kind=kind, address=address)


def _turn(plain: object, *, zone: str) -> Turn:
    if not isinstance(plain, dict):
        raise NotAConversation("a message is no JSON object")
    by = _text(plain, "from")
    if not by:
        raise NotAConversation('a message does not say who it is "from"')
    ours = by != "customer"
    return Turn(at=_at(plain, "at", zone=zone), ours=ours, by=by if ours else "", text=_text(plain, "text"))


def _stated(plain: object, *, zone: str) -> Stated:
    if not isinstance(plain, dict):
        raise NotAConversation("a promise is no JSON object")
    what, outcome = _text(plain, "what").strip(), _text(plain, "outcome")
    if not what:
        raise NotAConversation('a promise does not say "what"')
    if outcome not in OUTCOMES:
        raise NotAConversation(f"the outcome of a promise is {outcome[:40]!r}: write kept, late, broken or released")
    due = _at(plain, "due", zone=zone) if plain.get("due") else None
    if outcome in {"late", "broken"} and due is None:
        raise NotAConversation(f'a promise is said to be {outcome} and has no "due"')
    outcome_at = _at(plain, "outcome_at", zone=zone) if plain.get("outcome_at") else None
    if due and outcome_at and ((outcome == "kept") != (outcome_at <= due)) and outcome in {"kept", "late", "broken"}:
        raise NotAConversation(f'a promise is said to be {outcome}, and its "outcome_at" and "due" say otherwise')
    return Stated(
        what=what,
        said_at=_at(plain, "said_at", zone=zone) if plain.get("said_at") else None,
        due=due,
        outcome=OUTCOMES[outcome],
        outcome_at=outcome_at,
    )


# Dialogs of client and agent turns


def _dialog(plain: Mapping[str, Any]) -> Conversation:
    """A public exchange: turns under `client` or `agent`, and the agent's last word beside them under `agentURL`."""
    header, content = plain.get("dialogHeader"), plain.get("dialogContent")
    if not isinstance(header, dict) or not isinstance(content, list):
        raise NotAConversation("its dialog has no header or no content")
    turns = [_dialog_turn(turn) for turn in content]
    first = next((turn.person for turn in turns if turn.person), None)
    if first is None:
        raise NotAConversation("nobody in its dialog is a client")
    company = _text(header, "company")
    closing = plain.get("agentURL")
    if isinstance(closing, dict) and _text(closing, "url_utterance"):
        turns.append(_closing_turn(closing, company=company, after=max(turn.at for turn in turns)))
    return Conversation(id=_id(header, "sessionID"), customer=first, channel="social", subject="", turns=tuple(turns))


def _dialog_turn(plain: object) -> Turn:
    if not isinstance(plain, dict):
        raise NotAConversation("a turn is no JSON object")
    at, text = _at(plain, "datetime", zone="UTC"), unescape(_text(plain, "message"))
    client = next((name for name in plain if name.startswith("client")), None)
    if client:
        name = _text(plain, client).strip().lstrip("@")
        if not name:
            raise NotAConversation("a client has no name")
        return Turn(at=at, ours=False, text=text, person=Person(name=name, kind="social", address=f"@{name}"))
    agent = next((name for name in plain if name.startswith("agent")), None)
    if agent is None:
        raise NotAConversation("a turn is neither a client's nor an agent's")
    return Turn(at=at, ours=True, text=text, by=_text(plain, agent))


def _closing_turn(plain: Mapping[str, Any], *, company: str, after: datetime) -> Turn:
    """Its time is in the post's own number; where that cannot be read, it came right after the turn before it."""
    number = _id(plain, "tweet_ID")
    at = after + timedelta(seconds=1)
    if number.isascii() and number.isdecimal() and len(number) <= 20:
        posted = datetime.fromtimestamp(((int(number) >> 22) + _POSTS_SINCE_MS) / 1000, UTC)
        at = max(posted, at)
    return Turn(at=at, ours=True, text=unescape(_text(plain, "url_utterance")), by=company)


# Values


def _text(plain: Mapping[str, Any], name: str) -> str:
    value = plain.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotAConversation(f'"{name}" is no text')
    return clean(value)


def _at(plain: Mapping[str, Any], name: str, *, zone: str) -> datetime:
    value = _text(plain, name)
    try:
        at = datetime.fromisoformat(value)
        at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAConversation(f'"{name}" is {value[:40]!r}: write a time such as 2026-03-02T09:30:00Z') from None
