from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Min
from django.test import override_settings

from troth.cases.models import Case, Correction, Mention, Message, Reply, Template
from troth.channels.files.carrier import FolderCarrier
from troth.clocks.models import Clock
from troth.incidents.models import Incident
from troth.ledger.models import Entry, Unsealed
from troth.notices.models import Recipient
from troth.people.models import Company, Customer, Staff, Team
from troth.people.queries import hours_of
from troth.post.models import Letter, LetterState
from troth.promises.models import Promise, Telling
from troth.promises.queries import Window, tally
from troth.remedies.models import Remedy
from troth.site import sample, sample_story, verify
from troth.words.promises import Sort, State

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 10, 3, 17, 5, tzinfo=UTC)  # in the middle of the night


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[FolderCarrier]:
    """The sample made once for all tests here, and undone after them; the folder its letters went to."""
    home = tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock(), override_settings(TROTH_DATA=home), transaction.atomic():
        assert sample.ensure_sample(now=NOW)
        yield FolderCarrier(home / "letters")
        transaction.set_rollback(True)


def deeds() -> list[Promise]:
    """What staff promised in replies: orders, measures and what makes good are promised elsewhere."""
    said = Promise.objects.filter(sort=Sort.DEED, about__startswith="case:")
    said = said.exclude(pk__in=Remedy.objects.filter(promise__isnull=False).values("promise"))
    return list(said.select_related("customer").order_by("due"))


def test_the_checker_finds_nothing_wrong(told):
    assert verify.findings(now=NOW) == []


def test_a_whole_shop_is_there_and_marked_as_sample(told):
    assert Company.objects.get().is_sample
    assert not Customer.objects.filter(is_sample=False).exists()
    assert Customer.objects.count() == len(sample_story.CUSTOMERS) == 25
    assert Case.objects.count() == len(sample_story.PAST) + len(sample_story.PRESENT)
    assert sorted(Staff.objects.values_list("role", flat=True)) == ["admin", "agent", "agent", "auditor", "lead"]
    assert (Team.objects.count(), Template.objects.count()) == (2, 6)
    assert hours_of().is_open(NOW)


def test_every_sentence_that_promises_became_one_promise(told):
    promised = [step for one in (*sample_story.PAST, *sample_story.PRESENT) for step in one.steps
                if isinstance(step, sample_story.Reply) and (step.due is not None or step.armed)]  # fmt: skip

    assert len(deeds()) == len(promised)
    assert not Entry.objects.filter(kind="PromiseDismissed").exists()
    assert not Reply.objects.exclude(state=Reply.State.SENT).exists()


def test_some_readings_were_looked_at(told):
    looked_at = Correction.objects.values_list("message__case__subject", "drawn").distinct()

    assert sorted(looked_at) == sorted(
        [(one.subject, True) for one in sample_story.LOOKED_AT]
        + [(one.subject, False) for one in sample_story.COME_ACROSS]
    )


def test_every_ending_is_shown(told):
    states = {promise.state for promise in deeds()}

    assert states == {State.KEPT, State.MOVED, State.LATE, State.BROKEN, State.RELEASED, State.ARMED, State.OPEN}
    counted = tally(Window(None, NOW), now=NOW)
    assert counted.kept > counted.late > counted.broken > 0
    assert counted.surprises > 0
    assert 0 < counted.surprise_rate < 0.2


def test_some_fall_due_within_minutes_and_nothing_waits_from_before(told):
    owed = [promise for promise in deeds() if promise.is_owed]

    assert [round((promise.due - NOW).total_seconds() / 60) for promise in owed if promise.state == State.OPEN][:3] == [
        3,
        8,
        20,
    ]
    assert Promise.objects.aggregate(at=Min("look_again_at"))["at"] > NOW
    assert [promise for promise in owed if promise.warned_at]
    assert [promise for promise in owed if promise.state == State.LATE and promise.told_at is None]
    [moved] = [promise for promise in owed if promise.state == State.MOVED]
    assert moved.tellings.get().delivered_at <= moved.tellings.get().told_by


