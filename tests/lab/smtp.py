"""SMTP servers of our own: one that fails on purpose in twelve ways, one that delivers where Postfix may not run."""

from __future__ import annotations

import contextlib
import enum
import smtplib
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast


class Fault(enum.Enum):
    """How the server behaves; in those marked *kept* it has the letter although the sender cannot know."""

    NORMAL = "normal"
    BANNER_421 = "banner 421"
    TARPIT = "no banner at all"
    RCPT_450 = "450 at RCPT"
    RCPT_550 = "550 at RCPT"
    DOT_452 = "452 after the dot"
    DOT_554 = "554 after the dot"
    CUT_MID_DATA = "cut in the middle of the data"
    CUT_AFTER_DOT_LOST = "cut after the dot, lost"
    CUT_AFTER_DOT_KEPT = "cut after the dot, kept"
    SLOW_250_KEPT = "250 too late, kept"
    GARBAGE = "a reply that is none"


@dataclass(frozen=True)
class Letter:
    """What the server was given: the envelope, and the text as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    text: bytes


class _Cut(Exception):
    """The connection ends here."""


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    owner: SmtpServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is nothing to report."""


class SmtpServer:
    """A plain SMTP server on a free loopback port; each finished letter goes to *take*, which answers for it."""

    host = "127.0.0.1"

    def __init__(self, take: Callable[[Letter], str] | None = None) -> None:
        self._take = take
        self.accepted: list[Letter] = []
        self.sessions = 0
        #: Whether it takes commands ahead of its answers (RFC 2920), and says so.
        self.pipelining = False
        #: After so many letters over one line it says 421 and hangs up; 0 for never.
        self.letters_a_line = 0
        #: So many letters over a line go well before its fault begins.
        self.good_first = 0
        self._stopped = threading.Event()
        self._server: _Threads | None = None
        self.port = 0

    def start(self) -> None:
        self._stopped.clear()
        self._server = _Threads((self.host, self.port), _Conversation)
        self._server.owner = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="smtp").start()

    def stop(self) -> None:
        self._stopped.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def next_fault(self) -> Fault:
        return Fault.NORMAL

    def pause(self) -> None:
        """Longer than any sender waits; ends early when the server stops."""
        self._stopped.wait(120)

    def rcpt_reply(self, recipient: str) -> str:
        return "250 welcome"

    def keep(self, letter: Letter) -> str:
        self.accepted.append(letter)
        return self._take(letter) if self._take else "250 kept"


class FaultSmtp(SmtpServer):
    """Behaves as *fault* says, or, while there are some, as the faults in *plan*, one for each connection."""

    def __init__(self, fault: Fault = Fault.NORMAL, *, take: Callable[[Letter], str] | None = None) -> None:
        super().__init__(take)
        self.fault = fault
        self.plan: list[Fault] = []
        self.slow_seconds = 30.0
        #: Who is told 450, and who 550, whatever else is planned.
        self.busy: set[str] = set()
        self.unknown: set[str] = set()

    def next_fault(self) -> Fault:
        return self.plan.pop(0) if self.plan else self.fault

    def pause(self) -> None:
        self._stopped.wait(self.slow_seconds)

    def rcpt_reply(self, recipient: str) -> str:
        if recipient in self.unknown:
            return "550 5.1.1 no such mailbox"
        return "450 4.2.1 mailbox busy" if recipient in self.busy else super().rcpt_reply(recipient)


class Relay(SmtpServer):
    """Takes mail for *domains* and hands it to the LMTP server on *lmtp_port*, for users who may not run Postfix."""

    def __init__(self, *, lmtp_port: int, domains: tuple[str, ...], catch_all: tuple[str, str] = ("", "")) -> None:
        super().__init__(self.deliver)
        self._lmtp_port = lmtp_port
        self._domains = domains
        self._crowd, self._mailbox_of_crowd = catch_all

    def rcpt_reply(self, recipient: str) -> str:
        if recipient.rpartition("@")[2].lower() in (*self._domains, self._crowd):
            return "250 welcome"
        return "554 5.4.4 no mail leaves the laboratory"

    def deliver(self, letter: Letter) -> str:
        """One recipient at a time: LMTP answers for each, and the library reads one answer only."""
        for recipient in letter.recipients:
            answer = self._deliver_to(recipient, letter)
            if not answer.startswith("250"):
                return answer
        return "250 delivered"

    def _deliver_to(self, recipient: str, letter: Letter) -> str:
        if recipient.rpartition("@")[2].lower() == self._crowd:
            recipient = self._mailbox_of_crowd
        try:
            with smtplib.LMTP(self.host, self._lmtp_port, timeout=30) as lmtp:
                refused = lmtp.sendmail(letter.sender, [recipient], letter.text)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except (smtplib.SMTPException, OSError) as error:
            return f"451 not delivered: {type(error).__name__}"
        if refused:
            code, reason = next(iter(refused.values()))
            return f"{code} {reason.decode(errors='replace').splitlines()[0]}"
        return "250 delivered"


