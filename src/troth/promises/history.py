"""A promise's history in words, drawn from the ledger's facts about it; for staff, and plainer for the customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from troth.ledger.queries import facts_about, facts_about_each, is_erased
from troth.promises.letters import spoken
from troth.words.promises import State

Values = dict[str, Any]


def history(reference: str, *, zone: str, for_customer: bool = False) -> list[dict[str, Any]]:
    """Timeline items, newest first: `{at, words, state?, sign?}`; internal warnings are left out for the customer."""
    return _told(facts_about(reference), zone=zone, for_customer=for_customer)


def histories(references: Sequence[str], *, zone: str, for_customer: bool = False) -> dict[str, list[dict[str, Any]]]:
    """The same for each of many promises, in one statement."""
    return {
        reference: _told(facts, zone=zone, for_customer=for_customer)
        for reference, facts in facts_about_each(references).items()
    }


def _told(
    facts: Sequence[tuple[str, Values, datetime]], *, zone: str, for_customer: bool = False
) -> list[dict[str, Any]]:
    items = []
    for kind, values, happened_at in facts:
        say = SAYINGS.get(kind)
        if say is None or (for_customer and kind in INTERNAL):
            continue
        if is_erased(values):
            items.append({"at": happened_at, "words": _("Erased: more is not known any more")})
            continue
        items.append({"at": happened_at, **say(values, zone)})
    return items[::-1]


def _at(text: str | None, zone: str) -> str:
    return spoken(datetime.fromisoformat(text), zone) if text else _("no date")


def _made(values: Values, zone: str) -> dict[str, Any]:
    state = values["state"]
    if state == State.ARMED:
        words = _("Promised, on a condition")
    elif values["first_due"]:
        words = _("Promised for %(due)s") % {"due": _at(values["first_due"], zone)}
    else:
        words = _("Found in a message")
    return {"words": words, "state": state}


def _moved(values: Values, zone: str) -> dict[str, Any]:
    return {
        "words": _("Moved from %(before)s to %(after)s")
        % {"before": _at(values["from_due"], zone), "after": _at(values["to_due"], zone)},
        "state": "moved",
    }


def _customer_told(values: Values, zone: str) -> dict[str, Any]:
    if values["in_time"]:
        words = _("The customer was told, in time")
    elif values["before_due"]:
        words = _("The customer was told, before the date but with little notice")
    else:
        words = _("The customer was told, after the date")
    return {"words": words, "sign": "mail"}


def _late(values: Values, zone: str) -> dict[str, Any]:
    words = _("Late: %(due)s passed") % {"due": _at(values["due"], zone)}
    if not values["told"]:
        words = _("Late: %(due)s passed, and the customer had not been told") % {"due": _at(values["due"], zone)}
    return {"words": words, "state": "late"}


def _broken(values: Values, zone: str) -> dict[str, Any]:
    reasons = {
        "not_done": _("Broken: it was not done"),
        "third_move": _("Broken: moved a third time"),
        "said_so": _("Broken: it will not be done"),
        "happened_again": _("Broken: it happened again"),
    }
    return {"words": reasons.get(values["reason"], _("Broken")), "state": "broken"}


def _verdict(values: Values, zone: str) -> dict[str, Any]:
    return {
        "words": _("The customer says: kept") if values["kept"] else _("The customer says: not kept"),
        "sign": "customers",
    }


SAYINGS: dict[str, Callable[[Values, str], dict[str, Any]]] = {
    "PromiseMade": _made,
    "PromiseOpened": lambda values, zone: {
        "words": _("Owed from now on, by %(due)s") % {"due": _at(values["first_due"], zone)},
        "state": "open",
    },
    "StaffWarned": lambda values, zone: {"words": _("The owner was warned"), "sign": "bell"},
    "StaffEscalated": lambda values, zone: {"words": _("The lead was told"), "sign": "rise"},
    "TellingSent": lambda values, zone: {
        "words": _("Words to the customer were sent off by themselves")
        if values["automatic"]
        else _("Words to the customer were sent off"),
        "sign": "letters",
    },
    "TellingFailed": lambda values, zone: {"words": _("The customer could not be told"), "sign": "warn"},
    "CustomerTold": _customer_told,
    "PromiseMoved": _moved,
    "PromiseKept": lambda values, zone: {"words": _("Done, as promised"), "state": "kept"},
    "PromiseDoneLate": lambda values, zone: {"words": _("Done, after the date"), "sign": "check"},
    "PromiseLate": _late,
    "PromiseBroken": _broken,
    "PromiseReleased": lambda values, zone: {"words": _("The customer let us off"), "state": "released"},
    "PromiseVoided": lambda values, zone: {"words": _("Void: recorded by mistake"), "state": "void"},
    "PromiseOwned": lambda values, zone: {"words": _("It has an owner") if values["owner"] else _("It has no owner")},
    "MissExplained": lambda values, zone: {"words": _("The reason was given"), "sign": "note"},
    "VerdictGiven": _verdict,
}
#: What only staff are shown.
INTERNAL = {"StaffWarned", "StaffEscalated", "PromiseOwned", "TellingSent", "MissExplained"}
