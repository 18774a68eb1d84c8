from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
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
from troth.people.models import Staff, Team
from troth.post.models import Letter
from troth.promises import actions as promises
from troth.promises import queries, watcher
from troth.promises.models import Promise, Telling
from troth.words.promises import Sort, State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    company()


def again(row: Promise) -> Promise:
    return Promise.objects.get(pk=row.pk)


def look(now: datetime) -> int:
    """Look until nothing is left, as the task does."""
    total = 0
    watcher.settle_tellings(now=now)
    while looked := watcher.look_ahead(now=now):
        total += looked
    watcher.settle_tellings(now=now)
    return total


def watched(row: Promise, *moments: datetime) -> list[tuple[str, dict[str, Any]]]:
    for at in moments:
        look(at)
    return new_facts(f"promise:{row.pk}", since=1)


def test_nothing_is_done_before_its_moment() -> None:
    row = promise(customer=handle().customer, owner=staff())

    assert look(row.warn_at - timedelta(microseconds=1)) == 0
    assert kinds() == ["CustomerMet", "PromiseMade"]


def test_owner_is_warned_by_letter_once() -> None:
    sam = staff()
    row = promise(customer=handle().customer, owner=sam)

    assert look(row.warn_at) == 1
    assert look(row.warn_at) == 0
    assert new_facts(f"promise:{row.pk}", since=1) == [
        ("StaffWarned", {"due": moment(FRIDAY), "warned": f"staff:{sam.pk}"})
    ]
    assert letters() == [("sam@parcel.example", "Due Friday 13 November, 17:00 (GMT): ring you")]
    letter = Letter.objects.get()
    assert f"You promised Ann this by Friday 13 November, 17:00 (GMT): ring you." in text_of(letter)  # noqa: F541
    assert f"/promises/{row.pk}/" in text_of(letter)
    assert (again(row).warned_at, again(row).look_again_at) == (row.warn_at, row.escalate_at)


def test_promise_nobody_owns_is_warned_about_and_escalated_to_the_lead() -> None:
    lead = staff("lea@parcel.example", role="lead")
    row = promise()

    assert watched(row, row.warn_at, row.escalate_at) == [
        ("StaffWarned", {"due": moment(FRIDAY), "warned": ""}),
        ("StaffEscalated", {"due": moment(FRIDAY), "warned": f"staff:{lead.pk}"}),
    ]
    assert letters() == [("lea@parcel.example", "Still not done: ring you, due Friday 13 November, 17:00 (GMT)")]
    assert "Owner: nobody." in text_of(Letter.objects.get())


def test_every_lead_of_the_team_is_told_and_no_other() -> None:
    team, other = Team.objects.create(name="Parcels"), Team.objects.create(name="Bills")
    sam = staff(team=team)
    leads = [staff(f"lead{number}@parcel.example", role="lead", team=team) for number in range(2)]
    staff("kim@parcel.example", role="lead", team=other)
    staff("gone@parcel.example", role="lead", team=team, is_active=False)
    row = promise(owner=sam)

    assert watched(row, row.escalate_at)[1] == (
        "StaffEscalated",
        {"due": moment(FRIDAY), "warned": ",".join(f"staff:{lead.pk}" for lead in leads)},
    )
    assert [to for to, _ in letters()] == ["sam@parcel.example", "lead0@parcel.example", "lead1@parcel.example"]


def test_owner_who_left_is_not_written_to() -> None:
    row = promise(owner=staff(is_active=False))

    assert watched(row, row.warn_at) == [("StaffWarned", {"due": moment(FRIDAY), "warned": ""})]
    assert letters() == []


def test_whom_nobody_has_answered_yet_is_written_to_without_the_name_somebody_typed() -> None:
    stranger = handle("victim@example.net", name="MARKER buy at evil.example").customer
    row = promise(customer=stranger, what="An answer from a person", sort=Sort.ANSWER)

    look(row.heads_up_at)

    letter = Letter.objects.get(customer_id=stranger.pk)
    assert b"MARKER" not in bytes(letter.raw)
    assert text_of(letter).startswith("Hello,\n")


