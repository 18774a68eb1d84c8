"""R1: a worker killed at every boundary of its work. What it left is found by the next one, and done once."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from itertools import count

from tests.lab.mail import MailLab

from faults.flows import ANSWER_MANY, CHAT_LEFT, CHAT_SAID, FORGET, HEADS_UP, REPLY, TAKE_IN, WARN, Flow, tally
from faults.processes import killed_at, run
from faults.registry import Outcome
from faults.scene import Scene, scene

#: Each boundary, until the work ends before it is struck.
EVERY = count(1)


def kill(lab: MailLab, flow: Flow, *, at: Iterable[int] = EVERY) -> Outcome:
    """Do *flow* anew for each number in *at*, killed at that boundary, and let a new worker finish it."""
    with scene(lab) as here:
        items, points, stuck = [], 0, 0
        for number in at:
            item = flow.prepare(here, number)
            items.append(item)
            ended = run(lambda item=item: flow.act(here, item), strike=killed_at(number))  # type: ignore[misc]
            stuck += not is_finished(here, flow, item, said=f"{flow.name}, boundary {number}")
            here.put_away()
            if not ended.killed:
                break
            points += 1
        found = tally(here, flow, items)
    for one in found.wrong:
        print(f"{flow.name}: {one}", file=sys.stderr)
    return Outcome(points=points, lost=found.lost, doubled=found.doubled, stuck=stuck)


def is_finished(here: Scene, flow: Flow, item: object, *, said: str) -> bool:
    """Whether a new worker brings everything to an end: what was begun, then what the flow had still before it."""
    whole = here.let_it_finish() and run(lambda: flow.act(here, item)).whole
    whole = whole and (here.is_at_rest() or here.let_it_finish())
    wrong = here.findings() if whole else ["It does not come to rest."]
    for one in wrong:
        print(f"{said}: {one}", file=sys.stderr)
    return not wrong


def some(lab: MailLab, flow: Flow, *, points: int) -> list[int]:
    """So many boundaries of *flow*, from the first to one of the last and evenly between.

    Not the very last: what is written once in the life of a log, beside its first heads, is no boundary of the later times.
    """
    last = len(reached(lab, flow)) - 2
    return [1 + number * (last - 1) // (points - 1) for number in range(points)]


def reached(lab: MailLab, flow: Flow) -> list[str]:
    """The boundaries of *flow* in their order, as it goes when nothing strikes."""
    with scene(lab) as here, tempfile.TemporaryFile("w+") as names:
        item = flow.prepare(here, 0)

        def strike(_number: int, name: str) -> None:
            print(name, file=names, flush=True)

        assert run(lambda: flow.act(here, item), strike=strike).whole
        names.seek(0)
        return names.read().splitlines()


def take_in(lab: MailLab) -> Outcome:
    return kill(lab, TAKE_IN)


def reply(lab: MailLab) -> Outcome:
    return kill(lab, REPLY)


def answering_many(lab: MailLab) -> Outcome:
    return kill(lab, ANSWER_MANY)


def chat(lab: MailLab) -> Outcome:
    return kill(lab, CHAT_SAID) + kill(lab, CHAT_LEFT)


def warning(lab: MailLab) -> Outcome:
    return kill(lab, WARN)


def heads_up(lab: MailLab) -> Outcome:
    return kill(lab, HEADS_UP)


def forget(lab: MailLab) -> Outcome:
    return kill(lab, FORGET)
