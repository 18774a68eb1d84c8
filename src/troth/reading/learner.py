"""What an installation's own corrections teach: a small addition to the shipped reading, never a replacement.

Staff correct a reading; `fit` learns from the ordered list of corrections, and `read(..., learned=...)` applies what was
learned, only when it is handed in. What is learned is added to the shipped reading's own log-odds and pulled back toward
nothing, so that without evidence the shipped reading stands (a prior, as in Chelba and Acero 2004). It is a pure function
of the list: drop a correction, fit again, and it is as if it had never been made. `compare` tells on corrections that
were held back whether reading becomes better by it; a product should ask before it switches anything on.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Any, Literal, get_args

from troth.reading.customer import read_customer
from troth.reading.features import word_features
from troth.reading.found import Finding, Reading, Span
from troth.reading.sentences import without_answered
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.messages import Kind, Urgency

Field = Literal["complaint", "kind", "cause", "emotion", "urgency"]

VALUES: dict[Field, tuple[str, ...]] = {
    "complaint": ("yes", "no"),
    "kind": tuple(Kind),
    "cause": tuple(Cause),
    "emotion": ("", *Emotion),
    "urgency": tuple(Urgency),
}
"""What each field may be corrected to; the empty emotion is "none is shown"."""

CORRECTIONS_MAX = 1_000
"""The newest so many of a field are learned from: older ones tell of other times, and learning them all, then comparing,
takes about half a minute of a processor at most."""

FORMAT = 1
_ROUNDS = 6
_STEP = 0.5
_PULL = 0.002
"""How strongly what is learned is pulled back toward nothing, in each step."""
_FLOOR = 0.03
"""What the shipped reading gives at least to a value it did not name: a correction can always outweigh it."""
_FOLDS = 5
_BIAS = -1

Shares = dict[str, float]
"""How likely each value of a field is."""


class NotAValue(ValueError):
    """This field cannot have that value."""

    def __init__(self, correction: Correction) -> None:
        super().__init__(f"{correction.field} cannot be {correction.value!r}.")


class NotLearned(ValueError):
    """This is nothing that `Learned.to_plain` wrote."""


@dataclass(frozen=True)
class Correction:
    """A person says what a customer's message shows."""

    text: str
    field: Field
    value: str
    """One of `VALUES` of its field."""


@dataclass(frozen=True)
class Learned:
    """What was learned: for each field and value, what a word adds to its log-odds."""

    weights: Mapping[Field, Mapping[str, Mapping[int, float]]] = field(default_factory=dict)
    corrections: int = 0
    """How many it was learned from."""

    @cached_property
    def version(self) -> str:
        """Names this state: the same corrections in the same order give the same version."""
        plain = json.dumps(self.to_plain(), sort_keys=True, separators=(",", ":"))
        return f"learned-{hashlib.blake2b(plain.encode(), digest_size=6).hexdigest()}"

    def to_plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        weights = {
            name: {value: {str(bucket): weight for bucket, weight in words.items()} for value, words in values.items()}
            for name, values in self.weights.items()
        }
        return {"format": FORMAT, "corrections": self.corrections, "weights": weights}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Learned:
        """What `to_plain` gave. Raises `NotLearned`."""
        try:
            if plain["format"] != FORMAT:
                raise NotLearned(f"Format {plain['format']} is not {FORMAT}; fit the corrections again.")
            weights: dict[Field, dict[str, dict[int, float]]] = {
                name: {
                    value: {int(bucket): float(weight) for bucket, weight in plain["weights"][name][value].items()}
                    for value in VALUES[name]
                    if value in plain["weights"][name]
                }
                for name in VALUES
                if name in plain["weights"]
            }
            return cls(weights=weights, corrections=int(plain["corrections"]))
        except (KeyError, TypeError, AttributeError) as wrong:
            raise NotLearned(f"This is not what a learner wrote: {wrong!r} is missing or of another type.") from wrong

    def apply(self, read: Reading, text: str) -> Reading:
        """*read*, a customer's message whose words are *text*, as it reads with what was learned."""
        if not self.weights:
            return read
        words = word_features(text)
        for name in self.weights:
            shares = self.shares(name, _shares(read, name), words)
            read = _CHANGES[name](read, shares, self._spans(name, shares, words))
        return replace(read, version=f"{read.version}+{self.version}")

    def shares(self, name: Field, shipped: Shares, words: Collection[int]) -> Shares:
        """The shares of a field's values once what was learned is added to the *shipped* ones."""
        learned = self.weights.get(name, {})
        return _softmax(
            {value: math.log(share) + _added(learned.get(value), words) for value, share in shipped.items()}
        )

    def _spans(self, name: Field, shares: Shares, words: Mapping[int, Span]) -> tuple[Span, ...]:
        """The words that speak most for the likeliest value."""
        learned = self.weights[name].get(_best(shares), {})
        telling = sorted((-learned.get(bucket, 0.0), span) for bucket, span in words.items())
        return tuple(sorted({span for weight, span in islice(telling, 3) if weight < -_TELLING}))