def test_an_angry_customer_waits_and_another_gave_their_verdict(told):
    angry = Case.objects.filter(unanswered_since__isnull=False, emotion="anger")

    assert [str(case.customer) for case in angry] == ["Nora Quist"]
    assert Promise.objects.filter(state=State.KEPT, verdict=True).exists()
    assert Promise.objects.filter(state=State.LATE, verdict=False).exists()


def test_by_when_put_aside_called_again_and_away_are_shown(told):
    missed = Clock.objects.filter(missed_at__isnull=False, state="running")
    sam, ines = (Staff.objects.get(email=f"{key}@fernhill.example") for key in ("sam", "ines"))

    assert [(clock.customer.name, clock.sort) for clock in missed] == [("Hugh Pemberton", "first")]
    assert Clock.objects.filter(state="running", missed_at=None, sort="first").count() == 3
    assert Case.objects.get(snoozed_by=sam).subject == "Wheel size for a nine-year-old"
    assert Mention.objects.get(seen_at=None).staff == sam
    assert Case.objects.get(subject="Order 4731: lamp missing").again_of.subject == "Order 4502: lamp missing"
    assert ines.away_until > NOW


def test_its_letters_went_nowhere_but_into_the_folder(told):
    letters = list(Letter.objects.all())

    assert letters
    assert all(letter.state == LetterState.SENT and letter.delivered_at <= NOW for letter in letters)
    assert all(told.was_kept(letter.message_id) for letter in letters)
    assert all(letter.to_address.endswith(".example") for letter in letters)
    assert not Telling.objects.filter(settled_at=None).exists()


def test_the_ledger_tells_it_in_true_times_and_is_sealed(told):
    assert not Unsealed.objects.exists()
    assert not Entry.objects.filter(happened_at__gt=NOW + timedelta(seconds=1)).exists()
    first = Entry.objects.aggregate(at=Min("happened_at"))["at"]
    assert NOW - timedelta(days=120) < first < NOW - timedelta(days=118)
    assert not Message.objects.filter(at__gt=NOW).exists()


def test_who_waits_for_a_late_rim_was_told_and_so_was_the_end_of_what_is_over(told):
    people = Recipient.objects.values_list("notice__about", "notice__sort", "state", "member__customer__name")
    late, keys = Incident.objects.get(product="Touring rim"), Incident.objects.get(product="Wheelset")
    bought = ("Lise Brandt", "Maren Holt", "Owen Price")

    assert sorted(people) == sorted(
        [(late.ref, "began", "accepted", name) for name in ("Greta Lund", "Lise Brandt")]
        + [(keys.ref, sort, "accepted", name) for sort in ("began", "ended") for name in bought]
    )
    assert (late.state, keys.state) == ("open", "ended")
    assert Case.objects.get(subject="Three weeks for a rim?").incident == late.ref
    assert late.next_word.due > NOW


def test_a_second_start_changes_nothing(told):
    before = Entry.objects.count()

    assert not sample.ensure_sample(now=NOW + timedelta(days=1))
    assert Entry.objects.count() == before


def test_the_welcome_says_where_how_and_what_next(told, settings):
    text = sample.welcome()

    assert settings.TROTH_URL in text
    assert f"{settings.TROTH_URL}/p/" in text
    assert "troth sample remove" in text
    [password] = [line.split()[-1] for line in text.splitlines() if line.startswith("Password")]
    assert authenticate(None, username="sam@fernhill.example", password=password, email="sam@fernhill.example")


def test_who_is_no_sample_customer_keeps_the_sample_from_being_removed(told):
    assert "50 cases" in sample.what_goes()

    with transaction.atomic():
        Customer.objects.create(name="Real", met_at=NOW)
        with pytest.raises(sample.NotASample, match="One customer here is not the sample's"):
            sample.remove_sample()
        assert "1 customers who came since" in sample.what_goes(everything=True)
        transaction.set_rollback(True)


def test_what_makes_good_is_there_in_every_state(told):
    rows = list(Remedy.objects.order_by("pk").values_list("state", "what"))

    assert rows[:4] == [
        ("waiting", "Refund of £89.00"),
        ("offered", "Compensation of £15.00"),
        ("due", "A new pump"),
        ("given", "Refund of £4.50"),
    ]
    assert set(rows[4:]) == {("due", "Compensation of £10.00")}
