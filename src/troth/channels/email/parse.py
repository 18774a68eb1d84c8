"""A raw letter into an `Incoming`. Runs in the child only; it may fail, hang or die without harm (reliability T19).

The library's structured header readers are not used: they recurse, they raise what nobody expects, and they are too kind to
addresses (reliability 4.5). Headers are taken as lines and read here, each in one pass.
"""

from __future__ import annotations

import gc
import re
import signal
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from mailparser_reply import EmailReplyParser

from troth.channels.email import html as markup
from troth.channels.email.addresses import Found, read_addresses
from troth.channels.email.authentication import dmarc_of
from troth.channels.email.limits import LIMITS, Limits, check
from troth.channels.email.words import clean, decode_bytes, decode_words, header_text
from troth.inbox.rules.automatic import origin_of
from troth.inbox.rules.incoming import Attachment, Dmarc, Incoming, Origin

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,400}>")
_STATUS_LINE = re.compile(
    r"^(Action|Status|Diagnostic-Code)[ \t]*:[ \t]*([^\r\n]{1,400})", re.IGNORECASE | re.MULTILINE
)
_RETURNED_ID = re.compile(rb"^Message-ID[ \t]*:[ \t]*\r?\n?[ \t]*(<[^<>\s]{1,400}>)", re.IGNORECASE | re.MULTILINE)
#: The reply reader is made of large regular expressions, and some words keep it busy for minutes; such letters, and longer
#: ones, are shown whole.
_REPLY_MAX, _REPLY_SECONDS = 64 * 1024, 0.25
#: What comes after this is in the original only: everything behind us reads the words outside of the child.
_TEXT_MAX = 200_000
#: So many bytes are enough for those words and for all HTML that is shown, in any charset.
_BYTES_MAX = 4 * LIMITS.html
#: Misnested HTML is mended by repeating tags, and a few bytes can be made into megabytes.
_GROWS_MOST = 3
_LANGUAGES = ["en", "de", "fr", "nl", "es", "it", "pl", "sv", "da", "cs"]


def parse(
    raw: bytes, *, trusted_authserv_id: str = "", own_addresses: Sequence[str] = (), limits: Limits = LIMITS
) -> Incoming:
    """Raises TooMuch beyond a limit; any other exception means as much as that the letter cannot be read."""
    check(raw, limits)
    letter = BytesParser(policy=policy.compat32).parsebytes(raw)
    headers: dict[str, list[str]] = {}
    for name, value in letter.raw_items():
        headers.setdefault(name.lower(), []).append(header_text(str(value)))

    sender, is_sound = _sender(headers)
    dmarc, is_checked = dmarc_of(
        headers.get("authentication-results", []), trusted=trusted_authserv_id, from_address=sender.address
    )
    body = _Body(letter, limits)
    hops = _hops(headers)
    reply, quoted, signature = split_reply(body.text)
    return Incoming(
        text=body.text,
        message_id=_first_id(headers, "message-id"),
        in_reply_to=_first_id(headers, "in-reply-to"),
        references=tuple(_MESSAGE_ID.findall(" ".join(headers.get("references", []))))[-100:],
        from_address=sender.address,
        from_name=clean(decode_words(sender.name))[:200],
        from_is_sound=is_sound,
        to=_all_addresses(headers, "to"),
        cc=_all_addresses(headers, "cc"),
        delivered_to=_all_addresses(headers, "delivered-to", "x-original-to", "envelope-to"),
        subject=_subject(headers),
        sent_at=_date(headers),
        html=body.html,
        reply_text=reply,
        quoted=quoted,
        signature=signature,
        attachments=tuple(body.attachments),
        dmarc=dmarc if is_sound else Dmarc.FAIL if dmarc is Dmarc.FAIL else Dmarc.NONE,
        dmarc_is_checked=is_checked,
        origin=_origin(headers, sender.address, own_addresses, body, hops),
        hops=hops,
        bounce_of=body.bounce_of if body.is_failure else "",
        bounce_reason=body.bounce_reason if body.is_failure else "",
        notes=tuple(body.notes),
    )


