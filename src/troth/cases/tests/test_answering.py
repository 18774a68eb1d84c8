"""All customers of one cause answered in one go."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import people_and_things as things
from tests.faces import Shop, page, said, signed_in, with_link
from tests.people_and_things import DAY, FRIDAY, NOW, text_of

from troth.cases import actions, erasing
from troth.cases.models import BulkAnswer, BulkReply, Case, Message, Reply
from troth.cases.rules.filling import Filled, fill, order_in, unknown
from troth.cases.rules.gate import Answer, Choice
from troth.people.models import Customer, Handle, Staff, Team
from troth.post.models import Letter
from troth.promises.models import Promise

State = BulkReply.State
TEXT = "Hello {name},\n\nyour order {order} left us today. It was late, and that was our fault."
WORD = "Hello {name},\n\nwe will send a new bell for order {order} by Friday."


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello {name},", Filled("Hello Ann,", ())),
        ("Hello {name|there}, {order|as you asked}", Filled("Hello Ann, as you asked", ())),
        ("{order} and {due} and {order}", Filled("{order} and {due} and {order}", ("order", "due"))),
        ("{promised}", Filled("{name}", ())),
        ("{} {not closed", Filled("{} {not closed", ())),
    ],
)
def test_a_text_is_filled_in(text: str, filled: Filled) -> None:
    assert fill(text, {"name": "Ann", "order": "", "promised": "{name}"}) == filled
    assert unknown("{name} {nmae} {Order}") == ("nmae", "Order")


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["Where is my order no. 88120?"], "88120"),
        (["Order #A-17-b never came."], "A-17-B"),
        (["I ordered two chairs.", "parcel: GB123456"], "GB123456"),
        (["order 111 and order 222"], ""),
        (["In order to 2 decide"], ""),
        ([], ""),
    ],
)
def test_the_order_a_customer_names_is_found(texts: list[str], order: str) -> None:
    assert order_in(texts) == order


class Cause:
    """A parent, and three customers whose cases are linked to it."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.parent = shop.case(
            things.handle("maker@example.org", name="The maker"), "Bells are late.", subject="Bells"
        )
        self.people: list[Handle] = [
            things.handle(f"{name.lower()}@example.net", name=name) for name in ("Cleo", "Dan", "Zora")
        ]
        self.children = [
            shop.case(who, f"Where is order {number}?", subject=f"Bell of {who.customer.name}")
            for number, who in enumerate(self.people, start=70001)
        ]
        for child in self.children:
            actions.link(child, parent=self.parent, by=shop.sam, now=NOW)

    def prepare(self, text: str = TEXT, **values: Any) -> BulkAnswer:
        numbers = [child.pk for child in self.children]
        return actions.prepare_answer(
            self.parent, **{"numbers": numbers, "text": text, "staff": self.shop.sam, "now": NOW, **values}
        )


@pytest.fixture
def cause(shop: Shop) -> Cause:
    return Cause(shop)


def states(answer: BulkAnswer) -> list[tuple[str, str, str]]:
    return list(BulkReply.objects.filter(answer=answer).order_by("case").values_list("state", "reason", "about"))


def go(answer: BulkAnswer, *, later: timedelta = timedelta(minutes=1)) -> None:
    assert actions.send_answer(answer, now=NOW)
    while actions.work_answers(now=NOW):
        pass
    while actions.leave(now=NOW + later):
        pass


def test_spaces_without_end_keep_nobody_busy() -> None:
    """With the customer's words in it the page would have stood still for hours."""
    assert order_in(["order" + " " * 100_000 + "AB-12"]) == ""


def test_each_reads_their_own_words_and_nobody_elses(cause: Cause) -> None:
    go(cause.prepare())

    letters = {letter.to_address: text_of(letter) for letter in Letter.objects.filter(because__startswith="message:")}
    assert set(letters) == {who.address for who in cause.people}
    for number, who in enumerate(cause.people, start=70001):
        text = letters[who.address]
        assert f"Hello {who.customer.name},\n\nyour order {number} left us today." in text
        for other in (*(one.customer.name for one in cause.people if one is not who), "The maker", "Bells"):
            assert other not in text.replace(f"Bell of {who.customer.name}", "")
    assert Message.objects.filter(case=cause.parent, direction="outbound").count() == 0
    assert set(Case.objects.filter(parent=cause.parent).values_list("status", flat=True)) == {"waiting"}


