"""What a model wrote, made plain: text that shows all of what it holds, with no address in it that we did not give ourselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

CHARS_MAX, TAGS_IN_TAGS = 8_000, 20
_THOUGHT = re.compile(r"<think(?:ing)?\b[^>]*>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template|head)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_MARKED = re.compile(r"!?\[([^\[\]\n]{0,300})\]\(([^()\s]{0,2000})[^()\n]{0,200}\)")
_ADDRESS = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]{1,20}:/{1,3}|www\.|mailto:|tel:|data:|javascript:)[^\s<>\"'”“]+|"
    r"\b(?:[a-z0-9-]{1,63}\.){1,5}(?:com|net|org|io|ru|cn|info|biz|xyz|top|shop|online|site|link|app|dev|co|me|ly|de|uk|fr|es|eu)\b(?:/[^\s<>\"']*)?",
    re.IGNORECASE,
)
#: Stands where an address was taken out; the gate lets no blank leave, so somebody looks.
TAKEN_OUT = "[[a link was taken out]]"


def cleaned(text: str, *, ours: Iterable[str] = (), fence: str = "") -> str:
    """*text* as it may be shown and put into an answer; *ours* are texts of our own whose addresses it may repeat."""
    text = _THOUGHT.sub("", text[: CHARS_MAX * 4])
    if fence:
        text = text.replace(fence, "")
    text = _seen(text)
    for _time in range(TAGS_IN_TAGS):
        if (plain := _TAG.sub("", _HIDDEN.sub("", text))) == text:
            break
        text = plain  # a tag may be hidden in a tag
    else:  # nobody writes so but to keep us busy
        text = text.replace("<", "")
    known = {_bare(found[0]) for own in ours for found in _ADDRESS.finditer(own)}
    text = _MARKED.sub(lambda found: found[1] if _bare(found[2]) not in known else f"{found[1]} {found[2]}", text)
    text = _ADDRESS.sub(lambda found: found[0] if _bare(found[0]) in known else TAKEN_OUT, text)
    text = re.sub(r"(?<![ \t])[ \t]+\n", "\n", re.sub(r"\n{3,}", "\n\n", text))
    return text[:CHARS_MAX].strip()


def _seen(text: str) -> str:
    """Without what nobody sees: control signs, marks that turn the direction, signs without width."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
    )


def _bare(address: str) -> str:
    return address.rstrip(".,;:!?)").lower()
