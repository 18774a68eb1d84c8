from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.faces import Shop, page, signed_in, statements
from tests.people_and_things import NOW

from troth.cases import actions as cases
from troth.cases import checking, erasing
from troth.cases.models import Case, Dismissal, Reply
from troth.cases.rules import gate
from troth.cases.rules.checks import Check
from troth.people.models import Team
from troth.people.queries import hours_of
from troth.promises.models import Promise

ANGRY = (
    "I am furious: my parcel is three weeks late. This is not acceptable! I want my money back. Where is my parcel now?"
)
BARE = "Your parcel left the depot this morning and the driver has it now."


def angry(shop: Shop, **values: Any) -> Case:
    case = shop.case(text=ANGRY, **values)
    assert case.kind == Case.Kind.COMPLAINT
    return case


def read(shop: Shop, case: Case, text: str = BARE) -> str:
    answer = signed_in(shop.sam).post(f"/cases/{case.pk}/read/", {"body": text})
    assert answer.status_code == 200
    return answer.content.decode()


def shown(text: str) -> list[str]:
    return [check for check in Check if f'data-check="{check.value}"' in text]


def wave_off(shop: Shop, case: Case, **values: str) -> int:
    return signed_in(shop.sam).post(f"/cases/{case.pk}/checks/", values).status_code


def test_what_the_case_asks_of_an_answer_is_told_while_it_is_written(shop: Shop) -> None:
    text = read(shop, angry(shop))

    assert shown(text)[:3] == [Check.RESPONSIBILITY, Check.REPAIR, Check.REGRET]
    assert text.index('data-check="regret"') < text.index("<details")
    assert text.index("<details") < text.index('data-check="never_again"')
    assert "The anger is not answered yet" in text
    assert "I will refund you [[how much]] by Thursday 12 November." in text


def test_an_enquiry_is_answered_without_advice(shop: Shop) -> None:
    assert shown(read(shop, shop.case(text="Do you deliver to Cork?"), "Yes, we deliver to Cork for £12.")) == []


def test_what_is_waved_off_is_never_shown_again_to_this_person_in_this_case(shop: Shop) -> None:
    case, other = angry(shop), angry(shop, who=shop.bob)

    assert wave_off(shop, case, check="reason") == 200
    assert wave_off(shop, case, check="regret") == 200
    cases.save_draft(case, staff=shop.sam, text=BARE, now=NOW)

    assert not {Check.REASON, Check.REGRET} & set(shown(read(shop, case)))
    assert not {Check.REASON, Check.REGRET} & set(shown(page(signed_in(shop.sam), f"/cases/{case.pk}/")))
    assert Check.REGRET in shown(read(shop, other))
    as_lea = signed_in(shop.lea).post(f"/cases/{case.pk}/read/", {"body": BARE}).content.decode()
    assert Check.REGRET in shown(as_lea)


def test_what_was_waved_off_comes_back_when_asked_for(shop: Shop) -> None:
    case = angry(shop)
    wave_off(shop, case, check="regret")
    wave_off(shop, case, check="repair")

    assert wave_off(shop, case, check="regret", again="1") == 200
    assert [row.check_name for row in Dismissal.objects.all()] == ["repair"]
    assert wave_off(shop, case, again="1") == 200
    assert not Dismissal.objects.exists()


def test_only_a_check_can_be_waved_off_and_only_where_one_may_see(shop: Shop) -> None:
    case = angry(shop)
    hidden = angry(shop, who=shop.bob)
    Case.objects.filter(pk=hidden.pk).update(team=Team.objects.create(name="Conduct", is_closed=True))

    assert wave_off(shop, case, check="everything") == 404
    assert wave_off(shop, case) == 404
    assert wave_off(shop, hidden, check="regret") == 404
    assert not Dismissal.objects.exists()


def test_how_it_stood_is_kept_with_the_reply_and_stops_nobody(shop: Shop) -> None:
    case = angry(shop)
    wave_off(shop, case, check="repair")

    reply = cases.send_reply(case, staff=shop.sam, text=BARE, now=NOW)

    kept = Reply.objects.get(pk=reply.pk).checks
    assert reply.state == Reply.State.HELD
    assert kept["not_well"][:3] == ["responsibility", "repair", "regret"]
    assert kept["dismissed"] == ["repair"]
    assert "blame" in kept["well"]


def test_a_check_that_fails_stops_nobody(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking.checks, "look", lambda *_args, **_rest: 1 / 0)

    reply = cases.send_reply(angry(shop), staff=shop.sam, text=BARE, now=NOW)

    assert (reply.state, reply.checks) == (Reply.State.HELD, {})


def test_nothing_leaves_with_a_place_to_fill_in(shop: Shop) -> None:
    case = angry(shop)
    text = "It happened because [[the reason, as far as you know it]]."

    with pytest.raises(cases.GateShut) as shut:
        cases.send_reply(case, staff=shop.sam, text=text, now=NOW)
    answer = signed_in(shop.sam).post(f"/cases/{case.pk}/reply/", {"body": text})

    assert [objection.why for objection in shut.value.objections] == [gate.Why.BLANK]
    assert answer.status_code == 422
    assert "“[[the reason, as far as you know it]]” still has to be filled in." in answer.content.decode()
    assert "A place in it is still to be filled in." in answer.content.decode()
    assert not Reply.objects.filter(state=Reply.State.HELD).exists()


def test_what_was_promised_first_and_not_kept_is_what_is_owned_up_to(shop: Shop) -> None:
    case = angry(shop)
    made = shop.promise(case=case, quote="We'll ring you by Monday.")
    Promise.objects.filter(pk=made.pk).update(state="late")

    matter = checking.matter_of(case, staff=shop.sam, hours=hours_of(), now=NOW)

    assert matter.known.missed is not None
    assert matter.known.missed.words == "We'll ring you by Monday."
    assert "We told you: “We&#39;ll ring you by Monday.”" in read(shop, case)


def test_a_name_nobody_vouched_for_is_not_put_into_a_sentence(shop: Shop) -> None:
    case = angry(shop)
    Case.objects.filter(pk=case.pk).update(unverified=True)
    case.refresh_from_db()

    assert checking.matter_of(case, staff=shop.sam, hours=hours_of(), now=NOW).known.name == ""


def test_after_an_answer_the_old_anger_is_not_held_against_the_next_letter(shop: Shop) -> None:
    case = angry(shop)
    cases.send_reply(case, staff=shop.sam, text="I am sorry, that was our mistake.", now=NOW)
    cases.leave(now=NOW + timedelta(minutes=1))
    shop.message(text="Thanks. Which carrier is it?", at=NOW + timedelta(hours=1), now=NOW + timedelta(hours=1))

    found = shown(read(shop, case, "It is with the parcel post, and they have it on the van."))

    assert Check.REGRET not in found
    assert Check.RESPONSIBILITY not in found


def test_the_page_of_a_case_takes_no_statement_more_for_it(shop: Shop) -> None:
    case = angry(shop)
    sam = signed_in(shop.sam)
    without = statements(sam, f"/cases/{case.pk}/")

    cases.save_draft(case, staff=shop.sam, text=BARE, now=NOW)
    wave_off(shop, case, check="regret")

    assert statements(sam, f"/cases/{case.pk}/") == without


def test_when_a_person_is_forgotten_so_is_what_was_waved_off_about_them(shop: Shop) -> None:
    case = angry(shop)
    wave_off(shop, case, check="regret")

    erasing.erase([case.pk], by=shop.lea, now=NOW)

    assert not Dismissal.objects.filter(case=case).exists()
