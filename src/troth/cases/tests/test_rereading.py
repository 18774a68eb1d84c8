from __future__ import annotations

import os
import signal
from typing import Any

import pytest
from django.db import connection, transaction
from faults.boundaries import Strike
from faults.processes import Process, killed_at, run
from tests.people_and_things import HOUR, NOW, company, handle, kinds, new_facts, staff

from troth import reading
from troth.cases import actions as cases
from troth.cases import reader
from troth.cases.actions import rereading
from troth.cases.models import Case, Correction, Learned, Message, Rereading
from troth.cases.rules import kept
from troth.cases.rules.corrections import Field
from troth.people.models import Handle, Staff

pytestmark = pytest.mark.django_db
ANGRY = "I am furious. My parcel never came and nobody can find it!"
LATE = "The parcel is three weeks late, this is a complaint."
BEFORE = {"version": "rules-0", "language": "en", "kind": {"value": "suggestion", "confidence": 0.9}}


@pytest.fixture(autouse=True)
def _company() -> None:
    company()


@pytest.fixture
def ann() -> Handle:
    return handle()


@pytest.fixture
def sam() -> Staff:
    return staff(role="lead")


def written(ann: Handle, text: str = ANGRY, **values: Any) -> Message:
    return cases.open_or_join(**{"handle": ann, "subject": "Parcel", "text": text, "at": NOW, "now": NOW, **values})


def as_before(*messages: Message) -> None:
    """As if an earlier version had read these, and made suggestions of them."""
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(reading=BEFORE)
    Case.objects.filter(pk__in=[message.case_id for message in messages]).update(
        kind="suggestion", cause="", emotion=""
    )


def reread_all(**values: Any) -> int:
    return sum(iter(lambda: cases.reread(now=NOW + HOUR, **values), 0))


def stands(message: Message) -> tuple[str, str, str]:
    case = Case.objects.get(pk=message.case_id)
    return case.kind, case.cause, case.emotion


def versions() -> list[str]:
    return [plain.get("version", "") for plain in Message.objects.order_by("pk").values_list("reading", flat=True)]


# Read anew


def test_what_another_version_read_is_read_anew_and_told_once(ann: Handle) -> None:
    messages = [written(ann), written(ann, LATE), written(ann, "Thank you!")]
    as_before(*messages)
    before = len(kinds())

    assert reread_all(most=2) == 3

    assert versions() == [reading.VERSION] * 3
    assert stands(messages[0]) == ("complaint", "never_delivered", "anger")
    told = kinds()[before:]
    assert told.count("MessagesReread") == 1
    assert set(told) == {"MessagesReread", "CaseChanged"}
    [round_] = Rereading.objects.all()
    assert new_facts(f"rereading:{round_.pk}") == [
        ("MessagesReread", {"reading": reading.VERSION, "messages": 3, "changed": 3})
    ]
    assert (round_.total, round_.read, round_.ended_at) == (3, 3, NOW + HOUR)
    assert new_facts(f"case:{messages[0].case_id}")[-1][1]["by"] == ""


def test_where_all_is_read_nothing_is_done(ann: Handle) -> None:
    written(ann)
    before = len(kinds())

    assert cases.reread(now=NOW) == 0

    assert (len(kinds()), Rereading.objects.count()) == (before, 0)


def test_what_staff_said_stays_and_so_does_what_they_set(ann: Handle, sam: Staff) -> None:
    corrected, by_hand = written(ann), written(ann, LATE)
    as_before(corrected, by_hand)
    said = {Field.KIND: ["enquiry"], Field.CAUSES: ["hidden_fee"], Field.EMOTIONS: ["fear"]}
    cases.correct(corrected.pk, said=said, by=sam, now=NOW)
    cases.set_kind(by_hand.case, kind="compliment", by=sam, now=NOW)
    rows = list(Correction.objects.order_by("pk").values())

    assert reread_all() == 2

    assert stands(corrected) == ("enquiry", "hidden_fee", "fear")
    assert stands(by_hand)[0] == "compliment"
    assert list(Correction.objects.order_by("pk").values()) == rows


