"""Promises for staff: the list with its rates, one promise with its history, and what can be done about it."""

from __future__ import annotations

from troth.promises.desk.doing import confirm, keep, move, own, release, void
from troth.promises.desk.listing import promises_list
from troth.promises.desk.page import promise_page
from troth.promises.desk.saying import reason_choices

__all__ = ["confirm", "keep", "move", "own", "promise_page", "promises_list", "reason_choices", "release", "void"]
