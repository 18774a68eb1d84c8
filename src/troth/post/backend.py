"""Django's own mail (a forgotten password) leaves as a letter like every other: queued, tried again, shown where it fails."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from troth.post import actions
from troth.words.addresses import AddressNotSound


class LetterBackend(BaseEmailBackend):
    """Hands each message to the post, one letter for each address; an address no letter can reach is left out."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = 0
        for message in email_messages:
            letters = [address for address in message.recipients() if self._hand_over(message, address)]
            sent += bool(letters)
        return sent

    def _hand_over(self, message: EmailMessage, address: str) -> bool:
        try:
            actions.hand_over(
                key=f"account:{secrets.token_hex(16)}",
                to_address=address,
                subject=message.subject,
                text=str(message.body),
                because="account",
                customer_id=None,
                automatic=True,
                now=timezone.now(),
            )
        except AddressNotSound:
            if not self.fail_silently:
                raise
            return False
        return True
