"""Remedies beside a case: what is sought, offered, owed and given in it, and what the form that offers one begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from troth.cases import queries
from troth.cases.models import Case, Message
from troth.cases.read_sayings import counts
from troth.cases.rules.corrections import Field, findings
from troth.people.shell import page_of
from troth.promises.models import Promise
from troth.remedies.desk.saying import TONES
from troth.remedies.sayings import money_words, sort_choices, sort_words, state_words
from troth.words.refs import ref
from troth.words.remedies import Remedy as Sort
from troth.words.remedies import State

#: Within how many working days, unless somebody says otherwise.
DAYS = 10


def beside(
    case: Case,
    thread: Sequence[queries.Said],
    *,
    promises: Sequence[Promise],
    said: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The values of the case's page; *case* comes with its remedies (queries.with_count)."""
    rows: list[dict[str, Any]] = case.remedies  # type: ignore[attr-defined] # queries.with_count annotates it
    sought = next((row["sort"] for row in rows if row["state"] == State.SOUGHT), "")
    known = next((row["currency"] for row in rows if row["currency"]), "")
    taken = {row["promise"] for row in rows}
    tied = [one for one in promises if one.is_owed and one.due and one.pk not in taken and one.sort == "deed"]
    blank: dict[str, Any] = {
        "errors": [], "sort": sought or _asked_for(thread), "what": "", "amount": "", "currency": known,
        "days": str(DAYS), "promise": "", "asks": "yes", "open": False,
    }  # fmt: skip
    return {
        "remedies": [_shown(row) for row in rows],
        "remedy": {
            **blank,
            "sorts": sort_choices(),
            "ways": [
                ("yes", _("Ask for their yes first")),
                ("no", _("They get it, and are told by when")),
                ("seek", _("Only note that they ask for it")),
            ],
            "promises": [("", _("No: make a promise of it")), *((str(one.pk), one.what[:60]) for one in tied)],
            **(said or {}),
        },
    }


def _asked_for(thread: Sequence[queries.Said]) -> str:
    """What was read that they want, newest first; a refund where nothing was."""
    for one in reversed(thread):
        if one.message.direction == Message.Direction.INBOUND and one.message.reading:
            for found in findings(counts(one), Field.REMEDIES):
                if found.value in set(Sort):
                    return str(found.value)
    return Sort.REFUND.value


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    tone, sign = TONES.get(State(row["state"]), (None, None))
    amount = Decimal(row["amount"]) if row["amount"] else None
    return {
        "href": page_of(ref("remedy", row["id"])),
        "what": row["what"],
        "sort": sort_words(row["sort"]),
        "money": money_words(amount, row["currency"]),
        "state_words": state_words(row["state"]),
        "tone": tone,
        "sign": sign,
        "due": parse_datetime(row["due"]) if row["due"] and row["state"] in {"accepted", "due", "missed"} else None,
        "by_itself": bool(row["standard"]),
        "settled": row["state"] in {"given", "declined", "withdrawn"},
    }
