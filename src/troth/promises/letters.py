"""What we write about promises: the heads-up, the new date, the late notice, and the warnings to staff.

Customers read plain, dated words without blame; times stand with their zone, in the reader's own. What many letters need
to know is looked up once, into Around; a letter that cannot be sound is none, and the promise is noted as not told.
"""

from __future__ import annotations

import heapq
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from troth.people import queries as people
from troth.people.actions import issue_links
from troth.people.models import Handle, Staff, Team
from troth.post import actions as post
from troth.post.models import Letter
from troth.post.queries import reply_token
from troth.post.rules.letter import LetterNotSound
from troth.promises.models import Promise, Telling
from troth.words.addresses import AddressNotSound
from troth.words.hours import Hours
from troth.words.promises import Sort
from troth.words.refs import number_of, ref

log = logging.getLogger(__name__)


def by_itself(team_id: int | None) -> bool:
    """Whether the team lets the heads-up go out by itself."""
    if team_id is None:
        return True
    return Team.objects.filter(pk=team_id).values_list("heads_up_by_itself", flat=True).first() is not False


@dataclass
class Around:
    """What letters need to know beside their promise."""

    company: str
    #: The company's hours first (None), and each team's once it was asked for.
    hours: dict[int | None, Hours]
    handles: dict[int, Handle] = field(default_factory=dict)
    #: The address of each customer's own page.
    pages: dict[int, str] = field(default_factory=dict)
    leads: dict[int | None, list[Staff]] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The company's own, for readers without one."""
        return self.hours[None].zone

    def hours_of(self, promise: Promise) -> Hours:
        if promise.team_id not in self.hours:
            self.hours[promise.team_id] = people.hours_of(promise.team_id)
        return self.hours[promise.team_id]

    def handle_of(self, promise: Promise) -> Handle | None:
        return self.handles.get(promise.customer_id) if promise.customer_id else None


def around(*, tell: Sequence[Promise] = (), escalate: Iterable[Promise] = (), now: datetime) -> Around:
    """Look up what letters to the customers of *tell* and to the leads of *escalate* need; the links are issued here."""
    handles = people.addresses_of({promise.customer_id for promise in tell if promise.customer_id})
    links = issue_links(customer_ids=handles, now=now) if handles else {}
    return Around(
        company=people.company_name(),
        hours={None: people.hours_of()},
        handles=handles,
        pages={pk: people.link_url(link) for pk, link in links.items()},
        leads={team_id: people.leads(team_id) for team_id in {promise.team_id for promise in escalate}},
    )


def spoken(at: datetime, zone: str) -> str:
    """`Thursday 26 November, 17:00 (GMT)`: how a date stands in a letter; in UTC where the zone is not known."""
    return _spoken(at, zone, get_language())


@lru_cache(maxsize=4096)
def _spoken(at: datetime, zone: str, language: str | None) -> str:
    """Kept, for many letters name the same dates."""
    try:
        local = at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        local = at.astimezone(ZoneInfo("UTC"))
    return f"{date_format(local, 'l j F')}, {local:%H:%M} ({local.tzname()})"


def next_word_about(promise: Promise) -> str:
    return _("Next word about: %(what)s") % {"what": promise.what}


def to_customer(
    promise: Promise,
    *,
    kind: str,
    to_due: datetime | None = None,
    next_word: datetime | None = None,
    words: str = "",
    by: Staff | None = None,
    around: Around,
    now: datetime,
) -> Letter | None:
    """The letter about *promise*, written and not yet queued; None where there is no address that a letter can reach."""
    handle = around.handle_of(promise)
    if handle is None or promise.customer is None or promise.due is None:
        return None
    zone = promise.customer.zone or around.zone
    name = promise.customer.name if by or _somebody_spoke(promise) else ""
    values = {
        "name": name,
        "what": promise.what,
        "due": spoken(promise.due, zone),
        "to": spoken(to_due, zone) if to_due else "",
        "next": spoken(next_word, zone) if next_word else "",
        "words": words.strip(),
        "company": around.company,
    }
    subject, paragraphs = SAYINGS[kind](values, now >= promise.due)
    hello = _("Hello %(name)s,") % values if name else _("Hello,")
    signed = by.name + ", " + around.company if by else around.company
    page = _("All we have promised you: %s") % around.pages[promise.customer.pk]
    return _written(
        post.Outgoing(
            key=f"{kind}:{ref('promise', promise.pk)}:{promise.due.isoformat()}",
            to_address=handle.address,
            to_name=name,
            subject=subject,
            text="\n\n".join([hello, *[part for part in paragraphs if part], page, signed]),
            because=ref("promise", promise.pk),
            customer_id=promise.customer_id,
            automatic=by is None,
            reply_token=_reply_token(promise, handle=handle, now=now),
        ),
        now=now,
    )


def _somebody_spoke(promise: Promise) -> bool:
    """Whether a person has written to the customer.

    An answer that is still owed was promised by a machine, perhaps to somebody whose address another typed into the form;
    the name is that other's words then (T3). Next words are told of by people only.
    """
    return promise.sort != Sort.ANSWER


