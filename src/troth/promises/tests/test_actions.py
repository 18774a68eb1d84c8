from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.people_and_things import (
    DAY,
    FRIDAY,
    HOUR,
    NOW,
    company,
    delivered,
    handle,
    kinds,
    letters,
    new_facts,
    promise,
    refused,
    staff,
    text_of,
    told_of,
)

from troth.ledger.rules.canonical import moment
from troth.people.models import Team
from troth.post.models import Letter
from troth.promises import actions as promises
from troth.promises import queries
from troth.promises.models import Promise, Telling
from troth.promises.telling import settle_tellings
from troth.words.promises import MissReason, Sort, State

pytestmark = pytest.mark.django_db
MONDAY = FRIDAY + 3 * DAY
THURSDAY_NOON = FRIDAY - DAY - 5 * HOUR
DIGEST_OF_NOTHING = promises.digest("")


@pytest.fixture(autouse=True)
def _company() -> None:
    company()


def again(row: Promise) -> Promise:
    return Promise.objects.get(pk=row.pk)


def columns(row: Promise, *names: str) -> dict[str, Any]:
    row = again(row)
    return {name: getattr(row, name) for name in names}


def only_telling() -> Telling:
    return Telling.objects.get()


# Recording


def test_promise_is_recorded_with_its_plan_its_fact_and_no_letter() -> None:
    ann, sam = handle().customer, staff()

    row = promise(customer=ann, owner=sam, source="message:5", quote="We'll ring you by Friday.", about="case:1")

    assert columns(row, "state", "first_due", "due", "zone", "moves", "warn_at", "told_by", "look_again_at") == {
        "state": State.OPEN,
        "first_due": FRIDAY,
        "due": FRIDAY,
        "zone": "Europe/London",
        "moves": 0,
        "warn_at": row.warn_at,
        "told_by": FRIDAY - (FRIDAY - NOW) / 4,
        "look_again_at": row.warn_at,
    }
    written = b'{"condition":"","quote":"We\'ll ring you by Friday.","what":"ring you"}'
    assert len(again(row).words_salt) == 16
    assert new_facts(f"promise:{row.pk}") == [
        (
            "PromiseMade",
            {
                "sort": "deed",
                "strength": "promise",
                "speaker": "company",
                "state": "open",
                "first_due": moment(FRIDAY),
                "said_at": moment(NOW),
                "source": "message:5",
                "words_digest": hmac.digest(bytes(again(row).words_salt), written, "sha256").hex(),
                "owner": f"staff:{sam.pk}",
            },
        )
    ]
    assert letters() == []


def test_open_promise_needs_a_date() -> None:
    with pytest.raises(promises.NoDate):
        promise(due=None)

    assert Promise.objects.count() == 0
    assert kinds() == []


@pytest.mark.parametrize("due", [NOW, NOW - DAY])
@pytest.mark.parametrize("state", [State.OPEN, State.ARMED])
def test_nothing_is_promised_for_a_date_that_has_passed(due: Any, state: State) -> None:
    with pytest.raises(promises.DateAlreadyPassed):
        promise(due=due, state=state)

    assert kinds() == []


def test_what_is_promised_is_one_line() -> None:
    assert promise(what=" ring\r\nyou\u2028 back ").what == "ring you back"


def test_armed_promise_asks_nothing_until_its_condition_comes_true() -> None:
    sam = staff()
    row = promise(state=State.ARMED, due=None, condition="DM us")

    assert columns(row, "state", "due", "first_due", "look_again_at") == {
        "state": State.ARMED,
        "due": None,
        "first_due": None,
        "look_again_at": None,
    }
    assert promises.open_up(row, due=FRIDAY, by=sam, now=NOW)
    assert not promises.open_up(row, due=MONDAY, by=sam, now=NOW)
    assert columns(row, "state", "due", "first_due", "owner_id") == {
        "state": State.OPEN,
        "due": FRIDAY,
        "first_due": FRIDAY,
        "owner_id": sam.pk,
    }
    assert again(row).look_again_at == again(row).warn_at is not None
    assert new_facts(f"promise:{row.pk}", since=1) == [
        ("PromiseOpened", {"first_due": moment(FRIDAY), "by": f"staff:{sam.pk}"})
    ]


def test_promise_is_not_opened_for_a_date_that_has_passed() -> None:
    row = promise(state=State.ARMED, due=None)

    with pytest.raises(promises.DateAlreadyPassed):
        promises.open_up(row, due=NOW, by=None, now=NOW)


# Keeping


