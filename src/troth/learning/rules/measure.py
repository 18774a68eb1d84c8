"""How often a reading is right, by what people said of it: shares with their uncertainty, and the usual mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import sqrt

#: Two-sided, 95 in a hundred.
Z = 1.959964
#: So many of the usual mistakes are told.
MISTAKES_MAX = 6
#: Stands for nothing read, and nothing of the kind.
NOTHING = ""


@dataclass(frozen=True)
class Judged:
    """What people said of one field, of so many messages where the same was read and the same was said."""

    field: str
    version: str
    drawn: bool
    #: Each value that was read, and whether surely enough to be filled in.
    read: tuple[tuple[str, bool], ...]
    said: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Share:
    """So many of so many, and between which shares the truth lies in 95 of a hundred cases."""

    right: int
    n: int

    @property
    def share(self) -> float | None:
        return self.right / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval (Wilson 1927): holds for few, too, and never leaves nought to one."""
        if not self.n:
            return None
        share, square = self.right / self.n, Z * Z / self.n
        middle = (share + square / 2) / (1 + square)
        half = Z / (1 + square) * sqrt(share * (1 - share) / self.n + square / (4 * self.n))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class OfValue:
    """How one value fared: where it was surely read, where it was a guess, and where it was overlooked."""

    value: str
    sure: Share
    guess: Share
    missed: int


@dataclass(frozen=True)
class OfField:
    """How one field fared: whole messages with nothing to correct in it, each value, and the usual mistakes."""

    field: str
    messages: Share
    values: tuple[OfValue, ...]
    #: What was read, what it was, and how often; most often first.
    mistakes: tuple[tuple[str, str, int], ...]


@dataclass
class _Count:
    sure: Counter[bool] = field(default_factory=Counter)
    guess: Counter[bool] = field(default_factory=Counter)
    missed: int = 0


def measure(judged: Iterable[Judged], fields: Sequence[str]) -> list[OfField]:
    """Each of *fields* in their order, as *judged* says; of several values each counts by itself."""
    rows = list(judged)
    return [_of_field(name, [row for row in rows if row.field == name]) for name in fields]


def _of_field(name: str, rows: Sequence[Judged]) -> OfField:
    counts: dict[str, _Count] = {}
    mistakes: Counter[tuple[str, str]] = Counter()
    right = 0
    for row in rows:
        shown = {value for value, _sure in row.read}
        right += row.count * (shown == set(row.said))
        for value, sure in row.read or ((NOTHING, True),):
            of_value = counts.setdefault(value, _Count())
            is_right = value in row.said if value else not row.said
            (of_value.sure if sure else of_value.guess)[is_right] += row.count
        overlooked = [value for value in row.said if value not in shown]
        for value in overlooked:
            counts.setdefault(value, _Count()).missed += row.count
        too_much = [value for value in shown if value not in row.said]
        for value in too_much or ([NOTHING] if overlooked else []):
            for was in overlooked or [NOTHING]:
                mistakes[value, was] += row.count
    values = [
        OfValue(value, _share(count.sure), _share(count.guess), count.missed) for value, count in sorted(counts.items())
    ]
    return OfField(
        field=name,
        messages=Share(right, sum(row.count for row in rows)),
        values=tuple(sorted(values, key=lambda one: (not one.value, -(one.sure.n + one.guess.n), one.value))),
        mistakes=tuple(
            (value, was, count)
            for (value, was), count in sorted(mistakes.items(), key=lambda one: (-one[1], one[0]))[:MISTAKES_MAX]
        ),
    )


def _share(count: Counter[bool]) -> Share:
    return Share(count[True], count.total())
