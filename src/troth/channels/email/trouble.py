"""What went wrong with a mailbox, as we would tell it to whoever can mend it."""

from __future__ import annotations

import imaplib
import socket
import ssl

from imap_tools import MailboxFolderSelectError, MailboxLoginError

from troth.channels.email.models import Mailbox
from troth.people import seal

SHOWN_MOST = 500


def in_plain_words(error: Exception, mailbox: Mailbox) -> str:
    """One sentence or two, without the password and without line breaks."""
    if isinstance(error, seal.CannotUnseal):
        return f"The password cannot be opened. {error}"[:SHOWN_MOST]
    said = " ".join(f"{_problem(error, mailbox)}".split())
    password = seal.tell(mailbox, "password")
    if password:
        said = said.replace(password, "…")
    return said[:SHOWN_MOST]


def _problem(error: Exception, mailbox: Mailbox) -> str:
    place = f"{mailbox.host}:{mailbox.port}"
    if isinstance(error, socket.gaierror):
        return f"No server named {mailbox.host} can be found."
    if isinstance(error, ConnectionRefusedError):
        return f"Nothing answers at {place}: is the port right?"
    if isinstance(error, TimeoutError):
        return f"{place} did not answer in time."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{mailbox.host} showed a certificate that cannot be believed: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return f"{place} does not speak TLS as it was set (--tls {mailbox.tls}): {error.reason or error}."
    if isinstance(error, imaplib.IMAP4.error) and "TLS not supported" in str(error):
        return f"{place} does not offer STARTTLS: try --tls tls, or none within your own network."
    if isinstance(error, MailboxLoginError):
        return f"{mailbox.host} did not let {mailbox.user} in: {_answer(error)}"
    if isinstance(error, MailboxFolderSelectError):
        return f"There is no folder {mailbox.folder} for {mailbox.user} on {mailbox.host}: {_answer(error)}"
    return f"{type(error).__name__}: {error}"


def _answer(error: MailboxLoginError | MailboxFolderSelectError) -> str:
    """What the server itself said."""
    _status, lines = error.command_result
    words = [line.decode("utf-8", "replace") if isinstance(line, bytes) else str(line) for line in lines]
    return " ".join(words) or "it gave no reason."
