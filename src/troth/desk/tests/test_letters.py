from __future__ import annotations

import pytest
from tests.faces import Shop, actions_in, page, said, signed_in, statements
from tests.people_and_things import HOUR, NOW, delivered, refused

from troth.cases.actions import acknowledge
from troth.post.models import Letter


@pytest.fixture
def letter(shop: Shop) -> Letter:
    found = acknowledge(shop.message(), now=NOW)
    assert found is not None
    return found


def test_a_letter_says_how_it_stands(shop: Shop, letter: Letter) -> None:
    sam = signed_in(shop.sam)

    waiting = page(sam, "/letters/")
    delivered(letter, at=NOW + HOUR)
    arrived = page(sam, "/letters/")

    assert "Waits to leave" in waiting
    assert "Delivered" in arrived
    assert "by itself" in arrived
    assert "No letters here" in page(sam, "/letters/?view=failed")
    assert "No letters here" in page(sam, "/letters/?view=waiting&older=7")


def test_a_refused_letter_leaves_once_more_when_somebody_says_so(shop: Shop, letter: Letter) -> None:
    refused(letter, at=NOW)
    sam, path = signed_in(shop.sam), f"/letters/{letter.pk}/again/"

    offered = actions_in(page(sam, "/letters/?view=failed"))
    first, second = sam.post(path), sam.post(path)

    letter.refresh_from_db()
    assert path in offered
    assert "It leaves once more." in said(first)
    assert "It is on its way already." in said(second)
    assert letter.state == "queued"


def test_an_auditor_sends_nothing(shop: Shop, letter: Letter) -> None:
    refused(letter, at=NOW)
    aud = signed_in(shop.aud)

    assert actions_in(page(aud, "/letters/")) == {"/account/logout/"}
    assert aud.post(f"/letters/{letter.pk}/again/").status_code == 403
    letter.refresh_from_db()
    assert letter.state == "refused"


def test_statements_do_not_grow(shop: Shop, letter: Letter) -> None:
    sam = signed_in(shop.sam)
    one = statements(sam, "/letters/")

    for who in (shop.ann, shop.bob):
        acknowledge(shop.message(who), now=NOW)

    assert (one, statements(sam, "/letters/")) == (4, 4)