def split_reply(text: str) -> tuple[str, str, str]:
    """What is new in a letter, what it quotes, and its signature. What is new is never empty where the letter is not."""
    if not text.strip() or len(text) > _REPLY_MAX:
        return text.strip(), "", ""
    try:
        with _at_most(_REPLY_SECONDS):
            replies = EmailReplyParser(languages=_LANGUAGES).read(text).replies
    except _TookTooLong:
        return text.strip(), "", ""
    if not replies:
        return text.strip(), "", ""
    new = (replies[0].body or "").strip()
    signature = (replies[0].signatures or "").strip()
    quoted = "\n\n".join((reply.content or "").strip() for reply in replies[1:]).strip()
    if not new:
        return text.strip(), "", ""
    return new, quoted, signature


class _TookTooLong(Exception):
    """A step that the letter can be read without took longer than it is worth."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise _TookTooLong when this has used so much of the processor: `re` looks for signals now and then while it matches."""

    def give_up(*_: object) -> None:
        raise _TookTooLong

    collects = gc.isenabled()
    gc.disable()  # what is raised while a finalizer runs is swallowed there
    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if collects:
            gc.enable()


def _sender(headers: dict[str, list[str]]) -> tuple[Found, bool]:
    """Who it says it is from, and whether that is exactly one person (reliability T18)."""
    lines = headers.get("from", [])
    found = [one for line in lines for one in read_addresses(line)]
    sender = next((one for one in found if one.address), Found(name=found[0].name if found else "", address=""))
    is_sound = len(lines) == 1 and len(found) == 1 and bool(sender.address) and not sender.in_group
    named = headers.get("sender", [])
    if named:
        senders = [one for line in named for one in read_addresses(line)]
        is_sound = is_sound and len(senders) == 1 and senders[0].address.lower() == sender.address.lower()
    return sender, is_sound


def _all_addresses(headers: dict[str, list[str]], *names: str) -> tuple[str, ...]:
    found = [one.address for name in names for line in headers.get(name, []) for one in read_addresses(line)]
    return tuple(dict.fromkeys(address for address in found if address))


def _subject(headers: dict[str, list[str]]) -> str:
    return " ".join(clean(decode_words(" ".join(headers.get("subject", [])[:1]))).split())[:998]


def _first_id(headers: dict[str, list[str]], name: str) -> str:
    found = _MESSAGE_ID.search(" ".join(headers.get(name, [])))
    return clean(found[0]) if found else ""


def _date(headers: dict[str, list[str]]) -> datetime | None:
    for line in headers.get("date", [])[:1]:
        try:
            date = parsedate_to_datetime(line[:100])
            date = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        return date if date.year >= 1995 else None
    return None


def _hops(headers: dict[str, list[str]]) -> int:
    value = " ".join(headers.get("x-troth-loop", [])).strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 4 else int(bool(value))


def _origin(
    headers: dict[str, list[str]], from_address: str, own_addresses: Sequence[str], body: _Body, hops: int
) -> Origin:
    """X-Troth-Loop is in every letter of ours, so a person's letter from a neighbour counts as a person's."""
    automatic = " ".join(headers.get("auto-submitted", [])).strip().lower() not in ("", "no")
    return origin_of(
        headers,
        from_address=from_address,
        own_addresses=own_addresses,
        is_report=body.is_failure,
        hops=hops if automatic or hops > 3 else 0,
    )