def _written(outgoing: post.Outgoing, *, now: datetime) -> Letter | None:
    try:
        return post.written(outgoing, now=now)
    except (AddressNotSound, LetterNotSound) as why:
        log.error("A letter about %s cannot be written: %s.", outgoing.because, type(why).__name__)
        return None


def _reply_token(promise: Promise, *, handle: Handle, now: datetime) -> str:
    """An answer to the letter joins the promise's case."""
    if not promise.about.startswith("case:"):
        return ""
    return reply_token(case_id=number_of(promise.about, "case"), participant=handle.pk, now=now)


def _heads_up(values: dict[str, str], passed: bool) -> tuple[str, list[str]]:
    return _("A word before the date: %(what)s") % values, [
        _("We promised you this by %(due)s: %(what)s.") % values,
        _("It is not done yet, and we would rather tell you now than let you find out: it may not be done by then."),
        _("We do not have a new date for you yet. You will hear from us by %(next)s.") % values,
    ]


def _new_date(values: dict[str, str], passed: bool) -> tuple[str, list[str]]:
    return _("A new date: %(what)s") % values, [
        _("We promised you this by %(due)s: %(what)s.") % values,
        (
            _("We did not make that date, and we are sorry. The new date is %(to)s.")
            if passed
            else _("We will not make that date, and we are sorry. The new date is %(to)s.")
        )
        % values,
        values["words"],
    ]


def _late_notice(values: dict[str, str], passed: bool) -> tuple[str, list[str]]:
    return _("We are late: %(what)s") % values, [
        _("We promised you this by %(due)s: %(what)s. That time has passed, and it is not done.") % values,
        _("We are sorry, all the more as we did not tell you before."),
        _("We do not have a new date for you yet. You will hear from us by %(next)s.") % values,
    ]


SAYINGS = {
    Telling.Kind.HEADS_UP.value: _heads_up,
    Telling.Kind.MOVE.value: _new_date,
    Telling.Kind.NEW_DATE.value: _new_date,
    Telling.Kind.LATE_NOTICE.value: _late_notice,
}


#: How many promises a letter to staff lists; Today lists them all.
LISTED_MOST = 50


def listed(promises: Sequence[Promise]) -> list[Promise]:
    """Those a letter to staff lists: the earliest dates first."""
    return heapq.nsmallest(LISTED_MOST, promises, key=_date_order)


def _date_order(promise: Promise) -> tuple[datetime, int]:
    assert promise.due
    return promise.due, promise.pk


def to_staff(promises: Sequence[Promise], *, staff: Staff, escalated: bool, now: datetime) -> Letter | None:
    """One letter to *staff* about all of *promises*, earliest date first; not yet queued. None where none can reach them."""
    shown = listed(promises)
    first = shown[0]
    values = {
        "count": len(promises),
        "what": first.what,
        "due": spoken(first.due or now, staff.zone),
        "today": f"{settings.TROTH_URL}/today/",
    }
    if len(promises) == 1:
        subject = _("Still not done: %(what)s, due %(due)s") if escalated else _("Due %(due)s: %(what)s")
    else:
        subject = (
            _("Still not done: %(count)s promises") if escalated else _("%(count)s promises come due from %(due)s")
        )
    lines = [_line(promise, staff=staff, escalated=escalated) for promise in shown]
    if len(promises) > len(shown):
        lines.append(_("All of them: %(today)s") % values)
    lines.append(_("Keep it, or tell the customer a new date now, before the date."))
    return _written(
        post.Outgoing(
            key=_key(first, staff=staff, escalated=escalated),
            to_address=staff.email,
            to_name=staff.name,
            subject=subject % values,
            text="\n\n".join(lines),
            because=ref("promise", first.pk) if len(promises) == 1 else ref("staff", staff.pk),
            customer_id=None,
            automatic=True,
        ),
        now=now,
    )


def _key(promise: Promise, *, staff: Staff, escalated: bool) -> str:
    """Of the first promise: it is warned about, and escalated, once for a date, so its letter is written once."""
    assert promise.due
    return f"{'escalate' if escalated else 'warn'}:{ref('promise', promise.pk)}:{staff.pk}:{promise.due.isoformat()}"


def _line(promise: Promise, *, staff: Staff, escalated: bool) -> str:
    assert promise.due
    values = {
        "what": promise.what,
        "due": spoken(promise.due, staff.zone),
        "who": str(promise.customer) if promise.customer else _("the public"),
        "owner": promise.owner.name if promise.owner else _("nobody"),
        "url": f"{settings.TROTH_URL}/promises/{promise.pk}/",
    }
    if escalated:
        said = _("Still open, promised to %(who)s by %(due)s: %(what)s. Owner: %(owner)s.") % values
    else:
        said = _("You promised %(who)s this by %(due)s: %(what)s.") % values
    return f"{said}\n{values['url']}"
