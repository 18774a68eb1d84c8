"""The same done to many cases, and undone."""

from __future__ import annotations

from typing import Any

import pytest
from tests import people_and_things as things
from tests.faces import Shop, page, said, signed_in
from tests.people_and_things import DAY, HOUR, NOW, kinds, new_facts

from troth.cases import actions
from troth.cases.models import BulkAct, BulkStep, Case, Message
from troth.cases.rules.bulk import NotAChange, NothingToChange, changes_from
from troth.cases.rules.filters import Filters
from troth.people.models import Customer, Staff, Team
from troth.promises.models import Promise

State = BulkStep.State


def do(shop: Shop, cases: list[Case], *, staff: Staff | None = None, **changes: str) -> BulkAct:
    numbers = [case.pk for case in cases]
    act = actions.begin_bulk(staff=staff or shop.sam, changes=changes, numbers=numbers, now=NOW)
    while actions.work_bulk(now=NOW):
        pass
    return act


def undo(act: BulkAct) -> None:
    assert actions.undo_bulk(act, now=NOW + HOUR)
    while actions.work_bulk(now=NOW + HOUR):
        pass


def stand(case: Case, *names: str) -> dict[str, Any]:
    row = Case.objects.get(pk=case.pk)
    return {name: getattr(row, name) for name in names}


def outcome(act: BulkAct) -> list[tuple[str, str]]:
    return list(BulkStep.objects.filter(act=act).order_by("case").values_list("state", "reason"))


def three(shop: Shop) -> list[Case]:
    return [shop.case(shop.bob, f"Number {number}.", subject=str(number)) for number in range(3)]


@pytest.mark.parametrize(
    "wrong", [{"kind": "rant"}, {"status": "closed"}, {"assignee": "sam"}, {"snooze": "soon"}, {"cause": "?"}]
)
def test_what_is_no_change_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(NotAChange):
        changes_from(wrong)
    with pytest.raises(NothingToChange):
        changes_from({"kind": "", "colour": "red"})


def test_each_case_is_changed_by_its_own_action_and_tells_its_usual_facts(shop: Shop) -> None:
    one, two, three_ = three(shop)
    Case.objects.filter(pk=two.pk).update(kind="complaint")
    care = Team.objects.create(name="Returns")
    before = len(new_facts(f"case:{one.pk}"))

    act = do(
        shop,
        [one, two, three_],
        kind="complaint",
        cause="late",
        team=str(care.pk),
        assignee=str(shop.lea.pk),
        note="Seen.",
    )

    assert outcome(act) == [(State.DONE, "")] * 3
    assert stand(one, "kind", "cause", "assignee_id", "team_id") == {
        "kind": "complaint", "cause": "late", "assignee_id": shop.lea.pk, "team_id": shop.team.pk,
    }  # fmt: skip
    told = new_facts(f"case:{one.pk}", since=before)
    assert [(kind, values.get("field")) for kind, values in told] == [
        ("NoteWritten", None), ("CaseChanged", "kind"), ("CaseChanged", "cause"), ("CaseChanged", "team"),
        ("CaseChanged", "assignee"),
    ]  # fmt: skip
    assert {values["by"] for _kind, values in told} == {shop.sam.reference}
    assert BulkStep.objects.get(act=act, case=two).before.keys() == {"note", "cause", "team", "assignee"}


def test_undoing_restores_every_case_as_it_was(shop: Shop) -> None:
    one, two, _three = three(shop)
    promise = shop.promise(shop.bob, one, owner=None)
    Case.objects.filter(pk=two.pk).update(assignee=shop.sam, team=shop.team)
    names = (
        "kind",
        "cause",
        "status",
        "assignee_id",
        "team_id",
        "parent_id",
        "unanswered_since",
        "snoozed_by_id",
    )
    before = [stand(one, *names), stand(two, *names)]
    other = things.staff("kim@parcel.example", team=Team.objects.create(name="Returns"))

    act = do(shop, [one, two], kind="complaint", assignee=str(other.pk), parent=str(_three.pk), status="resolved")
    assert [stand(one, *names), stand(two, *names)] != before
    assert Promise.objects.get(pk=promise.pk).owner == other

    undo(act)
    assert [stand(one, *names), stand(two, *names)] == before
    assert Promise.objects.get(pk=promise.pk).owner is None
    assert outcome(act) == [(State.UNDONE, "")] * 2
    assert not actions.undo_bulk(act, now=NOW + DAY)


