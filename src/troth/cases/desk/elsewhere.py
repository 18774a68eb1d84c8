"""One writer, two pages: what was written on the other one, and when."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from troth.cases.models import Reply
from troth.people.models import Staff
from troth.promises.letters import spoken


def elsewhere_words(at: datetime, *, staff: Staff, now: datetime) -> str:
    """Said where both texts are shown, for the writer to choose from."""
    here, today = at.astimezone(ZoneInfo(staff.zone)), now.astimezone(ZoneInfo(staff.zone))
    if here.date() == today.date():
        return _("Written further elsewhere at %(time)s") % {"time": f"{here:%H:%M} {here.tzname()}"}
    return _("Written further elsewhere on %(when)s") % {"when": spoken(at, staff.zone)}


def elsewhere_told(draft: Reply, *, staff: Staff, now: datetime) -> dict[str, str]:
    return {"text": draft.text, "words": elsewhere_words(draft.changed_at, staff=staff, now=now)}


def kept_told(draft: Reply | None, *, staff: Staff, now: datetime, other: Reply | None) -> dict[str, str | bool]:
    """What is kept of a draft, of which its page tells the server again; *other* is what came between while it was sent."""
    told = elsewhere_told(draft, staff=staff, now=now) if draft else {"text": "", "words": ""}
    return {**told, "asks": other is not None and draft is not None and other.pk == draft.pk}