def test_promise_done_by_its_date_is_kept() -> None:
    sam = staff()
    row = promise()

    assert promises.keep(row, by=sam, now=FRIDAY)
    assert not promises.keep(row, by=sam, now=FRIDAY)
    assert columns(row, "state", "done_at", "settled_at", "look_again_at") == {
        "state": State.KEPT,
        "done_at": FRIDAY,
        "settled_at": FRIDAY,
        "look_again_at": None,
    }
    assert new_facts(f"promise:{row.pk}", since=1) == [
        ("PromiseKept", {"due": moment(FRIDAY), "done_at": moment(FRIDAY), "by": f"staff:{sam.pk}"})
    ]
    assert letters() == []


def test_promise_done_after_its_date_is_late_and_says_both() -> None:
    row = promise()
    after = FRIDAY + timedelta(seconds=1)

    assert promises.keep(row, by=None, now=after)
    assert columns(row, "state", "done_at") == {"state": State.LATE, "done_at": after}
    assert new_facts(f"promise:{row.pk}", since=1) == [
        ("PromiseLate", {"due": moment(FRIDAY), "told": False}),
        ("PromiseDoneLate", {"due": moment(FRIDAY), "done_at": moment(after), "by": ""}),
    ]


def test_nobody_can_be_done_in_the_future() -> None:
    row = promise()

    promises.keep(row, by=None, now=NOW, done_at=FRIDAY)

    assert again(row).done_at == NOW


def test_armed_promise_can_be_kept_without_a_date() -> None:
    row = promise(state=State.ARMED, due=None)

    assert promises.keep(row, by=None, now=NOW)
    assert columns(row, "state") == {"state": State.KEPT}


def test_moved_promise_that_is_done_stays_moved() -> None:
    row = promise(customer=handle().customer)
    promises.move(row, to=MONDAY, words="", reason="", by=None, now=NOW)

    assert promises.keep(again(row), by=None, now=MONDAY)
    assert columns(row, "state", "done_at") == {"state": State.MOVED, "done_at": MONDAY}
    assert new_facts(f"promise:{row.pk}")[-1] == (
        "PromiseKept",
        {"due": moment(MONDAY), "done_at": moment(MONDAY), "by": ""},
    )


def test_next_word_is_kept_when_the_thing_itself_is_done() -> None:
    row = promise()
    word = promise(sort=Sort.NEXT_WORD, because=row, due=MONDAY)

    promises.keep(row, by=None, now=NOW + HOUR)

    assert columns(word, "state", "done_at") == {"state": State.KEPT, "done_at": NOW + HOUR}


def test_word_given_keeps_answers_and_next_words_of_that_case_only() -> None:
    ann = handle().customer
    own = {"customer": ann, "about": "case:1"}
    answer, word = promise(sort=Sort.ANSWER, **own), promise(sort=Sort.NEXT_WORD, **own)
    deed, elsewhere = promise(**own), promise(sort=Sort.ANSWER, customer=ann, about="case:2")
    said_just_now = promise(sort=Sort.NEXT_WORD, said_at=NOW + HOUR, **own)

    kept = promises.word_given(customer_ids=[ann.pk], about="case:1", by=None, done_at=NOW + HOUR, now=NOW + HOUR)

    assert kept == 2
    assert [again(row).state for row in (answer, word, deed, elsewhere, said_just_now)] == [
        State.KEPT,
        State.KEPT,
        State.OPEN,
        State.OPEN,
        State.OPEN,
    ]


# Moving


def test_move_in_time_tells_the_customer_and_counts_as_moved() -> None:
    ann, sam = handle(zone="America/New_York").customer, staff()
    row = promise(customer=ann, owner=sam, about="case:4")

    telling = promises.move(row, to=MONDAY, words="The courier is ill.", reason="supplier", by=sam, now=NOW)

    assert columns(row, "state", "due", "first_due", "moves", "miss_reason", "warned_at", "told_at") == {
        "state": State.MOVED,
        "due": MONDAY,
        "first_due": FRIDAY,
        "moves": 1,
        "miss_reason": "supplier",
        "warned_at": None,
        "told_at": None,
    }
    letter = Letter.objects.get()
    assert (letter.to_address, letter.subject, letter.automatic) == (
        "ann@example.net",
        "A new date: ring you",
        False,
    )
    assert letter.because == f"promise:{row.pk}"
    said = text_of(letter)
    assert "We promised you this by Friday 13 November, 12:00 (EST): ring you." in said
    assert "We will not make that date, and we are sorry. The new date is Monday 16 November, 12:00 (EST)." in said
    assert "The courier is ill." in said
    assert "Sam, Parcel & Co" in said
    assert b"Reply-To: support+4-" in bytes(letter.raw)
    assert new_facts(f"promise:{row.pk}", since=1) == [
        (
            "TellingSent",
            {"telling": "move", "letter": f"letter:{letter.pk}", "due": moment(FRIDAY), "automatic": False}
            | told_of(row),
        ),
        (
            "PromiseMoved",
            {
                "from_due": moment(FRIDAY),
                "to_due": moment(MONDAY),
                "count": 1,
                "reason": "supplier",
                "by": f"staff:{sam.pk}",
            },
        ),
    ]
    assert telling.told_by == row.told_by


