"""Every write of the chat: sites, talks, what is said in them, who is there, and the way on by mail."""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from troth.channels.chat import letters, queries
from troth.channels.chat.models import Line, Site, Talk
from troth.channels.chat.reader import read
from troth.channels.chat.rules.origins import ORIGINS_MAX, origins
from troth.channels.chat.talk import reached_by
from troth.inbox import actions as inbox
from troth.people.models import Handle, Staff, Team
from troth.people.rules.addresses import email_address, shown_name
from troth.post.models import Letter
from troth.words.refs import ref

log = logging.getLogger(__name__)

#: A word to open pages that is no fact: who is there, who writes. Lost, nothing is lost.
LIVE = "troth_live"
TEXT_MOST, NAME_MOST = 4000, 120
#: The name a visitor's page gives to what it sends, so that it is taken once however often it comes.
ONCE = re.compile(r"[A-Za-z0-9-]{8,40}")


class NothingSaid(ValueError):
    """It is empty."""


class TooLong(ValueError):
    """More than a chat message holds."""


class NotNamed(ValueError):
    """It came without a name of its own, so nobody could tell whether it came before."""


class NoSite(ValueError):
    """A site needs a name, and the address of at least one place where its chat may be shown."""


# Sites


@transaction.atomic
def make_site(*, name: str, lines: Sequence[str], team: Team | None, by: Staff | None, now: datetime) -> Site:
    """A site whose pages may show the chat; raises NoSite, NotAnOrigin."""
    name, listed = _sound(name, lines)
    return Site.objects.create(
        key=secrets.token_urlsafe(12), name=name, origins=listed, team=team, made_by=by, made_at=now
    )


@transaction.atomic
def change_site(site: Site, *, name: str, lines: Sequence[str], team: Team | None, is_on: bool) -> None:
    """Another name, list or team, or off; talks begun where it is listed no more end at once. Raises NoSite, NotAnOrigin."""
    name, listed = _sound(name, lines)
    Site.objects.filter(pk=site.pk).update(name=name, origins=listed, team=team, is_on=is_on)


def _sound(name: str, lines: Sequence[str]) -> tuple[str, list[str]]:
    name, listed = shown_name(name), origins(lines)
    if not name or not listed or len(listed) > ORIGINS_MAX:
        raise NoSite("Give it a name, and the address of each site that may show it.")
    return name, listed


# Talks


@transaction.atomic
def begin(site: Site, *, origin: str, now: datetime) -> Talk:
    """A visitor is about to say the first word."""
    return Talk.objects.create(
        site=site,
        nonce=secrets.token_urlsafe(16),
        origin=origin,
        begun_at=now,
        expires_at=now + timedelta(days=settings.TROTH_CHAT_DAYS),
    )


def say(talk: Talk, *, text: str, once: str, name: str = "", email: str = "", now: datetime) -> None:
    """The visitor says something: kept whole at once, exactly once for each *once*, then read into its case.

    Raises NothingSaid, TooLong, NotNamed, NotAnAddress. Where reading it fails the inbox's own lane reads it a moment later.
    """
    text, name = text.replace("\x00", "").replace("\r\n", "\n").strip(), shown_name(name[:NAME_MOST])
    if not text:
        raise NothingSaid("Write something first.")
    if len(text) > TEXT_MOST:
        raise TooLong("This is too long to send in one go.")
    if not ONCE.fullmatch(once):
        raise NotNamed("What is sent needs a name of its own.")
    email = email_address(email) if email else ""
    source = json.dumps({"talk": talk.pk, "text": text, "name": name, "email": email})
    arrival = inbox.capture(channel="chat", outside_id=f"{talk.pk}:{once}", source=source.encode(), now=now)
    try:
        inbox.take_in(arrival, read(arrival), now=now)
    except Exception:
        log.exception("Something said in a talk is read later, by the worker.")


@transaction.atomic
def give_address(talk: Talk, *, email: str, name: str = "", now: datetime) -> None:
    """The visitor says where to write if they leave; raises NotAnAddress."""
    held = Talk.objects.select_for_update(of=("self",)).get(pk=talk.pk)
    reached_by(held, address=email_address(email), name=shown_name(name[:NAME_MOST]), now=now)
    _tell_staff([held.case_id])


