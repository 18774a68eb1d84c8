"""Clocks in the tables: moved by what happens in a case, watched, and counted again from their facts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.people_and_things import DAY, HOUR, NOW, company, handle, kinds, new_facts, staff

from troth.cases import actions as cases
from troth.cases.models import Case
from troth.clocks import actions as clocks
from troth.clocks import queries, things, watcher
from troth.clocks.models import Clock
from troth.clocks.rules.length import working_time
from troth.clocks.rules.policy import Policy, Rule, Target
from troth.clocks.rules.profiles import Profile, ready
from troth.ledger.replay import of_all
from troth.people import actions as people
from troth.people.models import Handle, Staff
from troth.site import verify
from troth.words.clocks import Sort

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> Any:
    company()
    queries.forget_policy()
    yield
    queries.forget_policy()


@pytest.fixture
def ann() -> Handle:
    return handle()


@pytest.fixture
def sam() -> Staff:
    return staff()


def written(ann: Handle, text: str = "Where is my parcel?", **values: Any) -> Case:
    given: dict[str, Any] = {"handle": ann, "text": text, "subject": "Parcel", "at": NOW, "now": NOW}
    given |= values
    return cases.open_or_join(**given | {"now": max(given["at"], given["now"])}).case


def of(case: Case) -> dict[str, str]:
    return {f"{row.sort} {row.number}": row.state for row in queries.clocks_of(f"case:{case.pk}")}


def answer(case: Case, sam: Staff, *, at: Any, then: str = "waiting") -> None:
    cases.send_reply(case, staff=sam, text="It is at the depot.", status_after=then, now=at)
    cases.leave(now=at + timedelta(minutes=1))


def sound() -> bool:
    """Every clock is what its facts say, and nothing contradicts itself."""
    found = [finding for check in verify.clocks.checks() for finding in verify.answer(check, now=NOW)]
    return not found and [list(of_all(thing)) for thing in things.THINGS] == [[], []]


def test_a_case_through_its_life(ann: Handle, sam: Staff) -> None:
    case = written(ann)
    assert of(case) == {"first 1": "running", "resolution 1": "running"}

    answer(case, sam, at=NOW + HOUR)
    assert of(case) == {"first 1": "met", "resolution 1": "paused"}

    written(ann, case_id=case.pk, at=NOW + DAY, text="And now?")
    assert of(case) == {"first 1": "met", "resolution 1": "running", "next 1": "running"}

    answer(case, sam, at=NOW + DAY + HOUR, then="open")
    assert of(case)["update 1"] == "running"

    cases.set_status(case, status="resolved", by=sam, now=NOW + 2 * DAY)
    assert of(case) == {"first 1": "met", "resolution 1": "met", "next 1": "met", "update 1": "stopped"}

    cases.set_status(case, status="open", by=sam, now=NOW + 3 * DAY)
    assert of(case)["resolution 1"] == "running"
    assert sound()


def test_automatic_mail_a_note_a_draft_and_an_acknowledgement_move_nothing(ann: Handle, sam: Staff) -> None:
    message = cases.open_or_join(handle=ann, text="Where is my parcel?", subject="Parcel", at=NOW, now=NOW)
    before = of(message.case)

    cases.acknowledge(message, now=NOW)
    cases.write_note(message.case, staff=sam, text="Looking.", now=NOW + HOUR)
    cases.save_draft(message.case, staff=sam, text="Dear Ann", now=NOW + HOUR)
    written(ann, case_id=message.case_id, text="I am away.", automatic=True, at=NOW + HOUR)
    cases.assign(message.case, assignee=sam, by=sam, now=NOW + HOUR)

    assert of(message.case) == before == {"first 1": "running", "resolution 1": "running"}


def test_a_talk_noted_sets_going_what_waited_for_the_customer(ann: Handle, sam: Staff) -> None:
    case = written(ann)
    answer(case, sam, at=NOW + HOUR)
    case.refresh_from_db()

    cases.note_talk(
        handle=ann, case=case, staff=sam, channel="phone", subject="", text="She rang.", at=NOW + DAY, now=NOW + DAY
    )

    case.refresh_from_db()
    assert case.status == "open"
    assert of(case) == {"first 1": "met", "resolution 1": "running", "update 1": "running"}
    assert sound()


def test_another_policy_leaves_what_runs_as_it_is(ann: Handle, sam: Staff) -> None:
    before = written(ann)
    short = Policy("plain", (Rule({Sort.FIRST: Target(working_time(minutes=30))}),))

    version = clocks.set_policy(short, from_at=NOW, by=sam, now=NOW)
    after = written(ann)

    old, new = Clock.objects.get(about=f"case:{before.pk}", sort="first"), Clock.objects.get(about=f"case:{after.pk}")
    assert (old.policy_id, new.policy_id) == (None, version.pk)
    assert new.due == NOW + timedelta(minutes=30) < old.due == before.answer_by
    assert new_facts(f"clock:{new.pk}")[0][1]["policy"] == f"policy:{version.pk}"
    assert sound()


def test_staff_are_warned_once_the_lead_once_and_a_miss_is_said_once(ann: Handle, sam: Staff) -> None:
    lead = staff("lee", role="lead")
    case = written(ann)
    first = Clock.objects.get(about=f"case:{case.pk}", sort="first")
    Clock.objects.filter(sort="resolution").update(look_again_at=None)

    looked = [watcher.look_ahead(now=NOW), watcher.look_ahead(now=first.look_again_at)]
    for _again in range(3):
        watcher.look_ahead(now=first.due)

    first.refresh_from_db()
    assert looked == [0, 1]
    assert [kind for kind, _said in new_facts(f"clock:{first.pk}")] == [
        "ClockStarted", "StaffWarned", "StaffEscalated", "ClockMissed",
    ]  # fmt: skip
    assert new_facts(f"clock:{first.pk}")[2][1]["warned"] == f"staff:{lead.pk}"
    assert (first.missed_at, first.look_again_at) == (first.due, None)


def test_a_miss_is_explained_and_what_was_met_is_not(ann: Handle, sam: Staff) -> None:
    case = written(ann)
    first = Clock.objects.get(about=f"case:{case.pk}", sort="first")
    with pytest.raises(clocks.NotMissed):
        clocks.explain_miss(first.pk, reason="forgot", by=sam, now=NOW)
    watcher.look_ahead(now=first.due)

    assert clocks.explain_miss(first.pk, reason="no_capacity", by=sam, now=first.due)
    assert not clocks.explain_miss(first.pk, reason="no_capacity", by=sam, now=first.due)
    assert kinds().count("ClockMissExplained") == 1
    assert sound()


def test_a_holding_reply_gives_the_longer_target_once(ann: Handle, sam: Staff) -> None:
    clocks.set_policy(ready(Profile.FCA_DISP_PAYMENTS), from_at=NOW, by=sam, now=NOW)
    case = written(ann, "I am furious. My parcel never came and nobody answers!")
    end = Clock.objects.get(about=f"case:{case.pk}", sort="resolution")

    assert clocks.extend(f"case:{case.pk}", by=sam, now=NOW + DAY)
    assert not clocks.extend(f"case:{case.pk}", by=sam, now=NOW + DAY)

    longer = Clock.objects.get(pk=end.pk)
    assert longer.due > end.due
    assert longer.policy_id == end.policy_id
    assert sound()


def test_a_case_from_before_there_were_clocks_gets_them(ann: Handle, sam: Staff) -> None:
    case = written(ann)
    due = case.answer_by
    Clock.objects.all().delete()

    assert (cases.give_clocks(now=NOW + HOUR), cases.give_clocks(now=NOW + HOUR)) == (1, 0)

    assert Clock.objects.get(about=f"case:{case.pk}", sort="first").due == due
    assert Case.objects.get(pk=case.pk).answer_by == due


def test_the_group_of_a_customer_chooses_their_targets(ann: Handle, sam: Staff) -> None:
    soon = Rule({Sort.FIRST: Target(working_time(minutes=15))}, groups=frozenset({"vip"}))
    clocks.set_policy(Policy("plain", (soon, *ready(Profile.PLAIN).rules)), from_at=NOW, by=sam, now=NOW)
    ordinary = written(ann)

    assert people.set_group(ann.customer, group=" vip ", by=sam, now=NOW)
    assert not people.set_group(ann.customer, group="vip", by=sam, now=NOW)
    said = {"before": "", "after": "vip", "by": sam.reference}
    assert new_facts(f"customer:{ann.customer_id}")[-1] == ("CustomerGrouped", said)

    ann.refresh_from_db()
    assert written(ann).answer_by == NOW + timedelta(minutes=15) < ordinary.answer_by


def test_what_was_said_in_public_is_due_sooner(ann: Handle) -> None:
    assert written(ann, is_public=True).answer_by < written(ann).answer_by  # type: ignore[operator]


def test_of_somebody_forgotten_nothing_is_met_or_missed(ann: Handle) -> None:
    case = written(ann)

    clocks.stop(f"case:{case.pk}", now=NOW + HOUR)

    assert of(case) == {"first 1": "stopped", "resolution 1": "stopped"}
    assert watcher.look_ahead(now=NOW + 90 * DAY) == 0
    assert sound()


def test_a_letter_read_late_starts_the_clock_when_it_arrived(ann: Handle) -> None:
    case = written(ann, at=NOW - 3 * HOUR, now=NOW)

    first = queries.clocks_of(f"case:{case.pk}").get(sort="first")
    assert (first.started_at, case.unanswered_since) == (NOW - 3 * HOUR, NOW - 3 * HOUR)


def test_a_letter_read_behind_a_later_one_moves_the_running_clocks_to_when_it_arrived(ann: Handle) -> None:
    case = written(ann)
    before = {row.sort: row.due for row in queries.clocks_of(f"case:{case.pk}")}
    written(ann, "And another thing.", case_id=case.pk, at=NOW - HOUR / 2, now=NOW + HOUR)

    rows = {row.sort: row for row in queries.clocks_of(f"case:{case.pk}")}
    case.refresh_from_db()
    assert {row.started_at for row in rows.values()} == {NOW - HOUR / 2}
    assert rows["first"].due == before["first"] - HOUR / 2 == case.answer_by
    assert kinds().count("ClockBeganEarlier") == 2
    assert [found for thing in things.THINGS for found in of_all(thing)] == []


def test_what_ran_out_by_its_earlier_beginning_is_said_once(ann: Handle) -> None:
    case = written(ann)
    written(ann, "Still nothing?", case_id=case.pk, at=NOW - 9 * DAY, now=NOW + HOUR)

    for _ in range(2):
        watcher.look_ahead(now=NOW + HOUR)

    first = queries.clocks_of(f"case:{case.pk}").get(sort="first")
    assert first.missed_at == first.due < NOW
    assert kinds().count("ClockMissed") == 1
    assert [found for thing in things.THINGS for found in of_all(thing)] == []