def test_words_delivered_in_time_leave_it_moved() -> None:
    row = promise(customer=handle().customer)
    promises.move(row, to=MONDAY, words="", reason="", by=staff(), now=NOW)
    delivered(Letter.objects.get(), at=NOW + HOUR)

    assert settle_tellings(now=NOW + 2 * HOUR) == 1
    assert settle_tellings(now=NOW + 2 * HOUR) == 0
    assert columns(row, "state", "told_at") == {"state": State.MOVED, "told_at": None}
    assert new_facts(f"promise:{row.pk}", since=3) == [
        (
            "CustomerTold",
            {
                "telling": "move",
                "letter": f"letter:{Letter.objects.get().pk}",
                "due": moment(FRIDAY),
                "delivered_at": moment(NOW + HOUR),
                "before_due": True,
                "in_time": True,
            },
        )
    ]
    assert only_telling().settled_at == NOW + 2 * HOUR


def test_too_thin_a_notice_makes_it_late_but_no_surprise() -> None:
    row = promise(customer=handle().customer)
    too_late = row.told_by + timedelta(minutes=1)
    promises.move(row, to=MONDAY, words="", reason="", by=None, now=row.told_by)
    delivered(Letter.objects.get(), at=too_late)

    settle_tellings(now=too_late)

    assert columns(row, "state", "told_at", "look_again_at") == {
        "state": State.LATE,
        "told_at": too_late,
        "look_again_at": again(row).broken_at,
    }
    assert [kind for kind, _ in new_facts(f"promise:{row.pk}", since=3)] == ["CustomerTold", "PromiseLate"]
    assert new_facts(f"promise:{row.pk}")[-1] == ("PromiseLate", {"due": moment(FRIDAY), "told": True})
    assert queries.tally(queries.Window(None, MONDAY), now=FRIDAY).surprises == 0


def test_new_date_that_never_arrived_is_late_and_a_surprise() -> None:
    row = promise(customer=handle().customer)
    promises.move(row, to=MONDAY, words="", reason="", by=None, now=NOW)
    refused(Letter.objects.get(), at=NOW + HOUR)

    settle_tellings(now=NOW + HOUR)

    assert columns(row, "state", "told_at") == {"state": State.LATE, "told_at": None}
    assert new_facts(f"promise:{row.pk}", since=3) == [
        ("TellingFailed", {"telling": "move", "reason": "letter_failed"}),
        ("PromiseLate", {"due": moment(FRIDAY), "told": False}),
    ]
    assert queries.tally(queries.Window(None, MONDAY), now=FRIDAY).surprises == 1


def test_after_the_date_it_is_no_move_and_late_for_good() -> None:
    row = promise(customer=handle().customer)

    promises.move(row, to=MONDAY, words="", reason="", by=None, now=FRIDAY + HOUR)

    assert columns(row, "state", "due", "first_due", "moves") == {
        "state": State.LATE,
        "due": MONDAY,
        "first_due": FRIDAY,
        "moves": 0,
    }
    assert new_facts(f"promise:{row.pk}", since=1) == [
        ("PromiseLate", {"due": moment(FRIDAY), "told": False}),
        (
            "TellingSent",
            {
                "telling": "new_date",
                "letter": f"letter:{Letter.objects.get().pk}",
                "due": moment(FRIDAY),
                "automatic": True,
                **told_of(row),
            },
        ),
    ]
    assert "We did not make that date, and we are sorry. The new date is Monday" in text_of(Letter.objects.get())

    assert promises.keep(again(row), by=None, now=MONDAY - HOUR)
    assert columns(row, "state") == {"state": State.LATE}
    assert new_facts(f"promise:{row.pk}", since=3) == [
        ("PromiseDoneLate", {"due": moment(FRIDAY), "done_at": moment(MONDAY - HOUR), "by": ""})
    ]