def test_customer_hears_before_the_date_and_is_promised_the_next_word() -> None:
    ann, sam = handle(zone="Asia/Kolkata").customer, staff()
    row = promise(customer=ann, owner=sam, about="case:8", quote="secret words of the reply")

    look(row.heads_up_at)

    letter = Letter.objects.get(automatic=True, customer_id=ann.pk)
    word = Promise.objects.get(because=row)
    assert (letter.to_address, letter.envelope_from, letter.because) == ("ann@example.net", "", f"promise:{row.pk}")
    assert letter.subject == "A word before the date: ring you"
    said = text_of(letter)
    assert said.startswith("Hello Ann,\n")
    assert "We promised you this by Friday 13 November, 22:30 (IST): ring you." in said
    assert "You will hear from us by Monday 16 November, 22:30 (IST)." in said
    assert "secret words" not in said
    assert "http://localhost" in said
    assert b"Auto-Submitted: auto-generated" in bytes(letter.raw)
    assert (word.sort, word.state, word.due, word.owner_id, word.customer_id, word.about, word.source) == (
        Sort.NEXT_WORD,
        State.OPEN,
        datetime.fromisoformat("2026-11-16T17:00:00+00:00"),
        sam.pk,
        ann.pk,
        "case:8",
        f"letter:{letter.pk}",
    )
    assert (word.said_at, word.zone, word.look_again_at) == (row.heads_up_at, "Europe/London", word.warn_at)
    assert new_facts(f"promise:{row.pk}", since=3) == [
        (
            "TellingSent",
            {"telling": "heads_up", "letter": f"letter:{letter.pk}", "due": moment(FRIDAY), "automatic": True}
            | told_of(row),
        )
    ]
    assert [kind for kind, _ in new_facts(f"promise:{word.pk}")] == ["PromiseMade"]
    telling = Telling.objects.get()
    assert (telling.kind, telling.letter_id, telling.due, telling.told_by) == (
        "heads_up",
        letter.pk,
        FRIDAY,
        row.told_by,
    )


def test_whole_life_of_a_promise_nobody_keeps_each_step_once() -> None:
    ann = handle().customer
    row = promise(customer=ann, owner=staff())
    staff("lea@parcel.example", role="lead")
    moments = [row.warn_at, row.escalate_at, row.heads_up_at]

    for at in [at for at in moments for _ in range(2)]:
        look(at)
    delivered(Letter.objects.get(customer_id=ann.pk), at=row.told_by)
    for at in [row.told_by, FRIDAY, FRIDAY, row.broken_at, row.broken_at, row.broken_at + 30 * DAY]:
        look(at)

    told = new_facts(f"promise:{row.pk}", since=1)
    assert [kind for kind, _ in told] == [
        "StaffWarned",
        "StaffEscalated",
        "TellingSent",
        "CustomerTold",
        "PromiseLate",
        "PromiseBroken",
    ]
    assert told[3][1]["before_due"] is told[3][1]["in_time"] is True
    assert told[4] == ("PromiseLate", {"due": moment(FRIDAY), "told": True})
    assert told[5] == ("PromiseBroken", {"due": moment(FRIDAY), "reason": "not_done"})
    assert (again(row).state, again(row).look_again_at) == (State.BROKEN, None)
    assert Telling.objects.filter(promise=row).count() == 1
    assert queries.tally(queries.Window(None, FRIDAY + DAY), now=row.broken_at).surprises == 0


def test_after_downtime_the_customer_hears_late_and_it_says_so() -> None:
    row = promise(customer=handle().customer, owner=staff())

    assert watched(row, FRIDAY + HOUR) == [
        ("PromiseLate", {"due": moment(FRIDAY), "told": False}),
        (
            "TellingSent",
            {
                "telling": "late_notice",
                "letter": f"letter:{Letter.objects.get(customer_id__isnull=False).pk}",
                "due": moment(FRIDAY),
                "automatic": True,
                **told_of(row),
            },
        ),
    ]
    said = text_of(Letter.objects.get(customer_id__isnull=False))
    assert "That time has passed, and it is not done." in said
    assert "We do not have a new date for you yet. You will hear from us by Monday 16 November" in said
    assert Promise.objects.filter(because=row, sort=Sort.NEXT_WORD).count() == 1
    assert queries.tally(queries.Window(None, FRIDAY + DAY), now=FRIDAY + HOUR).surprises == 1


