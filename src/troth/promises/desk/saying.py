"""How the pages of the desk say it: a promise as a row, its state, the rates with their n and window."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from troth.people.shell import page_of
from troth.promises.models import Promise
from troth.promises.rules.rates import Tally
from troth.promises.sayings import percent, strength_words
from troth.words.promises import MissReason, Strength
from troth.words.refs import ref


def reason_choices() -> list[tuple[str, str]]:
    named = {
        MissReason.OVER_PROMISED: _("We promised too much"),
        MissReason.WAITED: _("We waited for somebody else"),
        MissReason.FORGOT: _("We forgot"),
        MissReason.NO_CAPACITY: _("Too few hands"),
        MissReason.SUPPLIER: _("A supplier"),
        MissReason.UNFORESEEN: _("Something unforeseen"),
        MissReason.OTHER: _("Something else"),
    }
    return [(reason.value, words) for reason, words in named.items()]


def shown(promise: Promise) -> dict[str, Any]:
    """A promise as the rows of a list show it."""
    return {
        "id": promise.pk,
        "href": page_of(ref("promise", promise.pk)),
        "quote": promise.source_quote or None,
        "words": promise.what,
        "customer": str(promise.customer) if promise.customer else _("The public"),
        "due": promise.due,
        "state": promise.state,
        "settled": bool(promise.done_at or promise.settled_at),
        "owner": promise.owner.name if promise.owner else None,
        "moves": promise.moves,
        "strength": "" if promise.strength == Strength.PROMISE else strength_words(promise.strength),
        "reasons": reasons(promise),
    }


def reasons(promise: Promise) -> list[dict[str, str]]:
    if not promise.is_owed:
        return []
    found = []
    if promise.escalated_at:
        found.append({"kind": "escalated"})
    elif promise.warned_at:
        found.append({"kind": "warned"})
    if promise.telling_at:
        found.append({"kind": "told", "words": _("Customer told")})
    return found


def figures(tally: Tally, *, window: str) -> list[dict[str, Any]]:
    """The rates, each with its n and window."""
    named = [
        (_("Kept"), tally.kept, "kept"),
        (_("Moved in time"), tally.moved, "moved"),
        (_("Late"), tally.late, "late"),
        (_("Broken"), tally.broken, "broken"),
    ]
    rates = [
        {"name": name, "value": percent(tally.share(count)), "n": tally.decided, "window": window, "state": state}
        for name, count, state in named
    ]
    tone = "alarm" if tally.surprise_rate else None
    return [
        *rates,
        {
            "name": _("Surprise rate"),
            "value": percent(tally.surprise_rate),
            "n": tally.decided,
            "window": window,
            "tone": tone,
        },
    ]


def method() -> str:
    return _(
        "Judged against the first date given. Kept: done by it. Moved: told in time, with a new date. Late: the date passed"
        " first. Broken: not done, or moved a third time. Surprise: late or broken, and the customer had not been told before."
    )