def test_third_move_counts_as_broken() -> None:
    row = promise(customer=handle().customer)
    dates = [MONDAY, MONDAY + 7 * DAY, MONDAY + 14 * DAY]

    for to in dates:
        promises.move(again(row), to=to, words="", reason="", by=None, now=NOW)

    assert columns(row, "state", "moves", "settled_at", "look_again_at", "first_due") == {
        "state": State.BROKEN,
        "moves": 3,
        "settled_at": NOW,
        "look_again_at": None,
        "first_due": FRIDAY,
    }
    assert [kind for kind, _ in new_facts(f"promise:{row.pk}", since=1)] == [
        "TellingSent",
        "PromiseMoved",
        "TellingSent",
        "PromiseMoved",
        "TellingSent",
        "PromiseMoved",
        "PromiseBroken",
    ]
    assert new_facts(f"promise:{row.pk}")[-1] == ("PromiseBroken", {"due": moment(dates[1]), "reason": "third_move"})
    assert len(letters()) == 3
    anew = Promise.objects.get(because=row)
    assert (anew.state, anew.first_due, anew.due, anew.what) == (State.OPEN, dates[2], dates[2], row.what)
    assert anew.look_again_at is not None
    with pytest.raises(promises.NothingOwed):
        promises.move(again(row), to=MONDAY + 21 * DAY, words="", reason="", by=None, now=NOW)


@pytest.mark.parametrize(("to", "now"), [(FRIDAY, NOW), (NOW, NOW), (FRIDAY - HOUR, NOW), (FRIDAY + HOUR, MONDAY)])
def test_new_date_lies_ahead_of_now_and_of_the_old_one(to: Any, now: Any) -> None:
    row = promise(customer=handle().customer)

    with pytest.raises(promises.DateAlreadyPassed):
        promises.move(row, to=to, words="", reason="", by=None, now=now)

    assert letters() == []
    assert kinds() == ["CustomerMet", "PromiseMade"]


def test_date_that_is_not_the_one_shown_is_not_moved() -> None:
    shown = promise(customer=handle().customer)
    promises.move(again(shown), to=MONDAY, words="", reason="", by=None, now=NOW)

    with pytest.raises(promises.SomeoneWasQuicker):
        promises.move(shown, to=MONDAY + DAY, words="", reason="", by=None, now=NOW)

    assert len(letters()) == 1


def test_unknown_reason_is_refused_whole() -> None:
    row = promise(customer=handle().customer)

    with pytest.raises(ValueError, match="boredom"):
        promises.move(row, to=MONDAY, words="", reason="boredom", by=None, now=NOW)

    assert letters() == []


def test_customer_without_an_address_is_noted_as_not_told() -> None:
    row = promise()

    telling = promises.move(row, to=MONDAY, words="", reason="", by=None, now=NOW)

    assert (telling.letter_id, telling.settled_at) == (None, NOW)
    assert new_facts(f"promise:{row.pk}")[1] == ("TellingFailed", {"telling": "move", "reason": "no_address"})
    assert letters() == []


def test_name_that_cannot_stand_in_a_letter_is_noted_as_not_told() -> None:
    ann = handle().customer
    ann.name = "Ann\nBcc: bob@example.com"
    ann.save()
    row = promise(customer=ann)

    promises.move(row, to=MONDAY, words="", reason="", by=None, now=NOW)

    assert letters() == []
    assert new_facts(f"promise:{row.pk}")[1] == ("TellingFailed", {"telling": "move", "reason": "no_address"})


# Settling otherwise


@pytest.mark.parametrize(
    ("act", "state", "kind"),
    [(promises.release, State.RELEASED, "PromiseReleased"), (promises.void, State.VOID, "PromiseVoided")],
)
def test_release_and_void_keep_their_reason_out_of_the_ledger(act: Any, state: State, kind: str) -> None:
    sam = staff()
    row = promise()

    assert act(row, reason="Ann said so", by=sam, now=NOW + HOUR)
    assert not act(row, reason="again", by=sam, now=NOW + HOUR)
    assert columns(row, "state", "reason", "settled_at", "look_again_at") == {
        "state": state,
        "reason": "Ann said so",
        "settled_at": NOW + HOUR,
        "look_again_at": None,
    }
    assert new_facts(f"promise:{row.pk}", since=1) == [
        (kind, {"reason": promises.digest("Ann said so"), "by": f"staff:{sam.pk}"})
    ]


def test_giving_up_is_broken_at_once_and_says_why() -> None:
    row = promise()

    assert promises.give_up(row, reason="no_capacity", by=None, now=NOW)
    assert not promises.give_up(row, reason="no_capacity", by=None, now=NOW)
    assert columns(row, "state", "miss_reason", "settled_at") == {
        "state": State.BROKEN,
        "miss_reason": "no_capacity",
        "settled_at": NOW,
    }
    assert new_facts(f"promise:{row.pk}", since=1) == [("PromiseBroken", {"due": moment(FRIDAY), "reason": "said_so"})]


