"""Everything done to a case: opened, joined, answered, noted, assigned; one function, one transaction, its fact."""

from __future__ import annotations

from troth.cases.actions.again import deny_again, undo_denial
from troth.cases.actions.answering import (
    NobodyToAnswer,
    UnknownPlace,
    prepare_answer,
    send_answer,
    stop_answer,
    work_answers,
)
from troth.cases.actions.arrivals import File, acknowledge, open_or_join, seems_to_be
from troth.cases.actions.bulk import NoCases, begin_bulk, undo_bulk, work_bulk
from troth.cases.actions.corrections import CorrectedMeanwhile, NotACustomers, correct, follow, undo_correction
from troth.cases.actions.dismissing import dismiss, show_again
from troth.cases.actions.doubting import doubt
from troth.cases.actions.enclosing import EmptyFile, FileGone, NoRoom, put_back, put_in, take_out
from troth.cases.actions.expecting import measure_answers
from troth.cases.actions.formal import NoFinalResponse, NotAsked, PointsMissing, TooLateForSummary
from troth.cases.actions.incidents import part_of
from troth.cases.actions.learning import NothingToLearn, learn, switch_reader
from troth.cases.actions.links import NotToBeLinked, link
from troth.cases.actions.mentions import nameable, seen
from troth.cases.actions.older import give_clocks
from troth.cases.actions.past import (
    PastConversation,
    PastMessage,
    PastStanding,
    follow_past,
    join_past,
    say_imported,
    take_in_past,
)
from troth.cases.actions.replies import (
    AnsweredMeanwhile,
    GateShut,
    NoAddress,
    NoFilesInTalk,
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
from troth.cases.actions.state import accept_sender, assign, change, set_cause, set_kind, set_status, set_team
from troth.cases.actions.taking_back import take_back_cases
from troth.cases.actions.talks import Talked, note_talk, open_by_talk, write_note
from troth.cases.actions.teams import NoName, TeamSettings, TeamThereAlready, change_team, make_team
from troth.cases.actions.views import (
    NotYours,
    NoViewName,
    TooManyViews,
    bring_back_view,
    change_view,
    drop_view,
    may_change_view,
    move_view,
    save_view,
)
from troth.cases.actions.writing import NothingWritten, WrittenElsewhere, drafts, save_draft

__all__ = [
    "AnsweredMeanwhile",
    "CorrectedMeanwhile",
    "EmptyFile",
    "File",
    "FileGone",
    "GateShut",
    "NoAddress",
    "NoCases",
    "NoFilesInTalk",
    "NoFinalResponse",
    "NoName",
    "NoRoom",
    "NoViewName",
    "NobodyToAnswer",
    "NotACustomers",
    "NotAsked",
    "NotLater",
    "NotToBeLinked",
    "NotYours",
    "NothingToLearn",
    "NothingToSnooze",
    "NothingWritten",
    "PastConversation",
    "PastMessage",
    "PastStanding",
    "PointsMissing",
    "SomethingNew",
    "Talked",
    "TeamSettings",
    "TeamThereAlready",
    "TooLateForSummary",
    "TooManyViews",
    "UnknownPlace",
    "WrittenElsewhere",
    "accept_sender",
    "acknowledge",
    "assign",
    "begin_bulk",
    "bring_back_view",
    "change",
    "change_team",
    "change_view",
    "checked_answers",
    "correct",
    "deny_again",
    "dismiss",
    "doubt",
    "drafts",
    "drop_view",
    "follow",
    "follow_past",
    "give_clocks",
    "join_past",
    "learn",
    "leave",
    "left_to_reread",
    "link",
    "make_team",
    "may_change_view",
    "measure_answers",
    "move_view",
    "nameable",
    "newest_inbound",
    "note_talk",
    "open_by_talk",
    "open_or_join",
    "part_of",
    "prepare_answer",
    "put_back",
    "put_in",
    "record_answer",
    "reread",
    "save_draft",
    "save_view",
    "say_imported",
    "seems_to_be",
    "seen",
    "send_answer",
    "send_reply",
    "set_cause",
    "set_kind",
    "set_status",
    "set_team",
    "show_again",
    "snooze",
    "stop_answer",
    "switch_reader",
    "take_back",
    "take_back_cases",
    "take_in_past",
    "take_out",
    "undo_bulk",
    "undo_correction",
    "undo_denial",
    "wake",
    "wake_due",
    "work_answers",
    "work_bulk",
    "write_note",
]
