"""The search page at about a million messages: how long the slowest of twenty take, whether words are everywhere or nowhere."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from bench.desk.told import Told
from bench.spine.__main__ import note, table
from bench.spine.gauge import Gauge
from bench.spine.pages import browser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

#: What is asked, each time another of them; how common they are is written in bench/words.sql.
ASKED: dict[str, tuple[str, ...]] = {
    "a word of every letter": ("ordered", "weeks", "thank"),
    "a word of every tenth": ("hinge", "scratched", "invoice", "refund"),
    "a word of about one in a hundred": ("hammock", "Thirsk", "ottoman", "Hexham"),
    "a word of one in five thousand": ("harpsichord",),
    "the number of an order": ("1234", "4321", "777", "1901"),
    "two words": ("hinge Truro", "refund sofa", "invoice Glasgow", "table violet"),
    "two words of every letter": ("ordered weeks", "told anything"),
    "a phrase": ('"table top scratched"', '"broken hinge"', '"change of address"'),
    "a phrase of common words, never said": ('"weeks ordered ago"', '"house our for"'),
    "a rare phrase": ('"violet ottoman"', '"ivory hammock"', '"teal trellis"'),
    "without a word": ("hinge -London", "refund -table"),
    "as it is typed": ("hing", "harps", "scrat", "ord"),
    "nothing": ("zeppelin", "quokka"),
}


def measured(told: Told, *, rounds: int, said: str) -> None:
    """Every question with every choice beside it, *rounds* times, in turns; told after each round of all."""
    page, chosen = browser(), _chosen()
    gauges = {(asked, beside): Gauge() for asked in ASKED for beside in chosen}
    statements: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM cases_message), (SELECT count(*) FROM search_passage)")
        messages, passages = cursor.fetchone()
    for asked, words in ASKED.items():
        with CaptureQueriesContext(connection) as captured:
            page.get(f"/search/?{urlencode({'words': words[0]})}")
        statements[asked] = len(captured)
    for nth in range(rounds):
        note(f"search, round {nth + 1} of {rounds}")
        for (asked, beside), gauge in gauges.items():
            words = ASKED[asked]
            path = f"/search/?{urlencode({'words': words[nth % len(words)], **chosen[beside]})}"
            with gauge.take():
                page.get(path)
        if nth + 1 in {rounds // 4, rounds // 2, rounds}:
            every = {beside: _together([gauges[asked, beside] for asked in ASKED]) for beside in chosen}
            rows = {
                asked: [str(statements[asked]), *(f"{gauges[asked, beside].wall_p95:.0f}" for beside in chosen)]
                for asked in ASKED
            }
            rows["all of them"] = ["", *(f"{one.wall_p95:.0f}" for one in every.values())]
            rows["all of them, CPU ms in the middle"] = ["", *(f"{one.cpu:.0f}" for one in every.values())]
            counted = f"{messages:,} messages, {passages:,} passages, each question asked {nth + 1} times."
            told.put("search", f"{said} {counted}\n\n{table(['search: p95 ms', 'statements', *chosen], rows)}")


def _together(some: list[Gauge]) -> Gauge:
    return Gauge(*([taken for one in some for taken in getattr(one, name)] for name in ("own", "backend", "wall")))


def _chosen() -> dict[str, dict[str, str]]:
    """What is chosen beside the words."""
    from troth.people.models import Customer, Staff

    today = timezone.now().date()
    month = {"since": str(today - timedelta(days=400)), "until": str(today - timedelta(days=370))}
    return {
        "alone": {},
        "newest first": {"sort": "newest"},
        "complaints": {"kind": "complaint"},
        "an owner's": {"owner": str(Staff.objects.order_by("pk")[4].pk)},
        "with a broken promise": {"state": "broken"},
        "a month of last year": month,
        "a customer's": {"customer": str(Customer.objects.order_by("pk")[17].pk)},
        "an owner's complaints in a month": {
            "owner": str(Staff.objects.order_by("pk")[4].pk),
            "kind": "complaint",
            **month,
        },
    }
