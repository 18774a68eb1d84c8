"""How incidents are spoken of: what sort they are, how they stand, and how long it took to say so."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.incidents.models import Entry, Severity, Sort, State


def sort_words(sort: str) -> str:
    return {
        Sort.OUTAGE: _("Something does not work"),
        Sort.LATE: _("Late"),
        Sort.QUALITY: _("Not as it should be"),
        Sort.FEES: _("Charged wrongly"),
        Sort.SAFETY: _("Safety"),
        Sort.CAPACITY: _("Too few people"),
        Sort.DATA: _("Personal data got out"),
        Sort.OTHER: _("Something else"),
    }[Sort(sort)]


def severity_words(severity: str) -> str:
    return {
        Severity.MINOR: _("Minor"),
        Severity.MAJOR: _("Major"),
        Severity.CRITICAL: _("Critical"),
    }[Severity(severity)]


def state_words(state: str) -> str:
    return {
        State.OPEN: _("Going on"),
        State.WATCHING: _("Over, and watched"),
        State.ENDED: _("Over"),
    }[State(state)]


STATE_TONES = {State.OPEN: "alarm", State.WATCHING: "warn", State.ENDED: "good"}
SEVERITY_TONES = {Severity.CRITICAL: "alarm", Severity.MAJOR: "warn", Severity.MINOR: None}


def kind_words(kind: str) -> str:
    """What a line of the timeline is."""
    return {
        Entry.Kind.BEGAN: _("We said that it began"),
        Entry.Kind.UPDATE: _("How it stands"),
        Entry.Kind.ENDED: _("It is over"),
        Entry.Kind.PREVENTED: _("What keeps it from happening again"),
        Entry.Kind.HELD: _("It has not come back"),
        Entry.Kind.RECURRED: _("It has come back"),
        Entry.Kind.NOTE: _("Note, for staff alone"),
    }[Entry.Kind(kind)]


def span_words(span: timedelta) -> str:
    """About how long: days and hours, hours and minutes, minutes."""
    minutes = max(0, round(span.total_seconds() / 60))
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [
        ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else "",
        _("%(n)s h") % {"n": hours} if hours else "",
        _("%(n)s min") % {"n": minutes} if (minutes and not days) or not (days or hours) else "",
    ]
    return " ".join(part for part in parts if part)


def acknowledged_words(first_signal_at: datetime | None, said_at: datetime | None, *, now: datetime) -> str:
    """How long it took from the first complaint until we said so; or takes already."""
    if first_signal_at is None:
        return _("Said before anybody complained") if said_at else _("Nobody has complained yet")
    if said_at is None:
        return _("%(span)s since the first complaint, and not said yet") % {"span": span_words(now - first_signal_at)}
    if said_at <= first_signal_at:
        return _("Said before anybody complained")
    return _("Said %(span)s after the first complaint") % {"span": span_words(said_at - first_signal_at)}
