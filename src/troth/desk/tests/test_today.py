from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.faces import Shop, page, signed_in, statements
from tests.people_and_things import HOUR, NOW, refused

from troth.cases import actions as cases
from troth.channels.email.models import Mailbox
from troth.clocks import watcher
from troth.clocks.models import Clock
from troth.people.models import Company
from troth.post.models import Letter
from troth.promises.models import Promise
from troth.words.promises import Sort


def test_what_is_owed_stands_in_the_order_of_its_dates(shop: Shop) -> None:
    shop.promise(quote="We will write next week.", due=NOW + timedelta(days=7))
    shop.promise(quote="We will ring at half past ten.", due=NOW + HOUR / 2)
    late = shop.promise(quote="We will refund it.", due=NOW + HOUR)
    Promise.objects.filter(pk=late.pk).update(due=NOW - HOUR, state="late")

    text = page(signed_in(shop.sam), "/today/")

    places = [text.index(words) for words in ("We will refund it.", "We will ring at half", "We will write next week.")]
    assert places == sorted(places)
    assert [text.count(f'data-near="{near}"') for near in ("overdue", "next-hour", "today", "later")] == [1, 1, 0, 1]


def test_only_words_that_were_said_stand_between_quotation_marks(shop: Shop) -> None:
    case = shop.case()
    shop.promise(quote="We will ring you.", what="ring you")
    shop.promise(case=case, what="Next word about: ring you", sort=Sort.NEXT_WORD)

    text = page(signed_in(shop.sam), "/today/")

    assert '<q class="word">We will ring you.</q>' in text
    assert "Next word about: ring you" in text
    assert '<q class="word">Next word' not in text


def test_a_case_nobody_answered_is_there_until_it_is(shop: Shop) -> None:
    case = shop.case()

    before = page(signed_in(shop.sam), "/today/")
    cases.set_status(case, status="resolved", by=shop.sam, now=NOW)
    after = page(signed_in(shop.sam), "/today/")

    assert "Answer: Parcel" in before
    assert "First answer" not in after
    assert "Nothing is owed right now" in after


def test_word_and_end_are_there_when_they_come_near_and_a_case_stands_there_once(shop: Shop) -> None:
    case = shop.case()
    end = Clock.objects.get(about=f"case:{case.pk}", sort="resolution")
    far = page(signed_in(shop.sam), "/today/")
    watcher.look_ahead(now=end.due)
    both = page(signed_in(shop.sam), "/today/")
    cases.set_status(case, status="waiting", by=shop.sam, now=NOW)
    waiting = page(signed_in(shop.sam), "/today/")
    Clock.objects.filter(about=f"case:{case.pk}", sort="resolution").update(state="running", paused_at=None)
    ended = page(signed_in(shop.sam), "/today/")

    assert [text.count(": Parcel") for text in (far, both, waiting, ended)] == [1, 1, 0, 1]
    assert "Escalated" not in far
    assert "Escalated" in both
    assert "Answer: Parcel" in both
    assert "Bring to its end: Parcel" in ended


def test_mine_and_nobodys(shop: Shop) -> None:
    shop.promise(quote="Sam’s own.")
    shop.promise(quote="Lea’s own.", owner=shop.lea)
    shop.promise(quote="Nobody’s own.", owner=None)
    sam = signed_in(shop.sam)

    seen = {
        whose: [name for name in ("Sam", "Lea", "Nobody") if f"{name}’s own." in page(sam, f"/today/?whose={whose}")]
        for whose in ("all", "mine", "nobody", "\x00")
    }

    every = ["Sam", "Lea", "Nobody"]
    assert seen == {"all": every, "mine": ["Sam"], "nobody": ["Nobody"], "\x00": every}


def test_letters_that_did_not_arrive_are_told_first(shop: Shop) -> None:
    from troth.cases.actions import acknowledge

    acknowledge(shop.message(), now=NOW)
    refused(Letter.objects.get(), at=NOW)

    assert "One letter did not arrive: look under Letters." in page(signed_in(shop.sam), "/today/")


MINUTE = timedelta(minutes=1)


