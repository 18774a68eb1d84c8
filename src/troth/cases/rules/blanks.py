"""Places in a text that somebody still has to fill in: `[[the reason]]`. The send gate lets none of them out."""

from __future__ import annotations

import re

_BLANK = re.compile(r"\[\[[^\[\]\n]{0,200}\]\]")


def blank(words: str) -> str:
    """A place to fill in, which says what belongs there."""
    return f"[[{words}]]"


def blanks_in(text: str) -> list[str]:
    """The places left open, in order."""
    return _BLANK.findall(text)
