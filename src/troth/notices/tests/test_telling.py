"""Members are told: by letter, once, at one address after the other, and nobody else is."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from tests import people_and_things as things
from tests.owner import execute as change

from troth.ledger.replay import of_all as fsck
from troth.notices.actions import cohorts, following, telling
from troth.notices.actions.following import follow, say_done
from troth.notices.actions.leaving import write_letters
from troth.notices.actions.making import HOLD, make
from troth.notices.checks import checks
from troth.notices.models import Cohort, Member, Notice, Recipient, State
from troth.notices.queries import progress
from troth.notices.rules.conditions import Every
from troth.notices.things import RECIPIENT
from troth.people.actions import merge
from troth.people.models import Handle, Staff
from troth.post import actions as post
from troth.post.models import Letter, LetterState
from troth.site.verify import answer

NOW = things.NOW
LATER = NOW + HOLD
TEXTS = {"en": ("Your parcels are late", "The van broke down.")}

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam() -> Staff:
    things.company()
    return things.staff()


def cohort_of(*handles: Handle, by: Staff | None) -> Cohort:
    made = cohorts.draft(about="incident:1", conditions=Every(), by=by, now=NOW)
    cohorts.add(made, customers=[handle.customer_id for handle in handles], by=by, now=NOW)
    return made


def sent(cohort: Cohort, *, by: Staff, **values: Any) -> Notice:
    said: dict[str, Any] = {"about": "incident:1", "sort": "began", "texts": TEXTS, "happened_at": NOW, **values}
    notice = telling.write(cohort=cohort, by=by, now=NOW, **said)
    return telling.send(notice, by=by, now=NOW)


def round_(now: Any = LATER) -> None:
    make(now=now)
    write_letters(now=now)
    follow(now=now)
    say_done(now=now)


def ends(state: LetterState, *, to: str) -> None:
    said = {"delivered_at": LATER} if state == LetterState.SENT else {}
    assert Letter.objects.filter(to_address=to).exclude(state=state).update(state=state, **said) == 1


def due(now: Any) -> int:
    return Letter.objects.filter(state="queued", leaves_at__lte=now, next_try_at__lte=now).count()


def stand() -> list[tuple[str, str, int]]:
    return list(Recipient.objects.order_by("pk").values_list("address", "state", "tries"))


def wrong(now: datetime) -> list[tuple[str, str]]:
    return [(found.invariant, ref) for check in checks() for found in answer(check, now=now) for ref in found.refs]


def test_every_member_is_told_once_and_it_is_known(sam: Staff) -> None:
    notice = sent(cohort_of(things.handle(), things.handle("bob@example.net", name="Bob"), by=sam), by=sam)
    round_(NOW)
    assert stand() == []  # it can still be taken back

    round_()
    round_()
    ends(LetterState.SENT, to="ann@example.net")
    ends(LetterState.SENT, to="bob@example.net")
    round_()

    assert stand() == [("ann@example.net", "accepted", 1), ("bob@example.net", "accepted", 1)]
    assert things.letters() == [("ann@example.net", TEXTS["en"][0]), ("bob@example.net", TEXTS["en"][0])]
    notice.refresh_from_db()
    assert (notice.state, progress(notice).told, progress(notice).left) == (State.DONE, 2, 0)
    letter = bytes(Letter.objects.get(to_address="ann@example.net").raw).decode()
    assert "Hello Ann," in letter
    assert "Auto-Submitted: auto-generated" in letter
    assert "/p/" in letter


def test_who_turned_out_to_be_one_person_is_told_once(sam: Staff) -> None:
    ann, bob, anna = things.handle(), things.handle("bob@example.net"), things.handle("anna@example.net")
    cohort = cohort_of(ann, bob, anna, by=sam)
    sent(cohort, by=sam)
    merge(front=anna.customer, merged=ann.customer, by=sam, now=NOW)
    late = things.handle("anne@example.net")
    cohorts.add(cohort, customers=[late.customer_id], by=sam, now=NOW)
    round_()
    merge(front=ann.customer, merged=late.customer, by=sam, now=LATER)
    sent(cohort, by=sam, sort="update")
    round_(LATER + timedelta(hours=1))

    keys = sorted([int(part) for part in letter.key.split(":")[1:3]] for letter in Letter.objects.all())
    by_notice = [[member for notice, member in keys if notice == one.pk] for one in Notice.objects.order_by("pk")]
    members = list(Member.objects.order_by("pk").values_list("pk", flat=True))
    assert by_notice == [[members[0], members[1], members[3]], members[:2]]
    assert wrong(LATER) == []


def test_the_next_address_is_tried_and_then_nobody_is_left_to_write_to(sam: Staff) -> None:
    ann = things.handle()
    Handle.objects.create(customer=ann.customer, kind="email", address="ann@work.example")
    sent(cohort_of(ann, by=sam), by=sam)

    round_()
    ends(LetterState.SENT, to="ann@example.net")
    round_()
    post.mark_bounced(letter_id=Letter.objects.get().pk, arrival="arrival:1", reason="550", now=LATER)
    round_()
    round_()
    assert stand() == [("ann@work.example", "queued", 2)]
    ends(LetterState.REFUSED, to="ann@work.example")
    round_()
    round_()

    assert stand() == [("ann@work.example", "unreachable", 2)]
    recipient = Recipient.objects.get()
    assert [tried["how"] for tried in recipient.tried] == ["bounced", "refused"]
    assert things.kinds()[-1] == "NoticeDone" or "MemberUnreachable" in things.kinds()
    assert telling.told_by_hand(recipient, note="Rang her.", by=sam, now=LATER)
    assert not telling.told_by_hand(recipient, note="Rang her.", by=sam, now=LATER)


def test_paused_nothing_leaves_and_stopped_nothing_is_left(sam: Staff) -> None:
    notice = sent(cohort_of(things.handle(), things.handle("bob@example.net"), by=sam), by=sam)
    round_()

    telling.pause(notice, by=sam, now=LATER)
    assert due(LATER + timedelta(days=90)) == 0
    telling.resume(notice, by=sam, now=LATER)
    assert due(LATER) == 2
    telling.stop(notice, by=sam, now=LATER)
    round_()

    assert [letter.state for letter in Letter.objects.all()] == ["taken_back"] * 2
    assert stand() == [("ann@example.net", "waiting", 1), ("bob@example.net", "waiting", 1)]
    with pytest.raises(telling.NotNow):
        telling.resume(notice, by=sam, now=LATER)


def test_what_goes_on_between_the_look_and_the_deed_is_not_held(sam: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that saw it paused came late, and nobody would have let go of the letters again."""
    notice = sent(cohort_of(things.handle(), things.handle("bob@example.net"), by=sam), by=sam)
    round_()
    telling.pause(notice, by=sam, now=LATER)
    deed = following._keep_in_hand

    def late(pk: int, *, now: datetime) -> None:
        telling.resume(notice, by=sam, now=LATER)
        deed(pk, now=now)

    monkeypatch.setattr(following, "_keep_in_hand", late)
    follow(now=LATER)

    assert due(LATER) == 2


