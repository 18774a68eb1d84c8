"""The pages of breaches for leads, administrators and auditors; one file for each thing that is done there."""

from __future__ import annotations

from troth.breaches.desk.beginning import authorities, new
from troth.breaches.desk.doing import close, controller, correct_aware, decide, document, exempt, reopen, take_back
from troth.breaches.desk.listing import register, register_json, register_paper
from troth.breaches.desk.page import breach_page, file_json, file_paper
from troth.breaches.desk.reporting import receipt, report, report_paper
from troth.breaches.desk.telling import letter

__all__ = [
    "authorities",
    "breach_page",
    "close",
    "controller",
    "correct_aware",
    "decide",
    "document",
    "exempt",
    "file_json",
    "file_paper",
    "letter",
    "new",
    "receipt",
    "register",
    "register_json",
    "register_paper",
    "reopen",
    "report",
    "report_paper",
    "take_back",
]
