"""A small sparse linear scorer over hashed features and signs: weights of one byte, calibrated, and able to say why.

A weights file is made by `training/raised` and read here with the standard library alone. It holds, in this order: eight
bytes that say what it is, four bytes with the length of the head, the head as JSON, the weights packed by zlib, and the
SHA-256 of all of that. The head names the outputs, their biases, the size of one step of a weight, what each sign is
worth, and how a score becomes a probability.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from troth.reading.features import BUCKETS, Token, features, tokens
from troth.reading.found import Span
from troth.reading.signs import signs_in

MAGIC = b"TROTHLN1"
_DIGEST_BYTES = 32
_SHOWN_MAX = 3
_SHOWN_FROM = 0.15
"""Of what speaks for a reading, words that say less than this part of the strongest are not shown."""


class WeightsBroken(ValueError):
    """A weights file is not what was written."""


@dataclass(frozen=True)
class Evidence:
    """What a text shows: weighed by any number of scorers, gathered once."""

    text: str

    @cached_property
    def tokens(self) -> list[Token]:
        return tokens(self.text)

    @cached_property
    def buckets(self) -> dict[int, Span]:
        return features(self.tokens, self.text)

    @cached_property
    def signs(self) -> dict[str, tuple[Span, ...]]:
        return signs_in(self.text)


@dataclass(frozen=True)
class Scorer:
    """Scores each of its outputs by a weighted sum; the outputs of one scorer share one way to probabilities."""

    outputs: tuple[str, ...]
    biases: tuple[float, ...]
    steps: tuple[float, ...]
    """What one step of a stored weight is worth, for each output."""
    signs: Mapping[str, tuple[float, ...]]
    """What each sign adds to each output."""
    slope: float
    """With *shift*, how a score becomes log-odds (Platt 1999); for several outputs, one over the temperature (Guo 2017)."""
    shift: float
    weights: tuple[array[int], ...]
    """For each output a weight for each bucket, in steps."""

    def probabilities(self, evidence: Evidence) -> dict[str, float]:
        """How likely each output is. One output stands for yes or no; of several exactly one is so."""
        scores = [self.slope * score + self.shift for score in self._scores(evidence)]
        if len(scores) == 1:
            return {self.outputs[0]: 1 / (1 + math.exp(-max(-50.0, min(50.0, scores[0]))))}
        highest = max(scores)
        powers = [math.exp(score - highest) for score in scores]
        return {output: power / sum(powers) for output, power in zip(self.outputs, powers, strict=True)}

    def why(self, evidence: Evidence, output: str, *, against: bool = False) -> tuple[Span, ...]:
        """The places that speak most for *output* (or *against* it), in order, none within another."""
        at = self.outputs.index(output)
        weights, sign = self.weights[at], (-1.0 if against else 1.0)
        worth: dict[Span, float] = {}
        root = math.sqrt(max(len(evidence.buckets), 1))
        for bucket, span in evidence.buckets.items():
            if weights[bucket] and _is_telling(evidence.text[span.start : span.end]):
                worth[span] = worth.get(span, 0.0) + sign * weights[bucket] * self.steps[at] / root
        for name, spans in evidence.signs.items():
            if name in self.signs:
                for span in spans:
                    worth[span] = worth.get(span, 0.0) + sign * self.signs[name][at] / len(spans)
        return _strongest(worth)

    def _scores(self, evidence: Evidence) -> list[float]:
        buckets = evidence.buckets
        root = math.sqrt(max(len(buckets), 1))
        counts = [(self.signs[name], len(spans) / 2) for name, spans in evidence.signs.items() if name in self.signs]
        return [
            bias
            + step * sum(map(weights.__getitem__, buckets)) / root
            + sum(worth[at] * count for worth, count in counts)
            for at, (bias, step, weights) in enumerate(zip(self.biases, self.steps, self.weights, strict=True))
        ]


def _is_telling(words: str) -> bool:
    """ "My" and "is" weigh something, too, but show nobody anything; nor does a place that is none."""
    return len(words) > 2 or (words != "" and not words.isalnum())


def _strongest(worth: Mapping[Span, float]) -> tuple[Span, ...]:
    ranked = sorted((span for span in worth if worth[span] > 0), key=lambda span: (-worth[span], span))
    chosen: list[Span] = []
    for span in ranked:
        if worth[span] < _SHOWN_FROM * worth[ranked[0]] or len(chosen) == _SHOWN_MAX:
            break
        if not any(span.start < other.end and other.start < span.end for other in chosen):
            chosen.append(span)
    return tuple(sorted(chosen))


def pack(scorer: Scorer) -> bytes:
    """The bytes of a weights file."""
    head = json.dumps(
        {
            "buckets": BUCKETS,
            "outputs": scorer.outputs,
            "biases": scorer.biases,
            "steps": scorer.steps,
            "signs": scorer.signs,
            "slope": scorer.slope,
            "shift": scorer.shift,
        },
        sort_keys=True,
    ).encode()
    packed = zlib.compress(b"".join(weights.tobytes() for weights in scorer.weights), 9)
    whole = MAGIC + len(head).to_bytes(4, "big") + head + packed
    return whole + hashlib.sha256(whole).digest()


def unpack(stored: bytes) -> Scorer:
    """What `pack` wrote. Raises `WeightsBroken`."""
    whole, digest = stored[:-_DIGEST_BYTES], stored[-_DIGEST_BYTES:]
    if not whole.startswith(MAGIC) or hashlib.sha256(whole).digest() != digest:
        raise WeightsBroken("These are not the weights that were written: the checksum differs.")
    start = len(MAGIC) + 4
    end = start + int.from_bytes(whole[len(MAGIC) : start], "big")
    head: dict[str, Any] = json.loads(whole[start:end])
    if head["buckets"] != BUCKETS:
        raise WeightsBroken(f"These weights are for {head['buckets']} buckets, not for {BUCKETS}.")
    steps = memoryview(zlib.decompress(whole[end:]))
    weights = tuple(array("b", bytes(steps[at : at + BUCKETS])) for at in range(0, len(steps), BUCKETS))
    return Scorer(
        outputs=tuple(head["outputs"]),
        biases=tuple(head["biases"]),
        steps=tuple(head["steps"]),
        signs={name: tuple(worth) for name, worth in head["signs"].items()},
        slope=head["slope"],
        shift=head["shift"],
        weights=weights,
    )


@lru_cache
def scorer(name: str) -> Scorer:
    """The shipped scorer of that name."""
    return unpack(files("troth.reading").joinpath("weights", f"{name}.weights").read_bytes())
