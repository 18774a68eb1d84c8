"""What the ledger tells of in this room: whether letters are received from a mailbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from troth.channels.email.models import Mailbox
from troth.ledger.replay import Thing
from troth.ledger.rules.replay import Columns, Told


def mailboxes(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these mailboxes, as their facts would put them."""
    rows = Mailbox.objects.filter(pk__in=numbers).values_list("pk", "enabled", "started_at")
    return {pk: {"enabled": enabled, "started_at": started_at} for pk, enabled, started_at in rows}


def mailbox_told(facts: Iterable[Told]) -> Columns:
    """Whether and since when letters are received from it, from its facts, oldest first."""
    columns: Columns = {}
    for fact in facts:
        if fact.kind == "MailboxStarted":
            columns |= {"enabled": True, "started_at": fact.recorded_at}
        elif fact.kind == "MailboxStopped":
            columns["enabled"] = False
    return columns


THINGS = (Thing(word="mailbox", model=Mailbox, rows=mailboxes, told=mailbox_told),)
