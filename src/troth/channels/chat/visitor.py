"""What the widget and its frame ask for: the doors of visitors.

A page of a listed site asks `hello`, says by its Origin who it is, and is given a pass; with that it shows the frame, which nobody
else may frame. There the visitor's token opens their own talk and nothing else; it travels in a header, so no site can send it for
them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from troth import __version__
from troth.cases.expecting import expected_answer
from troth.channels.chat import actions, queries
from troth.channels.chat.models import Site, Talk
from troth.channels.chat.tokens import NotOurs, make_pass, make_token, read_pass
from troth.people import limits
from troth.people.queries import company_name, hours_of
from troth.people.rules.addresses import NotAnAddress
from troth.promises.letters import spoken

#: A page view of the company's site asks once; an office shares an address.
HELLO = limits.Pace(1200, timedelta(minutes=10))
#: Chats opened from one address, though nothing is said in them.
FRAME = limits.Pace(600, timedelta(minutes=10))
#: Talks begun from one address, and on one site by whomever: more is a flood.
BEGIN, BEGIN_AT_SITE = limits.Pace(12, timedelta(minutes=10)), limits.Pace(600, timedelta(minutes=10))
#: What one visitor says, and what comes from one address.
SAY, SAY_FROM = limits.Pace(30, timedelta(minutes=1)), limits.Pace(300, timedelta(minutes=10))
READ, WRITING = limits.Pace(120, timedelta(minutes=1)), limits.Pace(30, timedelta(minutes=1))
TRANSCRIPT = limits.Pace(3, timedelta(hours=1))
#: Nothing a visitor sends is longer: 4,000 signs of four bytes each, escaped.
BODY_MOST = 64 * 1024


def own_origins(host: str, *, secure: bool) -> set[str]:
    """Our own pages: they show the chat to try it."""
    parts = urlsplit(settings.TROTH_URL)
    return {f"{parts.scheme}://{parts.netloc}", f"{'https' if secure else 'http'}://{host}"}


def _own(request: HttpRequest) -> set[str]:
    return own_origins(request.get_host(), secure=request.is_secure())


def _origin(request: HttpRequest) -> str:
    """Whose page asks. A page of our own says none with a GET, and the browser says that it is ours."""
    said = request.headers.get("Origin", "")
    if not said and request.headers.get("Sec-Fetch-Site") == "same-origin":
        return f"{request.scheme}://{request.get_host()}"
    return said


def _problem(words: str, *, code: str, status: int) -> JsonResponse:
    return _told({"problem": words, "code": code}, status=status)


def _told(plain: dict[str, Any], *, status: int = 200) -> JsonResponse:
    answer = JsonResponse(plain, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


# The widget


@require_GET
def widget(request: HttpRequest) -> HttpResponse:
    """The script tag's script; it is the same for everybody and holds nothing of anybody's."""
    found = finders.find("chat/widget.js")
    if not isinstance(found, str):
        raise Http404
    etag = quote_etag(f"{__version__}-{_changed(found)}")
    if request.headers.get("If-None-Match") == etag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, max-age=300"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _changed(path: str) -> str:
    return f"{Path(path).stat().st_mtime_ns:x}"


widget.door = "public"  # type: ignore[attr-defined]


@require_GET
def hello(request: HttpRequest, key: str) -> HttpResponse:
    """A page with the script tag asks whether it may show the chat; its Origin must be on the site's list, exactly."""
    site, origin, now = queries.site_of(key), _origin(request), timezone.now()
    if site is None:
        raise Http404
    if origin not in {*site.origins, *_own(request)}:
        words = _("This page’s address is not on the list of the chat. Add %(origin)s to it, if it is yours.")
        return _problem(words % {"origin": origin[:200] or _("the page’s origin")}, code="origin", status=403)
    if left := limits.take("chat-hello", limits.visitor(request), HELLO, now=now):
        return limits.retry_after(_problem(_("Too often. Ask again in a moment."), code="pace", status=429), left)
    answer = _told(
        {
            "pass": make_pass(site, origin=origin),
            "label": _("Chat with us"),
            "title": _("Chat with %(company)s") % {"company": company_name()},
            "close": _("Close the chat"),
            "unread": _("New answer in the chat"),
        }
    )
    answer["Access-Control-Allow-Origin"] = origin
    answer["Vary"] = "Origin"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


