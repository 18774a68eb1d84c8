from __future__ import annotations

import pytest
from tests.faces import Shop, signed_in, with_link

from troth.people.rules.sight import Sight
from troth.site import events
from troth.site.events import hearing


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "close_old_connections", lambda: None)


def cookie_of(browser: object) -> str:
    return "sessionid=" + browser.cookies["sessionid"].value  # type: ignore[attr-defined]


def test_staff_who_may_read_may_listen(shop: Shop) -> None:
    assert hearing(cookie_of(signed_in(shop.aud))) == Sight(role="auditor", team_id=None)


def test_nobody_else_may(shop: Shop) -> None:
    gone = signed_in(shop.sam)
    shop.sam.is_active = False
    shop.sam.save()

    assert hearing(cookie_of(gone)) is None
    assert hearing(cookie_of(with_link(shop.link()))) is None
    assert hearing('sessionid="abcdefgh\\000ijkl"') is None
    assert hearing("sessionid=; [") is None
    assert hearing("") is None


def test_who_still_owes_a_second_factor_hears_nothing(shop: Shop) -> None:
    browser = signed_in(shop.sam)
    assert hearing(cookie_of(browser))

    shop.sam.owes_factor = True
    shop.sam.save()

    assert hearing(cookie_of(browser)) is None
