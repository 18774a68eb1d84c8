"""The promise of the next word: made to whoever is hit, so to nobody by name."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from troth.incidents.models import Incident
from troth.people.models import Staff
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.words.promises import Sort


def promise_next_word(incident: Incident, *, due: datetime, now: datetime) -> Promise:
    """The next word comes by *due*; raises promises.DateAlreadyPassed.

    No customer stands in it, so the watcher warns and judges, and writes to nobody but staff.
    """
    return promises.record(
        customer=None,
        what=_("The next word about: %(title)s") % {"title": incident.title},
        due=due,
        said_at=now,
        now=now,
        owner=incident.owner,
        team_id=incident.team_id,
        sort=Sort.NEXT_WORD,
        about=incident.ref,
        by_itself=False,
    )


def keep_next_word(incident: Incident, *, by: Staff | None, now: datetime) -> bool:
    """The word was given; False where its promise was settled (broken, most likely) already."""
    return incident.next_word is not None and promises.keep(incident.next_word, by=by, now=now)
