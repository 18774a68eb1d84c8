"""What was struck and what was put in its place when words were changed; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_PIECES = re.compile(r"\s+|[^\s]+")


class How(StrEnum):
    SAME = "same"
    STRUCK = "struck"
    NEW = "new"


@dataclass(frozen=True)
class Part:
    how: How
    words: str


def differences(before: str, after: str) -> list[Part]:
    """The words in their order: what stayed, what was struck, what is new. Struck and kept together are what was said before."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    parts: list[Part] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part(How.SAME, "".join(old[a:b])))
            continue
        parts += [Part(How.STRUCK, "".join(old[a:b]))] if a < b else []
        parts += [Part(How.NEW, "".join(new[c:d]))] if c < d else []
    return parts
