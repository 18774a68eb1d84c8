"""What the ledger tells of in this room: each arrival."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from troth.cases.models import Message
from troth.inbox.models import Arrival
from troth.inbox.rules.replay import arrival_told
from troth.inbox.rules.source import salted_digest
from troth.ledger.replay import EMPTIED, Thing
from troth.ledger.rules.replay import Columns
from troth.people.models import Customer
from troth.post.models import Letter
from troth.words.refs import ref


def arrivals(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these arrivals, as their facts would put them."""
    rows = list(Arrival.objects.filter(pk__in=numbers))
    emptied = [arrival for arrival in rows if not arrival.source]
    whose = _whose([arrival.message_ref for arrival in emptied])
    if any(arrival.state == Arrival.State.QUARANTINED for arrival in emptied):
        whose |= dict.fromkeys(
            (one.message_ref for one in emptied if one.state == Arrival.State.QUARANTINED), _forgotten()
        )
    return {arrival.pk: _columns(arrival) | {"customer": whose.get(arrival.message_ref, "")} for arrival in rows}


def _forgotten() -> str:
    """Somebody who was. Mail set aside stands under nobody's record, and goes with whom it names: with whom, nothing tells."""
    found = Customer.objects.filter(erased_at__isnull=False).order_by("pk").values_list("pk", flat=True).first()
    return ref("customer", found) if found else ""


def _whose(references: Sequence[str]) -> dict[str, str]:
    """Whose these messages and letters are, of arrivals that were emptied: the others' facts tell it of none."""
    found = {}
    for word, rows, column in (
        ("message", Message.objects.all(), "case__customer_id"),
        ("letter", Letter.objects.all(), "customer_id"),
    ):
        numbers = [int(one.removeprefix(f"{word}:")) for one in references if one.startswith(f"{word}:")]
        for pk, customer in rows.filter(pk__in=numbers).values_list("pk", column):
            found[ref(word, pk)] = ref("customer", customer) if customer else ""
    return found


def _columns(arrival: Arrival) -> Columns:
    columns: Columns = {
        "MessageReceived": 1,
        "MailQuarantined": int(arrival.state == Arrival.State.QUARANTINED),
        "channel": arrival.channel,
    }
    if not arrival.source:
        return columns | {"digest": EMPTIED, "salted_digest": EMPTIED}
    source, salt = bytes(arrival.source), bytes(arrival.digest_salt)
    salted = salted_digest(source, salt=salt)
    return columns | {"digest": hashlib.sha256(source).hexdigest(), "salted_digest": salted}


THINGS = (Thing(word="arrival", model=Arrival, rows=arrivals, told=arrival_told),)
