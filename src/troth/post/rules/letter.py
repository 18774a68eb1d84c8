"""From words to the bytes of a letter: the only place where an outgoing letter is made."""

from __future__ import annotations

import html as markup
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from troth.words.addresses import plus_address, sound_address

#: Seven bits, CRLF: what every server takes, and what no server can read as the end of a letter.
POLICY = SMTP.clone(cte_type="7bit")


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
        if "\0" in value or value.splitlines() not in ([value], []):  # also the line breaks that only some know
            raise LetterNotSound(f"{what} holds a line break or a NUL.")
    if "\0" in draft.text or "\0" in draft.html:
        raise LetterNotSound("The body holds a NUL.")

    sender = sound_address(draft.from_address)
    letter = EmailMessage(policy=POLICY)
    letter["From"] = sender
    letter["To"] = Address(display_name=_literal(draft.to_name), addr_spec=sound_address(draft.to_address))
    letter["Subject"] = _literal(draft.subject)
    letter["Date"] = format_datetime(draft.written_at)
    if draft.reply_token:
        letter["Reply-To"] = sound_address(plus_address(sender, draft.reply_token))
    if draft.automatic:
        letter["Auto-Submitted"] = "auto-replied" if draft.in_reply_to or draft.is_answer else "auto-generated"
        letter["X-Auto-Response-Suppress"] = "All"
    letter["X-Troth-Loop"] = str(draft.hops + 1)
    letter.set_content(draft.text)
    letter.add_alternative(draft.html or twin(draft.text), subtype="html")
    for attachment in draft.attachments:
        maintype, _, subtype = attachment.content_type.partition("/")
        if not (maintype.isalnum() and subtype.replace("-", "").replace(".", "").replace("+", "").isalnum()):
            maintype, subtype = "application", "octet-stream"
        if maintype in {"message", "multipart"}:  # never a letter inside a letter: servers read those
            maintype, subtype = "application", "octet-stream"
        letter.add_attachment(
            attachment.content, maintype=maintype, subtype=subtype, filename=_literal(attachment.name)
        )
    written = letter.as_bytes()
    if _names(written) != [name.encode() for name in letter]:
        raise LetterNotSound("The letter holds a header that nobody wrote.")
    raw = _threading(draft) + written
    if b"\r" in raw.replace(b"\r\n", b"") or b"\n" in raw.replace(b"\r\n", b""):
        raise LetterNotSound("The letter holds a lone line break.")
    return raw


def _literal(words: str) -> str:
    """*words* as they stand: the library would decode `=?...?=` in them, and write the line breaks it finds there."""
    return words.replace("=?", "= ?")


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


def is_message_id(text: str) -> bool:
    return (
        text.startswith("<")
        and text.endswith(">")
        and len(text) < 400
        and text.isascii()
        and all(33 <= ord(character) < 127 for character in text)
    )
