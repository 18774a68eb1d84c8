"""What every page of ours may say: translated words, links, times with their zone."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils import timezone, translation
from django_htmx.jinja import htmx_script
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from troth.site import times


class Rooms(Environment):
    """Jinja's environment, quick with what our pages are made of: dictionaries whose keys are written as attributes."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        # Jinja asks for an attribute first, which a dictionary answers with an exception; a list asks thousands of times.
        if type(obj) is dict and attribute in obj and attribute not in _OF_DICTIONARIES:
            return obj[attribute]
        return super().getattr(obj, attribute)


_OF_DICTIONARIES = frozenset(dir(dict))


def environment(**options: Any) -> Environment:
    """The Jinja2 environment of every room."""
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options["extensions"] = [*options.get("extensions", []), "jinja2.ext.i18n", "jinja2.ext.do"]
    env = Rooms(**options)  # Django's backend turns autoescape on in the options it hands over
    env.install_gettext_translations(translation, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        _=words,
        gettext=words,
        ngettext=counted_words,
        static=static,
        url=link,
        htmx_script=htmx_script,
        messages_for=messages_for,
        trouble_for=trouble_for,
        language=translation.get_language,
        mark=partial(mark, Marks(env)),
    )
    env.filters.update(
        when=when,
        when_stack=when_stack,
        absolute=absolute,
        ago=ago,
        clock=clock,
        day=day,
        span=span,
        initials=initials,
        options=options_of,
        tint=tint,
    )
    return env


def words(message: str, /, **values: Any) -> Markup:
    """`_("Hello")` in a template, as Jinja's own does it: always a format, and its values escaped. A page says hundreds of them."""
    language = translation.get_language()
    return _form(message, language) % values if values else _plain(message, language)


@lru_cache(maxsize=8192)
def _plain(message: str, language: str | None) -> Markup:
    return _form(message, language) % {}


@lru_cache(maxsize=8192)
def _form(message: str, language: str | None) -> Markup:
    return Markup(translation.gettext(message))  # noqa: S704 - a template's own words, which may hold markup of ours


def counted_words(singular: str, plural: str, count: int, /, **values: Any) -> Markup:
    """The same of words that hang on a count."""
    return _counted_form(singular, plural, count, translation.get_language()) % {"num": count, **values}


@lru_cache(maxsize=2048)
def _counted_form(singular: str, plural: str, count: int, language: str | None) -> Markup:
    return Markup(translation.ngettext(singular, plural, count))  # noqa: S704 - as above


@pass_context
def trouble_for(context: Context, told_here: tuple[str, ...] = ()) -> Any:
    """What whoever reads this page should know of the system itself."""
    from troth.site import trouble  # asks every room's tables, which a page alone must not need

    return trouble.trouble_for(context, told_here)


