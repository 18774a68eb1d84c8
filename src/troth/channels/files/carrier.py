"""Letters written into a folder, one file each, named after the digest of the Message-ID."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from troth.post.rules.carrier import Outcome, accepted, try_again

_MESSAGE_ID = re.compile(rb"^Message-ID:[ \t]*(<[^\r\n>]{1,400}>)", re.IGNORECASE | re.MULTILINE)


class FolderCarrier:
    """A carrier whose archive is the folder itself, so no send stays unclear."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or settings.TROTH_DATA / "letters"

    def open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def submit(
        self, letter: bytes, envelope_from: str, recipients: Sequence[str], on_data: Callable[[], None]
    ) -> Outcome:
        try:
            self.open()
        except OSError as error:
            return try_again(0, f"The folder for letters cannot be made: {error.strerror}.")
        found = _MESSAGE_ID.search(letter)
        assert found is not None  # post makes no letter without one
        path = self._path(found[1].decode("ascii"))
        on_data()
        beside = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with beside.open("xb") as file:
                file.write(letter)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            return try_again(0, f"The letter could not be written: {error.strerror}.")
        return accepted("written")

    def was_kept(self, message_id: str) -> bool | None:
        return self._path(message_id).exists()

    @classmethod
    def forget(cls, message_ids: Sequence[str]) -> None:
        """Letters to somebody who was forgotten: their copies go. Safe to repeat."""
        carrier = cls()
        for message_id in message_ids:
            carrier._path(message_id).unlink(missing_ok=True)

    def close(self) -> None:
        pass

    def _path(self, message_id: str) -> Path:
        return self.folder / f"{hashlib.sha256(message_id.encode()).hexdigest()}.eml"
