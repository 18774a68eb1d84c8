"""Django's own mail (a forgotten password) leaves as a letter like every other: queued, tried again, shown where it fails."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from troth.people.models import Staff
from troth.post.actions import hand_over
from troth.words.refs import ref


class LetterBackend(BaseEmailBackend):
    """Hands letters to staff over to the post; it is used for accounts alone, and nobody else is written to."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._send(message) for message in email_messages)

    def _send(self, message: EmailMessage) -> bool:
        staff = Staff.objects.filter(email__in=message.to, is_active=True).first()
        if staff is None:
            return False
        hand_over(
            key=f"account:{secrets.token_hex(16)}",
            to_address=staff.email,
            to_name=staff.name,
            subject=message.subject,
            text=str(message.body),
            because=ref("staff", staff.pk),
            customer_id=None,
            automatic=True,
            now=timezone.now(),
        )
        return True
