"""Receipts put into a letter before it leaves: when, how long it waits, and what the database lets nobody change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.people_and_things import company, new_facts
from tests.receipts import FOR_LETTER

from troth.ledger import actions as ledger
from troth.people.models import Company
from troth.people.queries import forget_firm
from troth.post import actions, sending
from troth.post.models import Letter, LetterState
from troth.post.rules.carrier import try_again
from troth.post.rules.letter import Attachment
from troth.post.tests.test_sending import MINUTE, NOW, Killed, MemoryCarrier, hand_over, sweep
from troth.words import facts

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
PROMISED = facts.StaffWarned(about="promise:31", due=NOW, warned="")


@pytest.fixture(autouse=True)
def _receipts_go_along(settings: Any) -> None:
    settings.TROTH_ENCLOSURES = FOR_LETTER


def promised(**changes: Any) -> Letter:
    """A letter and what it promises, recorded together."""
    with transaction.atomic():
        letter = hand_over(encloses=["promise:31"], **changes)
        ledger.append(PROMISED, now=NOW)
    return letter


def enclosed_in(raw: bytes) -> list[tuple[str | None, str, str]]:
    letter = message_from_bytes(raw, policy=policy.default)
    return [(part.get_filename(), part.get_content_type(), part.get_content()) for part in letter.iter_attachments()]


class Given:
    """What gives receipts, as a test wants it."""

    #: What it gives in turn; an exception is raised, and the last holds on.
    answers: list[Any]
    asked_at: list[datetime]

    @classmethod
    def by(cls, *answers: Any) -> str:
        cls.answers, cls.asked_at = list(answers), []
        return f"{__name__}.given"


def given(references: Sequence[str], *, now: datetime) -> list[Attachment] | None:
    Given.asked_at.append(now)
    answer = Given.answers.pop(0) if len(Given.answers) > 1 else Given.answers[0]
    if isinstance(answer, Exception):
        raise answer
    return answer  # type: ignore[no-any-return]


def test_letter_waits_for_the_seal_and_leaves_with_its_receipt() -> None:
    letter = promised()
    carrier = MemoryCarrier()

    waits = sweep(carrier)
    ledger.seal(now=NOW)
    at_once = sweep(carrier, NOW)
    left = sweep(carrier, NOW + SECOND)

    assert (waits.state, waits.next_try_at, waits.asked_at, waits.attempts) == ("queued", NOW + SECOND, NOW, 0)
    assert at_once.state == LetterState.QUEUED
    assert (left.state, left.enclosed) == (LetterState.SENT, 1)
    assert carrier.arrived == [bytes(left.raw)]
    [(name, kind, words)] = enclosed_in(carrier.arrived[0])
    assert (name, kind, words.partition(" ")[0]) == ("receipt-promise-31.txt", "text/plain", "StaffWarned")
    digest = hashlib.sha256(carrier.arrived[0]).hexdigest()
    assert new_facts(letter.reference, since=1) == [
        ("ReceiptsEnclosed", {"because": "case:3", "receipts": 1, "digest": digest}),
        ("LetterDelivered", {"because": "case:3", "delivered_at": "2026-03-04T09:00:01.000000Z", "verified": False}),
    ]


def test_letter_without_receipts_is_as_it_was_queued() -> None:
    letter = hand_over()
    carrier = MemoryCarrier()

    left = sweep(carrier)

    assert carrier.arrived == [bytes(letter.raw)]
    assert (left.encloses, left.enclosed) == ([], None)
    assert b"receipt" not in bytes(letter.raw)


def test_what_a_letter_promises_is_recorded_behind_it() -> None:
    first, second, plain = hand_over("a"), hand_over("b", encloses=["promise:1"]), hand_over("c")

    actions.enclose({first.pk: ["promise:7", "promise:8"], second.pk: ["promise:9"]})

    found = dict(Letter.objects.values_list("pk", "encloses"))
    assert found == {first.pk: ["promise:7", "promise:8"], second.pk: ["promise:1"], plain.pk: []}


def test_no_letter_waits_where_the_company_wants_none_or_none_are_made(settings: Any) -> None:
    company()
    Company.objects.update(encloses_receipts=False)
    forget_firm()
    switched_off = promised(key="a")
    Company.objects.update(encloses_receipts=True)
    forget_firm()
    settings.TROTH_ENCLOSURES = ""
    not_made = promised(key="b")
    actions.enclose({not_made.pk: ["promise:31"]})

    sweep(MemoryCarrier())

    assert list(Letter.objects.order_by("pk").values_list("encloses", "state")) == [([], "sent"), ([], "sent")]
    assert switched_off.encloses == []


def test_letter_leaves_without_receipts_that_are_never_ready_and_says_so(settings: Any) -> None:
    settings.TROTH_ENCLOSURES = Given.by(None)
    letter = promised()
    carrier = MemoryCarrier()
    seconds = 0

    while not carrier.arrived and seconds < 100:
        sweep(carrier, NOW + seconds * SECOND)
        seconds += 1

    left = Letter.objects.get()
    waits = [after - before for before, after in zip(Given.asked_at, Given.asked_at[1:], strict=False)]
    assert carrier.arrived == [bytes(letter.raw)]
    assert (left.enclosed, Given.asked_at[-1]) == (0, NOW + MINUTE)
    assert waits[:2] == [SECOND, SECOND]
    assert len(waits) < 20, "it asks less and less often"
    assert [kind for kind, _ in new_facts(letter.reference)] == ["LetterQueued", "ReceiptsLeftOut", "LetterDelivered"]
    assert ("ReceiptsLeftOut", {"because": "case:3", "reason": "not_sealed"}) in new_facts(letter.reference)


def test_after_a_long_night_a_letter_still_asks_before_it_leaves_without(settings: Any) -> None:
    settings.TROTH_ENCLOSURES = Given.by(None, [Attachment("receipt-1.txt", "text/plain; charset=utf-8", b"1")])
    promised()
    carrier = MemoryCarrier()
    morning = NOW + timedelta(hours=9)

    assert sweep(carrier, morning).state == LetterState.QUEUED
    assert sweep(carrier, morning + SECOND).enclosed == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([], "none"),
        ([Attachment("receipt\r\nBcc: eve@example.com", "text/plain; charset=utf-8", b"1")], "not_sound"),
    ],
)
def test_receipts_that_cannot_go_along_hold_no_letter_up(settings: Any, answer: list[Attachment], reason: str) -> None:
    settings.TROTH_ENCLOSURES = Given.by(answer)
    letter = promised()
    carrier = MemoryCarrier()

    sweep(carrier)

    assert carrier.arrived == [bytes(letter.raw)]
    assert ("ReceiptsLeftOut", {"because": "case:3", "reason": reason}) in new_facts(letter.reference)


def test_a_fault_in_the_receipts_stops_no_letter_behind(settings: Any) -> None:
    settings.TROTH_ENCLOSURES = Given.by(
        RuntimeError("no tile"), [Attachment("r.txt", "text/plain; charset=utf-8", b"1")]
    )
    promised(key="a")
    hand_over("b")
    carrier = MemoryCarrier()

    sweep(carrier)
    first = list(Letter.objects.order_by("pk").values_list("state", flat=True))
    sweep(carrier, NOW + SECOND)

    assert first == ["queued", "sent"]
    assert Letter.objects.filter(enclosed=1, state="sent").count() == 1


def test_letter_tried_again_carries_the_same_bytes(settings: Any) -> None:
    once = [Attachment("r.txt", "text/plain; charset=utf-8", b"1")]
    settings.TROTH_ENCLOSURES = Given.by(once, AssertionError("asked twice"))
    promised()
    carrier = MemoryCarrier(try_again(450, "busy"))

    sweep(carrier)
    enclosed = bytes(Letter.objects.get().raw)
    left = sweep(carrier, NOW + 2 * MINUTE)

    assert carrier.arrived == [enclosed]
    assert (left.enclosed, len(Given.asked_at)) == (1, 1)


@pytest.mark.parametrize("place", ["before data", "at data", "after dot"])
def test_killed_while_it_leaves_it_has_its_receipt_once(settings: Any, place: str) -> None:
    promised()
    ledger.seal(now=NOW)
    carrier = MemoryCarrier()
    carrier.killed_at = place
    with pytest.raises(Killed):
        sweep(carrier)

    for minutes in (1, 6, 12):
        sweep(carrier, NOW + minutes * MINUTE)

    assert len(carrier.arrived) == 1
    assert len(enclosed_in(carrier.arrived[0])) == 1
    assert len([kind for kind, _ in new_facts(Letter.objects.get().reference) if kind == "ReceiptsEnclosed"]) == 1


def test_taken_back_nothing_leaves_and_nothing_is_put_in() -> None:
    letter = promised(leaves_at=NOW + MINUTE)
    ledger.seal(now=NOW)
    carrier = MemoryCarrier()

    assert actions.take_back(letter_id=letter.pk, now=NOW)
    sweep(carrier, NOW + MINUTE)

    assert carrier.arrived == []
    assert not actions.put_in(letter, raw=b"other", receipts=1, now=NOW)
    assert not actions.leave_out(letter, reason="none", now=NOW)
    assert [kind for kind, _ in new_facts(letter.reference)] == ["LetterQueued", "LetterTakenBack"]


def test_second_worker_puts_nothing_in() -> None:
    letter = promised()
    other = Letter.objects.get()

    assert actions.put_in(letter, raw=bytes(letter.raw) + b"1", receipts=1, now=NOW)
    assert not actions.put_in(other, raw=bytes(other.raw) + b"2", receipts=1, now=NOW)
    assert not actions.leave_out(other, reason="not_sealed", now=NOW)
    assert bytes(Letter.objects.get().raw) == bytes(other.raw) + b"1"
    assert [kind for kind, _ in new_facts(letter.reference)] == ["LetterQueued", "ReceiptsEnclosed"]


def test_no_dialogue_begins_before_it_is_known_what_goes_along() -> None:
    letter = promised()

    assert actions.begin(letter_id=letter.pk, now=NOW) is None
    assert actions.leave_out(letter, reason="none", now=NOW)
    assert actions.begin(letter_id=letter.pk, now=NOW) is not None


# What the database refuses


def refused(letter: Letter, **change: Any) -> None:
    with pytest.raises(IntegrityError, match="fixed"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**change)


@pytest.mark.parametrize(
    "more",
    [
        {"message_id": "<x@y>"},
        {"to_address": "eve@example.com"},
        {"envelope_from": "eve@example.com"},
        {"key": "other"},
        {"because": "case:4"},
        {"subject": "Other words"},
        {"customer_id": 6},
        {"automatic": True},
        {"leaves_at": NOW - MINUTE},
        {"next_try_at": NOW + MINUTE},
        {"state": "sending"},
        {"encloses": ["promise:32"]},
        {"attempts": 1},
    ],
    ids=lambda more: next(iter(more)),
)
def test_nothing_else_changes_when_receipts_are_put_in(more: dict[str, Any]) -> None:
    refused(promised(), raw=b"with receipts", enclosed=1, **more)


def test_bytes_change_only_with_receipts_and_only_where_some_are_awaited() -> None:
    awaited, plain = promised(key="a"), hand_over("b")

    refused(awaited, raw=b"other")
    refused(awaited, raw=b"other", enclosed=0)
    refused(awaited, raw=b"", enclosed=1)
    refused(awaited, enclosed=1)
    refused(plain, raw=b"other", enclosed=1)
    refused(plain, raw=b"other", enclosed=1, encloses=["promise:31"])
    refused(plain, enclosed=0)


@pytest.mark.parametrize("state", ["sending", "data", "sent", "refused", "unclear", "taken_back"])
def test_receipts_are_put_in_only_while_it_is_queued(state: str) -> None:
    letter = promised()
    Letter.objects.update(state=state, left_at=NOW, delivered_at=NOW)

    refused(letter, raw=b"with receipts", enclosed=1)
    refused(letter, raw=b"with receipts", enclosed=1, state="queued")
    refused(letter, enclosed=0)


def test_receipts_are_put_in_or_left_out_once() -> None:
    put_in, left_out = promised(key="a"), promised(key="b")
    Letter.objects.filter(pk=put_in.pk).update(raw=b"with receipts", enclosed=1)
    Letter.objects.filter(pk=left_out.pk).update(enclosed=0)

    for letter in (put_in, left_out):
        refused(letter, raw=b"with others", enclosed=2)
        refused(letter, raw=b"with others", enclosed=1)
        refused(letter, raw=b"with others", enclosed=None)
        refused(letter, enclosed=None)
    refused(put_in, enclosed=0)
    refused(left_out, enclosed=1)


def test_what_it_encloses_is_said_once_and_before_it_is_tried() -> None:
    said, tried = promised(key="a"), hand_over("b")
    Letter.objects.filter(pk=tried.pk).update(attempts=1)

    refused(said, encloses=["promise:32"])
    refused(said, encloses=[])
    refused(tried, encloses=["promise:32"])
    refused(said, enclosed=-1)


def test_letter_with_receipts_is_emptied_when_somebody_is_forgotten() -> None:
    letter = promised()
    ledger.seal(now=NOW)
    sweep(MemoryCarrier())

    Letter.objects.filter(pk=letter.pk).update(raw=b"")

    assert bytes(Letter.objects.get().raw) == b""


def test_sweep_asks_nothing_of_letters_that_are_not_due(settings: Any) -> None:
    settings.TROTH_ENCLOSURES = Given.by(None)
    promised(leaves_at=NOW + MINUTE)

    sending.sweep(carrier=MemoryCarrier(), clock=lambda: NOW)

    assert Given.asked_at == []
