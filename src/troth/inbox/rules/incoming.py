"""A message as every channel hands it over: read, but not yet believed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

#: The code of what was given up for time alone: it may be read where there is more.
TOO_SLOW = "too_slow"


class Unreadable(Exception):
    """A channel could not read what arrived. `code` goes into the ledger, the sentence to staff; the source is kept whole."""

    def __init__(self, sentence: str, *, code: str) -> None:
        super().__init__(sentence)
        self.code = code


class Origin(Enum):
    """Who wrote it: a person, or a machine that must not be answered by a machine."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    MAILING_LIST = "mailing_list"
    LOOP = "loop"  # it passed through a system like ours
    OWN = "own"  # it comes from one of our own addresses


class Dmarc(Enum):
    """What our own mail server found; only the server named for the mailbox is believed."""

    PASS = "pass"  # noqa: S105 - a result, no password
    FAIL = "fail"
    NONE = "none"  # nothing was said, or nobody is named whom we would believe


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    digest: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(self.content).hexdigest())


@dataclass(frozen=True)
class Incoming:
    """One message. Everything in it is the sender's word, except `dmarc` and `dmarc_is_checked`."""

    text: str
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    from_address: str = ""
    from_name: str = ""
    from_is_sound: bool = False  # exactly one From, no group, and Sender is absent or the same
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    html: str = ""  # cleaned: safe to show in a sandboxed frame
    reply_text: str = ""  # what is new in it; the whole stays in `text`
    quoted: str = ""
    signature: str = ""
    attachments: tuple[Attachment, ...] = ()
    dmarc: Dmarc = Dmarc.NONE
    dmarc_is_checked: bool = False  # a server is named whose word we take
    origin: Origin = Origin.PERSON
    hops: int = 0
    is_public: bool = False  # said where others can read it
    bounce_of: str = ""  # the Message-ID of the letter that came back
    bounce_reason: str = ""
    notes: tuple[str, ...] = field(default=())  # what was left out or mended, in words for staff


def same_message_digest(incoming: Incoming) -> str:
    """The digest that, with the Message-ID, says two arrivals are one message: From, Date and body (not the way they took)."""
    said = "\n".join(
        (
            incoming.from_address.lower(),
            incoming.sent_at.isoformat() if incoming.sent_at else "",
            incoming.subject,
            incoming.text,
            *sorted(attachment.digest for attachment in incoming.attachments),
        )
    )
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def sane_sent_at(sent_at: datetime | None, *, arrived_at: datetime) -> datetime | None:
    """The Date of a message where it can be true: not decades old, and not after it arrived by more than a day."""
    if sent_at is None or sent_at.year < 1995 or sent_at > arrived_at + timedelta(days=1):
        return None
    return sent_at


def to_plain(incoming: Incoming) -> dict[str, Any]:
    """As JSON can carry it. Attachments go without their content, which travels beside it."""
    plain: dict[str, Any] = {}
    for each in fields(incoming):
        value = getattr(incoming, each.name)
        if isinstance(value, Enum):
            value = value.value
        elif isinstance(value, datetime):
            value = value.astimezone(UTC).isoformat()
        plain[each.name] = value
    plain["attachments"] = [
        {"name": one.name, "content_type": one.content_type, "content_id": one.content_id, "size": len(one.content)}
        for one in incoming.attachments
    ]
    return plain


def from_plain(plain: dict[str, Any], contents: bytes = b"") -> Incoming:
    """Back from JSON. Raises KeyError, TypeError or ValueError for anything that `to_plain` did not write."""
    values = dict(plain)
    attachments, place = [], 0
    for one in values.pop("attachments"):
        size = int(one["size"])
        if size < 0 or place + size > len(contents):
            raise ValueError("The attachments are longer than what came.")
        attachments.append(
            Attachment(
                name=str(one["name"]),
                content_type=str(one["content_type"]),
                content_id=str(one["content_id"]),
                content=contents[place : place + size],
            )
        )
        place += size
    for name in ("references", "to", "cc", "delivered_to", "notes"):
        values[name] = tuple(str(item) for item in values[name])
    sent_at = values["sent_at"]
    values["sent_at"] = datetime.fromisoformat(sent_at) if sent_at else None
    values["dmarc"] = Dmarc(values["dmarc"])
    values["origin"] = Origin(values["origin"])
    return Incoming(**values, attachments=tuple(attachments))
