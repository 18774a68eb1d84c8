"""The lead's figures as pictures: where each bar ends, of a hundred. Whoever does not see them has the table beneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from troth.desk.leading import Answers, Backlog
from troth.desk.rules.sheet import Cell, Sheet
from troth.desk.rules.spread import Spread
from troth.words.clocks import Sort

Rows = Sequence[Mapping[str, Cell]]


def worked_words(span: timedelta) -> str:
    """`40 min`, `2 h 10 min`, `26 h`: working time, of which a day has no fixed number of hours."""
    minutes = round(abs(span.total_seconds()) / 60)
    hours, rest = divmod(minutes, 60)
    if hours >= 10 or not rest:
        return _("%(count)s h") % {"count": round(minutes / 60)} if hours else _("no time")
    words = _("%(count)s min") % {"count": rest}
    return f"{_('%(count)s h') % {'count': hours}} {words}" if hours else words


def more_words(span: timedelta) -> str:
    """`+2 h`, `−40 min`."""
    if abs(span) < timedelta(seconds=30):
        return worked_words(span)
    return ("+" if span > timedelta(0) else "−") + worked_words(span)


def percent_words(share: float) -> str:
    return f"{share * 100:.0f} %"


def every(sheets: Mapping[str, Sheet], answers: Answers, backlog: Backlog) -> dict[str, Any]:
    """All of them, by name."""
    return {
        "answers": kinds(sheets["answers"]),
        "hours": hours(answers),
        "weekdays": weekdays(answers),
        "trend": trend(backlog),
        "backlog": ages(sheets["backlog"]),
        "misses": reasons(sheets["misses"]),
        "emotions": emotions(sheets["emotions"]),
        "parity": parity(sheets["parity"]),
    }


def kinds(sheet: Sheet) -> list[dict[str, Any]]:
    """A bar to the median, and a lighter one to where nine of ten have their answer."""
    most = _longest(sheet.rows)
    return [
        {
            "words": f"{row['sort']}, {row['kind']}",
            "said": _answered_words(row),
            "n": _("%(n)s asked") % {"n": int(str(row["answered"])) + int(str(row["waiting"]))},
            "bar": _of(row["median"], most),
            "far": _of(row["most"], most),
        }
        for row in sheet.rows
    ]


def _answered_words(row: Mapping[str, Cell]) -> str:
    median, most = row["median"], row["most"]
    if not isinstance(median, timedelta):
        return _("not enough to say")
    words = worked_words(median)
    if isinstance(most, timedelta):
        words = _("%(median)s, 9 of 10 within %(most)s") % {"median": words, "most": worked_words(most)}
    if isinstance(within := row["within"], float):
        words += " · " + _("%(share)s in time") % {"share": percent_words(within)}
    return words


def hours(found: Answers) -> dict[str, Any]:
    """A column for each hour of the day at which somebody asked first."""
    return _columns({f"{hour}": found.by_hour.get((Sort.FIRST, hour), Spread()) for hour in range(24)})


def weekdays(found: Answers) -> dict[str, Any]:
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return _columns({name: found.by_day.get((Sort.FIRST, day), Spread()) for day, name in enumerate(names, 1)})


def _columns(spreads: Mapping[str, Spread]) -> dict[str, Any]:
    shown: list[dict[str, Cell]] = [
        {"median": one.quantile(0.5), "most": one.quantile(0.9)} for one in spreads.values()
    ]
    top = _longest(shown)
    return {
        "top": worked_words(timedelta(seconds=top)) if top else "",
        "columns": [
            {"words": words, "bar": _of(row["median"], top), "far": _of(row["most"], top)}
            for words, row in zip(spreads, shown, strict=True)
        ],
    }


def trend(found: Backlog) -> dict[str, Any]:
    """A line through how many waited at the end of each day."""
    top = max((one.waiting for one in found.days), default=0)
    width = max(len(found.days) - 1, 1)
    points = [(100 * at / width, 100 - _of(one.waiting, top)) for at, one in enumerate(found.days)]
    return {
        "top": top,
        "points": " ".join(f"{x:.2f},{y:.2f}" for x, y in points),
        "first": found.days[0].day,
        "last": found.days[-1].day,
    }


def ages(sheet: Sheet) -> list[dict[str, Any]]:
    most = max((max(int(str(row["unanswered"])), int(str(row["open"]))) for row in sheet.rows), default=0)
    return [
        {
            "words": row["age"],
            "said": _("%(unanswered)s wait, %(open)s open") % row,
            "bar": _of(row["unanswered"], most),
            "far": _of(row["open"], most),
        }
        for row in sheet.rows
    ]


def reasons(sheet: Sheet) -> list[dict[str, Any]]:
    """A bar for each, and a point where the share of it and all before it lies."""
    most = max((int(str(row["count"])) for row in sheet.rows), default=0)
    return [
        {
            "words": row["reason"],
            "said": f"{row['count']} · {percent_words(so_far)}" if isinstance(so_far, float) else f"{row['count']}",
            "bar": _of(row["count"], most),
            "dot": so_far * 100 if isinstance(so_far, float) else None,
            "faint": so_far is None,
        }
        for row in sheet.rows
        for so_far in [row["so_far"]]
    ]


def emotions(sheet: Sheet) -> list[dict[str, Any]]:
    """A bar for each, and a line between its limits."""
    return [
        {
            "words": row["change"],
            "said": _("%(count)s of %(n)s: %(share)s (%(low)s to %(high)s)")
            % {
                "count": row["count"],
                "n": sum(int(str(one["count"])) for one in sheet.rows),
                **{name: percent_words(float(str(row[name]))) for name in ("share", "low", "high")},
            },
            "bar": 100 * float(str(row["share"])),
            "low": 100 * float(str(row["low"])),
            "high": 100 * float(str(row["high"])),
        }
        for row in sheet.rows
    ]


def parity(sheet: Sheet) -> list[dict[str, Any]]:
    """A point for each difference with the line between its limits, about nought in the middle."""
    rows = [row for row in sheet.rows if isinstance(row["more"], timedelta)]
    far = max(
        (abs(cell.total_seconds()) for row in rows for name in ("more", "low", "high") if isinstance(cell := row[name], timedelta)),
        default=0.0,
    )  # fmt: skip

    def place(cell: Cell, beyond: float) -> float:
        return 50 + 50 * cell.total_seconds() / far if isinstance(cell, timedelta) and far else beyond

    return [
        {
            "words": ", ".join(str(row[name]) for name in ("who", "cause", "urgency") if row[name]),
            "said": f"{more_words(more)}: {row['said']}",
            "at": place(more, 50),
            "low": place(row["low"], 0),
            "high": place(row["high"], 100),
        }
        for row in rows
        for more in [row["more"]]
        if isinstance(more, timedelta)
    ]


def _longest(rows: Rows) -> float:
    """In seconds."""
    spans = [cell for row in rows for name in ("median", "most") if isinstance(cell := row[name], timedelta)]
    return max((span.total_seconds() for span in spans), default=0.0)


def _of(cell: Cell, most: float) -> float:
    if not most or cell is None:
        return 0.0
    return 100 * (cell.total_seconds() if isinstance(cell, timedelta) else float(str(cell))) / most
