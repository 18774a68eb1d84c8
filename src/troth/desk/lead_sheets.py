"""The lead's figures as tables in words: the same for the page, for a spreadsheet and for other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from math import isfinite
from statistics import median

from django.utils.translation import gettext as _

from troth.cases.read_sayings import none_words, value_words
from troth.cases.rules.corrections import Field
from troth.clocks.sayings import kind_words, sort_words
from troth.desk.leading import Acknowledged, Answers, AtRisk, Backlog, Cared, Compared, Misses, Stratum
from troth.desk.rules.changed import Changed, changes
from troth.desk.rules.pareto import pareto
from troth.desk.rules.parity import SIDE_ENOUGH, Difference
from troth.desk.rules.sheet import Cell, Column, Holds, Sheet
from troth.desk.rules.spread import Spread, together
from troth.incidents.sayings import sort_words as incident_words
from troth.learning.rules.measure import Share
from troth.people.shell import page_of
from troth.promises.desk import reason_choices
from troth.words.clocks import ANSWERS, Sort
from troth.words.messages import Kind
from troth.words.refs import ref

Row = dict[str, Cell]
#: A median and the span within which nine of ten have ended.
MEDIAN, MOST = 0.5, 0.9


def age_words() -> list[str]:
    """As long as `leading.AGES`, and one more."""
    return [_("under 4 hours"), _("under a day"), _("under 3 days"), _("under a week"), _("older")]


def reason_words(reason: str) -> str:
    return dict(reason_choices()).get(reason, reason) if reason else _("Not explained yet")


# How long answers take


def by_kind(now: Answers, before: Answers) -> Sheet:
    """First and next answers, all and by kind, beside the window before."""
    rows: list[Row] = []
    for sort in ANSWERS:
        all_now = together(one for (of, _kind), one in now.by_kind.items() if of == sort)
        all_before = together(one for (of, _kind), one in before.by_kind.items() if of == sort)
        if all_now.n or all_before.n:
            rows.append({"sort": sort_words(sort), "kind": _("All"), **_of(all_now), **_before(all_before)})
        rows += [
            {"sort": sort_words(sort), "kind": kind_words(kind), **_of(one), **_before(before.by_kind[sort, kind])}
            for kind in Kind
            if (one := now.by_kind[sort, kind]).n or before.by_kind[sort, kind].n
        ]
    columns = [
        Column("sort", _("Answer")),
        Column("kind", _("Kind")),
        *_columns(),
        Column("within", _("Within target"), Holds.SHARE),
        Column("within_low", _("at least"), Holds.SHARE),
        Column("within_high", _("at most"), Holds.SHARE),
        Column("median_before", _("Median before"), Holds.SPAN),
        Column("most_before", _("9 of 10 before"), Holds.SPAN),
        Column("within_before", _("Within target before"), Holds.SHARE),
        Column("n_before", _("Number before"), Holds.COUNT),
    ]
    return Sheet("answers", _("Answer times by kind"), columns, rows)


def by_hour(now: Answers) -> Sheet:
    title = _("Answer times by the hour of asking")
    return _by(now.by_hour, range(24), lambda hour: f"{hour:02}:00–{hour + 1:02}:00", "hours", title, _("Asked"))


def by_weekday(now: Answers) -> Sheet:
    names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
    title = _("Answer times by the weekday of asking")
    return _by(now.by_day, range(1, 8), lambda day: names[day - 1], "weekdays", title, _("Asked"))


def _by(
    of: Mapping[tuple[str, int], Spread],
    places: range,
    words: Callable[[int], str],
    name: str,
    title: str,
    head: str,
) -> Sheet:
    rows = [
        {"sort": sort_words(sort), "at": words(place), **_of(one)}
        for sort in ANSWERS
        for place in places
        if (one := of.get((sort, place), Spread())).n
    ]
    return Sheet(name, title, [Column("sort", _("Answer")), Column("at", head), *_columns()], rows)


def _columns() -> list[Column]:
    return [
        Column("median", _("Median"), Holds.SPAN),
        Column("most", _("9 of 10 within"), Holds.SPAN),
        Column("answered", _("Answered"), Holds.COUNT),
        Column("waiting", _("Not answered"), Holds.COUNT),
    ]


def _of(one: Spread) -> Row:
    share = Share(one.in_time, one.decided)
    low, high = share.interval or (None, None)
    return {
        "median": one.quantile(MEDIAN),
        "most": one.quantile(MOST),
        "answered": one.answered,
        "waiting": one.waiting,
        "within": share.share,
        "within_low": low,
        "within_high": high,
    }


def _before(one: Spread) -> Row:
    return {
        "median_before": one.quantile(MEDIAN),
        "most_before": one.quantile(MOST),
        "within_before": Share(one.in_time, one.decided).share,
        "n_before": one.n,
    }


# What waits, and what runs out


def ages(found: Backlog) -> Sheet:
    columns = [
        Column("age", _("Age")),
        Column("unanswered", _("Wait for an answer"), Holds.COUNT),
        Column("open", _("Open"), Holds.COUNT),
    ]
    rows = zip(age_words(), found.unanswered, found.open, strict=True)
    return Sheet(
        "backlog", _("Age of what is open"), columns, [{"age": age, "unanswered": u, "open": o} for age, u, o in rows]
    )


def trend(found: Backlog) -> Sheet:
    columns = [
        Column("day", _("Day"), Holds.DAY),
        Column("waiting", _("Waited at its end"), Holds.COUNT),
        Column("asked", _("Began to wait"), Holds.COUNT),
        Column("ended", _("Answered or closed"), Holds.COUNT),
    ]
    rows: list[Row] = [
        {"day": one.day, "waiting": one.waiting, "asked": one.asked, "ended": one.ended} for one in found.days
    ]
    return Sheet("trend", _("Waiting for an answer, day by day"), columns, rows)


def oldest(found: Backlog) -> Sheet:
    columns = [
        Column("case", _("Case")),
        Column("since", _("Waits since"), Holds.MOMENT),
        Column("due", _("Answer due"), Holds.MOMENT),
        Column("owner", _("Owner")),
    ]
    rows: list[Row] = [
        {
            "case": f"#{one.id} {one.subject or _('no subject')}",
            "href": page_of(ref("case", one.id)),
            "since": one.since,
            "due": one.answer_by,
            "owner": one.owner or _("Nobody yet"),
        }
        for one in found.oldest
    ]
    return Sheet("oldest", _("What has waited longest"), columns, rows)


def risk(found: list[AtRisk], *, cases: str) -> Sheet:
    """*cases* is the address of the list of cases, to be narrowed."""
    columns = [
        Column("team", _("Team")),
        Column("owner", _("Owner")),
        Column("clock", _("Clock")),
        Column("over", _("Has run out"), Holds.COUNT),
        Column("soon", _("Within 2 working hours"), Holds.COUNT),
        Column("later", _("Within 8 working hours"), Holds.COUNT),
        Column("nearest", _("The first"), Holds.MOMENT),
    ]
    rows: list[Row] = [
        {
            "team": one.team or _("No team"),
            "owner": one.owner or _("Nobody yet"),
            "href": f"{cases}?order=due&owner={one.owner_id or 'nobody'}" + (f"&team={one.team_id}" if one.team_id else ""),
            "clock": sort_words(Sort(one.sort)),
            "over": one.over,
            "soon": one.soon,
            "later": one.later,
            "nearest": one.nearest,
        }
        for one in found
    ]  # fmt: skip
    return Sheet("risk", _("Clocks at risk now"), columns, rows)


# What went wrong, and why


def reasons(found: Misses) -> Sheet:
    columns = [
        Column("reason", _("Reason")),
        Column("count", _("Misses"), Holds.COUNT),
        Column("promises", _("Promises"), Holds.COUNT),
        Column("clocks", _("Clocks"), Holds.COUNT),
        Column("so_far", _("This and all before"), Holds.SHARE),
    ]
    rows: list[Row] = [
        {
            "reason": reason_words(bar.reason),
            "count": bar.count,
            "promises": bar.promises,
            "clocks": bar.clocks,
            "so_far": bar.so_far,
        }
        for bar in pareto(found.promises, found.clocks)
    ]
    return Sheet("misses", _("Why we missed"), columns, rows)


def unexplained(found: Misses) -> Sheet:
    columns = [
        Column("what", _("What was missed")),
        Column("sort", _("Of which sort")),
        Column("at", _("When"), Holds.MOMENT),
    ]
    rows: list[Row] = [
        {
            "what": one.words or _("no words"),
            "href": page_of(one.about),
            "sort": _("Promise") if one.about.startswith("promise:") else sort_words(Sort(one.sort)),
            "at": one.at,
        }
        for one in found.unexplained
    ]
    return Sheet("unexplained", _("Misses without a reason"), columns, rows)


def acknowledged(found: Mapping[str, Acknowledged]) -> Sheet:
    """How soon we said that something was wrong. What is not said yet counts with its time so far: silence is not fast."""
    columns = [
        Column("sort", _("What went wrong")),
        Column("median", _("Median"), Holds.SPAN),
        Column("longest", _("Longest"), Holds.SPAN),
        Column("n", _("Number"), Holds.COUNT),
        Column("unsaid", _("Not said yet"), Holds.COUNT),
        Column("before", _("Said before anybody complained"), Holds.COUNT),
    ]
    named = [(incident_words(sort), [one]) for sort, one in found.items()]
    if len(named) > 1:
        named.insert(0, (_("All"), list(found.values())))
    return Sheet("acknowledged", _("How soon we said so"), columns, [_acknowledged(*one) for one in named])


def _acknowledged(sort: str, of: list[Acknowledged]) -> Row:
    spans = [span for one in of for span in (*one.said, *one.unsaid)]
    return {
        "sort": sort,
        "median": timedelta(seconds=median(span.total_seconds() for span in spans)) if spans else None,
        "longest": max(spans, default=None),
        "n": len(spans),
        "unsaid": sum(len(one.unsaid) for one in of),
        "before": sum(one.before for one in of),
    }


# What customers felt, and whether all are served alike


def emotions(found: Cared) -> Sheet:
    words = {
        Changed.BETTER: _("Better after the answer"),
        Changed.SAME: _("The same"),
        Changed.WORSE: _("Worse after the answer"),
    }
    columns = [
        Column("change", _("How they sounded")),
        Column("count", _("Cases"), Holds.COUNT),
        Column("share", _("Share"), Holds.SHARE),
        Column("low", _("at least"), Holds.SHARE),
        Column("high", _("at most"), Holds.SHARE),
    ]
    counts = changes(found.felt)
    n = sum(counts.values())
    rows: list[Row] = []
    for change, count in counts.items() if n else ():
        share = Share(count, n)
        low, high = share.interval or (None, None)
        rows.append({"change": words[change], "count": count, "share": share.share, "low": low, "high": high})
    return Sheet("emotions", _("Emotion before and after"), columns, rows)


def parity(found: Cared) -> Sheet:
    columns = [
        Column("who", _("Compared")),
        Column("cause", _("Cause")),
        Column("urgency", _("Urgency")),
        Column("n", _("Cases of the first"), Holds.COUNT),
        Column("median", _("Median of the first"), Holds.SPAN),
        Column("other_n", _("Cases of the others"), Holds.COUNT),
        Column("other_median", _("Median of the others"), Holds.SPAN),
        Column("more", _("Difference"), Holds.MORE),
        Column("low", _("at least"), Holds.MORE),
        Column("high", _("at most"), Holds.MORE),
        Column("said", _("What that says")),
        Column("kept", _("Promises kept, first"), Holds.SHARE),
        Column("other_kept", _("Promises kept, others"), Holds.SHARE),
        Column("kept_said", _("What that says of promises")),
    ]
    return Sheet("parity", _("Are quiet customers served as fast as loud ones?"), columns, list(_parity(found)))


def _parity(found: Cared) -> Iterator[Row]:
    compared_words = [
        (_("In public, against private"), _("those in public wait longer"), _("those in public are answered sooner"), found.public),
        (_("Angry, against calm"), _("the angry wait longer"), _("the angry are answered sooner"), found.loud),
    ]  # fmt: skip
    for who, longer, sooner, compared in compared_words:
        words = {1: longer, -1: sooner, 0: _("no difference to be sure of")}
        yield {
            "who": who,
            "cause": _("All that can be compared"),
            "urgency": "",
            **_sides(compared),
            **_difference(compared.time, words),
            "kept_said": _kept_words(compared.kept),
        }
        for one in compared.strata:
            yield {
                "who": who,
                "cause": value_words(Field.CAUSES, one.cause) if one.cause else none_words(Field.CAUSES),
                "urgency": value_words(Field.URGENCY, one.urgency) if one.urgency else none_words(Field.URGENCY),
                **_sides(one),
                **_difference(one.time, words),
                "kept_said": _kept_words(one.kept),
            }


def _sides(compared: Compared | Stratum) -> Row:
    one, other = compared.one, compared.other
    return {
        "n": one.cases,
        "median": one.spread.quantile(MEDIAN),
        "other_n": other.cases,
        "other_median": other.spread.quantile(MEDIAN),
        "kept": Share(one.kept, one.decided).share,
        "other_kept": Share(other.kept, other.decided).share,
    }


def _difference(time: Difference | None, words: Mapping[int, str]) -> Row:
    if time is None:
        return {"more": None, "low": None, "high": None, "said": too_few()}
    return {
        "more": timedelta(minutes=time.value),
        "low": _minutes(time.low),
        "high": _minutes(time.high),
        "said": words[time.sure],
    }


def _minutes(value: float) -> timedelta | None:
    return timedelta(minutes=value) if isfinite(value) else None


def too_few() -> str:
    return _("not enough to say (fewer than %(n)s on one side)") % {"n": SIDE_ENOUGH}


def _kept_words(kept: Difference | None) -> str:
    if kept is None:
        return too_few()
    return {1: _("more is kept to the first"), -1: _("less is kept to the first"), 0: _("no difference to be sure of")}[
        kept.sure
    ]


def of_days(first: date, last: date) -> str:
    """For the name of a file."""
    return f"{first.isoformat()}-{last.isoformat()}"
