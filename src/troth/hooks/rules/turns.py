"""How many requests each endpoint may have under way, so that no slow one holds up the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Requests under way at once in one worker, and for one endpoint.
AT_ONCE, AT_ONCE_EACH = 16, 4
#: Endpoints whose last request failed are slow as a rule: one request each, and together never more than half of all.
TROUBLED_AT_ONCE = AT_ONCE // 2


@dataclass(frozen=True)
class Waiting:
    """An endpoint that has something to be sent."""

    endpoint: int
    is_troubled: bool


def turns(waiting: Sequence[Waiting], *, under_way: Mapping[int, int], troubled_under_way: int) -> dict[int, int]:
    """How many more each may begin now: one each in the order given, then another, until all places are taken."""
    places = AT_ONCE - sum(under_way.values())
    troubled_places = TROUBLED_AT_ONCE - troubled_under_way
    found: dict[int, int] = {}
    for _round in range(AT_ONCE_EACH):
        for one in waiting:
            most = 1 if one.is_troubled else AT_ONCE_EACH
            if places <= 0 or under_way.get(one.endpoint, 0) + found.get(one.endpoint, 0) >= most:
                continue
            if one.is_troubled:
                if troubled_places <= 0:
                    continue
                troubled_places -= 1
            found[one.endpoint] = found.get(one.endpoint, 0) + 1
            places -= 1
    return found