@pytest.mark.parametrize("end", [promises.release, promises.void, promises.give_up])
def test_what_is_done_is_not_settled_again(end: Any) -> None:
    row = promise()
    promises.keep(row, by=None, now=NOW)

    assert not end(row, reason="", by=None, now=NOW)
    assert columns(row, "state") == {"state": State.KEPT}
    assert kinds() == ["PromiseMade", "PromiseKept"]


def test_verdict_of_the_customer_may_change_and_each_change_is_kept() -> None:
    row = promise()

    given = [promises.give_verdict(row, kept=kept, now=NOW) for kept in (True, True, False, True)]

    assert given == [True, False, True, True]
    assert columns(row, "verdict", "verdict_at", "state") == {"verdict": True, "verdict_at": NOW, "state": State.OPEN}
    assert new_facts(f"promise:{row.pk}", since=1) == [
        ("VerdictGiven", {"kept": True}),
        ("VerdictGiven", {"kept": False}),
        ("VerdictGiven", {"kept": True}),
    ]


def test_every_explanation_is_in_the_ledger() -> None:
    sam = staff()
    row = promise()

    promises.explain(row, reason=MissReason.FORGOT, by=sam, now=NOW)
    promises.explain(row, reason=MissReason.SUPPLIER, by=sam, now=NOW)

    assert again(row).miss_reason == "supplier"
    assert new_facts(f"promise:{row.pk}", since=1) == [
        ("MissExplained", {"reason": "forgot", "by": f"staff:{sam.pk}"}),
        ("MissExplained", {"reason": "supplier", "by": f"staff:{sam.pk}"}),
    ]


def test_owner_brings_the_team_and_owning_twice_is_told_once() -> None:
    team = Team.objects.create(name="Parcels")
    sam, kim = staff(), staff("kim@parcel.example", team=team)
    row = promise(owner=sam)

    assert promises.own(row, owner=kim, by=sam, now=NOW)
    assert not promises.own(row, owner=kim, by=sam, now=NOW)
    assert columns(row, "owner_id", "team_id") == {"owner_id": kim.pk, "team_id": team.pk}
    assert new_facts(f"promise:{row.pk}", since=1) == [
        ("PromiseOwned", {"before": f"staff:{sam.pk}", "owner": f"staff:{kim.pk}", "by": f"staff:{sam.pk}"})
    ]


def test_a_closed_team_keeps_what_is_owned_elsewhere() -> None:
    closed, parcels = Team.objects.create(name="Conduct", is_closed=True), Team.objects.create(name="Parcels")
    row = promise(owner=staff("cal@parcel.example", team=closed))

    assert promises.own(row, owner=staff("kim@parcel.example", team=parcels), by=None, now=NOW)

    assert columns(row, "team_id") == {"team_id": closed.pk}


# What the database itself refuses


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE promises_promise SET first_due = first_due + interval '1 day'",
        "UPDATE promises_promise SET first_due = NULL",
        "DELETE FROM promises_promise",
        "UPDATE promises_promise SET state = 'forgotten'",
        "UPDATE promises_promise SET moves = 4",
        "UPDATE promises_promise SET due = NULL",
    ],
)
def test_database_refuses_what_must_never_be(statement: str) -> None:
    row = promise()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert columns(row, "first_due", "state", "moves") == {"first_due": FRIDAY, "state": State.OPEN, "moves": 0}


# Rates


def test_tally_counts_each_promise_once_by_its_first_date() -> None:
    ann = handle().customer
    kept, late, moved, broken = (promise(customer=ann) for _ in range(4))
    promise(strength="aim")
    promise(due=MONDAY)
    promises.release(promise(), reason="", by=None, now=NOW)
    promises.void(promise(), reason="", by=None, now=NOW)
    promises.keep(kept, by=None, now=NOW)
    promises.keep(late, by=None, now=FRIDAY + HOUR)
    promises.move(moved, to=MONDAY, words="", reason="", by=None, now=NOW)
    promises.give_up(broken, reason="", by=None, now=NOW)

    tally = queries.tally(queries.Window(None, MONDAY + DAY), now=FRIDAY + HOUR)

    assert (tally.kept, tally.moved, tally.late, tally.broken, tally.surprises, tally.owed) == (1, 1, 1, 1, 2, 2)
    assert queries.tally(queries.Window(MONDAY, MONDAY + DAY), now=FRIDAY + HOUR).decided == 0
