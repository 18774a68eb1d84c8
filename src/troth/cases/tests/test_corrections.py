from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests.people_and_things import DAY, HOUR, NOW, company, handle, kinds, new_facts, staff

from troth.cases import actions as cases
from troth.cases.models import Case, Correction, Message
from troth.cases.readings import standing
from troth.cases.rules.corrections import Field, NotAValue, is_right, sound
from troth.people.models import Handle, Staff

pytestmark = pytest.mark.django_db
ANGRY = "My parcel never arrived. This is unacceptable!"


@pytest.fixture(autouse=True)
def _company() -> None:
    company()


@pytest.fixture
def ann() -> Handle:
    return handle()


@pytest.fixture
def sam() -> Staff:
    return staff()


def written(ann: Handle, text: str = ANGRY, **values: Any) -> Message:
    return cases.open_or_join(**{"handle": ann, "subject": "Parcel", "text": text, "at": NOW, "now": NOW, **values})


def correct(message: Message, by: Staff, said: dict[Field, list[str]], **values: Any) -> bool:
    return cases.correct(message.pk, **{"said": said, "by": by, "now": NOW + HOUR, **values})


def shown_in(message: Message) -> list[str]:
    """The emotions read, guesses among them."""
    return [found["value"] for found in message.reading["emotions"]]


def of_case(message: Message) -> tuple[str, str, str, str]:
    case = Case.objects.get(pk=message.case_id)
    return case.kind, case.cause, case.emotion, case.urgency


def rows() -> list[tuple[Any, ...]]:
    found = Correction.objects.order_by("pk")
    return [
        (row.field, list(row.values_read), row.said, row.drawn, row.staff.email, row.until is None) for row in found
    ]


# What may be said


def test_values_are_kept_in_one_order_and_once() -> None:
    assert sound(Field.EMOTIONS, ["sadness", "anger", "anger"]) == ("anger", "sadness")
    assert sound(Field.CAUSES, ["poor_quality", "late"]) == ("poor_quality", "late")
    assert sound(Field.REMEDIES, []) == ()
    assert is_right(("late", "other"), ("other", "late"))


@pytest.mark.parametrize(
    ("field", "values"),
    [
        (Field.KIND, []),
        (Field.KIND, ["complaint", "enquiry"]),
        (Field.URGENCY, ["soon"]),
        (Field.EMOTIONS, ["anger", "hunger"]),
        (Field.CAUSES, ["late", "other", "poor_quality"]),
    ],
)
def test_what_is_no_value_is_refused(field: Field, values: list[str]) -> None:
    with pytest.raises(NotAValue):
        sound(field, values)


# What is said


def test_a_correction_is_kept_and_the_case_follows_it(ann: Handle, sam: Staff) -> None:
    message = written(ann)
    assert of_case(message)[1:3] == ("never_delivered", "anger")
    before = len(kinds())

    assert correct(message, sam, {Field.CAUSES: ["late"], Field.EMOTIONS: ["sadness"]})

    read = message.reading["causes"][0]["value"]
    assert [row[0::2] for row in rows()] == [("causes", ["late"], sam.email), ("emotions", ["sadness"], sam.email)]
    assert rows()[0][1][0] == read
    assert of_case(message)[1:3] == ("late", "sadness")
    assert kinds()[before:] == ["ReadingCorrected", "ReadingCorrected", "CaseChanged", "CaseChanged"]
    told = new_facts(f"message:{message.pk}")[-1][1]
    assert told == {
        "field": "emotions",
        "before": " ".join(shown_in(message)),
        "after": "sadness",
        "reading": message.reading["version"],
        "by": f"staff:{sam.pk}",
    }
    assert new_facts(f"case:{message.case_id}")[-1][1]["by"] == f"staff:{sam.pk}"


def test_what_is_right_is_confirmed_with_one_fact_and_changes_nothing(ann: Handle, sam: Staff) -> None:
    message = written(ann)
    before, stood = len(kinds()), of_case(message)

    correct(message, sam, {Field.KIND: ["complaint"], Field.EMOTIONS: shown_in(message)}, drawn=True)

    assert kinds()[before:] == ["ReadingConfirmed"]
    assert new_facts(f"message:{message.pk}")[-1][1]["fields"] == "kind emotions"
    assert [row[3] for row in rows()] == [True, True]
    assert of_case(message) == stood


