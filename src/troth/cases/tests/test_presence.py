"""Who else is here: seen at once, gone within seconds, and nobody answers over a colleague's answer unawares."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from tests.faces import Shop, page, signed_in
from tests.people_and_things import HOUR, NOW, kinds, staff
from tests.programs import Program

from troth.cases import actions
from troth.cases.actions import presence
from troth.cases.models import Case, Presence, Reply
from troth.cases.rules.presence import GONE_AFTER, Writes
from troth.people.models import Team

SECOND = timedelta(seconds=1)


def seen_by(shop: Shop, case: Case, who: Any = None, *, now: Any = NOW) -> list[tuple[str, str]]:
    found = presence.others_in([case.pk], staff=who or shop.lea, now=now)
    return [(one.name, one.writing(now).value) for one in found]


def beats(browser: Any, case: Case, **said: str) -> list[tuple[str, str]]:
    answer = browser.post(f"/cases/{case.pk}/here/", said)
    assert answer.status_code == 200
    return [(one["name"], one["writes"]) for one in answer.json()["others"]]


def test_each_sees_the_other_and_nobody_themselves(shop: Shop) -> None:
    case = shop.case()
    before = kinds()
    sam, lea = signed_in(shop.sam), signed_in(shop.lea)

    assert beats(sam, case) == []
    assert beats(lea, case, writes="note") == [("Sam", "")]
    assert beats(sam, case, writes="reply") == [("Lea", "note")]
    assert beats(lea, case) == [("Sam", "reply")]
    assert kinds() == before  # the ledger hears nothing of it


def test_who_is_not_heard_of_is_gone_and_who_says_so_at_once(shop: Shop) -> None:
    case = shop.case()
    presence.here(case, staff=shop.sam, writes=Writes.REPLY, now=NOW)

    assert seen_by(shop, case, now=NOW + GONE_AFTER - SECOND) == [("Sam", "reply")]
    assert seen_by(shop, case, now=NOW + GONE_AFTER) == []
    presence.here(case, staff=shop.sam, now=NOW + HOUR)
    assert seen_by(shop, case, now=NOW + HOUR) == [("Sam", "")]  # what they wrote an hour ago they write no more
    signed_in(shop.sam).post(f"/cases/{case.pk}/here/", {"gone": "1"})
    assert seen_by(shop, case, now=NOW + HOUR) == []


def test_one_page_that_only_looks_hides_nothing_of_another_that_writes(shop: Shop) -> None:
    case = shop.case()
    presence.here(case, staff=shop.sam, writes=Writes.REPLY, now=NOW)

    presence.here(case, staff=shop.sam, now=NOW + 2 * SECOND)

    assert seen_by(shop, case, now=NOW + 2 * SECOND) == [("Sam", "reply")]
    assert seen_by(shop, case, now=NOW + GONE_AFTER) == [("Sam", "")]


def test_what_was_left_behind_goes_with_the_next_beat(shop: Shop) -> None:
    first, second = shop.case(), shop.case(shop.bob)
    presence.here(first, staff=shop.sam, now=NOW)

    presence.here(second, staff=shop.sam, now=NOW + HOUR)

    assert list(Presence.objects.values_list("case_id", flat=True)) == [second.pk]


def test_the_others_are_told_only_of_what_is_new(shop: Shop) -> None:
    case = shop.case()
    beaten = ["", "", "reply", "reply", "", "note", ""]

    told = [
        presence.here(case, staff=shop.sam, writes=Writes(writes), now=NOW + seconds * SECOND)
        for seconds, writes in enumerate(beaten)
    ]

    assert told == [True, False, True, False, False, True, False]
    assert presence.here(case, staff=shop.sam, now=NOW + HOUR)  # back after an hour


def test_a_closed_team_is_not_heard_outside(shop: Shop) -> None:
    closed = Team.objects.create(name="Complaints about staff", is_closed=True)
    kim = staff("kim@parcel.example", team=closed)
    case = shop.case()
    Case.objects.filter(pk=case.pk).update(team=closed)
    presence.here(case, staff=kim, writes=Writes.REPLY, now=NOW)
    sam, aud = signed_in(shop.sam), signed_in(shop.aud)

    assert sam.post(f"/cases/{case.pk}/here/").status_code == 404
    assert sam.get(f"/cases/here/?cases={case.pk}").json() == {"cases": {}}
    [there] = aud.get(f"/cases/here/?cases={case.pk}").json()["cases"][str(case.pk)]
    assert (there["name"], there["writes"]) == ("Kim", "reply")


def test_a_list_asks_of_many_cases_with_one_statement(shop: Shop) -> None:
    cases = [shop.case(subject=f"no. {number}") for number in range(3)]
    presence.here(cases[1], staff=shop.lea, now=NOW)
    sam = signed_in(shop.sam)
    asked = f"/cases/here/?cases={','.join(str(case.pk) for case in cases)},x,{'9' * 30}"

    [[number, [one]]] = sam.get(asked).json()["cases"].items()

    assert (number, one) == (str(cases[1].pk), {"name": "Lea", "writes": "", "left": 15.0})
    assert sam.get("/cases/here/?cases=").json() == {"cases": {}}


# Answers that cross


def sends(browser: Any, case: Case, words: str, **said: Any) -> Any:
    return browser.post(f"/cases/{case.pk}/reply/", {"body": words, "last_message": "999999", **said})


@pytest.mark.parametrize("has_left", [False, True])
def test_an_answer_over_a_colleagues_stops_and_shows_their_words(shop: Shop, has_left: bool) -> None:
    case = shop.case()
    sam, lea = signed_in(shop.sam), signed_in(shop.lea)
    assert 'name="last_answer" value="0"' in page(sam, f"/cases/{case.pk}/")
    assert sends(lea, case, "It came back to us, sorry.", last_answer="0").status_code == 302
    theirs = Reply.objects.get(staff=shop.lea)
    if has_left:
        actions.leave(now=NOW + HOUR)

    answer = sends(sam, case, "It is on its way.", last_answer="0")

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Lea answered while you were writing" in text
    assert "It came back to us, sorry." in text
    assert f'name="last_answer" value="{theirs.pk}"' in text
    draft = Reply.objects.get(staff=shop.sam)
    assert (draft.state, draft.text) == ("draft", "It is on its way.")
    assert sends(sam, case, "It is on its way.", last_answer=str(theirs.pk)).status_code == 302  # having read it


def test_ones_own_answer_and_what_was_taken_back_stop_nothing(shop: Shop) -> None:
    case = shop.case()
    sam, lea = signed_in(shop.sam), signed_in(shop.lea)
    sends(lea, case, "It came back to us, sorry.", last_answer="0")
    actions.take_back(Reply.objects.get(staff=shop.lea), now=NOW)

    assert sends(sam, case, "It is on its way.", last_answer="0").status_code == 302
    assert sends(sam, case, "One word more.", last_answer="0").status_code == 302


def test_of_two_who_send_at_once_one_is_told(shop: Shop) -> None:
    case = shop.case()
    first = actions.send_reply(case, staff=shop.sam, text="It is on its way.", seen_reply=0, now=NOW)

    with pytest.raises(actions.AnsweredMeanwhile) as stopped:
        actions.send_reply(case, staff=shop.lea, text="It came back.", seen_reply=0, now=NOW)

    assert stopped.value.reply == first
    assert actions.send_reply(case, staff=shop.lea, text="It came back.", now=NOW)  # who asks for nothing is not asked


def test_a_held_answer_of_a_colleague_is_shown(shop: Shop) -> None:
    case = shop.case()
    actions.send_reply(case, staff=shop.lea, text="It came back to us.", now=NOW)

    assert "It came back to us." in page(signed_in(shop.sam), f"/cases/{case.pk}/")
    with time_machine.travel(NOW + HOUR, tick=False):
        actions.leave(now=NOW + HOUR)
        assert "leaves in a moment" not in page(signed_in(shop.sam), f"/cases/{case.pk}/")


def test_a_program_is_told_too(shop: Shop) -> None:
    case = shop.case()
    theirs = actions.send_reply(case, staff=shop.lea, text="It came back to us.", now=NOW)
    program = Program(shop.sam)

    status, problem = program.post(f"/cases/{case.pk}/replies", {"text": "It is on its way.", "seen_reply": 0})

    assert (status, problem["type"].rpartition("#")[2]) == (409, "changed")
    assert str(theirs.pk) in problem["detail"]