def test_what_was_only_read_is_not_settled_by_undoing(shop: Shop) -> None:
    """What is read in the case later changes it again, unless somebody had settled it before."""
    one, two, _three = three(shop)
    actions.set_kind(two, kind="suggestion", by=shop.lea, now=NOW)
    actions.set_cause(two, cause="other", by=shop.lea, now=NOW)
    hands = ("kind", "kind_by_hand", "cause", "cause_by_hand")
    before = [stand(one, *hands), stand(two, *hands)]
    assert [row["kind_by_hand"] for row in before] == [False, True]

    act = do(shop, [one, two], kind="complaint", cause="late")
    assert [stand(case, *hands)["cause_by_hand"] for case in (one, two)] == [True, True]
    undo(act)

    assert [stand(one, *hands), stand(two, *hands)] == before


def test_snoozing_many_is_undone_too(shop: Shop) -> None:
    one, two, _three = three(shop)
    actions.snooze(two, until=NOW + DAY, by=shop.lea, now=NOW)

    act = do(shop, [one, two], snooze="answer")
    assert stand(one, "snoozed_by_id", "snoozed_until") == {"snoozed_by_id": shop.sam.pk, "snoozed_until": None}

    undo(act)
    assert stand(one, "snoozed_by_id")["snoozed_by_id"] is None
    assert stand(two, "snoozed_until")["snoozed_until"] == NOW + DAY


def test_what_somebody_changed_since_is_left_also_when_it_was_changed_back(shop: Shop) -> None:
    one, two, three_ = three(shop)
    act = do(shop, [one, two, three_], kind="complaint", cause="late")
    actions.set_kind(one, kind="suggestion", by=shop.lea, now=NOW)
    for kind in ("suggestion", "complaint"):
        actions.set_kind(two, kind=kind, by=shop.lea, now=NOW)

    undo(act)

    assert outcome(act) == [(State.LEFT, "changed_since"), (State.LEFT, "changed_since"), (State.UNDONE, "")]
    assert [stand(case, "kind", "cause") for case in (one, two, three_)] == [
        {"kind": "suggestion", "cause": ""}, {"kind": "complaint", "cause": ""}, {"kind": "enquiry", "cause": ""},
    ]  # fmt: skip


def test_a_case_that_cannot_be_changed_is_told_and_the_rest_goes_on(shop: Shop) -> None:
    one, two, three_ = three(shop)
    closed = Team.objects.create(name="Conduct", is_closed=True)
    act = actions.begin_bulk(
        staff=shop.sam, changes={"kind": "complaint", "note": "Look."}, numbers=[one.pk, two.pk, three_.pk], now=NOW
    )
    Case.objects.filter(pk=one.pk).update(team=closed)
    ann = things.handle("ann@example.net").customer
    Case.objects.filter(pk=two.pk).update(customer=ann)
    Customer.objects.filter(pk=ann.pk).update(erased_at=NOW)
    before = kinds()

    while actions.work_bulk(now=NOW):
        pass

    assert outcome(act) == [(State.REFUSED, "out_of_sight"), (State.REFUSED, "erased"), (State.DONE, "")]
    told = [kind for kind in kinds()[len(before) :] if not kind.startswith("Clock")]
    assert told == ["NoteWritten", "CaseChanged"]
    assert [stand(case, "kind")["kind"] for case in (one, two)] == ["enquiry", "enquiry"]


def test_whoever_left_changes_nothing_more(shop: Shop) -> None:
    cases = three(shop)
    act = actions.begin_bulk(staff=shop.sam, changes={"kind": "complaint"}, numbers=[one.pk for one in cases], now=NOW)
    Staff.objects.filter(pk=shop.sam.pk).update(is_active=False)

    actions.work_bulk(now=NOW)

    assert outcome(act) == [(State.REFUSED, "may_not")] * 3


def test_a_note_stays_and_a_draft_of_ones_own_too(shop: Shop) -> None:
    one, *_rest = three(shop)
    actions.save_draft(one, staff=shop.sam, text="Half a", is_note=True, now=NOW)
    act = do(shop, [one], note="Look at this.")

    undo(act)

    assert outcome(act) == [(State.LEFT, "note_stays")]
    assert [m.text for m in Message.objects.filter(case=one, direction="note")] == ["Look at this."]
    assert [draft.text for draft in actions.drafts(one, staff=shop.sam, is_note=True)] == ["Half a"]


def test_killed_in_the_middle_it_goes_on_where_it_was(shop: Shop) -> None:
    cases = three(shop)
    act = actions.begin_bulk(staff=shop.sam, changes={"note": "Once."}, numbers=[one.pk for one in cases], now=NOW)

    assert actions.work_bulk(now=NOW, most=2) == 2
    assert outcome(act).count((State.DONE, "")) == 2
    assert actions.work_bulk(now=NOW) == 1  # by another worker

    assert Message.objects.filter(direction="note").count() == 3