def test_said_twice_it_is_kept_once(ann: Handle, sam: Staff) -> None:
    message = written(ann)
    seen = standing(message, [])

    assert correct(message, sam, {Field.CAUSES: ["late"]}, seen=seen)
    told = len(kinds())

    assert not correct(message, sam, {Field.CAUSES: ["late"]}, seen=seen)
    assert (len(rows()), len(kinds())) == (1, told)


def test_who_looked_before_a_colleague_spoke_is_told_so(ann: Handle, sam: Staff) -> None:
    message, lea = written(ann), staff("lea@parcel.example", role="lead")
    seen = standing(message, [])
    correct(message, lea, {Field.CAUSES: ["late"]}, seen=seen)

    with pytest.raises(cases.CorrectedMeanwhile):
        correct(message, sam, {Field.CAUSES: ["other"]}, seen=seen)

    assert [row[2] for row in rows()] == [["late"]]


def test_a_later_word_replaces_an_earlier_and_undone_lets_it_hold_again(ann: Handle, sam: Staff) -> None:
    message, lea = written(ann), staff("lea@parcel.example", role="lead")
    correct(message, sam, {Field.CAUSES: ["late"]})
    correct(message, lea, {Field.CAUSES: ["poor_quality", "late"]}, now=NOW + DAY)
    second = Correction.objects.get(until=None)
    assert of_case(message)[1] == "poor_quality"

    assert cases.undo_correction(second, by=sam, now=NOW + DAY)
    assert [row[2::3] for row in rows()] == [(["late"], True), (["poor_quality", "late"], False)]
    assert of_case(message)[1] == "late"
    assert not cases.undo_correction(second, by=sam, now=NOW + DAY)
    assert cases.undo_correction(Correction.objects.get(until=None), by=sam, now=NOW + DAY)

    assert of_case(message)[1] == "never_delivered"
    told = [values["after"] for kind, values in new_facts(f"message:{message.pk}") if kind == "CorrectionUndone"]
    assert told == ["late", "never_delivered"]
    assert correct(message, sam, {Field.CAUSES: ["other"]})


def test_a_kind_that_somebody_set_stays(ann: Handle, sam: Staff) -> None:
    message = written(ann)
    cases.set_kind(message.case, kind="suggestion", by=sam, now=NOW)

    correct(message, sam, {Field.KIND: ["enquiry"]})

    assert of_case(message)[0] == "suggestion"


def test_another_kind_moves_our_own_target(ann: Handle, sam: Staff) -> None:
    message = written(ann)
    before = message.case.answer_by

    correct(message, sam, {Field.KIND: ["suggestion"], Field.URGENCY: ["low"]})

    after = Case.objects.get(pk=message.case_id).answer_by
    assert before is not None
    assert after is not None
    assert after > before


def test_only_the_first_message_tells_the_cause_and_all_tell_the_emotion(ann: Handle, sam: Staff) -> None:
    first = written(ann)
    second = written(ann, "Any news?", case_id=first.case_id, at=NOW + HOUR)

    correct(second, sam, {Field.CAUSES: ["hidden_fee"], Field.EMOTIONS: ["fear"]})

    assert of_case(first)[1:3] == ("never_delivered", "fear")


def test_only_what_a_customer_wrote_is_corrected(ann: Handle, sam: Staff) -> None:
    note = cases.write_note(written(ann).case, staff=sam, text="Look.", now=NOW)

    with pytest.raises(cases.NotACustomers):
        correct(note, sam, {Field.KIND: ["complaint"]})


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_kept_and_the_other_told() -> None:
    message = written(handle())
    seen, ended = standing(message, []), []
    colleagues = [staff("sam@parcel.example"), staff("lea@parcel.example")]
    begin = threading.Barrier(2, timeout=20)

    def say(by: Staff, cause: str) -> None:
        begin.wait()
        try:
            ended.append(correct(message, by, {Field.CAUSES: [cause]}, seen=seen, now=NOW + timedelta(minutes=1)))
        except cases.CorrectedMeanwhile:
            ended.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=say, args=pair) for pair in zip(colleagues, ("late", "other"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(ended) == [False, True]
    assert Correction.objects.count() == 1