def test_new_date_given_after_the_late_notice_is_told_too() -> None:
    row = promise(customer=handle().customer)
    look(FRIDAY)

    promises.move(again(row), to=FRIDAY + 4 * DAY, words="", reason="", by=staff(), now=FRIDAY + HOUR)

    assert [subject for _, subject in letters()] == ["We are late: ring you", "A new date: ring you"]
    assert list(Telling.objects.order_by("pk").values_list("kind", flat=True)) == ["late_notice", "new_date"]


def test_customer_without_an_address_is_noted_and_promised_nothing_more() -> None:
    row = promise(owner=staff())

    look(row.heads_up_at)

    assert new_facts(f"promise:{row.pk}")[-1] == ("TellingFailed", {"telling": "heads_up", "reason": "no_address"})
    assert Promise.objects.count() == 1
    assert [to for to, _ in letters()] == ["sam@parcel.example"]


def test_heads_up_that_was_refused_is_noted_and_counts_as_a_surprise() -> None:
    row = promise(customer=handle().customer)
    look(row.heads_up_at)
    refused(Letter.objects.get(), at=row.told_by)

    look(FRIDAY)

    assert new_facts(f"promise:{row.pk}", since=4) == [
        ("TellingFailed", {"telling": "heads_up", "reason": "letter_failed"}),
        ("PromiseLate", {"due": moment(FRIDAY), "told": False}),
    ]
    assert queries.tally(queries.Window(None, FRIDAY + DAY), now=FRIDAY).surprises == 1


def test_heads_up_delivered_after_the_date_did_not_tell_in_time() -> None:
    row = promise(customer=handle().customer)
    look(row.heads_up_at)
    look(FRIDAY)
    delivered(Letter.objects.get(), at=FRIDAY + HOUR)

    look(FRIDAY + HOUR)

    kind, values = new_facts(f"promise:{row.pk}")[-1]
    assert (kind, values["before_due"], values["in_time"]) == ("CustomerTold", False, False)
    assert again(row).told_at is None


def test_promise_moved_in_time_and_then_missed_in_silence_is_a_surprise() -> None:
    row = promise(customer=handle().customer)
    promises.move(row, to=FRIDAY + 7 * DAY, words="", reason="", by=staff(), now=NOW)
    delivered(Letter.objects.get(), at=NOW)
    look(NOW + HOUR)

    look(FRIDAY + 7 * DAY)  # we were away at every moment before

    assert new_facts(f"promise:{row.pk}", since=4) == [
        ("PromiseLate", {"due": moment(FRIDAY + 7 * DAY), "told": False}),
        (
            "TellingSent",
            {
                "telling": "late_notice",
                "letter": f"letter:{Letter.objects.latest('pk').pk}",
                "due": moment(FRIDAY + 7 * DAY),
                "automatic": True,
                **told_of(row),
            },
        ),
    ]


def test_move_that_failed_and_whose_new_date_passed_is_late_once() -> None:
    row = promise(customer=handle().customer)
    promises.move(row, to=FRIDAY + 7 * DAY, words="", reason="", by=staff(), now=NOW)
    refused(Letter.objects.get(), at=NOW)

    watcher.look_ahead(now=FRIDAY + 7 * DAY)

    late = [values for kind, values in new_facts(f"promise:{row.pk}") if kind == "PromiseLate"]
    assert late == [{"due": moment(FRIDAY), "told": False}]


def test_next_word_is_watched_but_nobody_is_written_about_it() -> None:
    ann = handle().customer
    word = promise(customer=ann, sort=Sort.NEXT_WORD, owner=staff())

    for at in (word.warn_at, word.escalate_at, word.heads_up_at, FRIDAY, word.broken_at):
        look(at)

    assert [kind for kind, _ in new_facts(f"promise:{word.pk}", since=1)] == [
        "StaffWarned",
        "StaffEscalated",
        "PromiseLate",
        "PromiseBroken",
    ]
    assert not Letter.objects.filter(customer_id=ann.pk).exists()


