"""Letters out by SMTP, through one server; an archive mailbox settles what the dialogue leaves unclear.

smtplib is used command by command, for its own `sendmail` cannot say whether anything had left when the line broke: five of
twelve ways to fail look the same from outside, and in two of them the letter had arrived (reliability 4.10).
"""

from __future__ import annotations

import logging
import re
import smtplib
import ssl
from collections.abc import Callable, Sequence

from django.conf import settings

from troth.channels.email.imap import connect
from troth.channels.email.models import Mailbox
from troth.post.rules.carrier import ArchiveOutOfReach, Outcome, accepted, refused, server_is_away, try_again, unclear

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
        try:
            self.open()
        except smtplib.SMTPResponseException as error:
            return server_is_away(error.smtp_code, _words(error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            return server_is_away(0, f"The mail server cannot be reached: {error}")
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

    def was_kept(self, message_id: str) -> bool | None:
        """Whether the archive mailbox holds the letter. None without an archive; raises ArchiveOutOfReach."""
        archive = Mailbox.objects.filter(is_archive=True, enabled=True).first() if settings.TROTH_MAIL_ARCHIVE else None
        if archive is None:
            return None
        try:
            with connect(archive, timeout=self.connect_seconds) as box:
                found = box.client.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
        except Exception as error:  # imaplib raises what it likes; none of it says anything about the letter
            raise ArchiveOutOfReach(str(error)) from error
        status, lines = found
        if status != "OK":
            raise ArchiveOutOfReach(str(lines))
        return any(line and line.strip() for line in lines)

    def close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()

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
        self._smtp = None


def _words(reply: bytes | str) -> str:
    return reply if isinstance(reply, str) else reply.decode("utf-8", "replace")
