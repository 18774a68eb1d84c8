"""Remedies in words for people."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from troth.remedies.rules import money
from troth.words.remedies import Occasion, State
from troth.words.remedies import Remedy as Sort


def sort_words(sort: str) -> str:
    return {
        Sort.REFUND: _("Refund"),
        Sort.REPLACEMENT: _("Replacement"),
        Sort.REPAIR: _("Repair"),
        Sort.DELIVERY: _("Delivery"),
        Sort.COMPENSATION: _("Compensation"),
        Sort.CANCELLATION: _("Cancellation"),
        Sort.APOLOGY: _("Apology"),
        Sort.EXPLANATION: _("Explanation"),
        Sort.CONTACT: _("A call or an answer"),
        Sort.CHANGE: _("A change, so that it does not happen again"),
        Sort.OTHER: _("Something else"),
    }[Sort(sort)]


def sort_choices() -> list[tuple[str, str]]:
    return [(sort.value, sort_words(sort)) for sort in Sort]


def state_words(state: str) -> str:
    return {
        State.SOUGHT: _("Sought"),
        State.WAITING: _("Waits for authority"),
        State.OFFERED: _("Offered"),
        State.ACCEPTED: _("Accepted"),
        State.DECLINED: _("Declined"),
        State.DUE: _("Due"),
        State.GIVEN: _("Given"),
        State.WITHDRAWN: _("Withdrawn"),
        State.MISSED: _("Missed"),
    }[State(state)]


def customer_words(state: str) -> str:
    """The same, as its customer reads it."""
    return {
        State.SOUGHT: _("You asked for this"),
        State.OFFERED: _("We offer you this"),
        State.ACCEPTED: _("On its way"),
        State.DUE: _("On its way"),
        State.MISSED: _("Late"),
        State.GIVEN: _("Given"),
        State.DECLINED: _("You said no"),
    }.get(State(state), "")


def occasion_words(occasion: str) -> str:
    return {
        Occasion.MISSED_APPOINTMENT: _("An appointment was missed"),
        Occasion.LATE_DELIVERY: _("An order came late, or did not come"),
        Occasion.MISSED_REMEDY: _("A remedy was not given in time"),
    }[Occasion(occasion)]


def money_words(amount: Decimal | None, currency: str) -> str:
    """As people read it: `£12.50`."""
    return money.shown(amount, currency, language=get_language() or "en")


def what_words(sort: str, amount: Decimal | None, currency: str) -> str:
    """What it is where nobody said it in their own words: `Refund of £12.50`."""
    if amount is None:
        return sort_words(sort)
    return _("%(sort)s of %(money)s") % {"sort": sort_words(sort), "money": money_words(amount, currency)}