_TELLING = 0.2


@dataclass(frozen=True)
class Comparison:
    """How often the corrected value is read, on corrections that were not learned from."""

    before: float
    """As shipped."""
    after: float
    """With what was learned."""
    n: int
    fields: Mapping[Field, Comparison] = field(default_factory=dict)
    """The same for each field that was corrected."""


def fit(corrections: Sequence[Correction]) -> Learned:
    """Learn from the corrections, in their order. Raises `NotAValue`."""
    weights = {name: _fit(lessons) for name, lessons in _lessons(corrections).items()}
    return Learned(weights=weights, corrections=len(corrections))


def compare(corrections: Sequence[Correction]) -> Comparison:
    """Read each correction's text as shipped, and with what the other four fifths teach; tell how often each is right.

    Corrections of one text stay in one fifth, or it would have been seen before. Raises `NotAValue`.
    """
    fields: dict[Field, Comparison] = {}
    for name, lessons in _lessons(corrections).items():
        before = after = 0
        for fold in range(_FOLDS):
            learned = Learned({name: _fit([lesson for lesson in lessons if lesson.fold != fold])})
            for lesson in lessons:
                if lesson.fold == fold:
                    before += _best(lesson.shipped) == lesson.value
                    after += _best(learned.shares(name, lesson.shipped, lesson.words)) == lesson.value
        fields[name] = Comparison(before / len(lessons), after / len(lessons), len(lessons))
    n = sum(part.n for part in fields.values())
    before_all = sum(part.before * part.n for part in fields.values()) / max(n, 1)
    after_all = sum(part.after * part.n for part in fields.values()) / max(n, 1)
    return Comparison(before_all, after_all, n, fields)


@dataclass(frozen=True)
class _Lesson:
    words: tuple[int, ...]
    value: str
    shipped: Shares
    fold: int


def _lessons(corrections: Sequence[Correction]) -> dict[Field, list[_Lesson]]:
    """The newest corrections by field. What is a complaint is also of that kind, and the other way round."""
    lessons: defaultdict[Field, list[_Lesson]] = defaultdict(list)
    kept: Counter[Field] = Counter()
    for correction in reversed(corrections):
        if correction.value not in VALUES.get(correction.field, ()):
            raise NotAValue(correction)
        if kept[correction.field] == CORRECTIONS_MAX:
            continue
        kept[correction.field] += 1
        own = without_answered(correction.text)
        read = read_customer(own)
        words = tuple(word_features(own))
        fold = hashlib.blake2b(correction.text.encode(errors="replace"), digest_size=4).digest()[0] % _FOLDS
        lesson = _Lesson(words, correction.value, _shares(read, correction.field), fold)
        lessons[correction.field].append(lesson)
        if correction.field == "kind":
            is_complaint = "yes" if correction.value == Kind.COMPLAINT else "no"
            lessons["complaint"].append(replace(lesson, value=is_complaint, shipped=_shares(read, "complaint")))
    return {name: list(reversed(lessons[name])) for name in VALUES if lessons[name]}


def _fit(lessons: Sequence[_Lesson]) -> dict[str, dict[int, float]]:
    """Multinomial logistic regression on top of the shipped log-shares, by AdaGrad (Duchi et al. 2011), in order."""
    weights: dict[str, dict[int, float]] = {value: {} for value in (lessons[0].shipped if lessons else ())}
    squares: dict[str, defaultdict[int, float]] = {value: defaultdict(float) for value in weights}
    for _ in range(_ROUNDS):
        for lesson in lessons:
            size = 1 / math.sqrt(len(lesson.words) + 1)
            shares = _softmax(
                {
                    value: math.log(share) + _added(weights[value], lesson.words)
                    for value, share in lesson.shipped.items()
                }
            )
            for value, share in shares.items():
                wrong = share - (value == lesson.value)
                if abs(wrong) < _SETTLED:
                    continue
                words, sums = weights[value], squares[value]
                for bucket in (*lesson.words, _BIAS):
                    slope = wrong * size + _PULL * words.get(bucket, 0.0)
                    sums[bucket] += slope * slope
                    words[bucket] = words.get(bucket, 0.0) - _STEP * slope / math.sqrt(sums[bucket] + 1e-3)
    return {
        value: {bucket: round(weight, 4) for bucket, weight in sorted(words.items()) if abs(weight) >= _TINY}
        for value, words in weights.items()
    }


