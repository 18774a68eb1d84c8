from __future__ import annotations

import pytest
from django.test import Client
from tests.faces import Shop, page, signed_in, statements
from tests.people_and_things import NOW
from tests.programs import Program

from troth.cases.models import Case
from troth.people.rules.keys import Scope

pytestmark = pytest.mark.django_db


def test_what_is_found_is_shown_with_its_words_marked_and_nothing_of_it_runs(shop: Shop) -> None:
    case = shop.case(subject="Wheel <b>", text="The <img src=x onerror=alert(1)> hinge \x02broke\x03 & fell.")

    text = page(signed_in(shop.sam), "/search/?words=hinge")

    assert "<mark>hinge</mark>" in text
    assert "broke" in text
    assert "<img src=x" not in text
    assert "\x02" not in text
    assert f'href="/cases/{case.pk}/"' in text
    assert "1 found" in text


def test_nothing_found_says_what_would_find_more(shop: Shop) -> None:
    shop.case()

    text = page(signed_in(shop.sam), "/search/?words=parcel+zeppelin&kind=complaint")

    assert "Nothing holds these words" in text
    assert 'href="/search/?words=parcel+zeppelin"' in text
    assert 'href="/search/?words=parcel&amp;kind=complaint"' in text
    assert "stand everywhere" in page(signed_in(shop.sam), "/search/?words=the+and")
    assert "Find what was said" in page(signed_in(shop.sam), "/search/")


@pytest.mark.parametrize(
    "query",
    ["words=%00", "words=a&customer=x&owner=%C2%B2&team=99999999999999999999&since=2026-99-99&until=0001-01-01&page=-1",
     "words=parcel&sort=newest&older=never", "words=parcel&page=99999", "words=" + "%22" * 400, "words=parcel&kind=%00"],
)  # fmt: skip
def test_nonsense_is_taken_calmly(shop: Shop, query: str) -> None:
    shop.case()

    page(signed_in(shop.sam), f"/search/?{query}")


def test_many_cases_come_by_the_page(shop: Shop) -> None:
    for nth in range(25):
        shop.case(subject=f"Wheel {nth}", text="?")
    sam = signed_in(shop.sam)

    first, second = page(sam, "/search/?words=wheel"), page(sam, "/search/?words=wheel&page=2")

    assert (first.count("found-group "), first.count('class="found-group"')) == (0, 20)
    assert second.count('class="found-group"') == 5
    assert "page=2" in first
    assert "25 found" in first


def test_as_many_statements_for_one_as_for_many(shop: Shop) -> None:
    sam = signed_in(shop.sam)
    shop.case(subject="Wheel")
    one = statements(sam, "/search/?words=wheel")
    for _nth in range(5):
        shop.promise(case=shop.case(shop.bob, subject="Wheel"), what="mend the wheel")

    assert statements(sam, "/search/?words=wheel") == one <= 6


def test_marks_say_what_is_not_the_customer_s_to_see(shop: Shop) -> None:
    case = shop.case(subject="Wheel")
    Case.objects.filter(pk=case.pk).update(for_staff_only=True, unverified=True)

    text = page(signed_in(shop.aud), "/search/?words=wheel")

    assert "Lets somebody sign in" in text
    assert "Sender not verified" in text


def test_a_program_finds_what_its_key_may_read(shop: Shop) -> None:
    case = shop.case(subject="Wheel")
    promise = shop.promise(case=case, what="mend the wheel")
    everything = Program(shop.sam, now=NOW)
    narrow = Program(shop.sam, Scope.CASES_READ, now=NOW)

    told = everything.get("/search", words="wheel")[1]
    little = narrow.get("/search", words="wheel")[1]

    assert [item["case"] for item in told["items"]] == [case.pk]
    assert {place["sort"] for place in told["items"][0]["places"]} == {"message", "subject", "promise"}
    assert told["items"][0]["promises"] == [{"id": promise.pk, "state": "open", "what": "mend the wheel"}]
    assert {"text": "Wheel", "hit": True} in next(
        place["pieces"] for place in told["items"][0]["places"] if place["sort"] == "subject"
    )
    assert little["items"][0]["promises"] == []
    assert "promise" not in {place["sort"] for place in little["items"][0]["places"]}
    assert [who["name"] for who in everything.get("/search", words="archer")[1]["customers"]] == ["Ann Archer"]
    assert narrow.get("/search", words="archer")[1]["customers"] == []
    # By leaving cases out it would tell how promises stand.
    assert narrow.get("/search", words="wheel", promise_state="late")[0] == 403
    assert everything.get("/search", words="wheel", promise_state="open")[1]["count"] == 1


def test_nobody_finds_anything_without_signing_in(shop: Shop) -> None:
    assert Client().get("/search/?words=parcel").status_code == 302
