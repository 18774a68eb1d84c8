"""Every write of this room: what stands on the page, what is planned, who wants to be written to, and their letters."""

from __future__ import annotations

from troth.status.actions.arranging import NameTaken, NoName, move, name, retire
from troth.status.actions.planning import NotAhead, NoTitle, WrongTimes, cancel, say
from troth.status.actions.subscribing import ask, choose, confirm, end, let_go
from troth.status.actions.writing import announce

__all__ = [
    "NameTaken",
    "NoName",
    "NoTitle",
    "NotAhead",
    "WrongTimes",
    "announce",
    "ask",
    "cancel",
    "choose",
    "confirm",
    "end",
    "let_go",
    "move",
    "name",
    "retire",
    "say",
]
