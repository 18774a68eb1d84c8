"""How many statements what writes takes: no more with every case, customer and letter that is there, and as many as said here.

Each costs a third of a millisecond of both processors. Who adds one to what happens a thousand times a day says so here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.faces import Shop
from tests.people_and_things import FRIDAY, NOW, handle
from tests.programs import Program

from troth.cases import actions as cases
from troth.cases.actions import replies
from troth.cases.models import Case
from troth.channels.email.child import reader_here
from troth.inbox import actions as inbox
from troth.inbox import tasks
from troth.people.models import Team
from troth.post.models import Letter

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


def statements(act: Callable[[], object]) -> int:
    """Those that begin and end transactions among them, and what is copied into the ledger."""
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def letter(nth: int) -> bytes:
    return (
        f"From: Ann <mail{nth}@example.net>\r\nTo: support@troth.test\r\nSubject: Parcel {nth}\r\n"
        f"Message-ID: <{nth}@example.net>\r\n\r\nWhere is my table? It should be here.\r\n"
    ).encode()


def test_what_writing_takes(shop: Shop) -> None:
    Team.objects.create(name="First", takes_new=True)
    program = Program(shop.lea, now=NOW - timedelta(seconds=30))
    took: dict[str, list[int]] = {"handed in": [], "kept": [], "read": [], "answered": [], "left": []}

    for nth in range(ROUNDS):
        handle(f"bob{nth}@example.net")
        handle(f"mail{nth}@example.net")
        said = {"address": f"bob{nth}@example.net", "subject": "A table", "text": "Where is it?", "vouched": True}
        acts: dict[str, Callable[[], object]] = {
            "handed in": lambda said=said, nth=nth: program.post("/messages", said, idempotency_key=f"once-{nth}"),
            "kept": lambda nth=nth: inbox.capture(
                channel="email", outside_id=f"0:{nth}", source=letter(nth), received_at=NOW, now=NOW
            ),
            "read": lambda: tasks._read(inbox.claim(now=NOW)),  # type: ignore[arg-type]
            "answered": lambda: answer(shop, Case.objects.select_related("customer").latest("pk")),
            "left": lambda: replies.leave(now=NOW + timedelta(minutes=1)),
        }
        for name, act in acts.items():
            took[name].append(statements(act))
    reader_here().close()

    assert Letter.objects.count() == 3 * ROUNDS  # two acknowledgements and an answer
    again = {name: set(counts[2:]) for name, counts in took.items()}  # the first look up what is kept for a while
    assert again == {
        # its name kept, then the message kept, in a case of its own and acknowledged, with the promise of an answer
        "handed in": {30},
        "kept": {4},
        "read": {22},
        "answered": {15},
        # the case is whose answer it was, the promise of an answer is kept and the one in the answer made
        "left": {30},
    }


def answer(shop: Shop, case: Case) -> None:
    text = f"Hello,\n\nwe will send you the new date by {FRIDAY:%-d %B %Y}, 5 pm.\n\nBest regards"
    cases.send_reply(case, staff=shop.sam, text=text, now=NOW, leaves_at=NOW)
