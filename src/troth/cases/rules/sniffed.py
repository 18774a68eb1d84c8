"""What a file is by its own first bytes; the name and the kind its sender gave it say nothing here."""

from __future__ import annotations

#: Pictures that browsers draw and that hold no script: SVG is none of them.
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PDF, TEXT = "application/pdf", "text/plain"
#: So much of a file is looked at.
LOOKED_AT = 4096
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


def sniffed(content: bytes) -> str:
    """One of IMAGES, PDF or TEXT; empty for everything else, which is offered as a file and never shown.

    The marks are those of the MIME Sniffing Standard (6.1 to 6.3). HTML and SVG count as text: they are shown as the letters
    they are made of, and under a policy that runs nothing.
    """
    start = content[:LOOKED_AT]
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if start.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if start.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if start.startswith(b"RIFF") and start[8:14] == b"WEBPVP":
        return "image/webp"
    if start.startswith(b"%PDF-"):
        return PDF
    return TEXT if start and _is_text(start, whole=len(content) <= LOOKED_AT) else ""


def _is_text(start: bytes, *, whole: bool) -> bool:
    """UTF-8 without control characters; a sign cut in two at the end of what is looked at does not count."""
    if _CONTROLS & set(start):
        return False
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return not whole and error.start >= len(start) - 3
    return True
