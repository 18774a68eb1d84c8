"""R11: the log and the tables it tells of changed at random, ten thousand times; each time somebody must tell of it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from faults.registry import Outcome

if TYPE_CHECKING:
    from tests.tampering.mutations import Score
    from tests.tampering.story import Held, Outside

SEED = 11
#: Nothing here lives longer.
SECONDS_MOST = 3_000


def mutated(_lab: object = None) -> Outcome:
    return mutated_often(10_000)


def mutated_often(count: int) -> Outcome:
    """In a house of its own; needs Django set up."""
    from django.db import transaction  # the settings must be in the environment first
    from django.test import override_settings
    from tests.receipts import FOR_LETTER
    from tests.tampering.story import Outside, lived

    with transaction.atomic(), override_settings(TROTH_ENCLOSURES=FOR_LETTER), tempfile.TemporaryDirectory() as place:
        score = many_mutations(lived(), Outside.kept(), count=count, seed=SEED, place=Path(place))
        transaction.set_rollback(True)
    for words in score.undetected:
        print(f"nobody tells of: {words}", file=sys.stderr)
    return Outcome(
        points=score.made,
        lost=len(score.undetected),
        stuck=score.false_alarms,
        notes=f"{score.whole:,} of them a whole other history, signed with the real key; {score.looked:,} looks at a house in which"
        f" nothing was done, {score.false_alarms} false alarms; seed {SEED}",
    )


def many_mutations(held: Held, outside: Outside, *, count: int, seed: int, place: Path) -> Score:
    """Called inside a transaction that is rolled back."""
    from tests.tampering.mutations import many  # the same
    from tests.tampering.story import is_seen

    def seen() -> bool:
        found = is_seen(held, place=place)
        outside.put_back()
        return found

    outside.put_back()
    return many(count, chance=random.Random(seed), is_seen=seen)


def lived() -> Outcome:
    return lived_through(10_000)


def lived_through(steps: int, *, processes: int = 2, seconds: int = SECONDS_MOST) -> Outcome:
    """Logs live until they have gone so many steps together, or for so long; each process has a database of its own."""
    began, each = time.monotonic(), -(-steps // processes)
    words = [[sys.executable, "-m", "faults.tampering", *map(str, (each, seed, seconds))] for seed in _seeds(processes)]
    running = [subprocess.Popen(one, stdout=subprocess.PIPE, text=True) for one in words]
    said = [json.loads(process.communicate()[0]) for process in running]
    taken = sum((Counter(one["taken"]) for one in said), Counter[str]())
    spans = (f"{first} to {one['last']}" for first, one in zip(_seeds(processes), said, strict=True))
    return Outcome(
        points=taken.total(),
        lost=sum(one["wrong"] for one in said),
        notes=", ".join(f"{name} {count:,}" for name, count in taken.items())
        + f"; {sum(one['looked'] for one in said):,} looks at a log in which nothing was done; seeds {' and '.join(spans)}, in"
        f" {time.monotonic() - began:.0f} s",
    )


def _seeds(processes: int) -> list[int]:
    """What each process begins with."""
    return [SEED + 1_000 * one for one in range(processes)]


def live_on(*, steps: int, seed: int, seconds: float) -> dict[str, object]:
    """Life after life of a hundred steps at most; needs Django set up. What was taken and what went wrong."""
    from tests.tampering import machine  # the settings must be in the environment first

    began, wrong, log = time.monotonic(), 0, machine.Log
    while log.taken.total() < steps and time.monotonic() - began < seconds:
        try:
            machine.live(examples=5, steps=100, seed=seed, shrink=False)
        except Exception:
            print(f"seed {seed}:", file=sys.stderr)
            traceback.print_exc()
            wrong += 1
        seed += 1
    return {"taken": machine.counted(), "looked": log.looked, "wrong": wrong, "last": seed - 1}


if __name__ == "__main__":
    from faults.stage import stage  # the database is needed here only

    with stage():
        done = live_on(steps=int(sys.argv[1]), seed=int(sys.argv[2]), seconds=float(sys.argv[3]))
    print(json.dumps(done))
