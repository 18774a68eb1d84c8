"""What every peer has in common: questions as JSON lines on standard input, answers on standard output.

A peer runs with the Python of its own environment, so that no two of them quarrel over a dependency; this file knows
nothing but the standard library. Each answer tells the processor seconds it took, loading left out.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable
from datetime import datetime, time, timedelta
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

Message = dict[str, Any]
"""``text``, ``at`` (RFC 3339) and ``tz``."""

Due = datetime | list[datetime] | None


def serve(
    answer: Callable[[str, list[Message]], list[Any]],
    *,
    fit: Callable[[list[str], list[list[str]]], None] | None = None,
    version: str,
) -> None:
    """Answer until the input ends. *answer* takes the task and messages, *fit* texts and the labels of each."""
    warnings.simplefilter("ignore")
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a library that prints does not get between the answers
    for line in sys.stdin:
        asked = json.loads(line)
        began = process_time()
        if "fit" in asked:
            assert fit is not None
            fit(asked["fit"], asked["labels"])
            told: dict[str, Any] = {}
        elif "ask" in asked:
            told = {"answers": answer(asked["task"], asked["ask"])}
        else:
            told = {"version": version}
        told["cpu"] = process_time() - began
        out.write(json.dumps(told) + "\n")
        out.flush()


def clock(message: Message) -> datetime:
    """The wall clock of the writer, as the libraries want it: without a zone."""
    return datetime.fromisoformat(message["at"]).astimezone(ZoneInfo(message["tz"])).replace(tzinfo=None)


def place(start: int, end: int, due: Due, message: Message, what: str = "date") -> list[Any]:
    """Where something stands, its due on the writer's clock, and what it is: a ``promise`` or, most know no more, a ``date``.

    Where a library leaves open what the due is (a range, a midnight that ends a day or begins one), all it can mean may
    be given: the kindest counts.
    """
    zone = ZoneInfo(message["tz"])
    dues = [each for each in (due if isinstance(due, list) else [due]) if each]
    return [start, end, [(each if each.tzinfo else each.replace(tzinfo=zone)).isoformat() for each in dues], what]


def end_of(due: datetime) -> list[datetime]:
    """An end: if it is midnight, it may end the day before."""
    return [due] if due.time() != time() else [due, due - timedelta(seconds=1)]
