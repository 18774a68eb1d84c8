"""The form in which conditions are put together: what was typed, and what the page is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from troth.notices import members, sayings
from troth.notices.rules import typed as form
from troth.notices.rules.conditions import LEAVES, Conditions, chooses_nobody
from troth.notices.selecting import Preview, preview
from troth.people.models import Staff
from troth.people.shell import desk_values, local_time, page_of, staff_of, typed

SAMPLE = 10
#: Counting gives up here; freezing takes the time it takes.
COUNT_SECONDS_MOST = 10
FIELD_MOST = 20_000


def rows_typed(said: QueryDict) -> list[form.Row]:
    """The rows of a form that was sent; what does not belong into one is left out."""
    count = typed(said, "rows")
    rows: list[form.Row] = []
    for at in range(min(int(count), form.ROWS_MOST) if count.isdecimal() and len(count) < 4 else 0):
        kind, within = typed(said, f"kind-{at}"), typed(said, f"within-{at}")
        above = int(within) if within.isdecimal() and len(within) < 4 else -1
        if kind not in (form.GROUPS if at == 0 else (*form.GROUPS, *LEAVES)):
            kind = "all" if at == 0 else "orders"
        if at and not (0 <= above < at and rows[above].is_group):
            above = 0
        rows.append(form.Row(kind, above if at else -1, typed(said, f"not-{at}") == "yes", _fields(said, kind, at)))
    return rows or [form.Row("all")]


def _fields(said: QueryDict, kind: str, at: int) -> dict[str, tuple[str, ...]]:
    if kind in form.GROUPS:
        return {}
    names: list[str] = []
    for name, how in form.shape(kind):
        names += [f"{name}-from", f"{name}-to"] if how == "between" else [name]
    found = {name: tuple(_clean(one) for one in said.getlist(f"{name}-{at}")) for name in names}
    return {name: values for name, values in found.items() if any(values)}


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n")[:FIELD_MOST]


def builder_values(
    request: HttpRequest,
    rows: Sequence[form.Row],
    *,
    now: datetime,
    focus: int = -1,
    errors: Sequence[dict[str, str]] = (),
    **values: Any,
) -> dict[str, Any]:
    """What the page of a cohort that is put together is told."""
    staff = staff_of(request)
    conditions, wrong = form.conditions_of(rows, read=lambda text: local_time(text, staff.zone))
    told = {(one.row, one.name): sayings.wrong_words(one.why.wrong) for one in wrong}
    return desk_values(
        request,
        now=now,
        tree=tree_shown(rows, 0, wrong=told, focus=focus, lists=_lists(rows)) if rows else None,
        rows=len(rows),
        errors=[
            *errors,
            *({"id": f"{name}-{at}" if name else "conditions", "words": words} for (at, name), words in told.items()),
        ],
        preview=None if wrong else preview_shown(conditions, staff=staff, now=now),
        **values,
    )


def _lists(rows: Sequence[form.Row]) -> list[tuple[str, str]]:
    """What can be chosen where a list is; read only then."""
    return [(str(one.pk), one.name) for one in members.uploads()] if any(row.kind == "listed" for row in rows) else []


def tree_shown(
    rows: Sequence[form.Row],
    at: int,
    *,
    wrong: Mapping[tuple[int, str], str],
    focus: int,
    lists: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    """A row with all that stands in it, as the page has it."""
    row, names = rows[at], sayings.condition_words()
    shown: dict[str, Any] = {
        "at": at,
        "kind": row.kind,
        "within": row.within,
        "words": names[row.kind],
        "is_not": row.is_not,
        "is_group": row.is_group,
        "is_new": at == focus,
    }
    if row.is_group:
        shown["parts"] = [
            tree_shown(rows, nth, wrong=wrong, focus=focus, lists=lists)
            for nth, one in enumerate(rows)
            if one.within == at
        ]
        shown["kinds"] = [(kind, names[kind]) for kind in form.GROUPS]
        shown["adds"] = [(kind, names[kind]) for kind in (*LEAVES, "any")]
        return shown
    labels, hints, closed = sayings.field_words(), sayings.field_hints(), sayings.value_words()
    shown["fields"] = [
        {
            "name": name,
            "how": how,
            "label": labels[row.kind, name],
            "hint": hints.get((row.kind, name)),
            "error": wrong.get((at, name)),
            "value": "\n".join(row.typed.get(name, ())),
            "chosen": row.typed.get(name, ()),
            "choices": list(closed.get((row.kind, name), {}).items()),
            "options": [("", _("Choose")), *lists],
            "since": "".join(row.typed.get(f"{name}-from", ())),
            "until": "".join(row.typed.get(f"{name}-to", ())),
            "is_open": (row.kind, name) in _OFTEN
            or (at, name) in wrong
            or any(one.startswith(name) for one in row.typed),
        }
        for name, how in form.shape(row.kind)
    ]
    shown["has_more"] = not all(one["is_open"] for one in shown["fields"])
    return shown


#: What is asked most; the other fields are folded away until they are filled.
_OFTEN = {
    *(("orders", name) for name in ("products", "places", "promised", "stands")),
    *(("cases", name) for name in ("words", "kinds", "incidents", "opened")),
    *(("customers", name) for name in ("groups", "languages")),
    *(("handles", name) for name in ("kinds", "domains")),
    ("listed", "list"),
}


def preview_shown(conditions: Conditions, *, staff: Staff, now: datetime) -> dict[str, Any]:
    """How many meet the conditions and some of them; or that it takes too long to tell."""
    if chooses_nobody(conditions):
        return {"count": 0, "sample": [], "is_blank": True, "too_long": False}
    found = _counted(conditions, now=now)
    if found is None:
        return {"count": None, "sample": [], "is_blank": False, "too_long": True}
    sample = members.seen(found.sample, staff=staff)
    return {
        "count": found.count,
        "is_blank": False,
        "too_long": False,
        "sample": [
            {
                "name": one.name or _("Somebody whom a closed team looks after"),
                "href": page_of(f"customer:{one.customer}") if one.customer else "",
                "is_stranger": row.customer is None,
                "why": [{"words": sayings.why_words(each), "href": page_of(each)} for each in one.why],
                "more": one.more,
            }
            for row, one in zip(found.sample, sample, strict=True)
        ],
    }


def _counted(conditions: Conditions, *, now: datetime) -> Preview | None:
    """None where the database was told to give up: a page that waits for a minute is closed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{COUNT_SECONDS_MOST}s"])
            return preview(conditions, now=now, most=SAMPLE)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "57014":
            raise
        return None