hello.door = "public"  # type: ignore[attr-defined]


@require_GET
def frame(request: HttpRequest, key: str) -> HttpResponse:
    """The talk itself; only the page that was given this pass may frame it."""
    site = queries.site_of(key)
    if site is None:
        raise Http404
    try:
        origin = read_pass(request.GET.get("pass", ""), site=site)
    except NotOurs:
        origin = ""
    if origin not in {*site.origins, *_own(request)}:
        return render(request, "chat/refused.html", {"company": company_name()}, status=403)
    now, hours = timezone.now(), hours_of(site.team_id)
    if left := limits.take("chat-frame", limits.visitor(request), FRAME, now=now):
        return limits.refuse(request, left)
    by = expected_answer(team_id=site.team_id, now=now)
    values = {
        "company": company_name(),
        "key": site.key,
        "pass": request.GET["pass"],
        "origin": origin,
        "is_open": hours.is_open(now),
        "answer_by": spoken(by, hours.zone) if by else None,
        "gone_seconds": settings.TROTH_CHAT_GONE_SECONDS,
        "text_most": actions.TEXT_MOST,
    }
    answer = render(request, "chat/frame.html", values)
    answer["Content-Security-Policy"] = FRAME_POLICY + origin
    answer._csp_exempt = True  # type: ignore[attr-defined] # this page brings its own, stricter policy
    answer.xframe_options_exempt = True  # frame-ancestors says it exactly
    answer["Cache-Control"] = "no-store"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


frame.door = "public"  # type: ignore[attr-defined]
FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors "
)


# The visitor's own