def test_who_wrote_it_is_no_second_reader(sam: Staff) -> None:
    notice = telling.write(
        about="incident:1", cohort=cohort_of(things.handle(), by=sam), sort="began", texts=TEXTS, happened_at=NOW,
        by=sam, now=NOW, needs_second=True,
    )  # fmt: skip
    telling.propose(notice, by=sam, now=NOW)

    with pytest.raises(telling.NotNow):
        telling.second(notice, by=sam, now=NOW)
    with pytest.raises(telling.NotNow):
        telling.send(notice, by=sam, now=NOW)
    telling.second(notice, by=things.staff("kim@parcel.example"), now=NOW)

    assert telling.send(notice, by=sam, now=NOW).state == State.SENDING
    assert telling.take_back(notice, by=sam, now=NOW).state == State.PROPOSED


def test_a_domain_is_written_to_so_many_times_a_minute(sam: Staff) -> None:
    people = [things.handle(f"a{number}@example.net") for number in range(5)]
    sent(cohort_of(*people, things.handle("bob@other.example"), by=sam), by=sam, per_domain=20)

    make(now=LATER)
    write_letters(now=LATER)
    assert Letter.objects.count() == 3  # two at once, and the other domain
    write_letters(now=LATER)
    assert Letter.objects.count() == 3
    write_letters(now=LATER + timedelta(seconds=3))
    assert Letter.objects.count() == 4


def test_who_joins_late_is_told_how_it_stands(sam: Staff) -> None:
    cohort = cohort_of(things.handle(), by=sam)
    sent(cohort, by=sam)
    update = telling.write(
        about="incident:1", cohort=cohort, sort="update", texts=TEXTS, happened_at=NOW, by=sam, now=LATER
    )
    telling.send(update, by=sam, now=LATER)
    later = LATER + timedelta(hours=1)
    round_(later)
    cohorts.add(cohort, customers=[things.handle("bob@example.net").customer_id], by=sam, now=later)
    round_(later)

    bob = Member.objects.latest("pk")
    assert list(Recipient.objects.filter(member=bob).values_list("notice", flat=True)) == [update.pk]


