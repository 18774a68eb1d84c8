"""The words of the desk about notices and their telling."""

from __future__ import annotations

from django.utils.translation import gettext as _

from troth.notices.models import Sort, State, Told


def sort_words(sort: str) -> str:
    return {
        Sort.BEGAN: _("It began"),
        Sort.UPDATE: _("How it stands"),
        Sort.ENDED: _("It is over"),
        Sort.PREVENTED: _("What is done about it"),
        Sort.HELD: _("It has held"),
        Sort.RECURRED: _("It came back"),
        Sort.BREACH: _("Personal data"),
        Sort.REMEDY: _("What is given"),
    }[Sort(sort)]


def state_words(state: str) -> tuple[str, str | None]:
    """In words, and their tone."""
    return {
        State.DRAFT: (_("being written"), None),
        State.PROPOSED: (_("waits for a second reader"), "warn"),
        State.SENDING: (_("being told"), "good"),
        State.PAUSED: (_("paused"), "warn"),
        State.DONE: (_("told"), "good"),
        State.STOPPED: (_("stopped"), "alarm"),
    }[State(state)]


def told_words(state: str) -> str:
    return {
        Told.WAITING: _("wait for their turn"),
        Told.QUEUED: _("letters on their way"),
        Told.ACCEPTED: _("told: their mail server took the letter"),
        Told.BOUNCED: _("came back"),
        Told.REFUSED: _("refused"),
        Told.UNCLEAR: _("nobody can say whether it arrived"),
        Told.UNREACHABLE: _("cannot be reached by mail"),
        Told.BY_HAND: _("told by hand"),
    }[Told(state)]


def how_words(how: str) -> str:
    """How one address failed."""
    return {
        "bounced": _("the letter came back"),
        "refused": _("refused"),
        "unclear": _("no answer: it may have arrived"),
    }.get(how, how)
