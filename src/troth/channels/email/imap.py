"""A connection to a mailbox."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted

from troth.channels.email.models import Mailbox
from troth.people import seal


@contextmanager
def connect(mailbox: Mailbox, *, timeout: float) -> Iterator[BaseMailBox]:
    """Signed in, the folder chosen for reading only. Raises OSError, imaplib's errors, imap_tools' errors or CannotUnseal."""
    password = seal.tell(mailbox, "password")
    box: BaseMailBox
    if mailbox.tls == Mailbox.Tls.TLS:
        box = MailBox(mailbox.host, mailbox.port, timeout=timeout, ssl_context=ssl.create_default_context())
    elif mailbox.tls == Mailbox.Tls.STARTTLS:
        box = _StartTls(mailbox.host, mailbox.port, timeout=timeout, ssl_context=ssl.create_default_context())
    else:
        box = MailBoxUnencrypted(mailbox.host, mailbox.port, timeout=timeout)
    try:
        box.login(mailbox.user, password, initial_folder=None)
        box.folder.set(mailbox.folder, readonly=True)
        yield box
    finally:
        try:
            box.logout()
        except Exception:  # the line may be gone already; there is nothing left to say goodbye to
            box.client.shutdown()


class _StartTls(MailBoxStartTls):
    """The library's, which leaves the line open where the server refuses."""

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4(self._host, self._port, self._timeout)
        try:
            client.starttls(self._ssl_context)
        except Exception:
            client.shutdown()
            raise
        return client
