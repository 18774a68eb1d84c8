"""From words to the bytes of a letter: the only place where an outgoing letter is made."""

from __future__ import annotations

import hashlib
import html as markup
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from troth.post.rules import mime
from troth.words.addresses import plus_address, sound_address

#: What may stand between angle brackets: visible ASCII but for the brackets themselves.
_WORD = re.compile(r"[!-;=?-~]+")


class LetterNotSound(ValueError):
    """What was handed over cannot be a letter."""


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Draft:
    """Everything that is said in a letter."""

    message_id: str
    from_address: str
    to_address: str
    to_name: str
    subject: str
    text: str
    html: str
    automatic: bool
    reply_token: str
    in_reply_to: str
    references: tuple[str, ...]
    hops: int
    written_at: datetime
    attachments: tuple[Attachment, ...] = ()
    is_answer: bool = False
    #: Which list of ours it goes to (RFC 2919), such as "status.example.org"; "" for none.
    list_id: str = ""
    #: Where one click ends it (RFC 8058); "" for what is owed to its reader.
    unsubscribe: str = ""


def compose(draft: Draft) -> bytes:
    """The final bytes. Raises LetterNotSound or AddressNotSound rather than mend anything silently."""
    for what, value in (
        ("The subject", draft.subject),
        ("The name", draft.to_name),
        ("The Message-ID", draft.message_id),
        ("The answered Message-ID", draft.in_reply_to),
        ("The reply token", draft.reply_token),
        *(("A reference", reference) for reference in draft.references),
        *(("The name of an attachment", attachment.name) for attachment in draft.attachments),
    ):
        sound_line(what, value)
    for what, value in (("The name of the list", draft.list_id), ("The address to unsubscribe", draft.unsubscribe)):
        sound_word(what, value)
    if "\0" in draft.text or "\0" in draft.html:
        raise LetterNotSound("The body holds a NUL.")

    head = b"".join((_threading(draft), *_headers(draft)))
    raw = head + b"MIME-Version: 1.0\r\n" + _body(draft)
    if b"\r" in raw.replace(b"\r\n", b"") or b"\n" in raw.replace(b"\r\n", b""):
        raise LetterNotSound("The letter holds a lone line break.")
    if not set(_names(raw)) <= _NAMES:
        raise LetterNotSound("The letter holds a header that nobody wrote.")
    return raw


def sound_line(what: str, value: str) -> None:
    """Raises LetterNotSound where *value* is more than one line, also by the line breaks that only some know."""
    if "\0" in value or value.splitlines() not in ([value], []):
        raise LetterNotSound(f"{what} holds a line break or a NUL.")


def sound_word(what: str, value: str) -> None:
    """Raises LetterNotSound where *value* cannot stand between angle brackets on a line of its own."""
    if value and not (_WORD.fullmatch(value) and len(value) <= mime.LINE_MOST - 3):
        raise LetterNotSound(f"{what} holds what cannot stand in a header.")


def _headers(draft: Draft) -> Iterator[bytes]:
    sender = sound_address(draft.from_address)
    yield mime.mailbox("From", display_name="", address=sender)
    yield mime.mailbox("To", display_name=draft.to_name, address=sound_address(draft.to_address))
    yield mime.header("Subject", draft.subject)
    yield mime.header("Date", format_datetime(draft.written_at))
    if draft.reply_token:
        reply_to = sound_address(plus_address(sender, draft.reply_token))
        yield mime.mailbox("Reply-To", display_name="", address=reply_to)
    if draft.automatic:
        answers = draft.in_reply_to or draft.is_answer
        yield mime.header("Auto-Submitted", "auto-replied" if answers else "auto-generated")
        yield mime.header("X-Auto-Response-Suppress", "All")
    yield mime.header("X-Troth-Loop", str(draft.hops + 1))
    if draft.list_id:
        yield f"List-Id: <{draft.list_id}>\r\n".encode("ascii")
    yield from unsubscribing(draft.unsubscribe)


def unsubscribing(address: str) -> list[bytes]:
    """The header lines by which one click ends it (RFC 8058), where there is an *address*."""
    if not address:
        return []
    one_click = b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    return [f"List-Unsubscribe:\r\n <{address}>\r\n".encode("ascii"), one_click]


def _body(draft: Draft) -> bytes:
    """The words twice, and the files behind them. What parts them nobody can have written: it hangs on the Message-ID."""
    boundary = mark(draft.message_id)
    twice = [
        mime.text_part(draft.text, subtype="plain"),
        mime.text_part(draft.html or twin(draft.text), subtype="html"),
    ]
    words = mime.multipart(twice, subtype="alternative", boundary=f"=_words_{boundary}")
    if not draft.attachments:
        return words
    files = [file_part(file) for file in draft.attachments]
    return mime.multipart([words, *files], subtype="mixed", boundary=f"=_files_{boundary}")


def mark(message_id: str) -> str:
    """What the marks between the parts of this letter are made of."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:40]


def file_part(file: Attachment) -> bytes:
    return mime.file_part(file.content, name=file.name, content_type=_content_type(file))


def _content_type(file: Attachment) -> str:
    if file.content_type == mime.PLAIN:
        return mime.PLAIN
    maintype, _, subtype = file.content_type.partition("/")
    plain = subtype.replace("-", "").replace(".", "").replace("+", "")
    if not (maintype.isascii() and maintype.isalnum() and plain.isascii() and plain.isalnum()):
        return "application/octet-stream"
    # Never a letter inside a letter: servers read those.
    return "application/octet-stream" if maintype.lower() in {"message", "multipart"} else file.content_type


_NAMES = {
    b"Message-ID",
    b"In-Reply-To",
    b"References",
    b"From",
    b"To",
    b"Subject",
    b"Date",
    b"Reply-To",
    b"Auto-Submitted",
    b"X-Auto-Response-Suppress",
    b"X-Troth-Loop",
    b"List-Id",
    b"List-Unsubscribe",
    b"List-Unsubscribe-Post",
    b"MIME-Version",
    b"Content-Type",
}


def _names(letter: bytes) -> list[bytes]:
    """The names of the headers as a reader finds them."""
    lines = letter.partition(b"\r\n\r\n")[0].split(b"\r\n")
    return [line.partition(b":")[0] for line in lines if not line.startswith((b" ", b"\t"))]


def twin(text: str) -> str:
    """The same words as HTML: paragraphs where the text has empty lines."""
    paragraphs = [
        "<p>" + "<br>\n".join(markup.escape(line) for line in part.splitlines()) + "</p>"
        for part in text.strip().replace("\r\n", "\n").split("\n\n")
        if part.strip()
    ]
    return "<!doctype html>\n<html><body>\n" + "\n".join(paragraphs) + "\n</body></html>\n"


def _threading(draft: Draft) -> bytes:
    """The header lines that hold Message-IDs, written by hand: the library encodes a long one, and then no one can find it."""
    if not is_message_id(draft.message_id):
        raise LetterNotSound("The Message-ID is none.")
    lines = [f"Message-ID: {draft.message_id}"]
    if is_message_id(draft.in_reply_to):
        lines.append(f"In-Reply-To: {draft.in_reply_to}")
    references = [reference for reference in draft.references if is_message_id(reference)][-20:]
    if references:
        lines.append("References: " + "\r\n ".join(references))
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


_MESSAGE_ID = re.compile(r"<[!-~]{0,397}>")


def is_message_id(text: str) -> bool:
    return _MESSAGE_ID.fullmatch(text) is not None