class _Conversation(socketserver.StreamRequestHandler):
    """One client, from banner to goodbye."""

    def handle(self) -> None:
        with contextlib.suppress(_Cut, OSError):
            self._converse()

    def _converse(self) -> None:
        self.smtp = cast("_Threads", self.server).owner
        self.smtp.sessions += 1
        self.planned, self.letters = self.smtp.next_fault(), 0
        self._greet()
        sender, recipients = "", []
        while line := self.rfile.readline(4096):
            verb, _space, rest = line.decode("utf-8", "replace").strip().partition(" ")
            match verb.upper():
                case "EHLO":
                    ahead = ["250-PIPELINING"] if self.smtp.pipelining else []
                    self._say("250-lab.troth.test", *ahead, "250-8BITMIME", "250-SMTPUTF8", "250 SIZE 52428800")
                case "HELO" | "NOOP":
                    self._say("250 fine")
                case "RSET":
                    sender, recipients = "", []
                    self._say("250 forgotten")
                case "MAIL" if self.smtp.letters_a_line and self.letters >= self.smtp.letters_a_line:
                    self._say("421 enough over this line")
                    return
                case "MAIL":
                    sender, recipients = _address(rest), []
                    self._answer_sender()
                case "RCPT":
                    reply = self._answer_recipient(_address(rest))
                    if reply.startswith("250"):
                        recipients.append(_address(rest))
                    self._say(reply)
                case "DATA" if recipients:
                    self._say("354 go on")
                    self._finish(Letter(sender, tuple(recipients), self._read_text()))
                case "DATA":
                    self._say("503 nobody to give it to")
                case "QUIT":
                    self._say("221 goodbye")
                    return
                case _:
                    self._say("502 not here")

    @property
    def fault(self) -> Fault:
        return Fault.NORMAL if self.letters < self.smtp.good_first else self.planned

    def _greet(self) -> None:
        if self.fault is Fault.BANNER_421:
            self._say("421 try again later")
            raise _Cut
        if self.fault is Fault.TARPIT:
            self.smtp.pause()
            raise _Cut
        self._say("220 lab.troth.test ESMTP")

    def _answer_sender(self) -> None:
        if self.fault is Fault.GARBAGE:
            self.wfile.write(b"\x00\xff what?\r\n")
        else:
            self._say("250 fine")

    def _answer_recipient(self, recipient: str) -> str:
        if self.fault is Fault.RCPT_450:
            return "450 4.2.1 mailbox busy"
        if self.fault is Fault.RCPT_550:
            return "550 5.1.1 no such mailbox"
        return self.smtp.rcpt_reply(recipient)

    def _read_text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _Cut
            if self.fault is Fault.CUT_MID_DATA:
                self._cut()
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _finish(self, letter: Letter) -> None:
        match self.fault:
            case Fault.DOT_452:
                self._say("452 4.3.1 no room now")
            case Fault.DOT_554:
                self._say("554 5.7.1 not wanted")
            case Fault.CUT_AFTER_DOT_LOST:
                self._cut()
            case Fault.CUT_AFTER_DOT_KEPT:
                self.smtp.keep(letter)
                self._cut()
            case Fault.SLOW_250_KEPT:
                reply = self.smtp.keep(letter)
                self.smtp.pause()
                self._say(reply)
            case _:
                self._say(self.smtp.keep(letter))
        self.letters += 1

    def _cut(self) -> None:
        """End without a goodbye: a reset, as a fallen network gives."""
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise _Cut

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


def _address(words: str) -> str:
    """The address in `FROM:<ann@example.test> SIZE=7`."""
    return words.partition("<")[2].partition(">")[0]
