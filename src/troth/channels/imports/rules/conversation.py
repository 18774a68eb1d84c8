"""A conversation as every format hands it over: who, when, what; nothing looked up yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from troth.people.rules.addresses import NotAnAddress, email_address
from troth.words.promises import State

#: Ids are indexed whole; more than this is no id.
ID_CHARS_MAX = 500
SUBJECT_CHARS = 80
#: Nothing was said before there was anything to say it with.
FIRST_YEAR = 1970


class NotAConversation(ValueError):
    """This cannot be taken in; the message says why, for whoever made the file."""


@dataclass(frozen=True)
class Person:
    """A customer as the file names them; without an address they cannot be found again elsewhere."""

    name: str = ""
    #: email, phone or social.
    kind: str = "email"
    address: str = ""


@dataclass(frozen=True)
class Attached:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One thing said."""

    at: datetime
    #: Said by the company.
    ours: bool
    text: str
    #: Who of the company said it (a name or an address), where the file tells.
    by: str = ""
    #: Which customer said it; None where it is the conversation's own.
    person: Person | None = None
    quoted: str = ""
    html: str = ""
    message_id: str = ""
    #: Written by a machine: an out-of-office note, a bounce.
    automatic: bool = False
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What the file itself says of a promise."""

    what: str
    said_at: datetime | None = None
    due: datetime | None = None
    #: None where the file names the promise and not how it ended.
    outcome: State | None = None
    #: When it was done, or when it was known that it was not.
    outcome_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Conversation:
    id: str
    customer: Person
    channel: str
    subject: str
    turns: tuple[Turn, ...]
    stated: tuple[Stated, ...] = field(default=())


def checked(conversation: Conversation, *, now: datetime) -> Conversation:
    """The conversation with its turns in the order of their times; raises NotAConversation where it cannot be true."""
    if not conversation.id.strip():
        raise NotAConversation("it has no id")
    if len(conversation.id) > ID_CHARS_MAX:
        raise NotAConversation(f"its id is longer than {ID_CHARS_MAX} characters")
    if not conversation.turns:
        raise NotAConversation("it has no messages")
    for person in (conversation.customer, *(turn.person for turn in conversation.turns)):
        if person and person.kind == "email" and person.address:
            try:
                email_address(person.address)
            except NotAnAddress as reason:
                raise NotAConversation(str(reason)) from None
    for turn in conversation.turns:
        if turn.at.year < FIRST_YEAR or turn.at > now + timedelta(days=1):
            raise NotAConversation(f"a message is dated {turn.at.astimezone(UTC):%Y-%m-%d %H:%M}Z, which cannot be")
    turns = tuple(sorted(conversation.turns, key=lambda turn: turn.at))
    subject = conversation.subject or shortened(turns[0].text)
    return Conversation(
        id=conversation.id,
        customer=conversation.customer,
        channel=conversation.channel,
        subject=subject,
        turns=turns,
        stated=conversation.stated,
    )


def shortened(text: str) -> str:
    """The first words of *text*, for a conversation that brought no subject; without whom it was called out to."""
    words = text.split()
    while len(words) > 1 and words[0].startswith("@"):
        words.pop(0)
    line = " ".join(words)
    if len(line) <= SUBJECT_CHARS:
        return line
    return line[:SUBJECT_CHARS].rsplit(" ", 1)[0] + "…"
