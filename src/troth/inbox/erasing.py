"""A customer's part of this room: the sources of what they sent, of copies of it, and of letters that came back from them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from troth.inbox.models import Arrival
from troth.words.refs import NotAReference, number_of

#: Here arrivals are named by a mailbox's own numbers: they stay, so that a letter that still lies there is not fetched again.
NUMBERED = "email"

_OF_MESSAGES = """
    WITH theirs AS (SELECT id, source FROM cases_message WHERE case_id = ANY (%(cases)s))
    SELECT id FROM inbox_arrival
     WHERE message_ref = ANY (%(letters)s) OR message_ref IN (SELECT 'message:' || id FROM theirs)
        OR id IN (SELECT substr(source, 9)::bigint FROM theirs WHERE source LIKE 'arrival:%%')
"""
_NAMES = "encode(source, 'escape') ILIKE ANY (%(patterns)s)"


def of_messages(cases: Sequence[int], *, letters: Sequence[str]) -> list[int]:
    """The arrivals that became messages in these cases, copies of those, and letters that came back."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_MESSAGES, {"cases": list(cases), "letters": list(letters)})
        return [row[0] for row in cursor.fetchall()]


def naming(addresses: Sequence[str], *, state: str) -> list[int]:
    """Arrivals in *state* whose source names one of these addresses: nobody has read them, so nobody knows whose they are."""
    if not addresses:
        return []
    patterns = [f"%{_escaped(address)}%" for address in addresses]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM inbox_arrival WHERE state = %(state)s AND {_NAMES} ORDER BY id",  # noqa: S608 -- our own words
            {"state": state, "patterns": patterns},
        )
        return [row[0] for row in cursor.fetchall()]


def _escaped(address: str) -> str:
    """As `encode(…, 'escape')` writes it, with what LIKE would take for a wildcard made plain."""
    plain = "".join(chr(byte) if byte < 128 else f"\\{byte:03o}" for byte in address.replace("\\", "\\\\").encode())
    return plain.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def quarantined_messages(arrivals: Sequence[int]) -> list[int]:
    """The messages in which these were shown to staff."""
    found = []
    for reference in Arrival.objects.filter(pk__in=arrivals).values_list("message_ref", flat=True):
        try:
            found.append(number_of(reference, "message"))
        except NotAReference:
            continue
    return found


def holds(arrivals: Sequence[int]) -> dict[str, int]:
    """How many of what."""
    return {"sources": len(arrivals)}


_LEFT = """
    SELECT DISTINCT one.customer_id FROM people_customer AS customer
      JOIN cases_case AS one ON one.customer_id = customer.id
      JOIN cases_message AS message ON message.case_id = one.id AND message.source LIKE 'arrival:%'
      JOIN inbox_arrival AS arrival ON arrival.id = substr(message.source, 9)::bigint AND arrival.source <> ''
     WHERE customer.erased_at IS NOT NULL
"""


def left() -> set[int]:
    """Who was forgotten and has the source of a message here (again)."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT)
        return {row[0] for row in cursor.fetchall()}


def erase(arrivals: Sequence[int]) -> None:
    """The source and what was taken from it go; that something arrived, when and what became of it stays."""
    Arrival.objects.filter(pk__in=list(arrivals)).update(
        source=b"", digest="", digest_salt=b"", message_id="", same_digest="", refers_to=[], problem=""
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inbox_arrival SET outside_id = 'erased:' || id WHERE id = ANY (%s) AND channel <> %s",
            [list(arrivals), NUMBERED],
        )


def waiting(addresses: Sequence[str]) -> bool:
    """Whether something of theirs waits to be read: it is read first, and goes with the rest."""
    return bool(naming(addresses, state=Arrival.State.WAITING))


def quarantined(addresses: Sequence[str]) -> list[int]:
    """What could not be read and names one of these addresses."""
    return naming(addresses, state=Arrival.State.QUARANTINED)