def test_a_promise_in_it_is_each_customers_own(cause: Cause) -> None:
    go(cause.prepare(WORD))

    made = Promise.objects.filter(sort="deed").order_by("about")
    assert [(promise.customer.name, promise.about, promise.due) for promise in made] == [
        (who.customer.name, f"case:{case.pk}", FRIDAY) for who, case in zip(cause.people, cause.children, strict=True)
    ]
    assert [promise.source_quote for promise in made] == [
        f"we will send a new bell for order {number} by Friday." for number in (70001, 70002, 70003)
    ]


def test_an_undated_promise_is_held_back_until_the_writer_dates_it_for_all(cause: Cause) -> None:
    text = "Hello {name}, we will send you a new bell."
    held = cause.prepare(text)
    assert {(state, reason) for state, reason, _about in states(held)} == {(State.HELD_BACK, "gate_unanswered")}
    assert not actions.send_answer(held, now=NOW)

    quote = "Hello {name}, we will send you a new bell."
    given = Answer(quote=quote, choice=Choice.PROMISE, what="send you a new bell", due=NOW + 2 * DAY)
    go(cause.prepare(text, answers=[given]))

    assert list(Promise.objects.filter(sort="deed").values_list("due", flat=True)) == [NOW + 2 * DAY] * 3


def test_what_is_missing_is_told_and_only_those_are_held_back(cause: Cause) -> None:
    one, two, three = cause.children
    Customer.objects.filter(pk=one.customer_id).update(name="")
    Case.objects.filter(pk=two.pk).update(unverified=True)
    Handle.objects.filter(customer=three.customer_id).update(kind="phone", address="+441")

    answer = cause.prepare()

    assert states(answer) == [
        (State.HELD_BACK, "missing", "name"), (State.HELD_BACK, "unproven", ""), (State.HELD_BACK, "no_address", ""),
    ]  # fmt: skip
    with pytest.raises(actions.UnknownPlace):
        cause.prepare("Hello {nmae}")
    with pytest.raises(actions.NobodyToAnswer):
        cause.prepare(numbers=[cause.parent.pk])
    with pytest.raises(actions.NothingWritten):
        cause.prepare(" ")


def test_what_was_promised_and_by_when_is_filled_in(cause: Cause) -> None:
    child = cause.children[0]
    promise = cause.shop.promise(cause.people[0], child, what="bring the bell", due=FRIDAY)
    cause.shop.promise(cause.people[1], cause.children[2], what="a stranger's", due=FRIDAY - DAY)

    answer = cause.prepare("{name}: {promised} ({due})", numbers=[child.pk])

    assert promise.due
    assert BulkReply.objects.get(answer=answer).text == "Cleo: bring the bell (Friday 13 November, 17:00 (GMT))"


def test_whoever_wrote_meanwhile_is_not_answered_unread(cause: Cause) -> None:
    answer = cause.prepare()
    actions.send_answer(answer, now=NOW)
    cause.shop.message(cause.people[0], "It has come!", case_id=cause.children[0].pk)
    while actions.work_answers(now=NOW):
        pass
    cause.shop.message(cause.people[1], "Mine too!", case_id=cause.children[1].pk)
    actions.leave(now=NOW + timedelta(minutes=1))

    assert states(answer) == [
        (State.REFUSED, "something_new", ""), (State.WRITTEN, "", ""), (State.WRITTEN, "", ""),
    ]  # fmt: skip
    assert list(Reply.objects.order_by("case").values_list("state", flat=True)) == ["stopped", "sent"]


