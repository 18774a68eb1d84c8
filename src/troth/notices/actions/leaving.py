"""Letters to those who wait: so many at a time, so many a minute to one domain, and each one only once.

Whoever takes recipients holds their rows until their letters are queued with them, in one transaction: killed at any line it has
written all of a batch or nothing. A letter's key says for whom, of what and the how-manyeth it is, so none can be written twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from troth.ledger.actions import append_all
from troth.notices.actions.making import LIVE
from troth.notices.actions.pacing import give_turns
from troth.notices.carriers import carriers
from troth.notices.letters import Addressee, note_for, surroundings
from troth.notices.models import Notice, Recipient, Told
from troth.notices.rules.carriers import Way, next_way
from troth.words import facts
from troth.words.refs import ref

#: Recipients written to in one transaction.
BATCH = 1_000
#: No more letters of one notice wait to leave at a time, so that pausing and stopping soon hold, and ordinary ones find their way.
WINDOW = 10_000


def write_letters(*, now: datetime) -> int:
    """Write a batch of letters for every notice that is being sent; how many recipients were dealt with."""
    waiting = Recipient.objects.filter(notice=OuterRef("pk"), state=Told.WAITING)
    live = Notice.objects.filter(Exists(waiting), state__in=LIVE).order_by("pk").values_list("pk", flat=True)
    return sum(_write(pk, now=now) for pk in list(live))


@dataclass
class _Taken:
    """A recipient that was taken, and what its row says."""

    pk: int
    member: int
    customer: int | None
    name: str
    address: str
    tries: int
    tried: list[dict[str, str]]
    zone: str
    carrier: str
    is_excluded: bool


@transaction.atomic(savepoint=False)
def _write(pk: int, *, now: datetime) -> int:
    # The state is held as it is until the letters are written: whoever pauses waits so long, and then finds all of them.
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, [pk, [state.value for state in LIVE]])
        if cursor.fetchone() is None:
            return 0
        cursor.execute(_UNDER_WAY, [pk, WINDOW])
        room = min(BATCH, WINDOW - int(cursor.fetchone()[0]))
    notice = Notice.objects.get(pk=pk)
    taken = _take(notice, most=room, now=now) if room > 0 else []
    if not taken:
        return 0
    for name, carrier in carriers().items():
        theirs = [one for one in taken if one.carrier == name]
        if theirs:
            _hand_over(notice, theirs, carrier=carrier, now=now)
    return len(taken)


def _hand_over(notice: Notice, taken: Sequence[_Taken], *, carrier: Any, now: datetime) -> None:
    ways = carrier.ways([one.customer for one in taken if one.customer])
    chosen: dict[int, tuple[_Taken, Way]] = {}
    nowhere: list[_Taken] = []
    for one in taken:
        if one.is_excluded:  # meanwhile, after one address had failed: no other is tried
            nowhere.append(one)
            continue
        theirs = ways[one.customer] if one.customer else ([Way(one.address)] if one.address else [])
        way = next_way(theirs, [tried["address"] for tried in one.tried])
        if way is None:
            nowhere.append(one)
        else:
            chosen[one.pk] = (one, way)
    around = surroundings(notice, [one.customer for one, _way in chosen.values() if one.customer], now=now)
    notes = [
        note_for(
            notice,
            Addressee(
                member=one.member,
                customer=one.customer,
                name=one.name,
                zone=one.zone,
                address=way.address,
                turn=one.tries,
            ),
            around=around,
            now=now,
        )
        for one, way in chosen.values()
    ]
    numbers = carrier.hand_over(notes, now=now)
    rows = [(one, way, numbers.get(note.key)) for (one, way), note in zip(chosen.values(), notes, strict=True)]
    _queued([(one, way, number) for one, way, number in rows if number is not None])
    _unsound([(one, way) for one, way, number in rows if number is None])
    unreachable(notice.pk, [(one.pk, one.member, one.customer, one.tried) for one in nowhere], now=now)


def _queued(rows: Sequence[tuple[_Taken, Way, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _QUEUED,
            [
                [one.pk for one, _way, _number in rows],
                [number for _one, _way, number in rows],
                [way.address for _one, way, _number in rows],
                [way.domain for _one, way, _number in rows],
            ],
        )


def _unsound(rows: Sequence[tuple[_Taken, Way]]) -> None:
    """An address that no letter can be written to counts as tried; the next one's turn comes at once."""
    tried = [[*one.tried, {"address": way.address, "how": "refused", "letter": ""}] for one, way in rows]
    with connection.cursor() as cursor:
        cursor.execute(_UNSOUND, [[one.pk for one, _way in rows], [json.dumps(each) for each in tried]])


