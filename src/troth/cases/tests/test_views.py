"""The list narrowed and sorted, and the views that are kept of it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from tests import people_and_things as things
from tests.faces import Shop, page, said, signed_in, statements
from tests.people_and_things import DAY, HOUR, NOW
from tests.programs import Program

from troth.cases import actions
from troth.cases.models import Case, SavedView
from troth.cases.rules.filters import Filters
from troth.people.actions import set_group
from troth.people.models import Team


def row(shop: Shop, subject: str, **values: Any) -> Case:
    case = shop.case(shop.bob, "Hello.", subject=subject, at=values.pop("at", NOW))
    Case.objects.filter(pk=case.pk).update(**{"answer_by": None, "kind": "enquiry", **values})
    return case


def listed(shop: Shop, query: str, staff: Any = None) -> list[str]:
    text = page(signed_in(staff or shop.sam), f"/cases/?{query}")
    return re.findall(r'<span class="row-title">([^<]*)</span>', text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=waiting&status=resolved", ["Bell", "Lamp"]),
        ("kind=complaint", ["Lamp"]),
        ("cause=late", ["Lamp"]),
        ("channel=phone", ["Bell"]),
        ("emotion=anger", ["Bell"]),
        ("urgency=high", ["Bell"]),
        ("owner=me", ["Bell"]),
        ("owner=nobody", ["Lamp"]),
        ("team=nobody", ["Bell"]),
        ("team=me", ["Lamp"]),
        ("unanswered=yes", ["Lamp"]),
        ("promised=owed", ["Bell"]),
        ("promised=soon", ["Bell"]),
        ("promised=late", []),
        ("linked=to_another", ["Bell"]),
        ("linked=has_others", ["Lamp"]),
        ("linked=none", []),
        ("public=yes", ["Bell"]),
        ("public=no", ["Lamp"]),
        ("group=vip", ["Bell", "Lamp"]),
        ("group=other", []),
        ("opened_from=2026-11-11", ["Bell"]),
        ("opened_to=2026-11-10", ["Lamp"]),
        ("last_from=2026-11-11&owner=nobody", []),
        ("search=bell&status=waiting", ["Bell"]),
        ("search=bell&status=open", []),
        ("view=all", ["Bell", "Lamp"]),
    ],
)
def test_each_filter_finds_what_it_says(shop: Shop, query: str, found: list[str]) -> None:
    lamp = row(shop, "Lamp", at=NOW - DAY, status="resolved", kind="complaint", cause="late", team=shop.team)
    bell = row(shop, "Bell", status="waiting", channel="phone", emotion="anger", urgency="high", assignee=shop.sam)
    Case.objects.filter(pk=bell.pk).update(parent=lamp, unanswered_since=None, is_public=True)
    set_group(shop.bob.customer, group="vip", by=shop.sam, now=NOW)
    shop.promise(shop.bob, bell)

    assert listed(shop, query) == found


def test_other_programs_narrow_the_list_by_the_same(shop: Shop) -> None:
    lamp = row(shop, "Lamp", cause="late", urgency="high", team=shop.team, is_public=True)
    bell = row(shop, "Bell", at=NOW - DAY, channel="phone", emotion="anger", parent=lamp)
    shop.promise(shop.bob, bell)
    set_group(shop.bob.customer, group="vip", by=shop.sam, now=NOW)
    program = Program(shop.sam)

    def found(**asked: object) -> list[str]:
        status, told = program.get("/cases", **asked)
        assert status == 200, told
        return [case["subject"] for case in told["items"]]

    for asked in ({"cause": "late"}, {"urgency": "high"}, {"team": shop.team.pk}, {"public": "true"}, {"linked": "has_others"},
                  {"opened_from": f"{NOW:%Y-%m-%d}"}):  # fmt: skip
        assert found(**asked) == ["Lamp"], asked
    for asked in ({"channel": "phone"}, {"emotion": "anger"}, {"public": "false"}, {"parent": lamp.pk}, {"promised": "soon"},
                  {"last_to": f"{NOW - DAY:%Y-%m-%d}"}):  # fmt: skip
        assert found(**asked) == ["Bell"], asked
    assert found(group="vip") == ["Lamp", "Bell"]
    assert found(group="other") == []
    assert program.get(f"/cases/{bell.pk}")[1]["parent"] == lamp.pk
    assert [program.get("/cases", **asked)[0] for asked in ({"channel": "fax"}, {"linked": "12"}, {"group": ""})] == [
        422
    ] * 3


def test_lists_are_sorted_and_paged_by_any_order(shop: Shop) -> None:
    for number in range(52):
        due = NOW + timedelta(minutes=(number * 17) % 52) if number % 4 else None
        row(shop, f"{number:02}", at=NOW + timedelta(minutes=number), answer_by=due)
    sam = signed_in(shop.sam)

    for order, wanted in (
        ("latest", [f"{n:02}" for n in reversed(range(52))]),
        ("oldest", [f"{n:02}" for n in range(52)]),
        ("due", [c.subject for c in Case.objects.all().order_by("answer_by", "pk")]),
    ):
        first = page(sam, f"/cases/?view=all&order={order}")
        older = re.search(r'href="(/cases/\?[^"]*older=[^"]*)"', first)
        assert older is not None
        second = page(sam, html.unescape(older[1]))
        assert re.findall(r'row-title">(\d\d)<', first) + re.findall(r'row-title">(\d\d)<', second) == wanted


def test_chips_take_filters_off_one_by_one(shop: Shop) -> None:
    text = page(signed_in(shop.sam), "/cases/?status=open&status=waiting&owner=me")

    chips = [
        html.unescape(one) for one in re.findall(r'<a class="chip" href="([^"]*)"><span class="heard">Take off', text)
    ]
    assert chips == [
        "/cases/?status=waiting&owner=me", "/cases/?status=open&owner=me", "/cases/?status=open&status=waiting",
    ]  # fmt: skip


def test_the_groups_that_customers_are_in_are_offered(shop: Shop) -> None:
    set_group(shop.bob.customer, group="vip", by=shop.sam, now=NOW)

    assert re.search(
        r'<select id="filter_group"[^>]*>.*<option value="vip">vip</option>', page(signed_in(shop.sam), "/cases/")
    )


def test_every_filter_costs_the_same_few_statements(shop: Shop) -> None:
    row(shop, "Bell")
    actions.save_view(name="Late", filters=Filters(cause=("late",)), staff=shop.sam, now=NOW)
    sam = signed_in(shop.sam)

    for query in (
        "",
        "saved=1",
        "promised=late&linked=none&owner=me&team=me&opened_from=2026-01-01&public=no&group=vip",
        "search=a@b&order=due",
    ):
        assert statements(sam, f"/cases/?{query}") == 4


# Views


def test_a_view_is_kept_shown_counted_changed_and_taken_away(shop: Shop) -> None:
    row(shop, "Bell", cause="late")
    sam = signed_in(shop.sam)

    sam.post("/cases/views/save/", {"name": " Late\u202e  ones ", "cause": "late", "shared": ""})
    view = SavedView.objects.get()
    assert (view.name, view.filters, view.team) == ("Late ones", {"cause": ["late"]}, None)
    assert listed(shop, f"saved={view.pk}") == ["Bell"]
    assert re.search(r"Late ones <span class=\"num\">1</span>", page(sam, "/cases/views/counts/"))

    sam.post("/cases/views/save/", {"saved": view.pk, "keep": "yes", "cause": ["late", "other"]})
    sam.post(f"/cases/views/{view.pk}/", {"do": "rename", "name": "Late or else"})
    view.refresh_from_db()
    assert (view.name, view.filters) == ("Late or else", {"cause": ["late", "other"]})

    sam.post(f"/cases/views/{view.pk}/", {"do": "drop"})
    assert f"saved={view.pk}" not in page(sam, "/cases/")
    sam.post(f"/cases/views/{view.pk}/", {"do": "back"})
    assert f"saved={view.pk}" in page(sam, "/cases/")
    assert "name" in said(sam.post("/cases/views/save/", {"name": "  "}))


def test_views_change_places(shop: Shop) -> None:
    for name in ("One", "Two", "Three"):
        actions.save_view(name=name, filters=Filters(), staff=shop.sam, now=NOW)

    two = SavedView.objects.get(name="Two")
    assert actions.move_view(two, up=True, by=shop.sam)
    assert not actions.move_view(two, up=True, by=shop.sam)

    assert list(SavedView.objects.order_by("place").values_list("name", flat=True)) == ["Two", "One", "Three"]


def test_what_a_team_shares_its_leads_look_after_and_others_never_see(shop: Shop) -> None:
    other = things.staff("kim@parcel.example", role="lead", team=Team.objects.create(name="Returns"))
    shared = actions.save_view(name="For us", filters=Filters(), staff=shop.lea, shared=True, now=NOW)
    own = actions.save_view(name="For me", filters=Filters(), staff=shop.sam, now=NOW)

    assert "For us" in page(signed_in(shop.sam), "/cases/")
    assert "For us" not in page(signed_in(other), "/cases/")
    for view, staff in ((shared, other), (own, shop.lea)):
        assert signed_in(staff).post(f"/cases/views/{view.pk}/", {"do": "drop"}).status_code == 404
    with pytest.raises(actions.NotYours):
        actions.drop_view(shared, by=shop.sam, now=NOW)
    with pytest.raises(actions.NotYours):
        actions.save_view(name="Ours", filters=Filters(), staff=shop.sam, shared=True, now=NOW)
    assert actions.drop_view(shared, by=shop.lea, now=NOW + HOUR)


def test_a_count_stops_where_it_says_no_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.cases.chosen.COUNT_MOST", 1)
    monkeypatch.setattr("troth.cases.desk.listing.COUNT_MOST", 1)
    for name in ("Bell", "Lamp", "Wheel"):
        row(shop, name)

    assert 'Open <span class="num">1+</span>' in page(signed_in(shop.sam), "/cases/views/counts/")
