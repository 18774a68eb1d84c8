"""What the ledger tells of in this room: that each member was told, or could not be."""

from __future__ import annotations

from collections.abc import Sequence

from troth.ledger.replay import Thing
from troth.ledger.rules.replay import Columns
from troth.notices.models import Recipient, Told
from troth.notices.rules.replay import recipient_told
from troth.words.refs import ref

#: States of which a fact tells; in every other nothing is settled.
SETTLED = (Told.ACCEPTED, Told.UNREACHABLE, Told.BY_HAND)


def recipients(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these recipients, as their facts would put them."""
    found = Recipient.objects.filter(pk__in=numbers).select_related("member")
    return {recipient.pk: _columns(recipient) for recipient in found}


def _columns(recipient: Recipient) -> Columns:
    customer = recipient.member.customer_id
    columns: Columns = {
        "state": recipient.state if recipient.state in SETTLED else "",
        "told_at": recipient.told_at,
        "notice": ref("notice", recipient.notice_id),
        "member": ref("member", recipient.member_id),
        "customer": ref("customer", customer) if customer else "",
    }
    if recipient.state == Told.ACCEPTED:
        columns["letter"] = ref("letter", recipient.letter_id or 0)
    if recipient.tried or recipient.address:  # else it may be that they were forgotten, and the addresses with them
        columns["MemberMissed"] = sum(bool(tried["letter"]) for tried in recipient.tried)
    return columns


RECIPIENT = Thing(word="recipient", model=Recipient, rows=recipients, told=recipient_told)
THINGS = (RECIPIENT,)