def test_what_the_ledger_does_not_tell_of_a_member_is_seen(sam: Staff) -> None:
    cohort = cohort_of(things.handle(), things.handle("bob@example.net"), by=sam)
    sent(cohort, by=sam)
    round_()
    for letter in Letter.objects.all():
        ends(LetterState.SENT, to=letter.to_address)
    round_()
    now = LATER + timedelta(hours=1)

    assert wrong(now) == []
    assert list(fsck(RECIPIENT)) == []
    second = Recipient.objects.latest("pk")
    change("UPDATE notices_recipient SET state = 'unreachable', told_at = NULL WHERE id = %(pk)s", pk=second.pk)
    assert [found.reference for found in fsck(RECIPIENT)] == [f"recipient:{second.pk}"]
    assert wrong(now) == [("I8", f"recipient:{second.pk}")]


@pytest.mark.django_db(transaction=True)
def test_who_is_being_written_to_at_another_address_cannot_be_left_out(sam: Staff) -> None:
    ann = things.handle("ann@example.net")
    cohort = cohort_of(ann, by=sam)
    notice = sent(cohort, by=sam)
    make(now=LATER)
    Recipient.objects.update(tries=1, tried=[{"address": "ann@old.example", "how": "bounced", "letter": ""}])
    member, began, ended = Member.objects.get(), threading.Event(), []

    def leave_out() -> None:
        began.set()
        try:
            ended.append(cohorts.exclude(member, reason="Not theirs.", by=sam, now=LATER))
        except cohorts.AlreadyTold:
            ended.append("told")
        finally:
            connection.close()

    other = threading.Thread(target=leave_out)
    with transaction.atomic():
        assert write_letters(now=LATER) == 1
        other.start()
        assert began.wait(20)
        other.join(0.3)  # it waits for the letter to be written
    other.join(20)

    assert ended == ["told"]
    assert Recipient.objects.get(notice=notice).state == "queued"


def test_who_is_in_two_cohorts_gets_one_letter(sam: Staff) -> None:
    ann, bob, cid = things.handle(), things.handle("bob@example.net"), things.handle("cid@example.net")
    old_ann = things.handle("anna@example.net")
    pair = [cohort_of(ann, bob, by=sam), cohort_of(old_ann, cid, by=sam)]
    for cohort in pair:
        Member.objects.create(cohort=cohort, address="dora@example.org", salt=b"1", mark="1", added_at=NOW)
    merge(front=ann.customer, merged=old_ann.customer, by=sam, now=NOW)
    for cohort in pair:
        sent(cohort, by=sam)
    round_()

    told = ["bob@example.net", "cid@example.net", "dora@example.org", ann.address]
    assert sorted(Letter.objects.values_list("to_address", flat=True)) == sorted(told)
    assert wrong(LATER) == []
    change("DELETE FROM notices_recipient WHERE address = 'bob@example.net'")
    assert wrong(LATER) != []


def test_who_is_left_out_of_one_cohort_is_not_told_through_another(sam: Staff) -> None:
    ann, bob = things.handle(), things.handle("bob@example.net")
    first, second = cohort_of(ann, by=sam), cohort_of(ann, bob, by=sam)
    for cohort in (first, second):
        sent(cohort, by=sam)
    make(now=LATER)
    left_out = Member.objects.get(cohort=second, customer=ann.customer_id)
    cohorts.exclude(left_out, reason="They know.", by=sam, now=LATER)
    round_()
    assert list(Letter.objects.values_list("to_address", flat=True)) == ["bob@example.net"]
    assert wrong(LATER) == []

    cohorts.take_back_exclusion(left_out, by=sam, now=LATER)
    round_()
    assert Letter.objects.filter(to_address=ann.address).count() == 1
    assert wrong(LATER) == []
    with pytest.raises(cohorts.AlreadyTold):
        cohorts.exclude(Member.objects.get(cohort=second, customer=ann.customer_id), reason="No.", by=sam, now=LATER)


def test_a_stopped_notice_leaves_those_in_another_cohort_to_it(sam: Staff) -> None:
    ann = things.handle()
    first, second = (sent(cohort_of(ann, by=sam), by=sam) for _nth in range(2))
    make(now=LATER)
    assert Recipient.objects.get().notice_id == first.pk
    telling.stop(first, by=sam, now=LATER)
    round_()

    assert Recipient.objects.get(notice=second).state == "queued"
    assert Letter.objects.count() == 1
    assert wrong(LATER) == []
