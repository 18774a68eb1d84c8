"""The pages on which a cohort is put together, frozen and looked through, as Sam, as Aud, and as who sees no closed team."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.faces import Shop, page, said, signed_in, statements
from tests.people_and_things import DAY, NOW, handle

from troth.cases.models import Case
from troth.incidents import actions as incidents
from troth.notices.actions import cohorts
from troth.notices.models import Cohort, Member, Upload
from troth.notices.rules.conditions import Every, Not, OfCases, OfCustomers, OfOrders, Some, from_plain
from troth.people.models import Customer, Team

BEGIN = "/notices/cohorts/new/?about=order:3"


def fields(text: str) -> dict[str, Any]:
    """What a browser would send of the form, without the button."""
    found: dict[str, Any] = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', text))
    found |= dict(re.findall(r'<textarea[^>]* name="([\w-]+)"[^>]*>(.*?)</textarea>', text, re.DOTALL))
    selects = re.findall(r'<select[^>]* name="(kind-\d+)"[^>]*>(.*?)</select>', text, re.DOTALL)
    found |= {name: re.findall(r'value="(\w+)" selected', options)[0] for name, options in selects}
    for name, value in re.findall(r'<input type="checkbox" name="([\w-]+)" value="(\w+)" checked', text):
        found.setdefault(name, []).append(value)
    return found


def press(browser: Client, path: str, form: dict[str, Any], do: str, status: int = 200) -> str:
    answer = browser.post(path, {**form, "do": do})
    assert answer.status_code == status
    return answer.content.decode() if status != 302 else answer.headers["Location"]


def test_a_cohort_is_put_together_with_buttons_alone(shop: Shop) -> None:
    sam, new = signed_in(shop.sam), "/notices/cohorts/new/"
    shop.case(shop.ann, "The kettle leaks")
    bob = shop.case(shop.bob, "The kettle leaks")

    text = page(sam, BEGIN)
    form = {**fields(text), "about": "order:3"}
    assert form["incidents-1"] == "order:3"
    form["incidents-1"] = ""
    form["words-1"] = "kettle"
    text = press(sam, new, form, "add-any-0")  # a group, which begins with an order
    form = {**fields(text), "about": "order:3"}
    assert (form["kind-2"], form["within-2"], form["kind-3"], form["within-3"]) == ("any", "0", "orders", "2")
    text = press(sam, new, form, "add-customers-2")
    text = press(sam, new, {**fields(text), "about": "order:3"}, "out-x-3")
    form = {**fields(text), "about": "order:3", "groups-3": "vip", "not-2": "yes"}
    Customer.objects.filter(pk=shop.ann.customer_id).update(group="vip")

    text = press(sam, new, form, "count")
    assert "Bob Baker" in text
    assert "Ann Archer" not in text
    assert not Cohort.objects.exists()

    where = press(sam, new, {**form, "name": "Kettles"}, "save", status=302)
    cohort = Cohort.objects.get()
    assert from_plain(cohort.conditions) == Every(
        (OfCases(words=("kettle",)), Not(Some((OfCustomers(groups=("vip",)),))))
    )
    assert (cohort.name, cohort.made_by, cohort.frozen_at) == ("Kettles", shop.sam, None)

    form = fields(page(sam, where))
    assert press(sam, f"{where}change/", {**form, "name": "Kettles", "joins_until": ""}, "freeze", status=302) == where
    assert list(Member.objects.values_list("customer", "why")) == [(shop.bob.customer_id, f"case:{bob.pk}")]
    assert "Bob Baker" in page(sam, where)


def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_kept(shop: Shop) -> None:
    sam = signed_in(shop.sam)
    form = {"about": "order:3", "rows": "2", "kind-0": "all", "kind-1": "orders", "within-1": "0"}
    backwards = {"ordered-from-1": "2026-11-03T10:00", "ordered-to-1": "2026-11-02T10:00"}

    text = press(sam, "/notices/cohorts/new/", {**form, **backwards}, "save", status=422)
    assert "The end must be later than the beginning." in text
    assert 'value="2026-11-03T10:00"' in text
    text = press(sam, "/notices/cohorts/new/", form, "freeze", status=422)
    assert "Nobody meets these conditions" in text
    assert "Write a day to come" in press(
        sam, "/notices/cohorts/new/", {**form, "joins_until": "x"}, "freeze", status=422
    )
    assert Cohort.objects.filter(frozen_at__isnull=False).count() == 0

    # What no form of ours sends does no harm.
    hostile = {
        "rows": "9999999",
        "kind-0": "<b>",
        "within-1": "7",
        "kind-1": "all",
        "within-2": "2",
        "products-2": "\x00" + "x" * 300,
    }
    assert sam.post("/notices/cohorts/count/", {**hostile, "rows": "3"}).status_code == 200
    assert sam.post("/notices/cohorts/count/", hostile).status_code == 200
    assert sam.post("/notices/cohorts/new/", {**form, "about": "nonsense", "do": "save"}).status_code == 302


def test_members_are_found_left_out_and_taken_back(shop: Shop) -> None:
    sam, aud = signed_in(shop.sam), signed_in(shop.aud)
    cohort = cohorts.freeze(
        cohorts.draft(about="order:3", conditions=OfCustomers(), by=shop.sam, now=NOW), by=shop.sam, now=NOW
    )
    path, member = f"/notices/cohorts/{cohort.pk}/", Member.objects.get(customer=shop.ann.customer_id)

    assert "Ann Archer" in page(aud, path)
    assert 'name="reason"' not in page(aud, path)
    assert "Bob" not in page(sam, f"{path}?search=ann@example")
    answer = sam.post(f"/notices/members/{member.pk}/out/", {"reason": " "})
    assert "Say why" in said(answer)
    answer = sam.post(f"/notices/members/{member.pk}/out/", {"reason": "=I rang them", "standing": "excluded"})
    assert answer.headers["Location"] == f"{path}?standing=excluded"
    assert "=I rang them" in page(sam, f"{path}?standing=excluded")
    assert "Bob" not in page(sam, f"{path}?standing=excluded")

    written = b"".join(signed_in(shop.lea).get(f"{path}members.csv").streaming_content).decode()
    assert len(written.splitlines()) == 3
    assert "excluded,'=I rang them" in written

    sam.post(f"/notices/members/{member.pk}/in/")
    assert set(Member.objects.values_list("standing", flat=True)) == {"in"}


def test_who_sees_no_closed_team_is_told_how_many_and_no_names(shop: Shop) -> None:
    sam, closed = signed_in(shop.sam), Team.objects.create(name="Board", is_closed=True)
    case = shop.case(shop.ann, "The kettle leaks")
    Case.objects.filter(pk=case.pk).update(team=closed)
    form = {"rows": "2", "kind-0": "all", "kind-1": "cases", "within-1": "0", "words-1": "kettle"}

    def both(path: str) -> list[str]:
        return [page(browser, path) for browser in (sam, signed_in(shop.aud))]

    counted = sam.post("/notices/cohorts/count/", form).content.decode()
    assert ">1</strong>" in counted
    assert "Somebody whom a closed team looks after" in counted
    assert f"/cases/{case.pk}/" not in counted
    assert "Ann" not in counted

    draft = cohorts.draft(about="order:3", conditions=OfCases(words=("kettle",)), by=shop.sam, now=NOW)
    cohorts.freeze(draft, by=shop.sam, now=NOW)
    hidden, shown = both(f"/notices/cohorts/{draft.pk}/")
    assert "Ann" not in hidden
    assert "Ann Archer" in shown
    member = Member.objects.get()
    assert sam.post(f"/notices/members/{member.pk}/out/", {"reason": "x"}).status_code == 404
    shop.sam.role = "lead"
    shop.sam.save()
    written = b"".join(sam.get(f"/notices/cohorts/{draft.pk}/members.csv").streaming_content).decode()
    assert "Ann" not in written
    assert f"{member.pk}," in written


def test_a_list_is_uploaded_told_line_by_line_and_thrown_away(shop: Shop) -> None:
    sam = signed_in(shop.sam)

    answer = sam.post(
        "/notices/lists/", {"file": SimpleUploadedFile("recall.csv", b"ann@example.net\nnew@x.example\nHP-1\n")}
    )
    text = page(sam, answer.headers["Location"])
    assert "HP-1" in text
    assert "we know no order of this number" in text
    assert "new@x.example" in text
    assert "recall.csv" in page(sam, "/notices/lists/")
    assert "names nobody" not in text
    answer = sam.post("/notices/lists/", {"file": SimpleUploadedFile("empty.csv", b"\n\n")})
    assert answer.status_code == 422
    upload = Upload.objects.get()
    form = {"rows": "2", "kind-0": "all", "kind-1": "listed", "within-1": "0", "list-1": str(upload.pk)}
    counted = sam.post("/notices/cohorts/count/", form).content.decode()
    assert "Ann Archer" in counted
    assert "new@x.example" in counted
    sam.post(f"/notices/lists/{upload.pk}/throw-away/")
    assert not Upload.objects.exists()


def test_a_longer_list_takes_no_more_statements(shop: Shop) -> None:
    sam = signed_in(shop.sam)
    one = cohorts.draft(about="order:3", conditions=OfCustomers(), by=shop.sam, now=NOW)
    cohorts.freeze(one, by=shop.sam, now=NOW)
    before = statements(sam, f"/notices/cohorts/{one.pk}/")
    for number in range(60):
        handle(f"c{number}@example.net", name=f"C{number}")
    many = cohorts.draft(about="order:3", conditions=OfCustomers(), by=shop.sam, now=NOW)
    cohorts.freeze(many, by=shop.sam, now=NOW)

    path = f"/notices/cohorts/{many.pk}/"
    assert statements(sam, path) == before
    (after,) = re.findall(r"after=(\d+)", page(sam, path))
    assert len(re.findall("data-row", page(sam, f"{path}?after={after}"))) == 12
    assert "cohort" in page(sam, "/notices/cohorts/")


def test_who_is_hit_by_what_a_closed_team_looks_after_is_theirs_to_say(shop: Shop) -> None:
    conduct = Team.objects.create(name="Conduct", is_closed=True)
    hidden = incidents.begin(
        title="Somebody read letters", sort="data", happened_at=NOW, next_word_at=NOW + DAY, team_id=conduct.pk, by=None,
        now=NOW,
    )  # fmt: skip
    made = cohorts.draft(about=hidden.ref, conditions=OfOrders(), by=None, now=NOW, name="Whose letters were read")
    sam, begin = signed_in(shop.sam), f"/notices/cohorts/new/?about={hidden.ref}"

    assert sam.get(begin).status_code == sam.get(f"/notices/cohorts/{made.pk}/").status_code == 404
    assert made.name not in page(sam, "/notices/cohorts/")
    aud = signed_in(shop.aud)
    assert made.name in page(aud, "/notices/cohorts/")
    assert page(aud, f"/notices/cohorts/{made.pk}/")


@pytest.mark.parametrize("days", [1, -1])
def test_until_when_people_join_can_be_changed(shop: Shop, days: int) -> None:
    one = cohorts.draft(about="order:3", conditions=OfOrders(), by=shop.sam, now=NOW)
    cohorts.freeze(one, by=shop.sam, now=NOW, joins_until=NOW + 9 * DAY)

    until = NOW + days * DAY
    signed_in(shop.sam).post(f"/notices/cohorts/{one.pk}/joins/", {"joins_until": until.strftime("%Y-%m-%dT%H:%M")})

    one.refresh_from_db()
    assert one.joins_until == (until if days > 0 else NOW + 9 * DAY)
