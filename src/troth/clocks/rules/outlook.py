"""What a policy comes to: what each sort of case gets, and which rules nobody ever meets; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from troth.clocks.rules.policy import Matter, Policy, Rule, Target
from troth.words.clocks import Sort
from troth.words.messages import Urgency

#: A channel and a group that no rule names.
OTHER = "(another)"


@dataclass(frozen=True)
class Line:
    """What a case of this sort gets."""

    matter: Matter
    targets: dict[Sort, Target]


def outlook(policy: Policy, kinds: Sequence[str]) -> list[Line]:
    """For each kind: as it usually is, urgent, and in public, where that makes a difference."""
    lines = []
    for kind in kinds:
        usual = _line(policy, Matter(kind=kind, channel=OTHER, urgency=Urgency.NORMAL))
        others = [
            _line(policy, Matter(kind=kind, channel=OTHER, urgency=Urgency.HIGH)),
            _line(policy, Matter(kind=kind, channel=OTHER, urgency=Urgency.NORMAL, is_public=True)),
        ]
        lines += [usual, *(line for line in others if line.targets != usual.targets)]
    return lines


def never_used(policy: Policy, kinds: Sequence[str]) -> frozenset[int]:
    """The rules, by their place, from which no case takes a target: others above them say it already."""
    used: set[int] = set()
    for matter in _every_matter(policy, kinds):
        open_sorts = set(Sort)
        for place, rule in enumerate(policy.rules):
            if rule.fits(matter) and (taken := open_sorts & set(rule.targets)):
                used.add(place)
                open_sorts -= taken
    return frozenset(range(len(policy.rules))) - used


def _every_matter(policy: Policy, kinds: Sequence[str]) -> Iterator[Matter]:
    """One of each that the rules can tell apart."""
    for kind, channel, urgency, group, is_public in product(
        kinds,
        _named(policy.rules, "channels"),
        [urgency.value for urgency in Urgency],
        _named(policy.rules, "groups"),
        (False, True),
    ):
        yield Matter(kind=kind, channel=channel, urgency=urgency, group=group, is_public=is_public)


def _named(rules: Sequence[Rule], dimension: str) -> list[str]:
    return sorted({value for rule in rules for value in getattr(rule, dimension)} | {OTHER})


def _line(policy: Policy, matter: Matter) -> Line:
    return Line(matter=matter, targets=policy.targets(matter))
