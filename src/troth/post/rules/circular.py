"""Many letters that say the same: the words are made once, and into each copy go the lines that are its reader's own.

What comes out is what `compose` would have written, byte for byte, for a tenth of the time.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from email.utils import format_datetime

from troth.post.rules import mime
from troth.post.rules.letter import (
    Draft,
    LetterNotSound,
    compose,
    is_message_id,
    mark,
    sound_line,
    sound_word,
    unsubscribing,
)
from troth.words.addresses import plus_address, sound_address

_MIME = b"MIME-Version: 1.0\r\n"


class Circular:
    """What all of them say, as *draft* says it but for its reader, its Message-ID, its reply token and how to unsubscribe.

    It answers nothing, as no letter to many does.
    """

    def __init__(self, draft: Draft) -> None:
        """Raises LetterNotSound or AddressNotSound where no letter can be made of it."""
        # Whoever wrote the words cannot have known this Message-ID, nor what parts them, which hangs on it.
        model = f"<{secrets.token_hex(20)}@model.invalid>"
        whole = compose(replace(draft, message_id=model, reply_token="", in_reply_to="", references=(), unsubscribe=""))
        self.sender = sound_address(draft.from_address)
        to = mime.mailbox("To", display_name=draft.to_name, address=sound_address(draft.to_address))
        self._before_to, _, rest = whole.removeprefix(f"Message-ID: {model}\r\n".encode()).partition(to)
        # At the start of a line, for a subject may read like a date.
        date = b"\r\n" + mime.header("Date", format_datetime(draft.written_at))
        subject, date, rest = rest.partition(date)
        self._before_reply_to = subject + date
        self._before_unsubscribing, line, body = rest.partition(_MIME)
        self._parts = (line + body).split(mark(model).encode())

    def letter(
        self, *, message_id: str, to_address: str, to_name: str = "", reply_token: str = "", unsubscribe: str = ""
    ) -> bytes:
        """The final bytes of one of them. Raises LetterNotSound or AddressNotSound."""
        sound_line("The name", to_name)
        sound_line("The reply token", reply_token)
        sound_word("The address to unsubscribe", unsubscribe)
        if not is_message_id(message_id):
            raise LetterNotSound("The Message-ID is none.")
        said = [
            f"Message-ID: {message_id}\r\n".encode("ascii"),
            self._before_to,
            mime.mailbox("To", display_name=to_name, address=sound_address(to_address)),
            self._before_reply_to,
        ]
        if reply_token:
            reply_to = sound_address(plus_address(self.sender, reply_token))
            said.append(mime.mailbox("Reply-To", display_name="", address=reply_to))
        said += [self._before_unsubscribing, *unsubscribing(unsubscribe)]
        said.append(mark(message_id).encode().join(self._parts))
        return b"".join(said)
