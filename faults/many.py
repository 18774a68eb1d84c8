"""Letters to very many, struck: each arrives; twice only where no archive could tell, under one Message-ID and on record.

With an archive nothing is doubled. Without one whatever a killed sender had said to leave goes out again: so many at most as one
window holds, and `perhaps_twice` tells at least of every letter that really came twice.
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from django.test import override_settings
from tests.lab.mail import MailLab
from tests.lab.smtp import Fault, FaultSmtp
from tests.people_and_things import NOW, company

from faults.afterwards import checked
from faults.flows import Flow
from faults.kill import EVERY, is_finished, kill
from faults.letters_out import FOR_EVER, Clock, carrier, post_office
from faults.pause import pause
from faults.processes import killed_at, run
from faults.registry import Outcome
from faults.scene import Scene, scene
from troth.ledger import tasks as ledger
from troth.post import actions, bulk, queries
from troth.post import tasks as post
from troth.post.models import UNDER_WAY, Letter, LetterState
from troth.post.rules.carrier import Answer

#: Readers of one notice, each of whom a strike may hit.
READERS = 4


def _handed_over(here: Scene, number: int) -> int:
    alike = actions.Alike(
        subject="Your parcel is late", text="It leaves on Tuesday.", because=f"notice:{number}", now=here.clock()
    )
    readers = range(number * READERS, (number + 1) * READERS)
    letters = [alike.to(here.address(one), key=f"notice:{one}", customer_id=here.customer(one).pk) for one in readers]
    actions.hand_over_bulk(letters, now=here.clock())
    return number


def _let_leave(_here: Scene, _number: int) -> None:
    post.deliver_in_bulk()
    ledger.seal()


def _of_each(count: str) -> dict[str, str]:
    """SQL that counts something of each reader: the fewest of any, and the most, for each notice."""
    return {
        f"{which} for each reader": f"""
            SELECT substr(because, 8)::bigint, {which}(({count})) FROM post_letter AS letter WHERE bulk GROUP BY because
        """  # noqa: S608 -- words of ours
        for which in ("min", "max")
    }


TO_MANY = Flow(
    "letters to many",
    _handed_over,
    _let_leave,
    {
        f"{name}, {which}": sql
        for name, count in {
            "letter": "CASE state WHEN 'sent' THEN 1 ELSE 0 END",
            "fact": "SELECT count(*) FROM ledger_entry WHERE kind = 'LetterDelivered' AND about = 'letter:' || letter.id",
            "fact that it was queued": (
                "SELECT count(*) FROM ledger_entry WHERE kind = 'LetterQueued' AND about = 'letter:' || letter.id"
            ),
        }.items()
        for which, sql in _of_each(count).items()
    },
)


def killed(lab: MailLab) -> Outcome:
    return kill(lab, TO_MANY)


def paused(lab: MailLab) -> Outcome:
    return pause(lab, TO_MANY)


def killed_without_archive(lab: MailLab, *, at: Iterable[int] = EVERY) -> Outcome:
    """Killed at each boundary where nobody can be asked: all arrive, and those that may have come twice are on record."""
    points = stuck = told = 0
    with scene(lab) as here, override_settings(TROTH_MAIL_ARCHIVE=""):
        for number in at:
            item = _handed_over(here, number)
            ended = run(lambda item=item: _let_leave(here, item), strike=killed_at(number))  # type: ignore[misc]
            stuck += not is_finished(here, TO_MANY, item, said=f"without an archive, boundary {number}")
            told += queries.perhaps_twice(because=f"notice:{item}")
            if not ended.killed:
                break
            points += 1
        copies = here.copies()
    twice = sum(count - 1 for count in copies if count > 1)
    notes = f"{twice} of {len(copies)} letters came twice, {told} were said to be able to have"
    print(notes, file=sys.stderr)
    return Outcome(
        points=points,
        lost=copies.count(0),
        doubled=max(0, twice - told) + sum(count > 2 for count in copies),
        stuck=stuck,
        notes=notes,
    )


#: A server that fails from the third letter over a line on, that closes each line after two, or that knows nobody at first.
BAD_DAYS = (*(fault for fault in Fault if fault is not Fault.NORMAL), "421 after two letters", "greylisting")


def smtp_fails(
    lab: MailLab,
    *,
    days: Sequence[Fault | str] = BAD_DAYS,
    ahead: Sequence[bool] = (True, False),
    archives: Sequence[bool] = (True, False),
    readers: int = 6,
) -> Outcome:
    """Each bad day for letters to many, tried until the server is well: each arrived, or was refused and that is known."""
    whole = Outcome(points=0)
    with post_office(lab) as server:
        company()
        for number, (archive, pipelining, day) in enumerate(itertools.product(archives, ahead, days)):
            clock = Clock(NOW + timedelta(days=10 * number))
            server.pipelining = pipelining
            with override_settings(TROTH_MAIL_ARCHIVE="archive@troth.test" if archive else ""):
                letters = _queued(number, readers, clock)
                with _badly(server, day, letters):
                    bulk.sweep(carrier=carrier(), clock=clock)
                _send_the_rest(clock)
            whole += _counted(lab, letters, day=day, archive=archive)
    return checked(replace(whole, notes=f"{whole.points} letters"), now=clock.now)


def _queued(number: int, readers: int, clock: Clock) -> list[Letter]:
    alike = actions.Alike(subject="Late", text="It leaves on Tuesday.", because=f"notice:{number}", now=clock.now)
    letters = [
        alike.to(f"{who}@example.test", key=f"notice:{number}:{one}", customer_id=None)
        for one, who in zip(range(readers), itertools.cycle(("ann", "bob")), strict=False)
    ]
    actions.hand_over_bulk(letters, now=clock.now)
    return letters


@contextmanager
def _badly(server: FaultSmtp, day: Fault | str, letters: Sequence[Letter]) -> Iterator[None]:
    if isinstance(day, Fault):
        server.fault = day
        server.good_first = 0 if day in {Fault.BANNER_421, Fault.TARPIT} else 2
    elif day == "greylisting":
        server.busy = {letter.to_address for letter in letters}
    else:
        server.letters_a_line = 2
    try:
        yield
    finally:
        server.fault, server.good_first, server.busy, server.letters_a_line = Fault.NORMAL, 0, set(), 0


def _send_the_rest(clock: Clock) -> None:
    until = clock.now + timedelta(days=3)
    while Letter.objects.filter(state__in=UNDER_WAY).exists() and clock.now < until:
        clock.now += timedelta(seconds=61)
        bulk.sweep(carrier=carrier(), clock=clock)


def _counted(lab: MailLab, letters: Sequence[Letter], *, day: Fault | str, archive: bool) -> Outcome:
    arrived = Counter(
        str(found["Message-ID"]) for who in ("ann", "bob") for found in lab.letters(f"{who}@example.test")
    )
    lost = doubled = stuck = 0
    told = queries.perhaps_twice(because=letters[0].because)
    for letter in Letter.objects.filter(pk__in=[letter.pk for letter in letters]):
        copies = arrived[letter.message_id]
        doubled += max(0, copies - 1)
        stuck += letter.state in UNDER_WAY
        refused = letter.state == LetterState.REFUSED and day in FOR_EVER
        lost += not refused and (letter.state != LetterState.SENT or copies == 0)
    in_doubt = [letter for letter in letters if letter.tries.filter(answer=Answer.UNCLEAR.value).exists()]
    allowed = 0 if archive else min(told, len(in_doubt))
    if lost or stuck or doubled > allowed:
        print(f"{day}, archive {archive}: lost {lost}, doubled {doubled} of {allowed}", file=sys.stderr)
    return Outcome(points=len(letters), lost=lost, doubled=max(0, doubled - allowed), stuck=stuck)
