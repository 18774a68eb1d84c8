"""The sentences of a message with their places in it, quoted mail left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

SENTENCE_CHARS_MAX = 1_000
"""A longer stretch without a full stop is cut here, which keeps reading linear on any input."""

_ENDS = re.compile(
    r"[.!?…]{1,20}[)\"'’”]{0,10}(?=\s|$)|\n[ \t]*\n|\n(?=[ \t]*[-*•–>A-Z])|[ \t](?=\^[A-Za-z]{1,12}\b)|"
    r"\s(?=[-–—]{1,2}\s?[A-Z][a-z]+$)"
)
_NOT_AN_END = re.compile(
    r"(?:\b(?:a\.m|p\.m|e\.g|i\.e|no|nos|mr|mrs|ms|dr|st|inc|ltd|approx|min|hrs?|mon|tues?|wed|thurs?|fri|sat|"
    r"sun|jan|feb"
    r"|mar|apr|jun|jul|aug|sept?|oct|nov|dec|vs|ref|tel|ext|ca|bzw|nr|inkl|evtl|hr|fr|sra?|mme|av|d\.h|z\.b)\.)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:^|\D)\d{1,2}\.$")
_NTH_GOES_ON = re.compile(
    r"\s{1,4}(?:(?:um|bei|und|oder|bis)\b|(?:Jan|Jän|Feb|Mär|Mrz|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-zä]*\b)"
)
"""After a number and a full stop: in German that is the nth ("am 20. März")."""
_DAY_AND_MONTH = re.compile(r"\b\d{1,2}\.\d{1,2}\.$")
_GOES_ON = re.compile(r"\s{1,4}[a-zäöü]")
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_QUOTED_REST = re.compile(
    r"^[ \t]*(?:(?:On|Am|Le|El) [^\n]{5,200}(?:\n(?:[^\n]{0,100}> ?)?)?"  # mail programs wrap this line
    r"\b(?:wrote|schrieb[^\n:]{0,100}|a écrit|escribió) ?:|"
    r"(?:From|Von|De) ?: [^\n]{1,300}\n[ \t]*(?:Sent|Date|Gesendet|Datum|Enviado|Fecha|Envoyé)(?: el)? ?:|"
    r"-{3,} ?(?:Original|Forwarded|Ursprüngliche|Message|Mensaje) (?:Message|Nachricht|d'origine|original)|"
    r"_{10,}[ \t]*$)",
    re.MULTILINE | re.IGNORECASE,
)
_SPOKEN = re.compile(r"(?:\"[^\"\n]{3,300}\"|“[^”\n]{3,300}”|„[^“”\n]{3,300}[“”]|«[^»\n]{3,300}»)")


class Sentence(NamedTuple):
    """A sentence and its offsets in the text it was taken from."""

    text: str
    start: int
    end: int


def own_words(text: str) -> str:
    """The text with everything blanked that its writer only quotes; every other character keeps its place."""
    return _SPOKEN.sub(lambda match: '"' + " " * (len(match[0]) - 2) + '"', without_answered(text))


def without_answered(text: str) -> str:
    """The text with the mail that it answers blanked; every other character keeps its place."""
    rest = _QUOTED_REST.search(text)
    if rest:
        text = text[: rest.start()] + " " * (len(text) - rest.start())
    if ">" in text:
        text = _QUOTED_LINE.sub(lambda match: " " * len(match[0]), text)
    return text


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences in order, without the white space around them."""
    start = 0
    for match in _ENDS.finditer(text):
        dotted = match[0].startswith(".") and _NOT_AN_END.search(text[max(0, match.end() - 12) : match.end()])
        if _NTH_GOES_ON.match(text, match.end()) and _NUMBERED.search(text[max(0, match.end() - 4) : match.end()]):
            continue
        if _GOES_ON.match(text, match.end()) and _DAY_AND_MONTH.search(text[max(0, match.end() - 7) : match.end()]):
            continue  # "Bis zum 23.12. haben Sie ..."
        if dotted and re.match(r"\s+[a-z\d(^]|\s*$", text[match.end() : match.end() + 3]):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    for begin in range(start, end, SENTENCE_CHARS_MAX):
        piece = text[begin : min(begin + SENTENCE_CHARS_MAX, end)]
        lead = len(piece) - len(piece.lstrip())
        stripped = piece.strip()
        if stripped:
            yield Sentence(stripped, begin + lead, begin + lead + len(stripped))