class Marks:
    """The macros of `site/marks.html`: what each gave for its values, in each language."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.kept: dict[tuple[str, str | None], Callable[..., Markup]] = {}

    def keep(self, name: str, language: str | None) -> Callable[..., Markup]:
        macro = getattr(self.env.get_template("site/marks.html").module, name)

        # By type too: words and markup that look alike are escaped differently.
        @lru_cache(maxsize=1024, typed=True)
        def kept(*values: Hashable, **named: Hashable) -> Markup:
            return Markup(macro(*values, **named))  # noqa: S704 - a macro escapes what it is given

        self.kept[name, language] = kept
        return kept


def mark(marks: Marks, name: str) -> Callable[..., Markup]:
    """One of them in the language of this page; asked for once a page, and called for every row."""
    language = translation.get_language()
    return marks.kept.get((name, language)) or marks.keep(name, language)


def link(name: str, *parts: Any, **named: Any) -> str:
    """The path of a named page: `url('cases:case', 57)`."""
    if named or not all(type(part) is int for part in parts):
        return reverse(name, args=parts or None, kwargs=named or None)
    return _path(name, parts, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=4096)
def _path(name: str, parts: tuple[int, ...], _prefix: str, _urlconf: str | None) -> str:
    """Kept, for every page leads to the same thirty others."""
    return reverse(name, args=parts or None)


def messages_for(request: Any) -> list[dict[str, str]]:
    """What was just done, to be said once; also where there is no request, as on the page for a failing server."""
    if request is None or not hasattr(request, "_messages"):
        return []
    return [{"words": str(message), "kind": message.level_tag} for message in get_messages(request)]


@pass_context
def when(context: Context, moment: datetime | None, zone: str | None = None) -> Markup:
    """`Thu 26 Nov, 17:00 GMT · in 40 min` as a `<time>`; the second half ticks in the browser."""
    return _time(context, moment, zone, "when")


@pass_context
def when_stack(context: Context, moment: datetime | None, zone: str | None = None) -> Markup:
    """The same, the distance first and large, the date beneath: for lists sorted by time."""
    return _time(context, moment, zone, "when when-stack")


@pass_context
def absolute(context: Context, moment: datetime, zone: str | None = None) -> Markup:
    """Only `Thu 26 Nov, 17:00 GMT`."""
    return _plain_time(moment.isoformat(), times.absolute(moment, zone=_zone(context, zone), now=_now(context)))


@pass_context
def ago(context: Context, moment: datetime, zone: str | None = None) -> Markup:
    """Only `40 min ago`, the date on hover and for those who hear the page."""
    words = times.absolute(moment, zone=_zone(context, zone), now=_now(context))
    return Markup(  # noqa: S704 - as in _time
        f'<time class="when" datetime="{moment.isoformat()}" title="{escape(words)}">'
        f"<span data-rel>{escape(times.relative(moment, now=_now(context)))}</span></time>"
    )


@pass_context
def clock(context: Context, moment: datetime, zone: str | None = None) -> Markup:
    """Only `17:00 GMT`."""
    return _plain_time(moment.isoformat(), times.clock(moment, zone=_zone(context, zone)))


@pass_context
def day(context: Context, on: date, zone: str | None = None) -> Markup:
    """`Thu 26 Nov`; a moment is first brought to the reader's zone."""
    if isinstance(on, datetime):
        on = on.astimezone(ZoneInfo(_zone(context, zone))).date()
    today = _now(context).astimezone(ZoneInfo(_zone(context, zone))).date()
    return _plain_time(on.isoformat(), times.day(on, today=today))


def span(length: timedelta | int | float) -> str:
    """`2 h 10 min`, of a timedelta or of seconds."""
    return times.span(length if isinstance(length, timedelta) else timedelta(seconds=length))


def initials(name: str | None) -> str:
    """`AM` of Ann Marlowe: the first letters of the first and the last word."""
    words = [word for word in (name or "").replace("@", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def tint(name: str | None) -> int:
    """One of six colours, always the same for the same name."""
    return crc32((name or "").encode()) % 6


def _plain_time(iso: str, said: str) -> Markup:
    return Markup(f'<time datetime="{iso}">{escape(said)}</time>')  # noqa: S704 - as in _time


def options_of(pairs: Iterable[tuple[Any, str]], value: Any = None) -> Markup:
    """What a `<select>` holds, the one with *value* chosen: `[(value, words)]`."""
    return _options(tuple((str(one), str(said)) for one, said in pairs), str(value))


@lru_cache(maxsize=512)
def _options(pairs: tuple[tuple[str, str], ...], value: str) -> Markup:
    """Kept, for the forms of every page let one choose from the same people, kinds and causes."""
    return Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(one, Markup(" selected") if one == value else "", said)
        for one, said in pairs
    )


def _time(context: Context, moment: datetime | None, zone: str | None, style: str) -> Markup:
    if moment is None:
        return Markup('<span class="{} when-none">{}</span>').format(style, translation.gettext("no date yet"))
    now = _now(context)
    absolute = times.absolute(moment, zone=_zone(context, zone), now=now)
    return Markup(  # noqa: S704 - a class of ours, an ISO date and words that are escaped
        f'<time class="{style}" datetime="{moment.isoformat()}"><span class="when-abs">{escape(absolute)}</span> '
        f'<span class="when-rel" data-rel>{escape(times.relative(moment, now=now))}</span></time>'
    )


def _now(context: Context) -> datetime:
    """The view's own `now`; only a page that was given none reads the clock."""
    given = context.get("now")
    return given if isinstance(given, datetime) else timezone.now()


def _zone(context: Context, zone: str | None) -> str:
    return zone or context.get("zone") or str(getattr(settings, "TROTH_ZONE", "UTC"))
