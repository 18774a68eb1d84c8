"""Reading an arrival that came by e-mail: with what its mailbox believes, in the child."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from troth.channels.email.child import BRIEF, LONG, reader_here
from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import Incoming


def read(arrival: Arrival) -> Incoming:
    """What the arrival says. Raises Unreadable."""
    mailbox_id = arrival.outside_id.partition(":")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, trusted_authserv_id, address FROM email_mailbox ORDER BY id")
        mailboxes = cursor.fetchall()
    return reader_here().read(
        bytes(arrival.source),
        trusted_authserv_id=next((trusted for pk, trusted, _address in mailboxes if str(pk) == mailbox_id), ""),
        own_addresses=[settings.TROTH_MAIL_FROM, *(address for _pk, _trusted, address in mailboxes)],
        patience=LONG if arrival.is_slow else BRIEF,
    )
