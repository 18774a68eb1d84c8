"""What somebody typed into a search box, taken apart: words, phrases, what must not stand there, a case's number."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Nobody types more, and every word is a look into the index.
PARTS_MOST = 12
LENGTH_MOST = 300
#: A shorter beginning of a word begins too many of them.
BEGINNING_LEAST = 3
_PART = re.compile(r'(?P<no>-?)"(?P<phrase>[^"]*)"?|(?P<word>\S+)')
_NUMBER = re.compile(r"#?([0-9]{1,18})\Z")
_ANYTHING = re.compile(r"\w")


@dataclass(frozen=True)
class Asked:
    #: Words and phrases that must all stand there, as they were typed.
    wanted: tuple[str, ...] = ()
    #: None of these may.
    unwanted: tuple[str, ...] = ()
    #: The last of the wanted may be the beginning of a word: somebody is still typing it.
    begins: bool = False
    #: The case that was asked for by its number.
    number: int | None = None

    @property
    def is_empty(self) -> bool:
        return not self.wanted and self.number is None

    @property
    def names(self) -> tuple[str, ...]:
        """By what a customer would be found: every wanted word long enough to tell somebody by."""
        return tuple(word for part in self.wanted for word in part.split() if len(word) >= BEGINNING_LEAST)


def asked(typed: str) -> Asked:
    """*typed*, taken apart: `"..."` is a phrase, `-` before a word or phrase excludes it, `#12` names a case."""
    text = typed.strip()[:LENGTH_MOST]
    wanted: list[str] = []
    unwanted: list[str] = []
    number = None
    last_is_word = False
    for found in _PART.finditer(text):
        part, excluded, last_is_word = _part(found)
        if not _ANYTHING.search(part):
            last_is_word = False
            continue
        if numbered := _NUMBER.match(part):
            number = number or (None if excluded else int(numbered[1]))
            last_is_word = False
        (unwanted if excluded else wanted).append(part.removeprefix("#") if numbered else part)
        last_is_word = last_is_word and not excluded
    wanted = wanted[:PARTS_MOST]
    return Asked(
        wanted=tuple(wanted),
        unwanted=tuple(unwanted[:PARTS_MOST]),
        begins=last_is_word and bool(wanted) and _may_begin(wanted[-1]) and not typed[-1:].isspace(),
        number=number,
    )


def _part(found: re.Match[str]) -> tuple[str, bool, bool]:
    """The words, whether they are excluded, and whether it is a single word."""
    if found["word"] is None:
        return " ".join(found["phrase"].split()), bool(found["no"]), False
    word = found["word"]
    if len(word) > 1 and word[0] == "-":
        return word[1:], True, True
    return word, False, True


def _may_begin(word: str) -> bool:
    return len(word) >= BEGINNING_LEAST and word.isalpha()
