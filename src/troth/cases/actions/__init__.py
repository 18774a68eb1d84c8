"""Everything done to a case: opened, joined, answered, noted, assigned; one function, one transaction, its fact."""

from __future__ import annotations

from troth.cases.actions.again import deny_again, undo_denial
from troth.cases.actions.arrivals import File, acknowledge, open_or_join, seems_to_be
from troth.cases.actions.corrections import CorrectedMeanwhile, NotACustomers, correct, follow, undo_correction
from troth.cases.actions.learning import NothingToLearn, learn, switch_reader
from troth.cases.actions.past import PastConversation, PastMessage, say_imported, take_in_past
from troth.cases.actions.replies import (
    GateShut,
    NoAddress,
    SomethingNew,
    checked_answers,
    leave,
    newest_inbound,
    record_answer,
    send_reply,
    take_back,
)
from troth.cases.actions.rereading import left_to_reread, reread
from troth.cases.actions.snoozing import NothingToSnooze, NotLater, snooze, wake, wake_due
from troth.cases.actions.state import accept_sender, assign, change, set_cause, set_kind, set_status
from troth.cases.actions.talks import Talked, note_talk, open_by_talk, write_note
from troth.cases.actions.teams import NoName, TeamThereAlready, change_team, make_team
from troth.cases.actions.writing import NothingWritten, drafts, save_draft

__all__ = [
    "CorrectedMeanwhile",
    "File",
    "GateShut",
    "NoAddress",
    "NoName",
    "NotACustomers",
    "NotLater",
    "NothingToLearn",
    "NothingToSnooze",
    "NothingWritten",
    "PastConversation",
    "PastMessage",
    "SomethingNew",
    "Talked",
    "TeamThereAlready",
    "accept_sender",
    "acknowledge",
    "assign",
    "change",
    "change_team",
    "checked_answers",
    "correct",
    "deny_again",
    "drafts",
    "follow",
    "learn",
    "leave",
    "left_to_reread",
    "make_team",
    "newest_inbound",
    "note_talk",
    "open_by_talk",
    "open_or_join",
    "record_answer",
    "reread",
    "save_draft",
    "say_imported",
    "seems_to_be",
    "send_reply",
    "set_cause",
    "set_kind",
    "set_status",
    "snooze",
    "switch_reader",
    "take_back",
    "take_in_past",
    "undo_correction",
    "undo_denial",
    "wake",
    "wake_due",
    "write_note",
]
