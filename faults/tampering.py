"""R11: the log and the tables it tells of changed at random, ten thousand times; each time somebody must tell of it."""

from __future__ import annotations

import random
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from faults.registry import Outcome

if TYPE_CHECKING:
    from tests.tampering.mutations import Score
    from tests.tampering.story import Held, Outside

SEED = 11


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


def lived(_lab: object = None) -> Outcome:
    return lived_through(10_000)


def lived_through(steps: int) -> Outcome:
    """Logs live until they have gone so many steps, a hundred at most in one life; needs Django set up."""
    from tests.tampering import machine  # the settings must be in the environment first

    began, seed, wrong, log = time.monotonic(), SEED, 0, machine.Log
    while log.taken.total() < steps:
        try:
            machine.live(examples=20, steps=100, seed=seed, shrink=False)
        except Exception:
            print(f"seed {seed}:", file=sys.stderr)
            traceback.print_exc()
            wrong += 1
        seed += 1
    for name, count in log.taken.most_common():
        print(f"{count:6,} {name}", file=sys.stderr)
    return Outcome(
        points=log.taken.total(),
        lost=wrong,
        notes=f"{machine.counted()}; {log.looked:,} looks at a log in which nothing was done; seeds {SEED} to {seed - 1}, in"
        f" {time.monotonic() - began:.0f} s",
    )
