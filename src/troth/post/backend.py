"""Django's own mail (a forgotten password) leaves as a letter like every other: queued, tried again, shown where it fails."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from troth.people.models import Staff
from troth.people.queries import is_invited
from troth.post.actions import hand_over
from troth.post.models import OF_ACCOUNTS
from troth.words.refs import ref


class LetterBackend(BaseEmailBackend):
    """Hands letters to staff and to those invited over to the post; it is used for accounts alone, and nobody else is written to."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._send(message) for message in email_messages)

    def _send(self, message: EmailMessage) -> bool:
        to = message.to[0] if len(message.to) == 1 else ""
        now = timezone.now()
        staff = Staff.objects.filter(email=to, is_active=True).first()
        invite = None if staff else is_invited(to, now=now)
        if staff:
            because = ref("staff", staff.pk)
        elif invite:
            because = ref("invite", invite.pk)
        else:
            return False
        hand_over(
            key=OF_ACCOUNTS + secrets.token_hex(16),
            to_address=to,
            to_name=staff.name if staff else "",
            subject=message.subject,
            text=str(message.body),
            because=because,
            customer_id=None,
            automatic=True,
            now=now,
        )
        return True
