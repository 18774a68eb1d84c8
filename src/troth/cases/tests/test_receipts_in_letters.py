"""A letter that makes a promise carries its receipt, and no other letter does."""

from __future__ import annotations

from typing import Any

import pytest
from tests.people_and_things import NOW, company, handle, kinds, staff
from tests.receipts import FOR_LETTER

from troth.cases import actions as cases
from troth.cases.models import Case
from troth.cases.rules.gate import Answer, Choice
from troth.cases.tests.test_actions import RING, SECONDS, written
from troth.post.models import Letter
from troth.promises.models import Promise
from troth.words.refs import ref

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _receipts_go_along(settings: Any) -> None:
    settings.TROTH_ENCLOSURES, settings.TROTH_UNDO_SECONDS = FOR_LETTER, 10
    company()


def answered(text: str, *answers: Answer) -> Letter:
    case: Case = written(handle()).case
    cases.send_reply(case, staff=staff(), text=text, answers=answers, now=NOW)
    cases.leave(now=NOW + SECONDS)
    return Letter.objects.get()


def test_acknowledgement_carries_the_receipt_of_the_time_it_tells() -> None:
    message = written(handle())

    letter = cases.acknowledge(message, now=NOW)
    cases.acknowledge(message, now=NOW)

    assert letter
    assert Letter.objects.get().encloses == [ref("promise", Promise.objects.get().pk)]


def test_reply_carries_a_receipt_of_each_promise_in_it() -> None:
    letter = answered(f"{RING} We will write by Monday 16 November.")

    made = list(Promise.objects.order_by("pk"))
    assert len(made) == 2
    assert letter.encloses == [ref("promise", promise.pk) for promise in made]
    assert [kind for kind in kinds() if kind in {"LetterQueued", "PromiseMade"}] == [
        "LetterQueued",
        *["PromiseMade"] * 2,
    ]


def test_reply_that_promises_nothing_carries_and_waits_for_nothing() -> None:
    quote = "We will ring you."

    letter = answered(quote, Answer(quote=quote, choice=Choice.NOT_A_PROMISE, what="ring you"))

    assert letter.encloses == []