def test_killed_in_the_middle_each_is_written_once(cause: Cause) -> None:
    """A transaction for each part: what a killed worker leaves is a part that waits, or one with its reply."""
    answer = cause.prepare()
    actions.send_answer(answer, now=NOW)
    actions.work_answers(now=NOW, most=1)
    [(state, *_), (other, *_), _third] = states(answer)
    assert (state, other) == (State.WRITTEN, State.WAITING)

    assert not actions.send_answer(answer, now=NOW)
    assert actions.work_answers(now=NOW) == 2
    assert actions.work_answers(now=NOW) == 0
    actions.leave(now=NOW + DAY)

    assert Message.objects.filter(direction="outbound").count() == 3


def test_it_is_stopped_before_it_leaves_and_no_draft_is_lost(cause: Cause) -> None:
    actions.save_draft(cause.children[0], staff=cause.shop.sam, text="Half a", now=NOW)
    answer = cause.prepare()
    actions.send_answer(answer, now=NOW)
    actions.work_answers(now=NOW, most=2)

    assert actions.stop_answer(answer, now=NOW) == 3
    assert actions.work_answers(now=NOW) + actions.leave(now=NOW + DAY) == 0

    assert states(answer) == [(State.LEFT_OUT, "stopped", "")] * 3
    assert [(reply.state, reply.text) for reply in Reply.objects.all()] == [("draft", "Half a")]


def test_what_customers_wrote_is_read_only_where_their_order_is_asked_for(cause: Cause) -> None:
    with CaptureQueriesContext(connection) as plain:
        cause.prepare("Hello {name},\n\nwe are sorry.")
    with CaptureQueriesContext(connection) as asked:
        assert "70001" in BulkReply.objects.filter(answer=cause.prepare()).order_by("case")[0].text

    assert [sum("left(text" in one["sql"] for one in found) for found in (plain, asked)] == [0, 1]


def test_an_order_is_looked_for_in_the_newest_words_a_few_cases_at_a_time(
    cause: Cause, monkeypatch: pytest.MonkeyPatch
) -> None:
    for child, text in ((cause.children[0], "Now it is order 80002."), (cause.children[1], "Any news?")):
        Message.objects.create(case=child, direction="inbound", at=NOW + timedelta(minutes=1), text=text)
    monkeypatch.setattr("troth.cases.actions.answering.LOOKED_AT_ONCE", 2)
    monkeypatch.setattr("troth.cases.actions.answering.NEWEST_LOOKED", 1)

    answer = cause.prepare()

    found = [re.findall(r"\d{5}", one.text) for one in BulkReply.objects.filter(answer=answer).order_by("case")]
    assert found == [["80002"], [], ["70003"]]
    assert states(answer)[1] == (State.HELD_BACK, "missing", "order")


