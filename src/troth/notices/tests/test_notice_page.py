"""The page of a notice: what staff see of it and can do about it, and the letters to post."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests import people_and_things as things

from troth.notices.actions import cohorts, following, leaving, making, telling
from troth.notices.models import Notice, Recipient, State
from troth.notices.rules.conditions import Every
from troth.people.models import Handle

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice() -> Notice:
    """Sent a minute ago to one with an address, and to one who calls himself a formula and has none."""
    things.company()
    now = timezone.now() - timedelta(minutes=1)
    bob = things.handle("bob@example.net", name="=HYPERLINK(1)")
    Handle.objects.filter(pk=bob.pk).update(kind="phone", address="+441234")
    cohort = cohorts.draft(about="order:1", conditions=Every(), by=None, now=now)
    cohorts.add(cohort, customers=[things.handle().customer_id, bob.customer_id], by=None, now=now)
    texts = {"en": ("Late", "Your parcel is late."), "de": ("Später", "Ihr Paket kommt später.")}
    made = telling.write(about="order:1", cohort=cohort, sort="began", texts=texts, happened_at=now, by=None, now=now)
    return telling.send(made, by=None, now=now)


@pytest.fixture
def lea() -> Client:
    browser = Client()
    browser.force_login(things.staff("lea@parcel.example", role="lead"))
    return browser


def test_it_shows_how_far_it_is_and_whom_no_letter_reaches(notice: Notice, lea: Client) -> None:
    for act in (making.make, leaving.write_letters, following.follow):
        act(now=timezone.now())

    page = lea.get(f"/notices/{notice.pk}/").content.decode()
    table = b"".join(lea.get(f"/notices/{notice.pk}/by-hand.csv")).decode()  # type: ignore[arg-type]
    paper = lea.get(f"/notices/{notice.pk}/by-hand.pdf")

    assert "1 of 2 have had their turn" in page
    assert "No address of theirs is known." in page
    assert "Ihr Paket kommt später." in page
    assert "'=HYPERLINK(1)" in table
    assert "phone: +441234" in table
    assert paper.content.startswith(b"%PDF")
    bob = Recipient.objects.get(state="unreachable")
    refused = lea.post(f"/notices/{notice.pk}/recipients/{bob.pk}/", {"note": " "})
    assert refused.status_code == 422
    lea.post(f"/notices/{notice.pk}/recipients/{bob.pk}/", {"note": "Rang him."})
    bob.refresh_from_db()
    assert (bob.state, bob.note) == ("by_hand", "Rang him.")


def test_it_is_paused_goes_on_and_is_stopped(notice: Notice, lea: Client) -> None:
    def press(act: str, **values: str) -> int:
        return lea.post(f"/notices/{notice.pk}/act/", {"act": act, **values}).status_code

    states = []
    for act in ("take_back", "pause", "pause", "resume", "stop", "resume"):
        assert press(act) == 302
        notice.refresh_from_db()
        states.append(notice.state)

    assert states == [State.SENDING, State.PAUSED, State.PAUSED, State.SENDING, State.STOPPED, State.STOPPED]
    assert press("pace", per_domain="many") == 422
    assert press("away") == 404


def test_what_waits_or_was_taken_back_is_read_and_sent_from_its_page(lea: Client) -> None:
    things.company()
    sam, now = things.staff(), timezone.now()
    cohort = cohorts.draft(about="order:1", conditions=Every(), by=sam, now=now)
    cohorts.add(cohort, customers=[things.handle().customer_id], by=sam, now=now)
    said: dict[str, Any] = {
        "about": "order:1",
        "cohort": cohort,
        "texts": {"en": ("Late", "It is late.")},
        "happened_at": now,
    }
    notice = telling.write(**said, sort="update", by=sam, now=now, needs_second=True)
    telling.propose(notice, by=sam, now=now)
    writer = Client()
    writer.force_login(sam)

    def press(act: str, who: Client = lea) -> str:
        who.post(f"/notices/{notice.pk}/act/", {"act": act})
        notice.refresh_from_db()
        return notice.state

    assert "I have read it" not in writer.get(f"/notices/{notice.pk}/").content.decode()
    assert (press("second", writer), press("send")) == ("proposed", "proposed")
    assert "I have read it" in lea.get(f"/notices/{notice.pk}/").content.decode()
    assert (press("second"), press("send"), press("take_back"), press("send", writer)) == (
        "proposed", "sending", "proposed", "sending",
    )  # fmt: skip

    assert press("take_back") == "proposed"
    ended = telling.write(**said, sort="ended", by=None, now=now)
    telling.send(ended, by=None, now=now)
    assert press("send") == "proposed"  # they know that it is over
