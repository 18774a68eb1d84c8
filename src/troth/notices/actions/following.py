"""What became of the letters: told, or the next address, or nobody left to write to. In batches, each in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from troth.ledger.actions import append, append_all
from troth.notices.actions.leaving import plain
from troth.notices.carriers import carriers
from troth.notices.models import Member, Notice, Recipient, State, Told
from troth.notices.rules.carriers import Carrier, End, Ended
from troth.words import facts
from troth.words.refs import ref

#: Recipients looked at in one transaction.
BATCH = 2_000


def follow(*, now: datetime) -> int:
    """See how letters of ours ended; how many recipients moved on."""
    queued = Recipient.objects.filter(notice=OuterRef("pk"), state=Told.QUEUED)
    moved = 0
    for pk, state in list(Notice.objects.filter(Exists(queued)).order_by("pk").values_list("pk", "state")):
        if state in {State.PAUSED, State.STOPPED}:
            _keep_in_hand(pk, now=now)
        moved += sum(_follow(pk, carrier, now=now) for carrier in carriers().values())
    return moved + sum(_came_back(carrier, now=now) for carrier in carriers().values())


def say_done(*, now: datetime) -> int:
    """Notices of which everybody's turn has come; how many."""
    left = Recipient.objects.filter(notice=OuterRef("pk"), state__in=(Told.WAITING, Told.QUEUED))
    unmade = Member.objects.filter(cohort=OuterRef("cohort"), pk__gt=OuterRef("made_up_to"))
    through = Notice.objects.filter(state=State.SENDING, made_up_to__gt=0).exclude(Exists(left) | Exists(unmade))
    empty = Notice.objects.filter(state=State.SENDING, made_up_to=0, cohort__count=0).exclude(Exists(unmade))
    done = 0
    for pk in [*through.values_list("pk", flat=True), *empty.values_list("pk", flat=True)]:
        done += _say_done(pk, now=now)
    return done


@transaction.atomic(savepoint=False)
def _say_done(pk: int, *, now: datetime) -> bool:
    if Notice.objects.filter(pk=pk, state=State.SENDING).update(state=State.DONE, done_at=now) != 1:
        return False
    append(facts.NoticeDone(about=ref("notice", pk)), now=now)
    return True


@transaction.atomic(savepoint=False)
def _keep_in_hand(pk: int, *, now: datetime) -> None:
    """A letter that was being sent when its notice was paused or stopped may be put off by the other side: it is held now.

    The row is held meanwhile: were the notice to go on between the look and the deed, its letters would be held for good.
    """
    state = Notice.objects.select_for_update().values_list("state", flat=True).get(pk=pk)
    for carrier in carriers().values():
        if state == State.PAUSED:
            carrier.hold(ref("notice", pk))
        elif state == State.STOPPED:
            carrier.take_back(ref("notice", pk), now=now)


@dataclass
class _Looked:
    pk: int
    notice: int
    member: int
    customer: int | None
    address: str
    letter: int
    tried: list[dict[str, str]]


def _follow(pk: int, carrier: Carrier, *, now: datetime) -> int:
    """Page by page, until what is left is noted by another worker in this moment."""
    total = 0
    while moved := _follow_page(pk, carrier, now=now):
        total += moved
    return total


@transaction.atomic(savepoint=False)
def _follow_page(pk: int, carrier: Carrier, *, now: datetime) -> int:
    numbers = carrier.ended(pk, most=BATCH)
    if not numbers:
        return 0
    looked = _look(_BY_NOTE, [list(numbers), Told.QUEUED.value, carrier.name])
    return _move_on(looked, carrier.ends([one.letter for one in looked]), now=now)


@transaction.atomic(savepoint=False)
def _came_back(carrier: Carrier, *, now: datetime) -> int:
    numbers = carrier.came_back(most=BATCH)
    if not numbers:
        return 0
    looked = _look(_BY_NOTE, [list(numbers), Told.ACCEPTED.value, carrier.name])
    return _move_on(looked, carrier.ends([one.letter for one in looked]), now=now)


def _move_on(looked: Sequence[_Looked], ends: Any, *, now: datetime) -> int:
    """Change these rows as their letters ended, and tell the ledger."""
    ended = [(one, ends[one.letter]) for one in looked if one.letter in ends]
    told = [(one, end) for one, end in ended if end.end is End.ACCEPTED]
    again = [(one, end) for one, end in ended if end.end in {End.BOUNCED, End.REFUSED, End.UNCLEAR}]
    back = [one for one, end in ended if end.end is End.TAKEN_BACK]
    if not ended:
        return 0
    with connection.cursor() as cursor:
        if told:
            cursor.execute(_TOLD, [[one.pk for one, _end in told], [end.at or now for _one, end in told]])
        if again:
            tried = [[*one.tried, _tried(one, end)] for one, end in again]
            cursor.execute(_AGAIN, [[one.pk for one, _end in again], [json.dumps(each) for each in tried]])
        if back:
            cursor.execute(_BACK, [[one.pk for one in back]])
    append_all(
        [
            *(
                facts.MemberTold(**_of(one), letter=ref("letter", one.letter), told_at=end.at or now)
                for one, end in told
            ),
            *(
                facts.MemberMissed(**_of(one), letter=ref("letter", one.letter), how=end.end.value)
                for one, end in again
            ),
        ],
        now=now,
    )
    return len(ended)


def _tried(one: _Looked, end: Ended) -> dict[str, str]:
    return {"address": one.address, "how": end.end.value, "letter": ref("letter", one.letter)}


def _of(one: _Looked) -> dict[str, str]:
    return {
        "about": ref("recipient", one.pk),
        "customer": ref("customer", one.customer) if one.customer else "",
        "notice": ref("notice", one.notice),
        "member": ref("member", one.member),
    }


def _look(statement: str, values: list[Any]) -> list[_Looked]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [
            _Looked(
                pk=pk,
                notice=notice,
                member=member,
                customer=customer,
                address=address,
                letter=letter,
                tried=plain(tried),
            )
            for pk, notice, member, customer, address, letter, tried in cursor.fetchall()
        ]


_COLUMNS = """
SELECT recipient.id, recipient.notice_id, recipient.member_id, member.customer_id, recipient.address, recipient.letter_id,
       recipient.tried
  FROM notices_recipient recipient JOIN notices_member member ON member.id = recipient.member_id
"""
_BY_NOTE = f"""
{_COLUMNS} WHERE recipient.letter_id = ANY (%s) AND recipient.state = %s AND recipient.carrier = %s
 ORDER BY recipient.id FOR UPDATE OF recipient SKIP LOCKED
"""
_TOLD = """
UPDATE notices_recipient AS old SET state = 'accepted', told_at = fresh.at
  FROM unnest(%s::bigint[], %s::timestamptz[]) AS fresh (id, at) WHERE old.id = fresh.id
"""
_AGAIN = """
UPDATE notices_recipient AS old SET state = 'waiting', told_at = NULL, tried = fresh.tried::jsonb
  FROM unnest(%s::bigint[], %s::text[]) AS fresh (id, tried) WHERE old.id = fresh.id
"""
_BACK = "UPDATE notices_recipient SET state = 'waiting', letter_id = NULL WHERE id = ANY (%s)"