def unreachable(
    notice: int, rows: Sequence[tuple[int, int, int | None, list[dict[str, str]]]], *, now: datetime
) -> None:
    """No address is left for these: (recipient, member, customer, tried). Where one may have arrived after all, that is said."""
    gone = [row for row in rows if not any(tried["how"] == "unclear" for tried in row[3])]
    perhaps = [row for row in rows if row not in gone]
    with connection.cursor() as cursor:
        for state, ended in ((Told.UNREACHABLE, gone), (Told.UNCLEAR, perhaps)):
            if ended:
                cursor.execute(_ENDED, [state.value, [row[0] for row in ended]])
    append_all(
        [
            facts.MemberUnreachable(
                about=ref("recipient", pk),
                customer=ref("customer", customer) if customer else "",
                notice=ref("notice", notice),
                member=ref("member", member),
            )
            for pk, member, customer, _tried in gone
        ],
        now=now,
    )


def _take(notice: Notice, *, most: int, now: datetime) -> list[_Taken]:
    """Recipients whose turn it is; nobody else takes them until the end of the transaction."""
    if notice.per_domain:
        numbers = give_turns(notice, most=most, now=now)
    else:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [notice.pk, most])
            numbers = [pk for (pk,) in cursor.fetchall()]
    with connection.cursor() as cursor:
        cursor.execute(_READ, [numbers])
        return [
            _Taken(pk, member, customer, name, address, tries, plain(tried), zone, carrier, is_excluded)
            for pk, member, customer, name, address, tries, tried, zone, carrier, is_excluded in cursor.fetchall()
        ]


def plain(tried: Any) -> list[dict[str, str]]:
    """What a JSON column says, as a cursor of ours gives it."""
    return list(json.loads(tried)) if isinstance(tried, str) else list(tried)


_LIVE = "SELECT 1 FROM notices_notice WHERE id = %s AND state = ANY (%s) FOR KEY SHARE"
_UNDER_WAY = """
SELECT count(*) FROM (SELECT FROM notices_recipient WHERE notice_id = %s AND state = 'queued' LIMIT %s) AS under_way
"""
_TAKE = """
SELECT id FROM notices_recipient WHERE notice_id = %s AND state = 'waiting' ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_READ = """
SELECT recipient.id, member.id, member.customer_id, coalesce(nullif(member.name, ''), customer.name, ''), member.address,
       recipient.tries, recipient.tried, coalesce(customer.zone, ''), recipient.carrier,
       member.standing = 'excluded'
  FROM notices_recipient recipient
  JOIN notices_member member ON member.id = recipient.member_id
  LEFT JOIN people_customer customer ON customer.id = member.customer_id
 WHERE recipient.id = ANY (%s) ORDER BY recipient.id
"""
_QUEUED = """
UPDATE notices_recipient AS old SET state = 'queued', letter_id = fresh.letter, address = fresh.address,
       domain = fresh.domain, tries = old.tries + 1
  FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS fresh (id, letter, address, domain)
 WHERE old.id = fresh.id
"""
_UNSOUND = """
UPDATE notices_recipient AS old SET tries = old.tries + 1, tried = fresh.tried::jsonb
  FROM unnest(%s::bigint[], %s::text[]) AS fresh (id, tried) WHERE old.id = fresh.id
"""
_ENDED = "UPDATE notices_recipient SET state = %s WHERE id = ANY (%s)"
