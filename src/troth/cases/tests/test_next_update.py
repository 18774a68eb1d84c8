"""Where word of a case is owed, the answer that gives it is offered the date of the next (capability A6)."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from tests.faces import Shop, page, signed_in
from tests.people_and_things import HOUR, NOW

from troth.cases import actions
from troth.cases.models import Case
from troth.clocks.models import Clock
from troth.promises.models import Promise

ANGRY = "I am very unhappy: my parcel is late, and nobody tells me why."


def offered(shop: Shop, case: Case) -> tuple[list[str], str]:
    """The dates offered for the next word, and the one that stands there before anybody chooses."""
    text = page(signed_in(shop.sam), f"/cases/{case.pk}/")
    found = re.search(r'id="next_word".*?</select>', text, re.DOTALL)
    assert found
    options = re.findall(r'<option value="([^"]*)"( selected)?>', found[0])
    return [value for value, _on in options], next((value for value, on in options if on), "")


def update_owed(shop: Shop) -> Case:
    """A complaint that was answered and stays with us."""
    case = shop.case(text=ANGRY)
    assert case.kind == "complaint"
    actions.send_reply(case, staff=shop.sam, text="I am looking into it.", status_after="open", now=NOW)
    actions.leave(now=NOW + timedelta(minutes=1))
    return case


def test_the_next_update_is_offered_but_not_chosen_while_an_answer_is_owed(shop: Shop) -> None:
    dates, chosen = offered(shop, shop.case(text=ANGRY))

    assert len(dates) == len(set(dates)) >= 4
    assert chosen == ""


def test_an_update_promises_the_next(shop: Shop) -> None:
    case = update_owed(shop)
    with time_machine.travel(NOW + HOUR, tick=False):
        dates, chosen = offered(shop, case)
        signed_in(shop.sam).post(
            f"/cases/{case.pk}/reply/", {"body": "It left the depot this morning.", "next_word": chosen}
        )
    actions.leave(now=NOW + HOUR + timedelta(minutes=1))

    promise = Promise.objects.get(about=f"case:{case.pk}", sort="next_word")
    assert chosen in dates
    assert promise.due.isoformat() == chosen
    assert chosen == Clock.objects.get(sort="update", number=1).due.isoformat()  # it began on the same day


def test_who_takes_the_date_away_is_not_given_it_again(shop: Shop) -> None:
    case = update_owed(shop)
    refused = signed_in(shop.sam).post(f"/cases/{case.pk}/reply/", {"body": "We will send it.", "next_word": ""})

    assert refused.status_code == 422
    found = re.search(r'id="next_word".*?</select>', refused.content.decode(), re.DOTALL)
    assert found
    assert " selected" not in found[0]
