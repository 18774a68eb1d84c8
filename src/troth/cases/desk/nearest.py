"""What a case wants first, said at its top."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from troth.people.shell import page_of
from troth.promises.models import Promise
from troth.words.clocks import State
from troth.words.refs import ref


def nearest(
    clocks: Sequence[dict[str, Any]], owed: Sequence[Promise], *, case: str, now: datetime
) -> dict[str, Any] | None:
    """The running clock or the promise made in *case* that is due first, with how many others there are; None for nothing.

    *clocks* are as `clock_values` tells them. What was promised elsewhere stands beside the case all the same.
    """
    asked = [
        {"words": clock["words"], "quote": None, "href": "#side-clocks", "due": clock["due"]}
        for clock in clocks
        if clock["state"] == State.RUNNING
    ]
    given = [
        {
            "words": promise.what,
            "quote": promise.source_quote or None,
            "href": page_of(ref("promise", promise.pk)),
            "due": promise.due,
        }
        for promise in owed
        if promise.is_owed and promise.due and promise.about == case
    ]
    ahead = sorted([*given, *asked], key=lambda one: one["due"])
    if not ahead:
        return None
    return {**ahead[0], "is_late": ahead[0]["due"] < now, "more": len(ahead) - 1}
