"""The faults there are, in the order of the table, and what one comes to."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of everything that was asked of the system while it was struck."""

    #: How often it was struck.
    points: int
    #: Asked for, and not there at the end.
    lost: int = 0
    #: There more often than asked for.
    doubled: int = 0
    #: Not finished in its time, or the checker found something.
    stuck: int = 0
    #: What a reader of the table should know, such as figures.
    notes: str = ""

    @property
    def is_clean(self) -> bool:
        return self.points > 0 and (self.lost, self.doubled, self.stuck) == (0, 0, 0)

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            points=self.points + other.points,
            lost=self.lost + other.lost,
            doubled=self.doubled + other.doubled,
            stuck=self.stuck + other.stuck,
            notes="; ".join(note for note in (self.notes, other.notes) if note),
        )


@dataclass(frozen=True)
class Fault:
    #: Of the goal in docs/reliability.md, "R1".
    goal: str
    #: As the table says it.
    title: str
    #: "module:function" in this package; imported late, for the database's models can be imported once Django is set up.
    where: str
    #: It is given the mail servers of a stage set for it (`stage.py`); else it needs nothing and sets its own.
    on_stage: bool = True

    def run(self) -> Outcome:
        """Strike, in a process that has not set up Django yet."""
        if not self.on_stage:
            return self._function()()
        from faults.stage import stage  # the database and the mail servers are needed by the strikes only

        with stage() as lab:
            return self._function()(lab)

    def _function(self) -> Callable[..., Outcome]:
        module, _, name = self.where.partition(":")
        function: Callable[..., Outcome] = getattr(importlib.import_module(f"faults.{module}"), name)
        return function


#: In the order of the table.
FAULTS = (
    Fault("R1", "killed at every boundary of taking in a message", "kill:take_in"),
    Fault("R1", "killed at every boundary of sending a reply", "kill:reply"),
    Fault("R1", "killed at every boundary of answering many customers in one go", "kill:answering_many"),
    Fault("R1", "killed at every boundary of a word in the chat, and of an answer to who has left it", "kill:chat"),
    Fault("R1", "killed at every boundary of warning the owner and the lead", "kill:warning"),
    Fault("R1", "killed at every boundary of telling the customer and judging", "kill:heads_up"),
    Fault("R1", "killed at every boundary of letters to many", "many:killed"),
    Fault("R1", "killed at every boundary of letters to many, with no archive to ask", "many:killed_without_archive"),
    Fault("R1", "killed at every boundary of forgetting somebody", "kill:forget"),
    Fault("R1", "killed at every boundary of sealing and signing a head", "log:sealing"),
    Fault("R2", "paused and overtaken at every boundary of sending a reply", "pause:reply"),
    Fault("R2", "paused and overtaken at every boundary of telling and judging", "pause:heads_up"),
    Fault("R2", "paused and overtaken at every boundary of letters to many", "many:paused"),
    Fault("R2", "sending a reply, paused until its transaction was ended", "pause:reply_asleep"),
    Fault("R2", "taking in a message, paused until its transaction was ended", "pause:take_in_asleep"),
    Fault(
        "R3",
        "PostgreSQL killed, stopped at once, shut down, or a process of it killed, under load",
        "database:dies",
        False,
    ),
    Fault("R3", "PostgreSQL stopped under the public page", "standing:database_stopped", False),
    Fault(
        "R3",
        "those who append and seal 100,000 entries killed at random, and PostgreSQL with them",
        "log:killed",
        False,
    ),
    Fault("R4", "no room for data for two minutes, mail coming in, then room again", "disk:data_is_full", False),
    Fault(
        "R4",
        "no room for the write-ahead log for two minutes, mail coming in, then room again",
        "disk:log_is_full",
        False,
    ),
    Fault(
        "R5",
        "a mail server that fails in eleven ways, for six kinds of letter, with an archive and without",
        "letters_out:smtp_fails",
    ),
    Fault(
        "R5",
        "letters to many, and a mail server that fails in thirteen ways, ahead and in turn, with an archive and without",
        "many:smtp_fails",
    ),
    Fault("R5", "a mailbox that refuses for days, among others that do not", "letters_out:busy_mailbox"),
    Fault("R6", "letters that belong together, in any order, some of them twice", "letters_in:any_order"),
    Fault(
        "R6",
        "a letter in two mailboxes, twice, a month late; mailboxes forget their numbers",
        "letters_in:mailboxes_forget",
    ),
    Fault(
        "R6", "the line to the mailbox cut at every command, before and after it was heard", "letters_in:lines_break"
    ),
    Fault("R8", "ten weeks in six zones on one clock: summer time, a leap day, jumps, downtime", "clock:months", False),
    Fault("R10", "4 workers at 10,000 promises, 2 of them at one mailbox too", "race:everything"),
    Fault(
        "R11",
        "a log that is appended to, sealed, rotated, merged in, forgotten in and tampered with, in any order",
        "tampering:lived",
        False,
    ),
    Fault("R11", "evidence changed at random, a row, a column or a whole history at a time", "tampering:mutated"),
    Fault("R17", "the line to the mail server cut or silent at every line said, heard or not", "network:letters_out"),
    Fault("R17", "the line to the mailbox silent at every command, heard or not", "network:letters_in"),
    Fault(
        "R17", "all mail servers half-open, then dead, and pages asked for meanwhile", "network:pages_meanwhile", False
    ),
    Fault("R17", "no name is ever resolved", "network:names_are_dead"),
)
