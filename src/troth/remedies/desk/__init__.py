"""The desk's pages about remedies: the board, one of them, the policy, and a sheet of what was paid."""

from __future__ import annotations

from troth.remedies.desk.board import board
from troth.remedies.desk.page import accept, authorise, decline, give, refuse, remedy_page, withdraw
from troth.remedies.desk.policy import policy
from troth.remedies.desk.proving import proofs

__all__ = [
    "accept",
    "authorise",
    "board",
    "decline",
    "give",
    "policy",
    "proofs",
    "refuse",
    "remedy_page",
    "withdraw",
]