def test_team_that_writes_for_itself_sends_nothing_by_itself() -> None:
    team = Team.objects.create(name="Parcels", heads_up_by_itself=False)
    row = promise(customer=handle().customer, team_id=team.pk)

    look(row.heads_up_at)
    look(FRIDAY)

    assert [kind for kind, _ in new_facts(f"promise:{row.pk}", since=1)] == [
        "StaffWarned",
        "StaffEscalated",
        "PromiseLate",
    ]
    assert letters() == []


def test_what_is_kept_or_armed_or_let_off_is_never_looked_at() -> None:
    kept, released, _armed = promise(), promise(), promise(state=State.ARMED)
    promises.keep(kept, by=None, now=NOW)
    promises.release(released, reason="", by=None, now=NOW)

    assert look(FRIDAY + 100 * DAY) == 0


def test_moved_promise_is_warned_about_anew() -> None:
    row = promise(owner=staff())
    look(row.warn_at)
    promises.move(again(row), to=FRIDAY + 7 * DAY, words="", reason="", by=None, now=row.warn_at)

    look(again(row).warn_at)

    warned = [values["due"] for kind, values in new_facts(f"promise:{row.pk}") if kind == "StaffWarned"]
    assert warned == [moment(FRIDAY), moment(FRIDAY + 7 * DAY)]


@pytest.mark.django_db(transaction=True)  # as in a worker, where nothing stands around the look
def test_promise_that_cannot_be_looked_at_stops_no_other() -> None:
    bad, good = promise(owner=staff()), promise()
    Promise.objects.filter(pk=bad.pk).update(warn_at=None)  # a row no code of ours writes

    assert look(FRIDAY - HOUR) >= 1
    assert [kind for kind, _ in new_facts(f"promise:{good.pk}", since=1)] == [
        "StaffWarned",
        "StaffEscalated",
        "TellingFailed",
    ]
    assert again(bad).look_again_at == FRIDAY - HOUR + watcher.PUT_OFF
    assert new_facts(f"promise:{bad.pk}", since=1) == []


def test_staff_with_an_address_no_letter_reaches_is_warned_on_the_page_all_the_same() -> None:
    sam = staff("sam@localhost")
    row = promise(owner=sam)

    assert watched(row, row.warn_at) == [("StaffWarned", {"due": moment(FRIDAY), "warned": f"staff:{sam.pk}"})]
    assert letters() == []


def test_unknown_zone_of_a_reader_is_told_in_utc() -> None:
    Staff.objects.filter(pk=staff().pk).update(zone="Mars/Olympus")
    row = promise(owner=Staff.objects.get())

    look(row.warn_at)

    assert letters() == [("sam@parcel.example", "Due Friday 13 November, 17:00 (UTC): ring you")]


def test_letters_still_on_their_way_keep_no_other_telling_waiting() -> None:
    rows = [promise(customer=handle(f"ann{number}@example.net").customer) for number in range(3)]
    look(rows[0].heads_up_at)
    delivered(Letter.objects.latest("pk"), at=rows[0].heads_up_at)

    assert watcher.settle_tellings(now=rows[0].told_by, most=1) == 1


def test_batch_of_many_costs_hardly_more_statements_than_one(django_assert_max_num_queries: Any) -> None:
    sam = staff()
    rows = [promise(customer=handle(f"ann{number}@example.net").customer, owner=sam) for number in range(20)]

    with django_assert_max_num_queries(30):
        assert watcher.look_ahead(now=rows[0].heads_up_at) == 20
    assert Letter.objects.count() == 21  # one to Sam about all twenty, one to each customer; nobody leads
    letter = Letter.objects.get(customer_id=None)
    assert letter.subject == "20 promises come due from Friday 13 November, 17:00 (GMT)"
    assert all(f"/promises/{row.pk}/" in text_of(letter) for row in rows)