def mailbox(**values: Any) -> Mailbox:
    said = {"name": "Support", "address": "s@parcel.example", "host": "imap.parcel.example", "user": "s", **values}
    return Mailbox.objects.create(**said)


def test_a_mailbox_that_fell_silent_is_told_first(shop: Shop) -> None:
    mailbox(heartbeat_at=NOW - 11 * MINUTE)
    sam = signed_in(shop.sam)

    silent = page(sam, "/today/")
    Mailbox.objects.update(last_problem="Nothing answers at imap:993.", last_problem_at=NOW)
    troubled = page(sam, "/today/")
    Mailbox.objects.update(heartbeat_at=None)
    never = page(sam, "/today/")

    since = "The mailbox Support has been silent since Wednesday 11 November, 09:49 (GMT): "
    assert f"{since}nothing was heard, and no reason either. Is the worker running?" in silent
    assert f"{since}Nothing answers at imap:993." in troubled
    assert "The mailbox Support was never heard: Nothing answers at imap:993." in never


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        ({"heartbeat_at": NOW - 9 * MINUTE}, False),
        ({"heartbeat_at": NOW - MINUTE, "last_problem": "gone", "last_problem_at": NOW}, True),
        ({"heartbeat_at": NOW, "last_problem": "gone", "last_problem_at": NOW - MINUTE}, False),
        ({"started_at": NOW - 9 * MINUTE}, False),  # just added, the worker is on its way
        ({"started_at": NOW - 11 * MINUTE}, True),
        ({"heartbeat_at": NOW - timedelta(days=9), "started_at": NOW}, False),  # just started again
        ({"heartbeat_at": NOW - timedelta(days=9), "enabled": False}, False),
        ({"started_at": NOW - timedelta(days=9), "is_archive": True}, False),
        ({}, True),
    ],
)
def test_only_a_mailbox_that_should_be_heard_is_told_of(shop: Shop, values: dict[str, Any], is_told: bool) -> None:
    mailbox(**values)

    assert ("The mailbox Support" in page(signed_in(shop.sam), "/today/")) is is_told


def test_who_may_look(shop: Shop) -> None:
    assert Client().get("/today/").headers["Location"] == "/account/login/?next=/today/"
    assert "Note a talk" in page(signed_in(shop.sam), "/today/")
    assert "Note a talk" not in page(signed_in(shop.aud), "/today/")


def test_the_company_is_named_before_and_after_there_is_one(shop: Shop) -> None:
    from troth.people.models import Company

    named = page(signed_in(shop.sam), "/today/")
    Company.objects.all().delete()
    nameless = page(signed_in(shop.sam), "/today/")

    assert "Parcel &amp; Co" in named
    assert "Today · Troth" in nameless


def test_statements_do_not_grow_with_the_list(shop: Shop) -> None:
    sam = signed_in(shop.sam)
    shop.promise(case=shop.case())
    one = statements(sam, "/today/")

    for number in range(2):
        shop.promise(case=shop.case(shop.bob), what=f"thing {number}")
        mailbox(name=f"Silent {number}", user=f"{number}")

    assert (one, statements(sam, "/today/")) == (4, 4)


@pytest.mark.parametrize("path", ["/today/?whose=mine", "/customers/", "/cases/", "/promises/", "/letters/"])
def test_lists_stand_empty(shop: Shop, path: str) -> None:
    page(signed_in(shop.sam), path)
    page(signed_in(shop.aud), path)


def test_letters_that_reach_nobody_are_told_of(shop: Shop, settings: Any) -> None:
    sam = signed_in(shop.sam)
    words = "No mail server is named yet"

    told = words in page(sam, "/today/")
    settings.TROTH_CARRIER = "troth.channels.email.carrier.SmtpCarrier"
    told_with_a_server = words in page(sam, "/today/")
    settings.TROTH_CARRIER = "troth.channels.files.carrier.FolderCarrier"
    Company.objects.update(is_sample=True)
    told_in_the_sample = words in page(sam, "/today/")

    assert (told, told_with_a_server, told_in_the_sample) == (True, False, False)
