"""Every write about remedies: one function, one thing done, one transaction, its fact beside it."""

from __future__ import annotations

from datetime import datetime

from troth.remedies.actions.ending import NotGiven, accept, decline, give, withdraw
from troth.remedies.actions.many import give_out, offer_all, take_back
from troth.remedies.actions.offering import NotAllowed, NotTheirs, authorise, offer, refuse, seek
from troth.remedies.actions.policy import set_policy
from troth.remedies.actions.raising import Raised, raise_all
from troth.remedies.actions.watching import follow_promises, look_at_facts, miss
from troth.remedies.models import Remedy
from troth.remedies.rules.life import NotNow

__all__ = [
    "NotAllowed",
    "NotGiven",
    "NotNow",
    "NotTheirs",
    "Raised",
    "accept",
    "authorise",
    "decline",
    "follow",
    "follow_promises",
    "give",
    "give_out",
    "look_ahead",
    "look_at_facts",
    "miss",
    "offer",
    "offer_all",
    "raise_all",
    "refuse",
    "seek",
    "set_policy",
    "take_back",
    "withdraw",
]


def look_ahead(*, now: datetime) -> int:
    """Everything that remedies ask for by now; how many things were done or looked at. Repeat until 0."""
    return follow_promises(now=now) + miss(now=now) + look_at_facts(now=now) + give_out(now=now)


def follow(about: str, *, team_id: int | None) -> None:
    """What belongs to *about* is this team's from now on, and is seen by whoever sees the team."""
    Remedy.objects.filter(about=about).update(team_id=team_id)
