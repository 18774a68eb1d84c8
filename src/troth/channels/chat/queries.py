"""Reading: the sites, the talk behind a token, and what a visitor is shown of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404

from troth.cases.models import Case, Message
from troth.channels.chat.models import Line, Site, Talk
from troth.channels.chat.tokens import NotOurs, read_token
from troth.inbox.models import Arrival
from troth.people.models import Handle, Staff
from troth.people.queries import company_name, within_sight
from troth.people.rules.roles import May
from troth.promises.models import Promise
from troth.words.messages import Direction
from troth.words.promises import State
from troth.words.refs import NotAReference, number_of, ref

#: A talk longer than this is shown from its end.
SHOWN_MOST = 500
#: What a visitor is not told of a promise: that it was none, or is not yet one.
NOT_TOLD = (State.PROPOSED, State.VOID)


class NoSuchTalk(LookupError):
    """There is no talk behind this token, or none any more."""


def sites(staff: Staff) -> list[Site]:
    """Those whose cases *staff* may see."""
    return list(Site.objects.filter(within_sight(staff)).select_related("team").order_by("name", "pk"))


def site_for(staff: Staff, pk: int) -> Site:
    """The site, if *staff* may see its cases; raises Http404."""
    site = Site.objects.filter(within_sight(staff), pk=pk).first()
    if site is None or not staff.may(May.LEAD):
        raise Http404
    return site


def site_of(key: str) -> Site | None:
    """The site whose pages say this key, if its chat is on."""
    return Site.objects.filter(key=key, is_on=True).first()


def talk_of(token: str, *, site: Site, own: Iterable[str], now: datetime) -> Talk:
    """The talk behind the token; raises NoSuchTalk.

    It ends with its time, with its site's chat, when its page's origin is listed no more, and when its customer is forgotten.
    """
    try:
        number, nonce = read_token(token)
    except NotOurs as error:
        raise NoSuchTalk("There is no talk behind this token.") from error
    talk = Talk.objects.select_related("customer").filter(pk=number, nonce=nonce, site=site, expires_at__gt=now).first()
    if talk is None or talk.origin not in {*site.origins, *own}:
        raise NoSuchTalk("This talk has ended.")
    if talk.customer is not None and talk.customer.erased_at:
        raise NoSuchTalk("This talk has ended.")
    return talk


def is_here(talk: Talk, *, now: datetime) -> bool:
    """Whether the visitor has it open: a page of theirs was there within these seconds."""
    return talk.here_at is not None and talk.here_at > now - timedelta(seconds=settings.TROTH_CHAT_GONE_SECONDS)


def moved_at(case_id: int) -> int | None:
    """The message with which the case went on by another way, of somebody who showed who they are; the talk ends before it."""
    other = Message.objects.filter(case=case_id, direction=Direction.INBOUND, automatic=False).exclude(channel="chat")
    return other.order_by("pk").values_list("pk", flat=True).first()


def in_case(case_id: int) -> Talk | None:
    """The talk that opened this case."""
    return Talk.objects.filter(case=case_id).order_by("-pk").first()


def current(case_id: int) -> Talk | None:
    """The same while it is had there: None once it went on by mail."""
    talk = in_case(case_id)
    return talk if talk is not None and moved_at(case_id) is None else None


def is_theirs(talk: Talk, handle: Handle) -> bool:
    """Whether somebody has shown that the visitor is who reads there: staff, or an answer from it in this very case.

    That the address is a customer's proven one says nothing of who typed it here.
    """
    answered = Message.objects.filter(case=talk.case_id, handle=handle, verified=True)
    return Case.objects.filter(pk=talk.case_id or 0, unverified=False).exists() or answered.exists()


def said_in(talk: Talk, *, after: int = 0) -> QuerySet[Message]:
    """What the visitor may see of it, oldest first: what we said and what they said here, and nothing since it went on by mail.

    A machine that answers from the address they typed (somebody is away, a letter came back) may be another's.
    """
    rows = Message.objects.filter(case=talk.case_id, pk__gt=after).filter(
        Q(direction=Direction.OUTBOUND) | Q(direction=Direction.INBOUND, channel="chat")
    )
    moved = moved_at(talk.case_id) if talk.case_id else None
    if moved is not None:
        rows = rows.filter(pk__lt=moved)
    return rows.select_related("staff").order_by("pk")


def waiting(talk: Talk) -> QuerySet[Line]:
    """What we said, was not seen, and lies in no letter."""
    rows = Line.objects.filter(talk=talk, seen_at=None, letter=None)
    return rows.select_related("message__staff").order_by("message_id")


def dated(messages: Iterable[int]) -> dict[int, list[tuple[str, datetime]]]:
    """What was promised in these messages by when."""
    sources = {ref("message", pk): pk for pk in messages}
    rows = Promise.objects.filter(source__in=list(sources), due__isnull=False).exclude(state__in=NOT_TOLD)
    found: dict[int, list[tuple[str, datetime]]] = {}
    for source, what, due in rows.order_by("due", "pk").values_list("source", "what", "due"):
        if due is not None:
            found.setdefault(sources[source], []).append((what, due))
    return found


@dataclass(frozen=True)
class Told:
    """What a visitor's page is told; `newest` is the last message in it, from which the next telling goes on."""

    newest: int
    plain: dict[str, Any]


def told(talk: Talk, *, after: int = 0, now: datetime) -> Told:
    """What was said after the message *after*, and how the talk stands."""
    rows = list(said_in(talk, after=after).order_by("-pk")[:SHOWN_MOST])[::-1] if talk.case_id else []
    ours = [row.pk for row in rows if row.direction == Direction.OUTBOUND]
    promised, ids = dated(ours) if ours else {}, _client_ids(rows)
    name = company_name()
    return Told(
        newest=rows[-1].pk if rows else after,
        plain={
            "said": [
                {
                    "id": row.pk,
                    "ours": row.direction == Direction.OUTBOUND,
                    "who": (row.staff.name if row.staff else name) if row.direction == Direction.OUTBOUND else "",
                    "at": row.at.isoformat(),
                    "text": row.text,
                    "once": ids.get(row.source, ""),
                    "word": [{"what": what, "by": due.isoformat()} for what, due in promised.get(row.pk, [])],
                }
                for row in rows
            ],
            "number": talk.case_id,
            "told_by": talk.told_by.isoformat() if talk.told_by else None,
            "by_mail": talk.has_address,
            "moved": talk.case_id is not None and moved_at(talk.case_id) is not None,
        },
    )


def _client_ids(rows: Iterable[Message]) -> dict[str, str]:
    """By which name the visitor's page sent each of its messages."""
    numbers = {}
    for row in rows:
        try:
            numbers[number_of(row.source, "arrival")] = row.source
        except NotAReference:
            continue
    kept = (
        Arrival.objects.filter(pk__in=list(numbers), channel="chat").values_list("pk", "outside_id") if numbers else []
    )
    return {numbers[pk]: outside_id.partition(":")[2] for pk, outside_id in kept}
