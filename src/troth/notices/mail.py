"""Notices by mail: the carrier that every installation has. Its numbers are those of letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection

from troth.notices.rules.carriers import End, Ended, Note, Way
from troth.post import actions as post
from troth.post import holding
from troth.post.models import Letter
from troth.post.rules.letter import LetterNotSound
from troth.words.addresses import AddressNotSound


class Mail:
    name = "email"

    def ways(self, customer_ids: Iterable[int]) -> Mapping[int, Sequence[Way]]:
        found: dict[int, list[Way]] = {pk: [] for pk in customer_ids}
        with connection.cursor() as cursor:
            cursor.execute(_WAYS, [list(found)])
            for pk, address, is_bad in cursor.fetchall():
                found[pk].append(Way(address, is_bad=is_bad))
        return found

    def hand_over(self, notes: Sequence[Note], *, now: datetime) -> Mapping[str, int]:
        letters = [letter for note in notes if (letter := written(note, now=now))]
        return post.hand_over_bulk(letters, now=now)

    def ends(self, numbers: Sequence[int]) -> Mapping[int, Ended]:
        with connection.cursor() as cursor:
            cursor.execute(_ENDS, [list(numbers)])
            return {pk: _ended(state, at, bounced_at) for pk, state, at, bounced_at in cursor.fetchall()}

    def ended(self, notice: int, *, most: int) -> Sequence[int]:
        with connection.cursor() as cursor:
            cursor.execute(_NOT_NOTED, [notice, most])
            return [pk for (pk,) in cursor.fetchall()]

    def came_back(self, *, most: int) -> Sequence[int]:
        with connection.cursor() as cursor:
            cursor.execute(_CAME_BACK, [most])
            return [pk for (pk,) in cursor.fetchall()]

    def hold(self, because: str) -> int:
        return holding.hold(because=because)

    def let_go(self, because: str, *, now: datetime) -> int:
        return holding.let_go(because=because, now=now)

    def take_back(self, because: str, *, now: datetime) -> int:
        return holding.take_back(because=because, now=now)


def written(note: Note, *, now: datetime) -> Letter | None:
    """The letter that carries *note*, not yet queued; None where its address can be written to by nobody.

    Machines keep still at it (RFC 3834), people may answer, and what comes back is heard.
    """
    outgoing = post.Outgoing(
        key=note.key,
        to_address=note.address,
        to_name=note.name,
        subject=note.subject,
        text=note.text,
        because=note.because,
        customer_id=note.customer_id,
        automatic=False,
        to_many=True,
    )
    try:
        return post.written(outgoing, now=now)
    except (AddressNotSound, LetterNotSound):
        return None


def _ended(state: str, at: datetime | None, bounced_at: datetime | None) -> Ended:
    if bounced_at:
        return Ended(end=End.BOUNCED, at=bounced_at)
    return Ended(end=_END[state], at=at)


_END = {"sent": End.ACCEPTED, "refused": End.REFUSED, "unclear": End.UNCLEAR, "taken_back": End.TAKEN_BACK}
# The best first, as `people.queries.address_of` has it: under every record of the same person.
_WAYS = """
SELECT asked.id, handle.address, handle.bounced_at IS NOT NULL
  FROM people_customer asked
  JOIN people_customer one ON one.root_id = asked.root_id
  JOIN people_handle handle ON handle.customer_id = one.id AND handle.kind = 'email'
 WHERE asked.id = ANY (%s)
 ORDER BY asked.id, handle.bounced_at IS NOT NULL, handle.verified_at IS NULL, handle.id
"""
_ENDS = """
SELECT id, state, delivered_at, bounced_at FROM post_letter
 WHERE id = ANY (%s) AND state IN ('sent', 'refused', 'unclear', 'taken_back')
"""
# Few wait to leave at a time (`leaving.WINDOW`), and of those that do nothing is read.
_NOT_NOTED = """
SELECT letter.id FROM notices_recipient recipient JOIN post_letter letter ON letter.id = recipient.letter_id
 WHERE recipient.notice_id = %s AND recipient.state = 'queued' AND recipient.carrier = 'email'
   AND letter.state IN ('sent', 'refused', 'unclear', 'taken_back')
 ORDER BY letter.id LIMIT %s
"""
_CAME_BACK = """
SELECT letter.id FROM post_letter letter
 WHERE letter.bulk AND letter.state = 'sent' AND letter.bounced_at IS NOT NULL AND EXISTS (
       SELECT FROM notices_recipient recipient
        WHERE recipient.letter_id = letter.id AND recipient.carrier = 'email' AND recipient.state = 'accepted')
 ORDER BY letter.id LIMIT %s
"""
