"""Reading an arrival that came by e-mail: with what its mailbox believes, in the child."""

from __future__ import annotations

from django.conf import settings

from troth.channels.email.child import BRIEF, LONG, reader_here
from troth.channels.email.models import Mailbox
from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import Incoming


def read(arrival: Arrival) -> Incoming:
    """What the arrival says. Raises Unreadable."""
    mailbox_id = arrival.outside_id.partition(":")[0]
    mailboxes = {str(mailbox.pk): mailbox for mailbox in Mailbox.objects.defer("password")}
    mailbox = mailboxes.get(mailbox_id)
    return reader_here().read(
        bytes(arrival.source),
        trusted_authserv_id=mailbox.trusted_authserv_id if mailbox else "",
        own_addresses=[settings.TROTH_MAIL_FROM, *(one.address for one in mailboxes.values())],
        patience=LONG if arrival.is_slow else BRIEF,
    )