class _Body:
    """The parts of a letter: words, HTML, attachments, and what a mail server says about a letter that came back."""

    def __init__(self, letter: Message, limits: Limits) -> None:
        self.notes: list[str] = []
        self.attachments: list[Attachment] = []
        self.is_failure = False
        self.bounce_of = ""
        self.bounce_reason = ""
        texts: list[str] = []
        htmls: list[str] = []
        for part in _leaves(letter):
            self._take(part, texts, htmls)
        html = "\n".join(htmls)
        withheld = markup.too_much(html, limits) if html else ""
        self.html = clean(markup.clean(html)) if html and not withheld else ""
        if len(self.html) > limits.html * _GROWS_MOST:
            self.html, withheld = "", "The HTML grows when it is cleaned and is not shown."
        if withheld:
            self.notes.append(withheld)
        if texts:
            self.text = "\n\n".join(texts).strip()
        elif withheld:
            self.text = markup.crude_text(html[: limits.html])
        else:
            self.text = markup.as_text(self.html)
        if len(self.text) > _TEXT_MAX:
            self.text = self.text[:_TEXT_MAX]
            self.notes.append(f"Only the first {_TEXT_MAX} characters are shown; the original is kept whole.")

    def _take(self, part: Message, texts: list[str], htmls: list[str]) -> None:
        kind = part.get_content_type()
        if kind in {"message/delivery-status", "message/global-delivery-status"}:
            self._read_status(_flat(part))
            return
        if kind in {"message/rfc822", "message/global", "text/rfc822-headers"}:
            returned = _RETURNED_ID.search(_flat(part)[: LIMITS.header * 2])
            self.bounce_of = self.bounce_of or (clean(returned[1].decode("ascii", "replace")) if returned else "")
        name = _file_name(part)
        is_file = part.get_content_disposition() == "attachment" or (bool(name) and not kind.startswith("text/"))
        if kind in {"text/plain", "text/html"} and not is_file:
            words = clean(decode_bytes(_content(part)[:_BYTES_MAX], _charset(part)))
            if words.strip():
                (texts if kind == "text/plain" else htmls).append(words)
            return
        content = _flat(part) if kind.startswith("message/") else _content(part)
        if not content and not name:
            return
        content_id = _MESSAGE_ID.search(header_text(str(part.get("Content-ID", ""))))
        self.attachments.append(
            Attachment(
                name=name or ("letter.eml" if kind.startswith("message/") else "attachment"),
                content_type=clean(kind)[:100],
                content=content,
                content_id=content_id[0][1:-1] if content_id else "",
            )
        )

    def _read_status(self, raw: bytes) -> None:
        said = {name.lower(): value.strip() for name, value in _STATUS_LINE.findall(raw.decode("utf-8", "replace"))}
        self.is_failure = self.is_failure or said.get("action", "").lower() == "failed"
        self.bounce_reason = clean(" ".join(said.get(name, "") for name in ("status", "diagnostic-code")).strip())[:400]


def _leaves(letter: Message) -> Iterator[Message]:
    """The parts that hold something, in order; a letter inside a letter is one part."""
    waiting: list[Message] = [letter]
    while waiting:
        part = waiting.pop()
        inside = _inside(part)
        if inside is not None and part.get_content_maintype() == "multipart":
            waiting.extend(reversed(inside))
        else:
            yield part


def _inside(part: Message) -> list[Message] | None:
    """The parts of a part; None where it has none. Asked otherwise, the library decodes by whatever charset is named."""
    if not part.is_multipart():
        return None
    return [one for one in part.get_payload() if isinstance(one, Message)]


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _flat(part: Message) -> bytes:
    """The bytes of a part that itself was taken apart (a letter inside a letter, a status)."""
    inside = _inside(part)
    if inside is None:
        return _content(part)
    return b"\n".join(_written(one) for one in inside)


def _written(letter: Message) -> bytes:
    """A letter inside a letter as bytes again; where the library cannot write what it read itself, its header alone."""
    try:
        return letter.as_bytes()
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        lines = (f"{name}: {value}\n" for name, value in letter.raw_items())
        return "".join(lines).encode("utf-8", "replace")


def _charset(part: Message) -> str:
    value = part.get_param("charset", "")
    if isinstance(value, tuple):
        value = value[2]
    return str(value)


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename("") or ""
    except (ValueError, LookupError, TypeError):
        name = ""
    return file_name(decode_words(header_text(name)))


def file_name(name: str) -> str:
    """A file's name as it may be shown and offered: no path, no hidden characters, no leading dot, not endless."""
    name = unicodedata.normalize("NFC", clean(name))
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    name = re.split(r"[/\\]", name)[-1].strip(" .")
    return name if len(name) <= 150 else name[:100] + name[-50:]
