"""Receipts in a letter that was written before they existed: how long it waits for them, and its bytes with them in it."""

from __future__ import annotations

import html as markup
from collections.abc import Sequence
from datetime import datetime, timedelta

from troth.post.rules import mime
from troth.post.rules.letter import Attachment, LetterNotSound, file_part, sound_line

#: A letter waits no longer than this for its receipts, from when they were first asked for: it matters more than they do.
WAIT_MOST = timedelta(seconds=60)
#: They are there a second after the letter was queued, or something is wrong and will be for a while.
SOON = timedelta(seconds=1)


def ask_again_at(*, asked_at: datetime | None, now: datetime) -> datetime | None:
    """When to ask again for receipts that are not ready, less and less often; None when the letter has waited enough."""
    waited = now - asked_at if asked_at else timedelta(0)
    if waited >= WAIT_MOST:
        return None
    return min(now + max(SOON, waited / 4), now - waited + WAIT_MOST)


def with_receipts(raw: bytes, *, receipts: Sequence[Attachment], words: str, page: str) -> bytes:
    """*raw*, a letter as `compose` wrote it, with *receipts* attached and *words* about them beneath its own.

    Its headers stay, but for the one that says how its parts are held together; files it carries already stay before the
    receipts. *page* is the address in *words* under which they are checked. Raises LetterNotSound.
    """
    for receipt in receipts:
        sound_line("The name of a receipt", receipt.name)
    head, body = _at_content_type(raw)
    outer = mime.parts_of(body)
    alternative, files = (body, []) if outer.subtype == "alternative" else (outer.parts[0], outer.parts[1:])
    twice = mime.parts_of(alternative)
    if twice.subtype != "alternative" or len(twice.parts) != 2:
        raise LetterNotSound("The letter was not written here.")
    plain, html = (mime.text_of(part) for part in twice.parts)
    linked = markup.escape(words).replace(
        markup.escape(page), f'<a href="{markup.escape(page)}">{markup.escape(page)}</a>'
    )
    said = [
        mime.text_part(f"{plain.rstrip()}\n\n{words}\n", subtype="plain"),
        mime.text_part(_before_the_end(html, f"<p>{linked}</p>\n"), subtype="html"),
    ]
    together = [mime.multipart(said, subtype="alternative", boundary=twice.boundary), *files]
    together += [file_part(receipt) for receipt in receipts]
    return head + mime.multipart(together, subtype="mixed", boundary=twice.boundary.replace("words", "files"))


def _at_content_type(raw: bytes) -> tuple[bytes, bytes]:
    """The letter's headers, and what `compose` wrote last: how its parts are held together, and the parts."""
    end = raw.find(b"\r\n\r\n")
    start = raw.rfind(b"\r\nContent-Type: multipart/", 0, end) + 2
    if end < 0 or start < 2:
        raise LetterNotSound("The letter was not written here.")
    return raw[:start], raw[start:]


def _before_the_end(html: str, more: str) -> str:
    """*more* inside the body, where the words name one."""
    body, end, rest = html.rpartition("</body>")
    return f"{body}{more}{end}{rest}" if end else f"{html.rstrip()}\n{more}"
