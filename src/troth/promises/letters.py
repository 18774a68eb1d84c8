"""What we write about promises: the heads-up, the new date, the late notice, and the warnings to staff.

Customers read plain, dated words without blame; times stand with their zone, in the reader's own.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from troth.people import queries as people
from troth.people.actions import issue_link
from troth.people.models import Handle, Staff, Team
from troth.post import actions as post
from troth.post.models import Letter
from troth.post.queries import reply_token
from troth.promises.models import Promise, Telling
from troth.words.refs import number_of, ref


def by_itself(team_id: int | None) -> bool:
    """Whether the team lets the heads-up go out by itself."""
    if team_id is None:
        return True
    return Team.objects.filter(pk=team_id).values_list("heads_up_by_itself", flat=True).first() is not False


def leads_for(promise: Promise) -> list[Staff]:
    return people.leads(promise.team_id)


def spoken(at: datetime, zone: str) -> str:
    """`Thursday 26 November, 17:00 (GMT)`: how a date stands in a letter."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_format(local, 'l j F')}, {local:%H:%M} ({local.tzname()})"


def next_word_about(promise: Promise) -> str:
    return _("Next word about: %(what)s") % {"what": promise.what}


def to_customer(
    promise: Promise,
    *,
    handle: Handle | None,
    kind: str,
    to_due: datetime | None,
    next_word: datetime | None,
    words: str,
    by: Staff | None,
    now: datetime,
) -> Letter | None:
    """The letter about *promise*, handed to the post; None where there is no address to write to."""
    if handle is None or promise.customer is None or promise.due is None:
        return None
    zone = people.zone_of(promise.customer)
    values = {
        "name": promise.customer.name,
        "what": promise.what,
        "due": spoken(promise.due, zone),
        "to": spoken(to_due, zone) if to_due else "",
        "next": spoken(next_word, zone) if next_word else "",
        "words": words.strip(),
        "company": people.company_name(),
    }
    subject, paragraphs = SAYINGS[kind](values)
    link = people.link_url(issue_link(customer_id=promise.customer_id, now=now))  # type: ignore[arg-type]
    hello = _("Hello %(name)s,") % values if promise.customer.name else _("Hello,")
    signed = by.name + ", " + values["company"] if by else values["company"]
    text = "\n\n".join(
        [hello, *[part for part in paragraphs if part], _("All we have promised you: %s") % link, signed]
    )
    assert promise.due
    return post.hand_over(
        key=f"{kind}:{ref('promise', promise.pk)}:{promise.due.isoformat()}",
        to_address=handle.address,
        to_name=promise.customer.name,
        subject=subject,
        text=text,
        because=ref("promise", promise.pk),
        customer_id=promise.customer_id,
        automatic=by is None,
        reply_token=_reply_token(promise, handle=handle, now=now),
        now=now,
    )


def _reply_token(promise: Promise, *, handle: Handle, now: datetime) -> str:
    """An answer to the letter joins the promise's case."""
    if not promise.about.startswith("case:"):
        return ""
    return reply_token(case_id=number_of(promise.about, "case"), participant=handle.pk, now=now)


def _heads_up(values: dict[str, str]) -> tuple[str, list[str]]:
    return _("A word before the date: %(what)s") % values, [
        _("We promised you this by %(due)s: %(what)s.") % values,
        _("It is not done yet, and we would rather tell you now than let you find out: it may not be done by then."),
        _("We do not have a new date for you yet. You will hear from us by %(next)s.") % values,
    ]


def _move(values: dict[str, str]) -> tuple[str, list[str]]:
    return _("A new date: %(what)s") % values, [
        _("We promised you this by %(due)s: %(what)s.") % values,
        _("We will not make that date, and we are sorry. The new date is %(to)s.") % values,
        values["words"],
    ]


def _late_notice(values: dict[str, str]) -> tuple[str, list[str]]:
    return _("We are late: %(what)s") % values, [
        _("We promised you this by %(due)s: %(what)s. That time has passed, and it is not done.") % values,
        _("We are sorry, all the more as we did not tell you before."),
        _("The new date is %(to)s.") % values if values["to"] else "",
        _("You will hear from us by %(next)s.") % values if values["next"] else "",
        values["words"],
    ]


SAYINGS = {
    Telling.Kind.HEADS_UP.value: _heads_up,
    Telling.Kind.MOVE.value: _move,
    Telling.Kind.LATE_NOTICE.value: _late_notice,
}


def to_staff(promise: Promise, *, staff: Staff | None, escalated: bool, now: datetime) -> Letter | None:
    """Warn *staff* by mail; where nobody owns the promise, Today shows it and the lead hears at the escalation."""
    if staff is None or promise.due is None:
        return None
    values = {
        "what": promise.what,
        "due": spoken(promise.due, staff.zone),
        "who": str(promise.customer) if promise.customer else _("the public"),
        "owner": promise.owner.name if promise.owner else _("nobody"),
        "url": f"{settings.TROTH_URL}/promises/{promise.pk}/",
    }
    if escalated:
        subject = _("Still not done: %(what)s, due %(due)s") % values
        body = _("%(owner)s was warned, and it is still open. Promised to %(who)s by %(due)s: %(what)s.") % values
    else:
        subject = _("Due %(due)s: %(what)s") % values
        body = _("You promised %(who)s this by %(due)s: %(what)s.") % values
    advice = _("Keep it, or tell the customer a new date now, before the date: %(url)s") % values
    return post.hand_over(
        key=f"{'escalate' if escalated else 'warn'}:{ref('promise', promise.pk)}:{staff.pk}:{promise.due.isoformat()}",
        to_address=staff.email,
        to_name=staff.name,
        subject=subject,
        text=f"{body}\n\n{advice}",
        because=ref("promise", promise.pk),
        customer_id=None,
        automatic=True,
        now=now,
    )