_SETTLED = 0.02
_TINY = 0.001


def _added(weights: Mapping[int, float] | None, words: Collection[int]) -> float:
    if not weights:
        return 0.0
    total = sum(weights.get(bucket, 0.0) for bucket in words) + weights.get(_BIAS, 0.0)
    return total / math.sqrt(len(words) + 1)


def _softmax(scores: Mapping[str, float]) -> Shares:
    highest = max(scores.values())
    powers = {value: math.exp(score - highest) for value, score in scores.items()}
    total = sum(powers.values())
    return {value: power / total for value, power in powers.items()}


def _best(shares: Shares) -> str:
    return max(shares, key=lambda value: shares[value])


def _shares(read: Reading, name: Field) -> Shares:
    """What the shipped reading says of a field, as shares of all its values."""
    shown: Shares = {}
    if name == "complaint" and read.complaint:
        sure = read.complaint.confidence
        shown = {"yes": sure, "no": 1 - sure} if read.complaint.value else {"no": sure, "yes": 1 - sure}
    elif name == "kind" and read.kind:
        shown = {read.kind.value: read.kind.confidence}
    elif name == "urgency" and read.urgency:
        shown = {read.urgency.value: read.urgency.confidence}
    elif name == "cause":
        shown = {found.value: found.confidence for found in read.causes}
    elif name == "emotion":
        shown = {found.value: found.confidence for found in read.emotions}
        shown.setdefault("", max(0.0, 1 - sum(shown.values())))
    others = [value for value in VALUES[name] if value not in shown]
    rest = max(0.0, 1 - sum(shown.values())) / max(len(others), 1)
    shares = {value: max(_FLOOR, shown.get(value, rest)) for value in VALUES[name]}
    total = sum(shares.values())
    return {value: share / total for value, share in shares.items()}


def _with_complaint(read: Reading, shares: Shares, spans: tuple[Span, ...]) -> Reading:
    value = _best(shares)
    is_complaint = value == "yes"
    before = read.complaint
    if before and before.value == is_complaint:
        spans = before.spans or spans
    read = replace(read, complaint=Finding(is_complaint, round(shares[value], 2), spans))
    if is_complaint:
        return replace(read, kind=Finding(Kind.COMPLAINT, round(shares[value], 2), spans))
    kind = read.kind
    if kind and kind.value is Kind.COMPLAINT:
        kind = Finding(Kind.ENQUIRY, round(min(shares[value], 0.6), 2))
    return replace(read, kind=kind, causes=())


def _with_kind(read: Reading, shares: Shares, spans: tuple[Span, ...]) -> Reading:
    """The likeliest kind that does not gainsay whether it is a complaint."""
    if read.is_complaint:
        return read
    others = {value: share for value, share in shares.items() if value != Kind.COMPLAINT}
    value = Kind(_best(others))
    before = read.kind.spans if read.kind and read.kind.value is value else ()
    return replace(read, kind=Finding(value, round(others[value] / sum(others.values()), 2), before or spans))


def _with_cause(read: Reading, shares: Shares, spans: tuple[Span, ...]) -> Reading:
    if not read.is_complaint:
        return read
    shown = {found.value: found.spans for found in read.causes}
    two = sorted(shares, key=lambda value: -shares[value])[:2]
    causes = tuple(
        Finding(Cause(value), round(shares[value], 2), shown.get(Cause(value)) or (spans if value == two[0] else ()))
        for value in two
        if shares[value] >= _SHOWN_FROM
    )
    return replace(read, causes=causes)


_SHOWN_FROM = 0.2


def _with_emotion(read: Reading, shares: Shares, spans: tuple[Span, ...]) -> Reading:
    value = _best(shares)
    if not value:
        return replace(read, emotions=())
    others = tuple(found for found in read.emotions if found.value != value)
    before = next((found.spans for found in read.emotions if found.value == value), ())
    best = Finding(Emotion(value), round(shares[value], 2), before or spans)
    return replace(read, emotions=(best, *(found for found in others if found.confidence <= best.confidence)))


def _with_urgency(read: Reading, shares: Shares, spans: tuple[Span, ...]) -> Reading:
    value = Urgency(_best(shares))
    before = read.urgency.spans if read.urgency and read.urgency.value is value else ()
    return replace(read, urgency=Finding(value, round(shares[value], 2), before or spans))


_CHANGES: dict[Field, Callable[[Reading, Shares, tuple[Span, ...]], Reading]] = {
    "complaint": _with_complaint,
    "kind": _with_kind,
    "cause": _with_cause,
    "emotion": _with_emotion,
    "urgency": _with_urgency,
}
assert set(_CHANGES) == set(get_args(Field))
