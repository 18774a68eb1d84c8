"""The pages of who is affected, as the values they ask for."""

# ruff: noqa: E501  a row reads best on its line
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from troth.notices.desk.building import tree_shown
from troth.notices.rules.typed import Row


def pages(given: dict[str, Any], *, at: Callable[..., datetime]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, template and values of each page."""
    about = {"about": "incident:3", "about_words": "incident 3", "about_href": "#"}
    rows = [
        Row("all"),
        Row("orders", 0, False, {"products": ("Oak table\nWardrobe",), "places": ("York",), "stands": ("late",), "promised-from": ("2026-11-20T00:00",), "promised-to": ("2026-11-19T00:00",)}),
        Row("any", 0, True),
        Row("cases", 2, False, {"kinds": ("complaint",), "words": ("scratched",)}),
        Row("customers", 2),
        Row("listed", 2),
    ]  # fmt: skip
    wrong = "The end must be later than the beginning."
    sample = [
        {"name": "Ann Marlowe", "href": "#", "is_stranger": False, "why": [{"words": "order 20418", "href": "#"}, {"words": "case 1042", "href": "#"}], "more": False},
        {"name": "The Hon. Wilhelmina Featherstonehaugh-Cholmondeley", "href": "#", "is_stranger": False, "why": [{"words": "order 20411", "href": "#"}], "more": True},
        {"name": "orders@ferrylane.example", "href": "", "is_stranger": True, "why": [{"words": "a list", "href": ""}], "more": False},
        {"name": "Somebody whom a closed team looks after", "href": "", "is_stranger": False, "why": [], "more": True},
    ]  # fmt: skip
    preview = {"count": 1412, "is_blank": False, "too_long": False, "sample": sample}
    draft = {"id": 7, "name": "", **about, "joins_until": ""}
    yield (
        "cohort",
        "notices/cohort.html",
        {
            **given,
            "cohort": draft,
            "action": "#",
            "rows": len(rows),
            "tree": tree_shown(rows, 0, wrong={(1, "promised"): wrong}, focus=-1, lists=[("3", "recalled batch.csv")]),
            "errors": [{"id": "promised-1", "words": wrong}],
            "preview": preview,
        },
    )

    def member(id: int, name: str, standing: str, words: str, tone: str | None, **rest: Any) -> dict[str, Any]:
        return {"id": id, "name": name, "href": "#", "address": "", "why": [{"words": f"order {id}", "href": "#"}], "more": False, "standing": standing, "words": words, "tone": tone, "reason": "", "by": "", "excluded_at": None, "may_change": True, **rest}  # fmt: skip

    frozen = {
        "id": 7, "name": "Late tables, York", **about, "count": 1412, "frozen_at": at(hours=-3), "digest": "9f4a" * 16, "by": "Sam Okafor",
        "joins_until": at(days=3), "joins_field": "2026-11-29T17:00", "counts": {"in": 1410, "late": 2, "excluded": 2}, "csv": "#",
    }  # fmt: skip
    shown = [
        member(20418, "Ann Marlowe", "in", "frozen", None),
        member(20411, "The Hon. Wilhelmina Featherstonehaugh-Cholmondeley", "excluded", "left out", "warn", reason="I rang her this morning, and she has the table.", by="Kim Lindqvist", excluded_at=at(hours=-1)),
        member(20500, "orders@ferrylane.example", "late", "joined late", "calm", href="", why=[{"words": "a list", "href": ""}]),
        member(20501, "Somebody whom a closed team looks after", "in", "frozen", None, href="", why=[], more=True, may_change=False),
    ]  # fmt: skip
    yield (
        "cohort-members",
        "notices/members.html",
        {
            **given,
            "cohort": frozen,
            "filters": {"standing": "", "search": "", "after": ""},
            "filtered": False,
            "standings": [("", "All"), ("late", "joined late")],
            "members": shown,
            "notices": True,
            "pages": {"words": "", "newer": None, "older": "#"},
        },
    )
    listed = [{"id": 7, "href": "#", "name": "Late tables, York", **about, "count": 1412, "frozen_at": at(hours=-3), "made_at": at(hours=-4)}, {"id": 8, "href": "#", "name": "Those affected", **about, "count": 0, "frozen_at": None, "made_at": at(hours=-1)}]  # fmt: skip
    yield "cohorts", "notices/cohorts.html", {**given, "cohorts": listed, "pages": None}
    problem = "There is no line in it that could name anybody."
    lists = [{"id": 3, "name": "recalled batch.csv", "at": at(days=-1), "by": "Sam Okafor", "people": 212}]
    yield (
        "cohort-lists",
        "notices/lists.html",
        {**given, "problem": problem, "errors": [{"id": "id_file", "words": problem}], "lists": lists},
    )
    upload = {"id": 3, "name": "recalled batch.csv", "at": at(minutes=-2), "by": "Sam Okafor", "known": 208, "unknown": 4, "doubled": 2, "wrong": 1}  # fmt: skip
    yield (
        "cohort-list",
        "notices/list.html",
        {
            **given,
            "u": upload,
            "same": {"id": 2, "name": "batch.csv", "at": at(days=-1)},
            "problems": [{"line": 17, "said": "HP-99999", "words": "we know no order of this number"}],
            "strangers": [{"line": 3, "address": "new@ferrylane.example", "name": "Ferry Lane"}],
        },
    )