def test_letters_are_spread_over_time(cause: Cause, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.cases.actions.answering.A_SECOND", 1)
    actions.send_answer(cause.prepare(), now=NOW)
    actions.work_answers(now=NOW)

    moments = [at for at in Reply.objects.order_by("case").values_list("leaves_at", flat=True) if at]
    assert [at - moments[0] for at in moments] == [timedelta(seconds=second) for second in range(3)]


def test_nobody_answers_what_they_may_not_see(cause: Cause) -> None:
    closed = Team.objects.create(name="Conduct", is_closed=True)
    answer = cause.prepare()
    actions.send_answer(answer, now=NOW)
    Case.objects.filter(pk=cause.children[0].pk).update(team=closed)
    while actions.work_answers(now=NOW):
        pass
    assert states(answer)[0] == (State.REFUSED, "out_of_sight", "")

    assert len(states(cause.prepare())) == 2
    Staff.objects.filter(pk=cause.shop.sam.pk).update(is_active=False)
    later = cause.prepare()
    actions.send_answer(later, now=NOW)
    actions.work_answers(now=NOW)
    assert {reason for _state, reason, _about in states(later)} == {"out_of_sight"}


# The pages


def test_the_cause_shows_its_cases_and_what_each_was_promised(cause: Cause) -> None:
    cause.shop.promise(cause.people[0], cause.children[0], what="bring the bell")
    sam = signed_in(cause.shop.sam)

    text = page(sam, f"/cases/{cause.parent.pk}/linked/")
    assert all(who.customer.name in text for who in cause.people)
    assert "bring the bell" in text
    assert "3 cases are linked to this one" in page(sam, f"/cases/{cause.parent.pk}/")
    assert f"Linked to case #{cause.parent.pk}" in page(sam, f"/cases/{cause.children[0].pk}/")

    Case.objects.filter(pk=cause.parent.pk).update(team=Team.objects.create(name="Conduct", is_closed=True))
    assert "Linked to a case of another team." in page(sam, f"/cases/{cause.children[0].pk}/")
    page(sam, f"/cases/{cause.parent.pk}/linked/", status=404)


def test_from_the_page_it_is_looked_at_sent_and_told(cause: Cause) -> None:
    sam, other = signed_in(cause.shop.sam), signed_in(cause.shop.lea)
    one, two, three = (child.pk for child in cause.children)
    form = {"body": TEXT, "case": [one, two, three]}

    wrong = sam.post(f"/cases/{cause.parent.pk}/answer-all/", {**form, "body": "Hello {nmae}"})
    assert "Nothing can be put in for {nmae}." in wrong.content.decode()
    looked = sam.post(f"/cases/{cause.parent.pk}/answer-all/", form).headers["Location"]
    text = page(sam, looked)
    assert "your order 70002 left us today" in text
    assert "Send 3 answers" in text
    page(other, looked, status=404)

    sam.post(f"{looked}send/", {"case": []})
    assert "Send 3 answers" in page(sam, looked)
    sam.post(f"{looked}send/", {"case": [one, two]})
    actions.work_answers(now=NOW)
    assert "0 of 2 have left" in page(sam, looked)
    actions.leave(now=NOW + DAY)
    assert "All that was to leave has left." in page(sam, looked)
    assert set(Message.objects.filter(direction="outbound").values_list("case", flat=True)) == {one, two}
    assert "left already" in said(sam.post(f"{looked}stop/"))


def test_all_are_resolved_with_the_cause_and_nobody_untold_without_being_asked(cause: Cause) -> None:
    go(cause.prepare(numbers=[cause.children[0].pk]))
    sam = signed_in(cause.shop.sam)
    where = f"/cases/{cause.parent.pk}/close-all/"

    asked = sam.post(where).content.decode()
    assert "2 customers were not told yet" in asked
    assert not Case.objects.filter(status="resolved").exists()

    sam.post(where, {"untold": "leave"})
    assert set(Case.objects.filter(status="resolved").values_list("pk", flat=True)) == {
        cause.parent.pk,
        cause.children[0].pk,
    }
    sam.post(where, {"untold": "close"})
    assert Case.objects.filter(status="resolved").count() == 4


def test_a_case_is_linked_from_its_page(cause: Cause) -> None:
    sam, case = signed_in(cause.shop.sam), cause.shop.case()

    sam.post(f"/cases/{case.pk}/link/", {"parent": f"#{cause.parent.pk}"})
    assert Case.objects.get(pk=case.pk).parent == cause.parent
    assert "no such case" in said(sam.post(f"/cases/{case.pk}/link/", {"parent": "999999"}))
    assert "itself" in said(sam.post(f"/cases/{case.pk}/link/", {"parent": str(cause.children[0].pk)}))
    sam.post(f"/cases/{case.pk}/link/", {"parent": ""})
    assert Case.objects.get(pk=case.pk).parent is None


def test_no_customer_sees_that_there_are_others(cause: Cause) -> None:
    go(cause.prepare())
    cleo = with_link(cause.shop.link(cause.people[0]))

    text = page(cleo, "/my/") + page(cleo, f"/my/cases/{cause.children[0].pk}/")
    assert "your order 70001" in text
    for word in ("Dan", "Zora", "The maker", "Bells", "70002", "70003", f"#{cause.parent.pk}"):
        assert word not in text
    page(cleo, f"/my/cases/{cause.parent.pk}/", status=404)


def test_whoever_is_erased_has_no_words_left_in_it(cause: Cause) -> None:
    answer = cause.prepare()
    child = cause.children[0]

    erasing.erase([child.pk], by=cause.shop.lea, now=NOW)

    part = BulkReply.objects.get(answer=answer, case=child)
    assert (part.state, part.reason, part.text) == (State.REFUSED, "erased", "")
