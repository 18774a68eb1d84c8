"""In which language is this? ``en``, ``de``, ``es``, ``fr``, or ``unknown``: an honest guess that would rather abstain.

Every word, and every three letters of it, speaks for or against each language; what they say together decides, and
where they say too little nobody guesses. The weights come from ``training/language``; ``language.txt`` holds them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files

ENGLISH = "en"
UNKNOWN = "unknown"
LANGUAGES = ("en", "de", "es", "fr")
"""Those that can be told; everything else is `UNKNOWN`."""

SCALE = 32
"""Weights are written as whole numbers of this part of a nat."""

SURE = 0.7
"""What the chosen language must at least be probable."""

TEXT_CHARS_MAX = 1_500
"""More text tells nothing new."""

_WORD = re.compile(r"[^\W\d_]{1,30}(?:[’'](?=\w))?")
_NO_WORDS = re.compile(r"https?://\S{1,500}|\S{1,100}@\S{0,100}|[#^]\w{1,100}|\w{0,50}\d\w{0,50}|<[^<>]{1,200}>")
_LAST_LATIN = "\u024f"
_Says = tuple[float, float, float, float]
_NOTHING: _Says = (0.0, 0.0, 0.0, 0.0)


def language_of(text: str, *, sure: float = SURE) -> str:
    """The language of *text*; `UNKNOWN` if it is another one, or none is as probable as *sure*."""
    said = _said(text)
    best = max(said, key=lambda one: one[0])
    return best[1] if best[0] >= sure else UNKNOWN


def _said(text: str) -> list[tuple[float, str]]:
    """How probable each language is."""
    words = words_of(text)
    strange = sum(word[0] > _LAST_LATIN for word in words)
    if not words or strange * 2 >= len(words):
        return [(0.0, UNKNOWN)]
    en, de, es, fr = _weights()[""]
    for word in words:
        a, b, c, d = _says(word)
        en += a
        de += b
        es += c
        fr += d
    most = max(en, de, es, fr, 0.0)
    odds = [math.exp(score - most) for score in (en, de, es, fr)]
    whole = sum(odds) + math.exp(-most)
    return [(one / whole, name) for one, name in zip(odds, LANGUAGES, strict=True)]


def words_of(text: str) -> list[str]:
    """The words of *text* in small letters, without addresses, tags and numbers; an elided article counts as a word."""
    text = text[:TEXT_CHARS_MAX]
    return _WORD.findall(_NO_WORDS.sub(" ", text).lower().replace("’", "'"))


def features(text: str) -> list[str]:
    """What is weighed in a text: its words, and the letters of each by threes."""
    return [feature for word in words_of(text) for feature in _features_of(word)]


def _features_of(word: str) -> Iterator[str]:
    yield "=" + word
    padded = f"_{word}_"
    for start in range(len(padded) - 2):
        yield padded[start : start + 3]


@lru_cache(maxsize=32_768)
def _says(word: str) -> _Says:
    """What one word says for each language, against its being none of them."""
    weights = _weights()
    en = de = es = fr = 0.0
    for feature in _features_of(word):
        a, b, c, d = weights.get(feature, _NOTHING)
        en, de, es, fr = en + a, de + b, es + c, fr + d
    return en, de, es, fr


@cache
def _weights() -> dict[str, _Says]:
    return dict(_read(files("troth.reading").joinpath("language.txt").read_text("utf-8").splitlines()))


def _read(lines: Iterable[str]) -> Iterator[tuple[str, _Says]]:
    for line in lines:
        feature, en, de, es, fr = line.split("\t")
        yield feature, (int(en) / SCALE, int(de) / SCALE, int(es) / SCALE, int(fr) / SCALE)
