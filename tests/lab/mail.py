"""The whole mail laboratory: SMTP in, mailboxes out, and the few things tests do with them."""

from __future__ import annotations

import contextlib
import imaplib
import os
import smtplib
import time
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from tests.lab.dovecot import Dovecot
from tests.lab.postfix import Postfix
from tests.lab.smtp import Relay

DOMAINS = ("troth.test", "example.test")
ADDRESSES = (
    "support@troth.test",
    "archive@troth.test",
    "sam@troth.test",
    "ann@example.test",
    "bob@example.test",
    "crowd@example.test",
)
#: Whoever has an address in this domain has this mailbox.
CROWD = ("crowd.test", "crowd@example.test")


class MailLab:
    """A mail server for troth.test (ours) and example.test (the customers'), with a mailbox for each of *ADDRESSES*.

    Mail to support+anything@troth.test lands in support@troth.test, mail to anybody@crowd.test in crowd@example.test. Mail to any
    other domain comes back.
    """

    host = "127.0.0.1"

    def __init__(self, *, more: Iterable[str] = ()) -> None:
        """With a mailbox for each of *more* as well."""
        self.dovecot = Dovecot([*ADDRESSES, *more])
        self.smtp: Postfix | Relay | None = None
        self.note = ""

    def start(self) -> None:
        self.dovecot.start()
        try:
            if os.geteuid() == 0:
                self.smtp = Postfix(lmtp_port=self.dovecot.lmtp_port, domains=DOMAINS, catch_all=CROWD)
            else:
                self.note = "Postfix needs root: the laboratory takes mail with an SMTP server of its own instead."
                self.smtp = Relay(lmtp_port=self.dovecot.lmtp_port, domains=DOMAINS, catch_all=CROWD)
            self.smtp.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self.smtp:
            self.smtp.stop()
        self.dovecot.stop()

    @property
    def password(self) -> str:
        """The password of every mailbox."""
        return self.dovecot.password

    @property
    def smtp_port(self) -> int:
        assert self.smtp
        return self.smtp.port

    @property
    def imap_port(self) -> int:
        return self.dovecot.imap_port

    @contextlib.contextmanager
    def imap(self, address: str, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """A logged-in IMAP connection with *folder* open."""
        with imaplib.IMAP4(self.host, self.imap_port, timeout=30) as connection:
            connection.login(address, self.password)
            connection.select(folder)
            yield connection

    def send(self, message: EmailMessage | bytes, *, sender: str, to: str | list[str]) -> None:
        """Hand a letter to the SMTP server."""
        text = message if isinstance(message, bytes) else message.as_bytes(policy=policy.SMTP)
        with smtplib.SMTP(self.host, self.smtp_port, timeout=30) as smtp:
            smtp.sendmail(sender, to, text)

    def raw_letters(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """Everything in a mailbox, oldest first; nothing is marked as seen."""
        with self.imap(address, folder) as connection:
            _status, found = connection.uid("SEARCH", "ALL")
            uids = found[0].split() if found[0] else []
            return [connection.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1][0][1] for uid in uids]

    def letters(self, address: str, folder: str = "INBOX") -> list[EmailMessage]:
        return [
            cast("EmailMessage", message_from_bytes(raw, policy=policy.default))
            for raw in self.raw_letters(address, folder)
        ]

    def wait_for_letters(self, address: str, count: int = 1, *, seconds: float = 15) -> list[EmailMessage]:
        """The letters of *address* once there are *count* of them."""
        until = time.monotonic() + seconds
        while len(found := self.letters(address)) < count:
            if time.monotonic() > until:
                raise AssertionError(f"{address} has {len(found)} letters after {seconds:g} s, not {count}")
            time.sleep(0.05)
        return found

    def drop(self, address: str, raw: bytes, folder: str = "INBOX") -> None:
        """Lay a letter into a mailbox without any post."""
        with self.imap(address) as connection:
            connection.append(folder, "", "", raw)

    def message_ids(self, address: str) -> list[str]:
        """The Message-ID of every letter in a mailbox; quick also where there are thousands."""
        with self.imap(address) as connection:
            _status, lines = connection.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        heads = [line[1].decode() for line in lines if isinstance(line, tuple)]
        return [head.partition(":")[2].strip() for head in heads]

    def wait_until_quiet(self, *, seconds: float = 60) -> None:
        """Wait until every letter the SMTP server took is in its mailbox."""
        until = time.monotonic() + seconds
        while isinstance(self.smtp, Postfix) and not self.smtp.is_quiet():  # the other delivers before it answers
            if time.monotonic() > until:
                raise AssertionError(f"Mail is still on its way after {seconds:g} s.")
            time.sleep(0.02)

    def empty(self, *addresses: str) -> None:
        """Remove every letter of *addresses*, of all mailboxes when none is named."""
        for address in addresses or self.dovecot.addresses:
            with self.imap(address) as connection:
                if connection.search(None, "ALL")[1][0]:
                    connection.store("1:*", "+FLAGS", "\\Deleted")
                    connection.expunge()
