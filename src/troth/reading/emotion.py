"""What a customer's words show that they feel: a small net learnt from GoEmotions (Demszky et al. 2020, arXiv:2005.00547).

The net was taught by a larger one and ships as whole numbers (`net.py`, `training/emotion`). Each emotion has the threshold
at which its F1 is best; where none passes its own, none is named. What the service's own phrases mean the rules of
`feelings.py` know better: they overrule it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from troth.reading.feelings import corrected
from troth.reading.found import Finding, Span
from troth.reading.net import Net, Pass
from troth.reading.weights import load
from troth.reading.wordlist import WordList, shipped_words
from troth.words.emotions import Emotion

STRETCH = 48
"""Words read together; a longer text is cut, at the end of a sentence where there is one, and shows what any part shows."""
SPANS_MAX = 3
_TELLING = 0.4
"""Words that add at least this part of what the most telling word adds are shown, too."""


def emotions_in(text: str) -> tuple[Finding[Emotion], ...]:
    """The emotions shown, surest first, each with the words that show it; none if none is sure enough."""
    return emotions_in_many([text])[0]


def emotions_in_many(
    texts: Sequence[str], numbers: Sequence[list[int]] | None = None
) -> list[tuple[Finding[Emotion], ...]]:
    """The emotions of each text, the same as one by one, in a fraction of the time.

    *numbers* are the words of each text in the shipped vocabulary, where they are already known.
    """
    model = _model()
    best: list[dict[int, _Shown]] = [{} for _ in texts]
    owners: list[tuple[int, int]] = []
    stretches: list[list[int]] = []
    for number, words in enumerate(map(model.words.numbers, texts) if numbers is None else numbers):
        for first, stretch in _stretches(words, model.ends):
            owners.append((number, first))
            stretches.append(stretch)
    for start, run in model.net.passes(stretches):
        for row, out, logit in model.passing(run):
            number, first = owners[start + row]
            shown = best[number].get(out)
            if shown is None or logit > shown.logit:
                shares = model.net.shares(run, row, len(stretches[start + row]), out)
                best[number][out] = _Shown(logit, first, shares)
    return [corrected(text, _findings(text, shown, model)) for text, shown in zip(texts, best, strict=True)]


class _Shown(NamedTuple):
    """An emotion that passed its threshold, and what each word of the stretch that shows it most adds to it."""

    logit: float
    first: int
    shares: list[float]


@dataclass(frozen=True)
class _Model:
    words: WordList
    ends: frozenset[int]
    """The marks that end a sentence, as numbers."""
    net: Net
    emotions: tuple[Emotion, ...]
    thresholds: tuple[float, ...]
    calibration: tuple[tuple[float, float], ...]
    """For each emotion the slope and the shift that make its logit a probability (Platt 1999)."""
    version: str

    def passing(self, run: Pass) -> Iterator[tuple[int, int, float]]:
        """The row, the output and the logit of every emotion that passes its threshold."""
        passed = run.logits >= self.thresholds
        for row, out in zip(*(each.tolist() for each in passed.nonzero()), strict=True):
            yield row, out, float(run.logits[row, out])


@cache
def _model() -> _Model:
    weights = load("emotion")
    says, words = weights.says, shipped_words()
    return _Model(
        words,
        frozenset(words.numbers(". ! ? !! ??")),
        Net(weights),
        tuple(Emotion(name) for name in says["emotions"]),
        tuple(says["thresholds"]),
        tuple((slope, shift) for slope, shift in says["calibration"]),
        weights.version,
    )


def _stretches(numbers: list[int], ends: frozenset[int]) -> Iterator[tuple[int, list[int]]]:
    """*numbers* in parts of at most `STRETCH`, each with where it begins."""
    start = 0
    while len(numbers) - start > STRETCH:
        part = numbers[start : start + STRETCH]
        cut = next((at for at in range(STRETCH, STRETCH // 4, -1) if part[at - 1] in ends), STRETCH)
        yield start, part[:cut]
        start += cut
    if start < len(numbers):
        yield start, numbers[start:]


def _findings(text: str, shown: dict[int, _Shown], model: _Model) -> tuple[Finding[Emotion], ...]:
    if not shown:
        return ()
    places = model.words.placed(text)[1]
    found = [
        Finding(model.emotions[out], _probability(one.logit, *model.calibration[out]), _spans(text, places, one))
        for out, one in shown.items()
    ]
    return tuple(found)


def _probability(logit: float, slope: float, shift: float) -> float:
    return min(max(round(1 / (1 + math.exp(-(slope * logit + shift))), 2), 0.01), 0.99)


def _spans(text: str, places: list[tuple[int, int]], shown: _Shown) -> tuple[Span, ...]:
    """The words that add most, neighbours joined, in order."""
    share_of: dict[tuple[int, int], float] = {}
    for place, share in zip(places[shown.first :], shown.shares, strict=False):
        share_of[place] = share_of.get(place, 0.0) + share
    telling = {place: share for place, share in share_of.items() if share > 0 and _says_something(text[slice(*place)])}
    least = _TELLING * max(telling.values(), default=0.0)
    chosen = sorted((place for place in telling if telling[place] >= least), key=lambda place: -telling[place])
    spans: list[Span] = []
    for start, end in sorted(chosen[:SPANS_MAX]):
        if spans and start - spans[-1].end <= 1:
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(start, end))
    return tuple(spans)


def _says_something(word: str) -> bool:
    """A word or an emoji, not a comma."""
    return word[0].isalpha() or not word.isascii() or word[0] in ":;="
