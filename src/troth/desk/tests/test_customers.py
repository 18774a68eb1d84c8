from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.faces import Shop, actions_in, page, said, signed_in, statements, with_link
from tests.people_and_things import NOW, handle

from troth.people import actions as people
from troth.people.models import Merge


def test_a_customer_is_found_by_name_and_by_address(shop: Shop) -> None:
    sam = signed_in(shop.sam)

    assert "Bob Baker" not in page(sam, "/customers/?search=archer")
    assert "Ann Archer" in page(sam, "/customers/?search=ann@example")
    assert "Nobody by that name" in page(sam, "/customers/?search=100%25")
    assert "Nobody by that name" in page(sam, "/customers/?search=%00nobody")


@pytest.mark.parametrize("path", ["/customers/", "/cases/", "/promises/"])
@pytest.mark.parametrize(
    "mark", ["x~y", "2026-01-01~1", "2026-01-01T00:00:00-23:59~5", "0001-01-01T00:00:00+23:59~5", "9999-12-31T23:59Z~9"]
)
def test_a_mark_of_paging_that_is_none_of_ours_is_no_fault(shop: Shop, path: str, mark: str) -> None:
    page(signed_in(shop.sam), f"{path}?{urlencode({'older': mark})}")


def test_the_whole_story_is_told(shop: Shop) -> None:
    case = shop.case()
    shop.promise(case=case, quote="We will ring you.")

    text = page(signed_in(shop.sam), f"/customers/{shop.ann.customer_id}/")

    assert "Where is my parcel?" in text
    assert "We will ring you." in text
    assert "ann@example.net" in text
    assert "Bob Baker" not in text  # his first name alone may stand in a token


def test_each_address_says_whether_it_is_theirs_and_whether_it_works(shop: Shop) -> None:
    sam, path = signed_in(shop.sam), f"/customers/{shop.ann.customer_id}/"

    before = page(sam, path)
    people.confirm_handle(shop.ann, how="answered", now=NOW)
    people.handle_bounced(address=shop.ann.address, letter="letter:1", now=NOW)
    after = page(sam, path)

    words = ("confirmed</span>", "letters come back</span>")
    assert [[word in text for word in words] for text in (before, after)] == [[False, False], [True, True]]


def test_two_records_become_one_and_two_again(shop: Shop) -> None:
    case = shop.case(shop.bob)
    lea, ann, bob = signed_in(shop.lea), shop.ann.customer_id, shop.bob.customer_id

    merged = lea.post(f"/customers/{ann}/merge/", {"other": bob})
    together = page(lea, f"/customers/{ann}/")
    again = lea.post(f"/customers/{ann}/merge/", {"other": bob})
    lea.post(f"/customers/{ann}/unmerge/", {"merge": Merge.objects.get().pk})

    assert (merged.status_code, again.status_code) == (302, 302)
    assert "one customer already" in said(again)
    assert f"#{case.pk} · open" in together
    assert lea.get(f"/customers/{bob}/").status_code == 200
    assert f"#{case.pk} · open" not in page(lea, f"/customers/{ann}/")


def test_the_merged_one_leads_to_the_one_in_front(shop: Shop) -> None:
    lea, ann, bob = signed_in(shop.lea), shop.ann.customer_id, shop.bob.customer_id
    lea.post(f"/customers/{ann}/merge/", {"other": bob})

    assert lea.get(f"/customers/{bob}/").headers["Location"] == f"/customers/{ann}/"


def test_only_a_lead_merges(shop: Shop) -> None:
    ann, bob = shop.ann.customer_id, shop.bob.customer_id

    answers = [
        signed_in(who).post(f"/customers/{ann}/merge/", {"other": bob}).status_code for who in (shop.sam, shop.aud)
    ]

    assert answers == [403, 403]
    assert Merge.objects.count() == 0
    assert actions_in(page(signed_in(shop.sam), f"/customers/{ann}/")) == {
        "/account/logout/",
        f"/customers/{ann}/group/",
    }


def test_what_is_not_there_is_not_found(shop: Shop) -> None:
    lea, ann = signed_in(shop.lea), shop.ann.customer_id

    assert lea.get("/customers/999999/").status_code == 404
    assert lea.get(f"/customers/{10**25}/").status_code == 404
    assert lea.post(f"/customers/{ann}/merge/", {"other": "999999"}).status_code == 404
    assert lea.post(f"/customers/{ann}/merge/", {"other": "Bob"}).status_code == 404
    assert lea.post(f"/customers/{ann}/unmerge/", {"merge": "1"}).status_code == 404
    assert Client().get(f"/customers/{ann}/").status_code == 302


def test_statements_do_not_grow(shop: Shop) -> None:
    sam, ann = signed_in(shop.sam), shop.ann.customer_id
    shop.promise(case=shop.case())
    one = statements(sam, "/customers/"), statements(sam, f"/customers/{ann}/")

    for number in range(3):
        handle(f"more{number}@example.net", name=f"More {number}")
        shop.promise(case=shop.case(), what=f"thing {number}")

    assert (statements(sam, "/customers/"), statements(sam, f"/customers/{ann}/")) == one
    assert one == (3, 6)


def test_a_lead_takes_back_every_link_of_a_customer(shop: Shop) -> None:
    link = shop.link()
    lea, ann = signed_in(shop.lea), with_link(link)
    assert ann.get("/my/").status_code == 200

    answer = lea.post(f"/customers/{shop.ann.customer_id}/links/")

    assert answer.status_code == 302
    assert "Their links open nothing any more." in page(lea, f"/customers/{shop.ann.customer_id}/")
    assert ann.get("/my/").status_code == 403
    assert "Take back their links" not in page(signed_in(shop.sam), f"/customers/{shop.ann.customer_id}/")
    assert signed_in(shop.sam).post(f"/customers/{shop.ann.customer_id}/links/").status_code == 403
