"""A carrier for tests: what was handed to it, in its memory; it answers and fails as it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from troth.post.rules.carrier import ArchiveOutOfReach, Outcome, accepted


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it runs but what the operating system does."""


class MemoryCarrier:
    """A carrier that remembers. `answers` are given in turn; after them it accepts."""

    def __init__(self, *answers: Outcome, has_archive: bool = True) -> None:
        self.answers = list(answers)
        self.has_archive = has_archive
        self.arrived: list[bytes] = []
        self.keeps_unclear = False
        self.out_of_reach = False
        #: Where in the dialogue about the next letter but so many the process ends.
        self.killed_at, self.killed_after = "", 0

    def open(self) -> None: ...

    def submit(
        self, letter: bytes, envelope_from: str, recipients: Sequence[str], on_data: Callable[[], None]
    ) -> Outcome:
        outcome = self.answers.pop(0) if self.answers else accepted()
        self._killed("before data")
        if outcome.code in (450, 550, 421):
            return outcome
        on_data()
        self._killed("at data")
        if outcome == accepted() or (outcome.answer.value == "unclear" and self.keeps_unclear):
            self.arrived.append(letter)
        self._killed("after dot")
        return outcome

    def was_kept(self, message_id: str) -> bool | None:
        if self.out_of_reach:
            raise ArchiveOutOfReach
        if not self.has_archive:
            return None
        return any(message_id.encode() in letter for letter in self.arrived)

    def close(self) -> None: ...

    def _killed(self, place: str) -> None:
        if self.killed_at == place:
            if self.killed_after:
                self.killed_after -= 1
                return
            self.killed_at = ""
            raise Killed