def test_undone_in_the_middle_what_waits_is_not_done(shop: Shop) -> None:
    cases = three(shop)
    act = actions.begin_bulk(staff=shop.sam, changes={"kind": "complaint"}, numbers=[one.pk for one in cases], now=NOW)
    actions.work_bulk(now=NOW, most=1)

    undo(act)

    assert outcome(act) == [(State.UNDONE, "")] * 3
    assert [stand(case, "kind")["kind"] for case in cases] == ["enquiry"] * 3


def test_all_that_match_are_changed_within_sight(shop: Shop) -> None:
    one, two, three_ = three(shop)
    Case.objects.filter(pk=three_.pk).update(team=Team.objects.create(name="Conduct", is_closed=True))
    Case.objects.filter(pk=two.pk).update(status="waiting")

    act = actions.begin_bulk(staff=shop.sam, changes={"cause": "late"}, filters=Filters(status=("open",)), now=NOW)

    assert list(BulkStep.objects.filter(act=act).values_list("case", flat=True)) == [one.pk]
    with pytest.raises(actions.NoCases):
        actions.begin_bulk(staff=shop.sam, changes={"cause": "late"}, numbers=[three_.pk, 10**9], now=NOW)
    with pytest.raises(NotAChange):
        actions.begin_bulk(staff=shop.sam, changes={"parent": str(three_.pk)}, numbers=[one.pk], now=NOW)
    with pytest.raises(NotAChange):
        actions.begin_bulk(staff=shop.sam, changes={"assignee": str(shop.aud.pk)}, numbers=[one.pk], now=NOW)


# Links


def test_cases_are_linked_on_one_level(shop: Shop) -> None:
    one, two, three_ = three(shop)

    assert actions.link(one, parent=two, by=shop.sam, now=NOW)
    assert not actions.link(Case.objects.get(pk=one.pk), parent=two, by=shop.sam, now=NOW)
    for case, parent, why in ((two, three_, "has_children"), (three_, one, "parent_is_linked"), (two, two, "itself")):
        with pytest.raises(actions.NotToBeLinked) as error:
            actions.link(case, parent=parent, by=shop.sam, now=NOW)
        assert error.value.why == why
    assert actions.link(one, parent=None, by=shop.sam, now=NOW)

    assert [values for kind, values in new_facts(f"case:{one.pk}") if values.get("field") == "parent"] == [
        {"field": "parent", "before": "", "after": f"case:{two.pk}", "by": shop.sam.reference},
        {"field": "parent", "before": f"case:{two.pk}", "after": "", "by": shop.sam.reference},
    ]


# The pages


def test_from_the_list_it_is_done_told_and_undone(shop: Shop) -> None:
    one, two, _three = three(shop)
    sam = signed_in(shop.sam)
    form = {"back": "view=open", "case": [one.pk, two.pk], "set-assignee": shop.lea.pk, "scope": "chosen"}

    answer = sam.post("/cases/bulk/", form)
    assert answer.status_code == 302
    assert "2 cases changed." in page(sam, answer.headers["Location"])
    act = BulkAct.objects.get()
    assert "Lea" in page(sam, "/cases/bulk/mine/")

    undone = sam.post(f"/cases/bulk/{act.pk}/undo/")
    assert "2 cases are as they were." in page(sam, undone.headers["Location"])
    assert Case.objects.filter(assignee=None).count() == 3
    assert "already" in said(sam.post(f"/cases/bulk/{act.pk}/undo/"))


def test_all_of_a_list_is_asked_about_first_and_left_to_the_lane(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.cases.desk.bulk.AT_ONCE", 2)
    three(shop)
    sam = signed_in(shop.sam)
    form = {"back": "view=open", "choice": "status=open", "scope": "all", "set-kind": "complaint"}

    asked = sam.post("/cases/bulk/", form)
    assert "Change 3 cases?" in asked.content.decode()
    assert not BulkAct.objects.exists()
    answer = sam.post("/cases/bulk/", {**form, "sure": "yes"})
    act = BulkAct.objects.get()
    assert answer.headers["Location"] == f"/cases/bulk/{act.pk}/"
    assert "0 of 3 cases" in page(sam, f"/cases/bulk/{act.pk}/")

    assert actions.work_bulk(now=NOW) == 3
    assert "3 cases changed." in page(sam, f"/cases/bulk/{act.pk}/")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"case": "1"}, "otherwise"),
        ({"set-kind": "complaint"}, "cases first"),
        ({"case": "1", "set-parent": "#99999"}, "no such case"),
        ({"case": "1", "set-assignee": "99999"}, "Nobody by that name"),
        ({"scope": "all", "choice": "status=open", "set-snooze": "soon"}, "cannot be chosen"),
    ],
)
def test_a_form_that_says_nothing_sound_changes_nothing(shop: Shop, form: dict[str, str], words: str) -> None:
    answer = signed_in(shop.sam).post("/cases/bulk/", form)

    assert words in said(answer)
    assert not BulkAct.objects.exists()
