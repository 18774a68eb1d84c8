"""How the pages of the desk say it: a remedy as a row, and the tone of its state."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from troth.people.shell import page_of
from troth.remedies.models import Remedy
from troth.remedies.sayings import money_words, sort_words, state_words
from troth.words.refs import ref
from troth.words.remedies import State

TONES = {
    State.WAITING: ("warn", "wait"),
    State.SOUGHT: ("calm", None),
    State.OFFERED: ("calm", "wait"),
    State.ACCEPTED: ("calm", "wait"),
    State.DUE: ("calm", "wait"),
    State.MISSED: ("alarm", "warn"),
    State.GIVEN: ("good", "check"),
}


def shown(remedy: Remedy) -> dict[str, Any]:
    """A remedy as the rows of a list show it; it comes with its customer and its promise."""
    tone, sign = TONES.get(State(remedy.state), (None, None))
    moved = remedy.promise is not None and remedy.promise.due != remedy.due
    return {
        "id": remedy.pk,
        "href": page_of(ref("remedy", remedy.pk)),
        "what": remedy.what,
        "sort": sort_words(remedy.sort),
        "money": money_words(remedy.amount, remedy.currency),
        "state": remedy.state,
        "state_words": state_words(remedy.state),
        "tone": tone,
        "sign": sign,
        "customer": str(remedy.customer),
        "customer_href": page_of(ref("customer", remedy.customer.root_pk)),
        "about": about_words(remedy.about),
        "about_href": page_of(remedy.about),
        "due": remedy.promise.due if moved and remedy.is_owed and remedy.promise else remedy.due,
        "given_at": remedy.given_at,
        "made_at": remedy.made_at,
        "by_itself": bool(remedy.standard),
        "owed": remedy.is_owed,
    }


def about_words(reference: str) -> str:
    kind, _sep, number = reference.partition(":")
    return {
        "case": _("Case %(number)s"),
        "incident": _("Incident %(number)s"),
        "order": _("Order no. %(number)s"),
        "promise": _("Promise %(number)s"),
    }.get(kind, reference) % {"number": number}