def test_what_is_settled_or_from_before_keeps_its_place(ann: Handle, sam: Staff) -> None:
    settled, imported = written(ann), written(ann, LATE)
    as_before(settled, imported)
    cases.set_status(settled.case, status="resolved", by=sam, now=NOW)
    Case.objects.filter(pk=imported.case_id).update(imported=True)

    reread_all()

    assert [stands(message) for message in (settled, imported)] == [("suggestion", "", "")] * 2
    assert versions() == [reading.VERSION] * 2


def test_the_time_an_answer_was_announced_for_stays(ann: Handle) -> None:
    message = written(ann)
    due = message.case.answer_by
    as_before(message)

    reread_all()

    assert stands(message)[0] == "complaint"
    assert Case.objects.get(pk=message.case_id).answer_by == due


def test_answers_of_ours_and_notes_are_left_alone(ann: Handle, sam: Staff) -> None:
    note = cases.write_note(written(ann).case, staff=sam, text="Look.", now=NOW)

    assert reread_all() == 0
    assert Message.objects.get(pk=note.pk).reading == {}


def test_what_cannot_be_read_keeps_what_was_read_and_stands_in_nobodys_way(
    ann: Handle, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poison, other = written(ann), written(ann, LATE)
    as_before(poison, other)
    whole = reader.read

    def read(text: str, **values: Any) -> reading.Reading:
        if text == poison.text:
            raise RuntimeError
        return whole(text, **values)

    monkeypatch.setattr(reader, "read", read)

    assert reread_all() == 2

    assert [shown["kind"]["value"] for shown in Message.objects.order_by("pk").values_list("reading", flat=True)] == [
        "suggestion",
        "complaint",
    ]
    assert versions() == [reading.VERSION] * 2
    assert f"message:{poison.pk} cannot be read anew" in caplog.text


def test_the_index_finds_what_is_left(ann: Handle) -> None:
    written(ann)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    plans = [rows[:50].explain() for rows in rereading.read_by_others(reading.VERSION)]

    assert all("message_read_by" in plan and "Sort" not in plan for plan in plans), plans


# Killed, and side by side


@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_it_goes_on_where_it_was_and_does_nothing_twice() -> None:
    company()
    sam, messages = staff(role="lead"), [written(handle(), LATE) for _ in range(4)]
    as_before(*messages)
    cases.correct(messages[0].pk, said={Field.CAUSES: ["hidden_fee"]}, by=sam, now=NOW)
    begun = len(kinds())

    ended = [run(lambda: reread_all(most=1), strike=killed_at(number)) for number in range(3, 23, 3)]
    assert sum(one.killed for one in ended) >= 3
    reread_all(most=1)

    assert versions() == [reading.VERSION] * 4
    [round_] = Rereading.objects.all()
    assert (round_.total, round_.read, round_.changed) == (4, 4, 4)
    assert kinds()[begun:].count("MessagesReread") == 1
    assert Case.objects.get(pk=messages[0].case_id).cause == "hidden_fee"
    assert list(Correction.objects.filter(until=None).values_list("said", flat=True)) == [["hidden_fee"]]


@pytest.mark.django_db(transaction=True)
def test_two_side_by_side_share_the_work() -> None:
    company()
    messages = [written(handle(), LATE) for _ in range(4)]
    as_before(*messages)
    assert cases.reread(most=1, now=NOW) == 1
    holding = Process(lambda: cases.reread(most=1, now=NOW), strike=once_it_took_one())
    assert holding.is_stopped()

    mine = reread_all(most=1)
    under_way = Rereading.objects.get().ended_at
    holding.go_on()

    assert holding.ended().whole
    assert (mine, under_way) == (2, None)
    assert versions() == [reading.VERSION] * 4
    assert cases.reread(now=NOW + HOUR) == 0
    assert Rereading.objects.values_list("read", "ended_at").get() == (4, NOW + HOUR)
    assert kinds().count("MessagesReread") == 1


def once_it_took_one() -> Strike:
    """Stop the process when it first holds a message."""
    stopped: list[int] = []

    def strike(_number: int, name: str) -> None:
        if name.startswith('SELECT "cases_message"') and not stopped:
            stopped.append(1)
            os.kill(os.getpid(), signal.SIGSTOP)

    return strike


# Learned


def taught(ann: Handle, sam: Staff) -> list[Message]:
    """What this house calls its own things, said a few times."""
    messages = [written(ann, f"Could the zorble of order {number} be gribbled?") for number in range(12)]
    for message in messages:
        said = {Field.KIND: ["complaint"], Field.CAUSES: ["poor_quality"], Field.EMOTIONS: ["anger"]}
        cases.correct(message.pk, said=said, by=sam, now=NOW)
    return messages


def test_learning_changes_nothing_until_it_is_switched_on(ann: Handle, sam: Staff) -> None:
    taught(ann, sam)
    before = len(kinds())

    row = cases.learn(by=sam, now=NOW)

    assert row.comparison["n"] > 0
    assert set(row.comparison["fields"]) == {"kind", "complaint", "cause", "emotion"}
    assert kinds()[before:] == ["ReaderLearned"]
    assert cases.learn(by=sam, now=NOW).pk == row.pk
    assert kinds()[before:] == ["ReaderLearned"]
    assert reader.version() == reading.VERSION


def test_nothing_is_learned_from_nothing(sam: Staff) -> None:
    with pytest.raises(cases.NothingToLearn):
        cases.learn(by=sam, now=NOW)


def test_switched_on_it_reads_what_comes_and_switched_off_it_is_as_shipped(
    ann: Handle, sam: Staff, django_capture_on_commit_callbacks: Any
) -> None:
    taught(ann, sam)
    row = cases.learn(by=sam, now=NOW)
    as_shipped = written(ann, "Could the zorble of order 70 be gribbled?")

    with django_capture_on_commit_callbacks(execute=True):
        assert cases.switch_reader(row, by=sam, now=NOW)
    message = written(ann, "Could the zorble of order 77 be gribbled?")

    assert message.reading["version"] == f"{reading.VERSION}+{row.version}" == reader.version()
    assert [kept.from_plain(one.reading).is_complaint for one in (as_shipped, message)] == [False, True]
    assert new_facts(f"learned:{row.pk}")[-1] == (
        "ReaderSwitched",
        {"before": "", "after": row.version, "by": f"staff:{sam.pk}"},
    )
    assert not cases.switch_reader(row, by=sam, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        assert cases.switch_reader(None, by=sam, now=NOW)
    assert written(ann, "Could a zorble be gribbled again?").reading["version"] == reading.VERSION
    assert reread_all() == 1
    assert set(versions()) == {reading.VERSION}


def test_what_nothing_was_learned_for_is_not_read_anew_for_ever(
    ann: Handle, sam: Staff, django_capture_on_commit_callbacks: Any
) -> None:
    taught(ann, sam)
    with django_capture_on_commit_callbacks(execute=True):
        cases.switch_reader(cases.learn(by=sam, now=NOW), by=sam, now=NOW)
    reread_all()
    rounds = Rereading.objects.count()

    german = written(ann, "Wo bleibt mein Paket? Ich warte seit drei Wochen darauf und niemand antwortet mir.")

    assert german.reading["version"] == reader.version()
    assert reread_all() == 0
    assert Rereading.objects.count() == rounds


def test_one_is_in_use_at_most(ann: Handle, sam: Staff) -> None:
    taught(ann, sam)
    first = cases.learn(by=sam, now=NOW)
    cases.correct(written(ann, "Fine.").pk, said={Field.KIND: ["compliment"]}, by=sam, now=NOW)
    second = cases.learn(by=sam, now=NOW)
    assert first.pk != second.pk

    for row in (first, second, first):
        assert cases.switch_reader(row, by=sam, now=NOW)

    assert list(Learned.objects.filter(is_on=True)) == [first]


def test_what_another_format_learned_is_not_used(ann: Handle, sam: Staff, caplog: pytest.LogCaptureFixture) -> None:
    Learned.objects.create(
        version="learned-0", plain={"format": 0}, corrections=1, comparison={}, made_at=NOW, made_by=sam, is_on=True
    )

    with transaction.atomic():
        assert written(ann).reading["version"] == reading.VERSION

    assert "messages are read as shipped" in caplog.text
    assert kept.from_plain(Message.objects.get().reading).is_complaint
