"""Letters out by SMTP, through one server; an archive mailbox settles what the dialogue leaves unclear.

smtplib is used command by command, for its own `sendmail` cannot say whether anything had left when the line broke: five of
twelve ways to fail look the same from outside, and in two of them the letter had arrived (reliability 4.10).
"""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
from collections.abc import Callable, Collection, Iterator, Sequence

from django.conf import settings
from imap_tools import BaseMailBox

from troth.channels.email.imap import connect
from troth.channels.email.models import Mailbox
from troth.channels.email.pipeline import Line, Pipeline
from troth.post.rules.carrier import (
    ArchiveOutOfReach,
    Outcome,
    Parcel,
    accepted,
    refused,
    server_is_away,
    try_again,
    unclear,
)

log = logging.getLogger(__name__)

CONNECT_SECONDS = 30.0
COMMAND_SECONDS = 300.0
AFTER_DOT_SECONDS = 600.0
_DOT_AT_START = re.compile(rb"^\.", re.MULTILINE)


class SmtpCarrier:
    """One connection for as long as it holds; a broken one is replaced at the next letter."""

    def __init__(
        self,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        command_seconds: float = COMMAND_SECONDS,
        after_dot_seconds: float = AFTER_DOT_SECONDS,
    ) -> None:
        self.connect_seconds = connect_seconds
        self.command_seconds = command_seconds
        self.after_dot_seconds = after_dot_seconds
        self._smtp: smtplib.SMTP | None = None
        self._pipeline: Pipeline | None = None

    def open(self) -> None:
        """Connect and sign in. Raises OSError or SMTPException."""
        if self._smtp is not None:
            return
        host, port = settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT
        smtp: smtplib.SMTP
        if settings.TROTH_SMTP_TLS == "tls":
            smtp = smtplib.SMTP_SSL(host, port, timeout=self.connect_seconds, context=ssl.create_default_context())
        else:
            smtp = smtplib.SMTP(host, port, timeout=self.connect_seconds)
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self.command_seconds)
            if settings.TROTH_SMTP_TLS == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if settings.TROTH_SMTP_USER:
                smtp.login(settings.TROTH_SMTP_USER, settings.TROTH_SMTP_PASSWORD)
        except BaseException:
            smtp.close()
            raise
        self._smtp = smtp

    def submit(
        self, letter: bytes, envelope_from: str, recipients: Sequence[str], on_data: Callable[[], None]
    ) -> Outcome:
        """Name everybody, say that the bytes may leave, let them leave, and hear the answer."""
        if away := self._away():
            return away
        smtp = self._smtp
        assert smtp is not None
        try:
            problem = self._name_everybody(smtp, envelope_from, recipients)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return try_again(0, f"The line broke before anything had left: {error}")
        if problem is not None:
            return problem
        try:
            on_data()
        except BaseException:
            self._drop()  # nothing has left, and nothing may leave now
            raise
        return self._let_it_leave(smtp, letter)

    def submit_many(self, parcels: Sequence[Parcel], may_begin: Callable[[], bool]) -> Iterator[Outcome]:
        """The same for many over the kept line, as many at once as the server takes. See `pipeline.py`."""
        if away := self._away():
            yield away
            return
        pipeline = self._pipeline
        if pipeline is None:
            smtp = self._smtp
            assert smtp is not None
            assert smtp.sock is not None
            pipeline = self._pipeline = Pipeline(
                Line(smtp.sock),
                ahead=smtp.has_extn("pipelining"),
                command_seconds=self.command_seconds,
                after_dot_seconds=self.after_dot_seconds,
            )
        try:
            yield from pipeline.send(parcels, may_begin)
        finally:
            if not pipeline.holds:
                self._drop()

    def was_kept(self, message_id: str) -> bool | None:
        """Whether the archive mailbox holds the letter. None without an archive; raises ArchiveOutOfReach."""
        kept = self.were_kept([message_id])
        return None if kept is None else message_id in kept

    def were_kept(self, message_ids: Collection[str]) -> set[str] | None:
        """Which of these letters the archive mailbox holds. None without an archive; raises ArchiveOutOfReach."""
        archive = Mailbox.objects.filter(is_archive=True, enabled=True).first() if settings.TROTH_MAIL_ARCHIVE else None
        if archive is None:
            return None
        try:
            with connect(archive, timeout=self.connect_seconds) as box:
                return {name for name in message_ids if _is_in(box, name)}
        except ArchiveOutOfReach:
            raise
        except Exception as error:  # imaplib raises what it likes; none of it says anything about the letters
            raise ArchiveOutOfReach(str(error)) from error

    def close(self) -> None:
        smtp, self._smtp, self._pipeline = self._smtp, None, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()

    def _away(self) -> Outcome | None:
        """Why there is no line to the server, where none can be made."""
        try:
            self.open()
        except smtplib.SMTPResponseException as error:
            return server_is_away(error.smtp_code, _words(error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            return server_is_away(0, f"The mail server cannot be reached: {error}")
        return None

    def _name_everybody(self, smtp: smtplib.SMTP, envelope_from: str, recipients: Sequence[str]) -> Outcome | None:
        code, reply = smtp.mail(envelope_from)
        if code != 250:
            return self._no(smtp, code, reply)
        for number, recipient in enumerate(recipients):
            code, reply = smtp.rcpt(recipient)
            if code in (250, 251):
                continue
            outcome = self._no(smtp, code, reply)
            if (
                number > 0
            ):  # without its copy in the archive an unclear send could never be settled, so the letter waits
                return try_again(code, f"The archive was not taken: {outcome.reply}")
            return outcome
        return None

    def _let_it_leave(self, smtp: smtplib.SMTP, letter: bytes) -> Outcome:
        try:
            code, reply = smtp.docmd("DATA")
            if code != 354:
                return self._no(smtp, code, reply) if code > 0 else self._broken_before_data(reply)
        except (OSError, smtplib.SMTPException) as error:
            # No byte of the letter was written, whatever became of the command.
            return self._broken_before_data(str(error).encode())
        try:
            smtp.send(_DOT_AT_START.sub(b"..", letter) + (b"" if letter.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            if smtp.sock is not None:
                smtp.sock.settimeout(self.after_dot_seconds)
            code, reply = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self.command_seconds)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return unclear(f"The line broke while the letter left: {error}")
        if code == 250:
            return accepted(_words(reply), code)
        if 400 <= code < 600:
            return self._no(smtp, code, reply)
        self._drop()
        return unclear(f"The server answered the letter with {_words(reply)!r}.")

    def _broken_before_data(self, reply: bytes) -> Outcome:
        self._drop()
        return try_again(0, f"The line broke before anything had left: {_words(reply)}")

    def _no(self, smtp: smtplib.SMTP, code: int, reply: bytes) -> Outcome:
        """A clear no, for now or for ever; the connection is made ready for the next letter, or dropped."""
        try:
            if code == 421 or code < 400 or smtp.rset()[0] != 250:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()
        return refused(code, _words(reply)) if 500 <= code < 600 else try_again(max(code, 0), _words(reply))

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = self._pipeline = None


def _is_in(box: BaseMailBox, message_id: str) -> bool:
    status, lines = box.client.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
    if status != "OK":
        raise ArchiveOutOfReach(str(lines))
    return any(line and line.strip() for line in lines)


def _words(reply: bytes | str) -> str:
    return reply if isinstance(reply, str) else reply.decode("utf-8", "replace")
