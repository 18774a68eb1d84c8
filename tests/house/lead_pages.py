"""How it goes at the furniture maker's: invented figures through the product's own tables and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

NOW = datetime(2026, 11, 26, 14, 20, tzinfo=UTC)


def pages(staff: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "lead", "desk/lead.html", {**staff, **values()}
    yield "lead-empty", "desk/lead.html", {**staff, **values(), "is_empty": True}


def values() -> dict[str, Any]:
    from troth.desk import lead_charts as charts
    from troth.desk import lead_sheets as sheets
    from troth.desk import making_good as good
    from troth.desk.leading import (
        Acknowledged,
        Answers,
        AtRisk,
        Backlog,
        Cared,
        Misses,
        OfDay,
        Old,
        Side,
        Unexplained,
        compared,
    )
    from troth.desk.rules.spread import Spread, bin_of

    dice = Random(11)  # noqa: S311 - invented figures

    def spread(n: int, mean: float, waits: int = 0) -> Spread:
        found = Spread(in_time=round(n * 0.93), late=n - round(n * 0.93))
        found.ended.update(bin_of(timedelta(minutes=dice.expovariate(1 / mean))) for _ in range(n))
        found.waits.update(bin_of(timedelta(minutes=dice.uniform(5, mean))) for _ in range(waits))
        return found

    now, before = Answers(), Answers()
    for kind, n, mean in (
        ("enquiry", 180, 140),
        ("complaint", 74, 70),
        ("suggestion", 21, 260),
        ("compliment", 3, 300),
    ):
        now.by_kind["first", kind], before.by_kind["first", kind] = spread(n, mean, n // 12), spread(n, mean * 1.3)
        now.by_kind["next", kind] = spread(n // 2, mean * 1.4, n // 20)
    for hour in range(24):
        now.by_hour["first", hour] = spread(22 if 8 < hour < 18 else 4, 90 if hour < 12 else 160)
    for day in range(1, 8):
        now.by_day["first", day] = spread(50 if day < 6 else 8, 150 if day == 1 else 110)
    days = [
        OfDay(date(2026, 10, 28) + timedelta(days=at), 14 + (at * 7) % 11 - at // 4, 9 + at % 5, 8 + at % 6)
        for at in range(30)
    ]
    backlog = Backlog(
        unanswered=[7, 4, 2, 1, 0],
        open=[9, 12, 14, 6, 11],
        oldest=[
            Old(1042, "Scratched table top", NOW - timedelta(days=4), NOW - timedelta(days=3), "Sam Okafor"),
            Old(1057, "Does the bench come in ash?", NOW - timedelta(hours=30), NOW + timedelta(hours=1), None),
        ],
        days=days,
    )
    risk = [
        AtRisk("first", None, None, None, None, 1, 2, 4, NOW - timedelta(hours=3)),
        AtRisk("next", 3, "Workshop", 1, "Kim Lindqvist", 0, 1, 2, NOW + timedelta(minutes=50)),
    ]
    misses = Misses(
        promises={"supplier": 9, "over_promised": 6, "forgot": 2, "": 3},
        clocks={"no_capacity": 7, "supplier": 1, "waited": 2, "": 2},
        unexplained=[
            Unexplained("promise:7", "collect the old wardrobe", NOW - timedelta(days=3), "deed"),
            Unexplained("case:1031", "Order 88120: six waiting-room chairs", NOW - timedelta(days=5), "first"),
        ],
    )
    loud: dict[tuple[str, str, bool], Side] = {}
    for cause, mean in (("late", 60), ("poor_quality", 90), ("hidden_fee", 45)):
        loud[cause, "high", True] = Side(spread(40, mean), kept=30, decided=33, cases=40)
        loud[cause, "high", False] = Side(spread(60, mean * 2), kept=38, decided=47, cases=60)
    public = {
        ("late", "high", True): Side(spread(5, 30), cases=5),
        ("late", "high", False): Side(spread(90, 80), cases=90),
    }
    felt = {("angry", "calm"): 41, ("hurt", "pleased"): 12, ("calm", "calm"): 66, ("calm", "hurt"): 9}
    cared = Cared(felt=felt, public=compared(public), loud=compared(loud), cases=312)
    acknowledged = {
        "late": Acknowledged([timedelta(minutes=50), timedelta(hours=3)], [timedelta(hours=26)]),
        "outage": Acknowledged([timedelta(minutes=12)], before=2),
    }
    steps = {
        "offered": good.Step(spread(14, 900, 2)),
        "accepted": good.Step(spread(11, 1300, 3), ended=2),
        "given": good.Step(spread(9, 7000, 1), missed=1),
    }
    products = [
        good.Product("Oak table", spread(6, 2600), 41),
        good.Product("Bench", Spread(), 7),
        good.Product("", Spread(), 12),
    ]
    found = [
        sheets.by_kind(now, before), sheets.by_hour(now), sheets.by_weekday(now), sheets.ages(backlog), sheets.trend(backlog),
        sheets.oldest(backlog), sheets.risk(risk, cases="#"), sheets.reasons(misses), sheets.unexplained(misses),
        sheets.emotions(cared), sheets.parity(cared), sheets.acknowledged(acknowledged),
        good.remedy_sheet(steps), good.product_sheet(products),
    ]  # fmt: skip
    named = {sheet.name: sheet for sheet in found}
    return {
        "lengths": [{"words": f"{n} days", "href": "#", "here": n == 30} for n in (7, 30, 90)],
        "days": {
            "first": date(2026, 10, 28), "last": date(2026, 11, 26), "own": False,
            "before": {"first": date(2026, 9, 28), "last": date(2026, 10, 27)},
        },
        "team": None,
        "teams": [("", "All teams"), (3, "Workshop")],
        "team_shown": True,
        "sheets": named,
        "charts": charts.every(named, now, backlog),
        "csv": {name: f"#{name}" for name in named},
        "cases_most": 20_000,
        "is_cut": True,
        "is_empty": False,
        "worked": charts.worked_words,
        "more": charts.more_words,
        "percent": charts.percent_words,
    }  # fmt: skip
