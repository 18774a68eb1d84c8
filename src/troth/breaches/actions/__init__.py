"""Everything done to a breach: begun, decided, reported, told, written down, closed; one function, one transaction, its facts."""

from __future__ import annotations

from troth.breaches.actions.beginning import (
    BreachAlready,
    NoReasonForDelay,
    NotYetSo,
    begin,
    begin_with_incident,
    correct_aware,
    note_controller,
)
from troth.breaches.actions.deciding import (
    DoesNotFit,
    NeedsPublicWord,
    NoReason,
    claim,
    decide,
    take_back_exemption,
)
from troth.breaches.actions.keeping import NotSettled, close, document, reopen
from troth.breaches.actions.reporting import (
    Incomplete,
    NothingToReport,
    acknowledge,
    put_authority,
    send_report,
    write_report,
)
from troth.breaches.actions.telling import LetterIncomplete, NobodyChosen, settle_letters, tell, write_letter

__all__ = [
    "BreachAlready",
    "DoesNotFit",
    "Incomplete",
    "LetterIncomplete",
    "NeedsPublicWord",
    "NoReason",
    "NoReasonForDelay",
    "NobodyChosen",
    "NotSettled",
    "NotYetSo",
    "NothingToReport",
    "acknowledge",
    "begin",
    "begin_with_incident",
    "claim",
    "close",
    "correct_aware",
    "decide",
    "document",
    "note_controller",
    "put_authority",
    "reopen",
    "send_report",
    "settle_letters",
    "take_back_exemption",
    "tell",
    "write_letter",
    "write_report",
]
