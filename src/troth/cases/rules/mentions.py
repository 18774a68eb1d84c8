"""Who is named in a note: `@` before a name, an address, or a first name that only one of them has; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Nameable:
    """A colleague who may be named."""

    pk: int
    name: str
    email: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else ""


def written(people: Sequence[Nameable]) -> dict[int, str]:
    """How each is written behind the `@`: by their name, or by their address where another has the same name."""
    names = Counter(person.name.casefold() for person in people)
    return {
        person.pk: person.name if person.name and names[person.name.casefold()] == 1 else person.email
        for person in people
    }


def named(text: str, people: Sequence[Nameable]) -> list[int]:
    """Those whom *text* names, in the order in which it does; the longest name counts, so @Sam Okafor is not @Sam."""
    called: dict[str, set[int]] = {}
    firsts = Counter(person.first_name.casefold() for person in people)
    for person in people:
        ways = {person.name, person.email}
        if firsts[person.first_name.casefold()] == 1:
            ways.add(person.first_name)
        for way in ways - {""}:
            called.setdefault(way.casefold(), set()).add(person.pk)
    if "@" not in text or not called:
        return []
    longest_first = sorted(called, key=lambda way: (-len(way), way))
    # An address in the text, ann@example.net, names nobody; neither does the beginning of a longer word.
    found = re.findall(rf"(?<![\w.@+-])@({'|'.join(map(re.escape, longest_first))})(?!\w)", text.casefold())
    return list(dict.fromkeys(pk for way in found for pk in sorted(called[way])))