@transaction.atomic
def seen(talk: Talk, *, upto: int, now: datetime) -> int:
    """The visitor has seen our messages up to this one; how many were news."""
    news = Line.objects.filter(talk=talk, message__lte=upto, seen_at=None).update(seen_at=now)
    if news:
        _tell_staff([talk.case_id])
    return news


@transaction.atomic
def ask_transcript(talk: Talk, *, now: datetime) -> Letter | None:
    """The talk so far as a letter; the same talk is the same letter. None where there is no address or nothing was said."""
    held = Talk.objects.select_for_update(of=("self",)).get(pk=talk.pk)
    handle = Handle.objects.filter(pk=held.handle, kind=Handle.Kind.EMAIL).first() if held.handle else None
    messages = list(queries.said_in(held)) if held.case_id else []
    if handle is None or not messages:
        return None
    return letters.transcript(held, handle=handle, messages=messages, now=now)


# Who is there


def here(talks: Collection[int], *, now: datetime) -> None:
    """Pages of these are open; those of whom staff had been told that they left are back."""
    with connection.cursor() as cursor:
        cursor.execute(_HERE, {"talks": list(talks), "now": now})
        _tell_staff([case for (case,) in cursor.fetchall()])


#: The row itself says whether it is news; the join reads it as it was before.
_HERE = """
    WITH before AS (SELECT id FROM chat_talk WHERE id = ANY (%(talks)s) AND NOT is_here),
         held AS (SELECT id FROM chat_talk WHERE id = ANY (%(talks)s) ORDER BY id FOR UPDATE),
         now_here AS (
             UPDATE chat_talk AS talk SET here_at = greatest(talk.here_at, %(now)s), is_here = true
               FROM held WHERE talk.id = held.id RETURNING talk.id, talk.case_id)
    SELECT now_here.case_id FROM now_here JOIN before USING (id) WHERE now_here.case_id IS NOT NULL
"""


def look(*, now: datetime) -> int:
    """Tell staff who has left, and send after them by mail what they have not seen; how much was done. Safe side by side."""
    gone_before = now - timedelta(seconds=settings.TROTH_CHAT_GONE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [gone_before])
        left = [case for (case,) in cursor.fetchall()]
    _tell_staff(left)
    # From the lines that wait, which are few, and not from all talks there ever were.
    unread = Line.objects.filter(
        seen_at=None, letter=None, talk__is_here=False, talk__has_address=True, talk__customer__erased_at=None
    )
    talks = list(unread.order_by("talk").values_list("talk", flat=True).distinct()[:100])
    return len(left) + sum(hand_over(pk, now=now) for pk in talks)


_LEFT = """
    UPDATE chat_talk SET is_here = false WHERE id IN (
        SELECT id FROM chat_talk WHERE is_here AND here_at <= %s ORDER BY id FOR UPDATE SKIP LOCKED)
    RETURNING case_id
"""


@transaction.atomic
def hand_over(talk_id: int, *, now: datetime) -> bool:
    """What the visitor has not seen goes after them in one letter, and each of it in no other; False where nothing had to.

    Held are the talk, so that nobody says anything in it meanwhile, and its lines, so that what is seen right now is not sent too.
    """
    talk = Talk.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=talk_id).first()
    if talk is None or talk.handle is None or talk.case_id is None or queries.is_here(talk, now=now):
        return False
    handle = Handle.objects.filter(pk=talk.handle, kind=Handle.Kind.EMAIL).first()
    lines = list(queries.waiting(talk).select_for_update(of=("self",))) if handle else []
    if handle is None or not lines:
        return False
    letter = letters.unseen(talk, handle=handle, messages=[line.message for line in lines], now=now)
    Line.objects.filter(pk__in=[line.pk for line in lines]).update(letter=letter)
    return True


def writing(talk: Talk) -> None:
    """The visitor writes at this moment."""
    if talk.case_id:
        _notify(ref("writing", talk.case_id))


def answering(case_id: int) -> None:
    """Staff write at this moment."""
    _notify(ref("answering", case_id))


def _tell_staff(cases: Collection[int | None]) -> None:
    """Pages that show one of these talks look again."""
    named = [ref("talk", case) for case in cases if case]
    for start in range(0, len(named), 50):
        _notify(" ".join(named[start : start + 50]))


def _notify(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [LIVE, words])
