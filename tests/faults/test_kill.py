"""A worker killed at some boundaries of its work; `make faults` strikes at every one."""

from __future__ import annotations

import pytest
from faults import kill
from faults.flows import ANSWER_MANY, CHAT_LEFT, CHAT_SAID, FORGET, HEADS_UP, REPLY, TAKE_IN, WARN, Flow

from tests.lab.mail import CROWD, MailLab
from troth.cases.models import BulkReply
from troth.ledger import keys
from troth.people.models import Customer
from troth.post import actions as post
from troth.post.models import Attempt, Letter, LetterState

pytestmark = [pytest.mark.mail, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("flow", [TAKE_IN, REPLY, WARN, HEADS_UP], ids=lambda flow: flow.name)
def test_killed_anywhere_nothing_is_lost_or_doubled(mail_lab: MailLab, flow: Flow) -> None:
    outcome = kill.kill(mail_lab, flow, at=kill.some(mail_lab, flow, points=3))

    assert outcome.points == 3
    assert outcome.is_clean, outcome
    assert not Letter.objects.filter(enclosed=0).exists(), "who is killed keeps nobody from sealing"


def test_killed_in_the_middle_of_answering_many_each_is_answered_once(mail_lab: MailLab) -> None:
    """When the first part is written and the second is not, and when the first reply has left and the second has not."""
    reached = kill.reached(mail_lab, ANSWER_MANY)
    written = [number for number, said in enumerate(reached, start=1) if said.startswith('UPDATE "cases_bulkreply"')]
    left = [number for number, said in enumerate(reached, start=1) if said.startswith('INSERT INTO "cases_message"')]
    assert (len(written), len(left)) == (3, 3)

    outcome = kill.kill(mail_lab, ANSWER_MANY, at=[written[1], left[1]])

    assert (outcome.points, outcome.is_clean) == (2, True), outcome
    assert set(BulkReply.objects.values_list("state", flat=True)) == {BulkReply.State.WRITTEN}


def test_killed_between_the_chat_and_the_mail_an_answer_is_neither_lost_nor_doubled(mail_lab: MailLab) -> None:
    """Before it is said, between its being said and the letter, and in the middle of the letter's dialogue."""
    reached = kill.reached(mail_lab, CHAT_LEFT)
    said = next(number for number, one in enumerate(reached, start=1) if 'INSERT INTO "chat_line"' in one)
    letter = next(number for number, one in enumerate(reached, start=1) if 'UPDATE "chat_line"' in one)

    outcome = kill.kill(mail_lab, CHAT_LEFT, at=[said, letter, reached.index("COMMIT", letter) + 1])

    assert (outcome.points, outcome.is_clean) == (3, True), outcome


def test_killed_while_something_is_said_in_the_chat_it_is_said_once(mail_lab: MailLab) -> None:
    outcome = kill.kill(mail_lab, CHAT_SAID, at=[2, 9])

    assert (outcome.points, outcome.is_clean) == (2, True), outcome


@pytest.mark.parametrize("moment", ["before", "behind"])
def test_killed_where_the_receipt_is_put_in_it_is_there_once(mail_lab: MailLab, moment: str) -> None:
    reached = kill.reached(mail_lab, REPLY)
    changed = next(number for number, said in enumerate(reached, start=1) if 'SET "raw"' in said)
    committed = reached.index("COMMIT", changed) + 1

    outcome = kill.kill(mail_lab, REPLY, at=[changed if moment == "before" else committed])

    assert (outcome.points, outcome.is_clean) == (1, True), outcome
    letter = Letter.objects.get(encloses__len=1)
    [arrived] = mail_lab.letters(CROWD[1])
    assert [part.get_filename() for part in arrived.iter_attachments()] == [
        f"receipt-{letter.encloses[0].replace(':', '-')}.txt"
    ]


def test_the_laboratory_sees_a_letter_that_leaves_twice(mail_lab: MailLab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that does not say beforehand that the bytes may leave, as most do not."""

    def naive(*, letter_id: int, attempt_id: int, now: object) -> None:
        Attempt.objects.filter(pk=attempt_id).update(left_at=now)

    monkeypatch.setattr(post, "begin_to_leave", naive)
    reached = kill.reached(mail_lab, REPLY)
    after_the_dot = reached.index("the letter's bytes") + 1

    outcome = kill.kill(mail_lab, REPLY, at=range(after_the_dot, after_the_dot + 2))

    assert outcome.doubled >= 1
    assert Letter.objects.filter(state=LetterState.SENT).exists()


def test_the_laboratory_sees_an_answer_that_is_lost(mail_lab: MailLab, monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that takes for sent what it only began to send."""

    def hasty(*, letter_id: int, attempt_id: int, now: object) -> None:
        Letter.objects.filter(pk=letter_id).update(state=LetterState.SENT, left_at=now, delivered_at=now)

    monkeypatch.setattr(post, "begin_to_leave", hasty)
    reached = kill.reached(mail_lab, REPLY)
    before_the_bytes = reached.index("half of the letter's bytes")

    outcome = kill.kill(mail_lab, REPLY, at=[before_the_bytes])

    assert outcome.lost >= 1
    assert outcome.stuck >= 1


def test_killed_while_it_forgets_somebody_the_next_one_forgets_them(mail_lab: MailLab) -> None:
    """Before it is on record, while the words go, and between the words and the key."""
    reached = kill.reached(mail_lab, FORGET)
    key = next(
        number for number, said in enumerate(reached, start=1) if "done_at" in said and said.startswith("UPDATE")
    )

    outcome = kill.kill(mail_lab, FORGET, at=[1, key // 2, key - 2])

    assert (outcome.points, outcome.is_clean) == (3, True), outcome
    forgotten = Customer.objects.filter(erased_at__isnull=False).values_list("pk", flat=True)
    assert set(forgotten) <= set(keys.destroyed())
    assert len(forgotten) == 3
