"""Many letters over one line to a mail server, with fewer waits for its answers (RFC 2920, command pipelining).

What is said ahead for the next letter, its sender and its reader, goes out together with the words of the one before. DATA is the
last thing said before an answer is waited for, as the RFC wants it, so no word of a letter leaves before the one before it was
answered for: when the line breaks, one letter is in doubt and no more. Where a letter goes to an archive too, DATA is not said
ahead: a server that refuses the reader and takes the archive would have to be sent something.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Sequence

from troth.post.rules.carrier import Outcome, Parcel, accepted, refused, server_is_away, try_again, unclear

_DOT_AT_START = re.compile(rb"^\.", re.MULTILINE)
#: No server's answer is longer.
ANSWER_MOST = 65_536
READ = 65_536


class LineBroke(OSError):
    """The server said goodbye, or nothing that can be understood; with its code, if there was one."""

    def __init__(self, words: str, code: int = 0) -> None:
        super().__init__(words)
        self.code = code


class Line:
    """What is said to a server, and its answers."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._heard = bytearray()

    def say(self, words: bytes) -> None:
        self._sock.sendall(words)

    def hear(self, seconds: float) -> tuple[int, bytes]:
        """One answer: its code and its words. Raises OSError, LineBroke where there is none that can be understood."""
        self._sock.settimeout(seconds)
        said: list[bytes] = []
        while True:
            line = self._next()
            if not line[:3].isdigit():
                raise LineBroke(f"The server's answer was none: {line[:80].decode('utf-8', 'replace')!r}.")
            said.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(said)

    def _next(self) -> bytes:
        while (end := self._heard.find(b"\n")) < 0:
            if len(self._heard) > ANSWER_MOST:
                raise LineBroke("The server's answer does not end.")
            more = self._sock.recv(READ)
            if not more:
                raise LineBroke("The server closed the line.")
            self._heard += more
        line = bytes(self._heard[: end + 1])
        del self._heard[: end + 1]
        return line


class Pipeline:
    """One line, for as long as it holds; letters go over it in groups."""

    def __init__(self, line: Line, *, ahead: bool, command_seconds: float, after_dot_seconds: float) -> None:
        """*ahead*: the server takes commands before it answered for those before them."""
        self._line, self._ahead = line, ahead
        self._command_seconds, self._after_dot_seconds = command_seconds, after_dot_seconds
        #: The server may still have a sender in mind from a letter that came to nothing.
        self._begun = False
        #: Whether the line can be used further.
        self.holds = True

    def send(self, parcels: Sequence[Parcel], may_begin: Callable[[], bool]) -> Iterator[Outcome]:
        """What became of each letter, as soon as it is known; nothing has left of those behind the last one told of."""
        self.holds, said_ahead = False, False
        for number, parcel in enumerate(parcels):
            try:
                problem = self._name_everybody(parcel, said_ahead=said_ahead)
            except OSError as error:
                code = error.code if isinstance(error, LineBroke) else 0
                yield server_is_away(code, f"The line broke before anything had left: {error}")
                return
            if problem is not None:
                said_ahead = False
                yield problem
                continue
            if not may_begin():
                return  # the server waits for the letter's words: only hanging up tells it that none will come
            following = parcels[number + 1] if self._ahead and number + 1 < len(parcels) else None
            outcome, self.holds = self._let_it_leave(parcel, following)
            said_ahead = following is not None
            yield outcome
            if not self.holds:
                return
            self.holds = False
        self.holds = True

    def _name_everybody(self, parcel: Parcel, *, said_ahead: bool) -> Outcome | None:
        """Say who sends and who is to have it, up to the server's word to go on; why not, where it says no."""
        with_data = len(parcel.recipients) == 1
        if self._ahead:
            if not said_ahead:
                self._line.say((b"RSET\r\n" if self._begun else b"") + _naming(parcel, data=with_data))
                if self._begun:
                    self._hear()
            self._begun = True
            sender, *readers = [self._hear() for _ in range(1 + len(parcel.recipients))]
            problem = _problem(sender, readers)
            if with_data:
                return self._said_data(problem)
        else:
            problem = self._named_in_turn(parcel)
        if problem is not None:
            return problem
        self._line.say(b"DATA\r\n")
        return self._said_data(None)

    def _named_in_turn(self, parcel: Parcel) -> Outcome | None:
        if self._begun:
            self._line.say(b"RSET\r\n")
            self._hear()
        self._begun = True
        answers = []
        for command in _naming(parcel, data=False).splitlines(keepends=True):
            self._line.say(command)
            answers.append(self._hear())
            if problem := _problem(answers[0], answers[1:]):
                return problem
        return None

    def _said_data(self, problem: Outcome | None) -> Outcome | None:
        """What DATA was answered with, where it was said; a letter nobody takes must end before it begins."""
        code, words = self._hear()
        if problem is None:
            return None if code == 354 else _no(code, words)
        if code == 354:  # RFC 2920, 3.1: nobody is to have it, and the server waits for it all the same
            self._line.say(b".\r\n")
            self._hear()
        return problem

    def _let_it_leave(self, parcel: Parcel, following: Parcel | None) -> tuple[Outcome, bool]:
        """Let its words leave, and what is said ahead; what became of it, and whether the line holds."""
        letter = parcel.letter
        if letter.startswith(b".") or b"\n." in letter:
            letter = _DOT_AT_START.sub(b"..", letter)
        end = b".\r\n" if letter.endswith(b"\r\n") else b"\r\n.\r\n"
        ahead = _naming(following, data=len(following.recipients) == 1) if following else b""
        try:
            self._line.say(letter + end + ahead)
            code, words = self._line.hear(self._after_dot_seconds)
        except OSError as error:
            return unclear(f"The line broke while the letter left: {error}"), False
        self._begun = following is not None
        if code == 250:
            return accepted(_words(words), code), True
        if 400 <= code < 600:
            return _no(code, words), code != 421
        return unclear(f"The server answered the letter with {_words(words)!r}."), False

    def _hear(self) -> tuple[int, bytes]:
        code, words = self._line.hear(self._command_seconds)
        if code == 421:  # it closes the line, whatever else was said
            raise LineBroke(_words(words), code)
        return code, words


def _naming(parcel: Parcel, *, data: bool) -> bytes:
    """The commands that name the sender and everybody who is to have it; addresses are sound, and hold no space."""
    readers = "".join(f"RCPT TO:<{reader}>\r\n" for reader in parcel.recipients)
    return f"MAIL FROM:<{parcel.envelope_from}>\r\n{readers}{'DATA' + chr(13) + chr(10) if data else ''}".encode(
        "ascii"
    )


def _problem(sender: tuple[int, bytes], readers: Sequence[tuple[int, bytes]]) -> Outcome | None:
    """Why the letter cannot leave, if it cannot: for its sender, its reader, or an archive behind them."""
    if sender[0] != 250:
        return _no(*sender)
    for number, (code, words) in enumerate(readers):
        if code in (250, 251):
            continue
        if number:  # without its copy there it could never be settled whether it left
            return try_again(code, f"The archive was not taken: {_words(words)}")
        return _no(code, words)
    return None


def _no(code: int, words: bytes) -> Outcome:
    return refused(code, _words(words)) if 500 <= code < 600 else try_again(code, _words(words))


def _words(reply: bytes) -> str:
    return reply.decode("utf-8", "replace")
