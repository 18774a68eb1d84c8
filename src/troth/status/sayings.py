"""How the page says what it tells, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup

from troth.status.rules.standing import Acknowledged, Day, Share, Standing, runs


def moment(at: datetime, zone: str) -> str:
    """`Thu 26 Nov 2026, 17:00 GMT`: with its year, for the pages are read for years."""
    return _moment(at, zone, get_language())


@lru_cache(maxsize=4096)
def _moment(at: datetime, zone: str, _language: str | None) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_format(local, 'D j M Y')}, {local:%H:%M} {local.tzname()}"


def marked(at: datetime, zone: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), moment(at, zone))


def standing_words(standing: Standing) -> str:
    return {
        Standing.WELL: _("Works"),
        Standing.WORK: _("Planned work under way"),
        Standing.MINOR: _("Disturbed"),
        Standing.MAJOR: _("Badly disturbed"),
        Standing.CRITICAL: _("Does not work"),
    }[standing]


def overall_words(standing: Standing) -> str:
    return {
        Standing.WELL: _("Nothing is wrong that we know of"),
        Standing.WORK: _("Planned work is under way"),
        Standing.MINOR: _("Something is disturbed"),
        Standing.MAJOR: _("Something is badly disturbed"),
        Standing.CRITICAL: _("Something does not work"),
    }[standing]


def line_words(kind: str) -> str:
    return {
        "began": _("It began"),
        "update": _("Update"),
        "ended": _("It is over"),
        "prevented": _("So that it does not happen again"),
        "held": _("It has not come back"),
        "recurred": _("It has come back"),
    }.get(kind, _("Update"))


def state_words(state: str) -> str:
    return {"open": _("Not over yet"), "watching": _("Over, and watched"), "ended": _("Over")}[state]


def severity_words(severity: str) -> str:
    return standing_words(Standing(severity))


def sort_words(sort: str) -> str:
    return {
        "outage": _("Outage"),
        "late": _("Delay"),
        "quality": _("Quality"),
        "fees": _("Fees"),
        "safety": _("Safety"),
        "capacity": _("Fewer people than are needed"),
        "data": _("Personal data"),
    }.get(sort, _("Incident"))


def span_words(length: timedelta) -> str:
    minutes = max(1, round(length / timedelta(minutes=1)))
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        said = ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
        return f"{said} {ngettext('%(count)s minute', '%(count)s minutes', rest) % {'count': rest}}" if rest else said
    days = round(minutes / (24 * 60))
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def strip_words(days: Sequence[Day]) -> str:
    """The strip for whoever does not see it: on which days what was told."""
    told = [day for day in days if day.worst is not None]
    parts = []
    for standing in (Standing.CRITICAL, Standing.MAJOR, Standing.MINOR, Standing.WORK):
        those = [day.on for day in told if day.worst is standing]
        if those:
            listed = ", ".join(_run_words(first, last) for first, last in runs(those))
            parts.append(f"{standing_words(standing)}: {listed}.")
    quiet = sum(day.worst is Standing.WELL for day in told)
    parts.append(
        ngettext("Nothing was told of on %(count)s day.", "Nothing was told of on %(count)s days.", quiet)
        % {"count": quiet}
    )
    if (unknown := len(days) - len(told)) > 0:
        parts.append(
            ngettext(
                "%(count)s day lies before we kept this page.", "%(count)s days lie before we kept this page.", unknown
            )
            % {"count": unknown}
        )
    return " ".join(parts)


def _run_words(first: date, last: date) -> str:
    if first == last:
        return date_format(first, "j M")
    return _("%(first)s to %(last)s") % {"first": date_format(first, "j M"), "last": date_format(last, "j M")}


def share_words(share: Share) -> str:
    """The figure with how it was measured; cut off, never rounded up to a whole it was not."""
    cut = int(share.share * 100_000) / 1000
    figure = f"{cut:.3f}".rstrip("0").rstrip(".")
    days = round((share.until - share.from_at) / timedelta(days=1))
    return ngettext(
        "Undisturbed for %(share)s %% of %(days)s days (n = %(count)s incident).",
        "Undisturbed for %(share)s %% of %(days)s days (n = %(count)s incidents).",
        share.incidents,
    ) % {"share": figure, "days": days, "count": share.incidents}


def acknowledged_words(said: Acknowledged) -> list[str]:
    """How soon we spoke, with its n."""
    found = []
    if said.median is not None and said.longest is not None:
        found.append(
            ngettext(
                "From the first complaint until we said so here it took %(longest)s (n = %(count)s incident).",
                "From the first complaint until we said so here it took %(median)s in the middle and %(longest)s"
                " at the longest (n = %(count)s incidents).",
                said.count,
            )
            % {"median": span_words(said.median), "longest": span_words(said.longest), "count": said.count}
        )
    if said.spoke_first:
        found.append(
            ngettext(
                "Of %(count)s incident we spoke before anybody complained.",
                "Of %(count)s incidents we spoke before anybody complained.",
                said.spoke_first,
            )
            % {"count": said.spoke_first}
        )
    return found