def _from_the_frame(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Asked by our own frame, with a body of ours; without cookies, so that there is no form to forge."""

    @csrf_exempt
    @wraps(view)
    def asked(request: HttpRequest, key: str) -> HttpResponse:
        site = queries.site_of(key)
        if site is None:
            return _problem(_("There is no such chat."), code="gone", status=404)
        if _origin(request) not in _own(request):
            return _problem(_("Only the chat itself may ask this."), code="origin", status=403)
        try:
            if len(request.body) > BODY_MOST:
                return _problem(_("This is too long to send in one go."), code="long", status=413)
            plain = json.loads(request.body or b"{}")
        except ValueError:
            plain = None
        if not isinstance(plain, dict):
            return _problem(_("This did not arrive as the chat sends it."), code="shape", status=400)
        return view(request, site, {name: str(value) for name, value in plain.items()}, now=timezone.now())

    asked.door = "visitor"  # type: ignore[attr-defined]
    return asked


def _visitor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same with a token: within their own talk."""

    @wraps(view)
    def opened(request: HttpRequest, site: Site, asked: dict[str, str], *, now: datetime) -> HttpResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            talk = queries.talk_of(token, site=site, own=_own(request), now=now)
        except queries.NoSuchTalk:
            return _problem(_("This talk has ended. Begin another."), code="ended", status=401)
        return view(request, talk, asked, now=now)

    return require_POST(_from_the_frame(opened))


def _too_fast(left: timedelta) -> HttpResponse:
    words = _("A great deal came from you just now. What you wrote is kept here: send it once more in a moment.")
    return limits.retry_after(_problem(words, code="pace", status=429), left)


@require_POST
@_from_the_frame
def begin(request: HttpRequest, site: Site, asked: dict[str, str], *, now: datetime) -> HttpResponse:
    """A token, for a pass; the visitor is about to say the first word."""
    try:
        origin = read_pass(asked.get("pass", ""), site=site)
    except NotOurs:
        return _problem(_("This page has been open for too long. Load it anew."), code="pass", status=403)
    if origin not in {*site.origins, *_own(request)}:
        return _problem(_("The chat is not shown on this page any more."), code="origin", status=403)
    if asked.get("website"):  # a person does not see this field
        return _problem(_("This did not arrive as the chat sends it."), code="shape", status=400)
    left = limits.take("chat-begin", limits.visitor(request), BEGIN, now=now) or limits.take(
        "chat-site", site.key, BEGIN_AT_SITE, now=now
    )
    if left:
        return _too_fast(left)
    return _told({"token": make_token(actions.begin(site, origin=origin, now=now))})


@_visitor
def say(request: HttpRequest, talk: Talk, asked: dict[str, str], *, now: datetime) -> HttpResponse:
    """Something said; the answer is everything said since what the page has."""
    left = limits.take("chat-say", str(talk.pk), SAY, now=now) or limits.take(
        "chat-say-from", limits.visitor(request), SAY_FROM, now=now
    )
    if left:
        return _too_fast(left)
    try:
        actions.say(
            talk,
            text=asked.get("text", ""),
            once=asked.get("once", ""),
            name=asked.get("name", ""),
            email=asked.get("email", ""),
            now=now,
        )
    except actions.NothingSaid:
        return _problem(_("Write something first."), code="empty", status=422)
    except actions.TooLong:
        words = _("At most %(most)s signs at once, please.") % {"most": actions.TEXT_MOST}
        return _problem(words, code="long", status=422)
    except actions.NotNamed:
        return _problem(_("This did not arrive as the chat sends it."), code="shape", status=400)
    except NotAnAddress:
        return _wrong_address()
    return _talk_told(talk, asked, now=now)


@_visitor
def told(request: HttpRequest, talk: Talk, asked: dict[str, str], *, now: datetime) -> HttpResponse:
    """The whole talk, or what was said since what the page has."""
    if left := limits.take("chat-read", str(talk.pk), READ, now=now):
        return _too_fast(left)
    return _talk_told(talk, asked, now=now)


@_visitor
def address(request: HttpRequest, talk: Talk, asked: dict[str, str], *, now: datetime) -> HttpResponse:
    """Where to write if they leave."""
    if left := limits.take("chat-say", str(talk.pk), SAY, now=now):
        return _too_fast(left)
    try:
        actions.give_address(talk, email=asked.get("email", ""), name=asked.get("name", ""), now=now)
    except NotAnAddress:
        return _wrong_address()
    return _talk_told(talk, asked, now=now)


@_visitor
def seen(request: HttpRequest, talk: Talk, asked: dict[str, str], *, now: datetime) -> HttpResponse:
    """Our messages up to this one stood before their eyes."""
    if left := limits.take("chat-read", str(talk.pk), READ, now=now):
        return _too_fast(left)
    upto = asked.get("upto", "")
    actions.seen(talk, upto=int(upto[:18]) if upto.isdecimal() else 0, now=now)
    return _told({})


@_visitor
def writing(request: HttpRequest, talk: Talk, asked: dict[str, str], *, now: datetime) -> HttpResponse:
    """They write at this moment."""
    if not limits.take("chat-writing", str(talk.pk), WRITING, now=now):
        actions.writing(talk)
    return _told({})


@_visitor
def transcript(request: HttpRequest, talk: Talk, asked: dict[str, str], *, now: datetime) -> HttpResponse:
    """The talk so far by mail."""
    talk.refresh_from_db()
    if not talk.has_address:
        return _problem(_("Tell us your e-mail address first."), code="address", status=422)
    left = limits.take("chat-transcript", str(talk.pk), TRANSCRIPT, now=now) or limits.take(
        "chat-transcript-to", f"handle {talk.handle}", TRANSCRIPT, now=now
    )
    if left:
        return limits.retry_after(_problem(_("It was sent already, not long ago."), code="pace", status=429), left)
    if actions.ask_transcript(talk, now=now) is None:
        return _problem(_("Nothing has been said yet."), code="empty", status=422)
    return _told({"words": _("It is on its way to you by mail.")})


def _wrong_address() -> HttpResponse:
    words = _("Give an address such as ann@example.org, so that we can answer.")
    return _problem(words, code="address", status=422)


def _talk_told(talk: Talk, asked: dict[str, str], *, now: datetime) -> HttpResponse:
    talk.refresh_from_db()
    after = asked.get("after", "")
    found = queries.told(talk, after=int(after[:18]) if after.isdecimal() else 0, now=now)
    return _told({**found.plain, "newest": found.newest})
