"""However many are told: the page of their notice and each round of the lane ask the database as often as for a few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests import people_and_things as things

from troth.notices.actions import cohorts, following, leaving, making, telling
from troth.notices.models import Notice, Recipient
from troth.notices.rules.conditions import Every
from troth.post.models import Attempt, Letter

pytestmark = pytest.mark.django_db


def asked(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as made:
        work()
    return len(made)


def told(count: int, *, browser: Client) -> list[int]:
    """Statements of each step until *count* more members were told, and of the page."""
    past = timezone.now() - timedelta(minutes=1)
    people = [things.handle(f"c{number}@d{uuid4().hex}.example").customer_id for number in range(count)]
    cohort = cohorts.draft(about="order:1", conditions=Every(), by=None, now=past)
    cohorts.add(cohort, customers=people, by=None, now=past)
    texts = {"en": ("Late", "Your parcel is late."), "de": ("Später", "Ihr Paket kommt später.")}
    notice = telling.write(
        about="order:1", cohort=cohort, sort="began", texts=texts, happened_at=past, by=None, now=past
    )
    telling.send(notice, by=None, now=past)
    steps = [
        asked(lambda: making.make(now=timezone.now())),
        asked(lambda: leaving.write_letters(now=timezone.now())),
        asked(lambda: following.follow(now=timezone.now())),
    ]
    letters = Letter.objects.filter(because=f"notice:{notice.pk}")
    letters.update(state="sent", attempts=2, delivered_at=timezone.now())
    for letter in letters[:2]:  # the first time the line broke behind its last byte, and it left again
        for answer in ("", "accepted"):
            Attempt.objects.create(letter=letter, started_at=past, left_at=past, answer=answer)
    steps += [
        asked(lambda: following.follow(now=timezone.now())),
        asked(lambda: following.say_done(now=timezone.now())),
        asked(lambda: browser.get(f"/notices/{notice.pk}/")),
    ]
    assert Recipient.objects.filter(notice=notice, state="accepted").count() == count
    return steps


def test_a_few_take_as_many_statements_as_very_many() -> None:
    things.company()
    browser = Client()
    browser.force_login(things.staff("lea@parcel.example", role="lead"))

    told(2, browser=browser)  # what is kept for good is asked for once

    assert told(2, browser=browser) == told(40, browser=browser)
    page = browser.get(f"/notices/{Notice.objects.latest('pk').pk}/").content.decode()
    assert "2 letters may have arrived twice" in page
