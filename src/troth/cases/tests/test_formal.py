"""A complaint under DISP ends with a letter that says what the rules ask, or with a reason; a holding reply moves its clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.faces import Shop, page, signed_in
from tests.people_and_things import DAY, NOW, new_facts
from tests.programs import Program

from troth.cases import actions
from troth.cases.models import Case, FormalReply, Message, Reply
from troth.cases.rules.formal import Chosen
from troth.clocks import actions as clocks
from troth.clocks import queries
from troth.clocks.models import Clock
from troth.clocks.rules.profiles import Profile, ready
from troth.post.models import Letter
from troth.promises.models import Promise, Telling
from troth.words.formal import Formal, Point, Without
from troth.words.refs import ref

COMPLAINT = "I am very unhappy: you charged me twice, and nobody tells me why."
WHERE = """If you are not satisfied, you may now refer your complaint to the Financial Ombudsman Service. You must do so within six
months of the date of this letter. If you do not refer it in time, the Ombudsman will not have our permission to consider it.
Its website is www.financial-ombudsman.org.uk. Its leaflet is at https://www.financial-ombudsman.org.uk/consumer-leaflet."""
REJECTS = f"We do not uphold your complaint, because both fees stand in the contract you signed.\n\n{WHERE}"
LATER = "We cannot give you our final response yet because the bank has not answered us."
HOLDING = f"{LATER} You will have our final response by 12 February 2027.\n\n{WHERE}"


@pytest.fixture(autouse=True)
def _under_disp(shop: Shop) -> Iterator[None]:
    clocks.set_policy(ready(Profile.FCA_DISP), from_at=NOW, by=shop.lea, now=NOW)
    yield
    queries.forget_policy()


@pytest.fixture
def case(shop: Shop) -> Case:
    return shop.case(text=COMPLAINT)


def send(shop: Shop, case: Case, text: str, chosen: Chosen | None, *, at: datetime = NOW, **values: Any) -> Reply:
    reply = actions.send_reply(case, staff=shop.sam, text=text, formal=chosen, now=at, **values)
    actions.leave(now=at + timedelta(minutes=1))
    return Reply.objects.get(pk=reply.pk)


def the_end(case: Case) -> Clock:
    return Clock.objects.get(about=ref("case", case.pk), sort="resolution")


def told(row: FormalReply) -> dict[str, Any]:
    ((kind, values),) = new_facts(ref("formal", row.pk))
    return {"kind": kind, **values}


def test_a_final_response_that_says_everything_ends_the_case(shop: Shop, case: Case) -> None:
    reply = send(shop, case, REJECTS, Chosen(Formal.FINAL))

    row = FormalReply.objects.get()
    case.refresh_from_db()
    assert (case.status, the_end(case).state) == ("resolved", "met")
    assert (row.formal, row.decision, row.missing, row.without, row.message_id) == (
        "final",
        "rejects",
        "",
        "",
        reply.message_id,
    )
    assert told(row) == {
        "kind": "FormalReplySent", "case": ref("case", case.pk), "formal": "final", "decision": "rejects",
        "message": ref("message", reply.message_id or 0), "missing": "", "ticked": "", "without": "", "until": None,
        "found": "decision reasons refer six_months waiver leaflet website plain_words", "by": shop.sam.reference,
    }  # fmt: skip


def test_one_that_lacks_something_waits_for_it_or_for_a_reason(shop: Shop, case: Case) -> None:
    text = REJECTS.replace("www.financial-ombudsman.org.uk.", "at hand.")
    with pytest.raises(actions.PointsMissing) as missing:
        send(shop, case, text, Chosen(Formal.FINAL))
    assert missing.value.letter.missing == (Point.WEBSITE,)
    assert not Reply.objects.filter(state="held").exists()

    send(shop, case, text, Chosen(Formal.FINAL, without=Without.SENT_OTHERWISE))
    row = FormalReply.objects.get()
    assert (row.missing, row.without) == ("website", "sent_otherwise")
    assert told(row)["without"] == "sent_otherwise"


def test_what_its_writer_ticked_is_kept_as_their_word(shop: Shop, case: Case) -> None:
    text = REJECTS.replace("www.financial-ombudsman.org.uk.", "at hand.")
    send(shop, case, text, Chosen(Formal.FINAL, ticked=(Point.WEBSITE, Point.REASONS)))

    row = FormalReply.objects.get()
    assert (row.ticked, row.missing, row.staff) == ("website", "", shop.sam)
    assert told(row)["ticked"] == "website"


def test_nobody_resolves_it_without_one_and_without_a_reason(shop: Shop, case: Case) -> None:
    with pytest.raises(actions.NoFinalResponse):
        actions.set_status(case, status="resolved", by=shop.sam, now=NOW)
    with pytest.raises(actions.NoFinalResponse):
        actions.send_reply(case, staff=shop.sam, text="It is done.", status_after="resolved", now=NOW)
    case.refresh_from_db()
    assert (case.status, FormalReply.objects.count()) == ("open", 0)

    actions.set_status(case, status="resolved", without=Without.WITHDRAWN, by=shop.sam, now=NOW)
    row = FormalReply.objects.get()
    assert (case.status, row.formal, row.without) == ("resolved", "", "withdrawn")
    assert told(row) == {
        "kind": "ResolvedWithoutFinalResponse", "case": ref("case", case.pk), "without": "withdrawn", "by": shop.sam.reference,
    }  # fmt: skip


def test_an_answer_like_any_other_may_end_it_for_a_reason(shop: Shop, case: Case) -> None:
    send(
        shop, case, "You told us that it is settled.", Chosen(None, without=Without.WITHDRAWN), status_after="resolved"
    )

    case.refresh_from_db()
    assert (case.status, FormalReply.objects.get().without) == ("resolved", "withdrawn")


def test_after_a_final_response_it_is_resolved_again_without_more(shop: Shop, case: Case) -> None:
    send(shop, case, REJECTS, Chosen(Formal.FINAL))
    shop.message(text="I do not agree.", case_id=case.pk, at=NOW + DAY, now=NOW + DAY)
    case.refresh_from_db()
    assert case.status == "open"

    assert actions.set_status(case, status="resolved", by=shop.sam, now=NOW + 2 * DAY)


def test_enquiries_and_other_policies_ask_for_nothing(shop: Shop) -> None:
    enquiry = shop.case(text="Do you have it in green?")
    assert actions.set_status(enquiry, status="resolved", by=shop.sam, now=NOW)
    clocks.set_policy(ready(Profile.ISO_10002), from_at=NOW, by=shop.lea, now=NOW)
    other = shop.case(shop.bob, text=COMPLAINT)
    assert actions.set_status(other, status="resolved", by=shop.sam, now=NOW)
    with pytest.raises(actions.NotAsked):
        send(shop, other, REJECTS, Chosen(Formal.FINAL))


def test_a_case_begun_under_the_rules_stays_under_them(shop: Shop, case: Case) -> None:
    clocks.set_policy(ready(Profile.PLAIN), from_at=NOW + DAY, by=shop.lea, now=NOW)

    with pytest.raises(actions.NoFinalResponse):
        actions.set_status(case, status="resolved", by=shop.sam, now=NOW + 2 * DAY)


def test_a_holding_reply_moves_the_clock_to_the_day_it_tells(shop: Shop, case: Case) -> None:
    at = NOW + timedelta(weeks=7)
    send(shop, case, HOLDING, Chosen(Formal.HOLDING), at=at)

    clock, row = the_end(case), FormalReply.objects.get()
    case.refresh_from_db()
    assert row.until == clock.due == datetime(2027, 2, 12, 17, tzinfo=UTC)
    assert (case.status, clock.state) == ("open", "running")
    assert [kind for kind, _values in new_facts(ref("clock", clock.pk))][:2] == ["ClockStarted", "ClockTargetChanged"]


def test_one_that_lacks_something_moves_nothing(shop: Shop, case: Case) -> None:
    due = the_end(case).due
    text = f"{LATER}\n\n{WHERE}"
    send(shop, case, text, Chosen(Formal.HOLDING, without=Without.OTHER))

    assert (the_end(case).due, FormalReply.objects.get().missing) == (due, "by_when")


def test_one_that_names_an_earlier_day_takes_no_time_away(shop: Shop, case: Case) -> None:
    due = the_end(case).due
    send(shop, case, HOLDING.replace("12 February 2027", "20 November 2026"), Chosen(Formal.HOLDING))

    assert the_end(case).due == due


def test_about_payments_it_gives_until_the_thirty_fifth_day_and_once(shop: Shop) -> None:
    clocks.set_policy(ready(Profile.FCA_DISP_PAYMENTS), from_at=NOW, by=shop.lea, now=NOW)
    case = shop.case(text=COMPLAINT)
    before = the_end(case).due
    text = f"{LATER} You will have our final response by 12 March 2027."
    send(shop, case, text, Chosen(Formal.HOLDING), at=NOW + 2 * DAY)

    after = the_end(case).due
    assert before == datetime(2026, 12, 2, 17, tzinfo=UTC)
    assert after == datetime(2027, 1, 4, 17, tzinfo=UTC)  # 35 working days, with the holidays of Christmas
    send(shop, case, text + " Still.", Chosen(Formal.HOLDING), at=NOW + 3 * DAY)
    assert the_end(case).due == after


def test_the_letter_is_kept_when_it_is_taken_back(shop: Shop, case: Case) -> None:
    reply = actions.send_reply(case, staff=shop.sam, text=REJECTS, formal=Chosen(Formal.FINAL), now=NOW)
    actions.take_back(reply, now=NOW)

    assert Reply.objects.get().formal == Chosen(Formal.FINAL).to_plain()
    assert not FormalReply.objects.exists()
    assert 'value="final" selected' in page(signed_in(shop.sam), f"/cases/{case.pk}/")


def test_its_rows_are_what_its_facts_say(shop: Shop, case: Case) -> None:
    from troth.cases import things
    from troth.ledger.replay import of_all

    send(shop, case, REJECTS, Chosen(Formal.FINAL))
    other = shop.case(shop.bob, text=COMPLAINT)
    send(shop, other, HOLDING, Chosen(Formal.HOLDING))
    actions.set_status(other, status="resolved", without=Without.WITHDRAWN, by=shop.sam, now=NOW + DAY)
    thing = next(thing for thing in things.THINGS if thing.word == "formal")
    assert FormalReply.objects.count() == 3
    assert list(of_all(thing)) == []

    FormalReply.objects.filter(formal="final").update(decision="accepts")
    FormalReply.objects.filter(formal="").update(without="other")
    changed = FormalReply.objects.exclude(formal="holding").order_by("pk")
    assert [found.reference for found in of_all(thing)] == [ref("formal", row.pk) for row in changed]


@pytest.mark.parametrize(
    "values", [{"formal": "", "without": ""}, {"formal": "", "without": "other", "found": "refer"}]
)
def test_the_table_holds_no_ending_without_a_reason(shop: Shop, case: Case, values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FormalReply.objects.create(case=case, staff=shop.sam, at=NOW, **values)


def test_the_page_shows_what_is_missing_and_asks_why(shop: Shop, case: Case) -> None:
    browser, path = signed_in(shop.sam), f"/cases/{case.pk}/"
    assert "This letter is" in page(browser, path)
    refused = browser.post(f"{path}status/", {"status": "resolved"})
    assert refused.status_code == 422
    assert "This complaint is owed a final response" in refused.content.decode()

    typed = {"body": "We reject your complaint.", "formal": "final", "tick-leaflet": "1"}
    read = browser.post(f"{path}read/", typed).content.decode()
    assert "5 points missing" in read
    assert 'name="tick-leaflet" value="1" data-formal-tick checked' in read
    sent = browser.post(f"{path}reply/", typed)
    assert sent.status_code == 422
    assert "It does not say all that the rules ask for" in sent.content.decode()

    assert browser.post(f"{path}status/", {"status": "resolved", "without": "withdrawn"}).status_code == 302
    assert "Resolved without a final response" in page(browser, path)


def test_a_case_of_no_rules_shows_nothing_of_them(shop: Shop) -> None:
    enquiry = shop.case(text="Do you have it in green?")

    shown = page(signed_in(shop.sam), f"/cases/{enquiry.pk}/")
    assert "This letter is" not in shown
    assert "What the rules ask for" not in shown


def test_a_program_sends_it_and_hears_what_is_missing(shop: Shop, case: Case) -> None:
    program = Program(shop.lea)
    path = f"/cases/{case.pk}"
    status, refused = program.post(
        f"{path}/replies", {"text": "We reject your complaint.", "formal": {"letter": "final"}}
    )
    assert status == 422
    assert "reasons, refer, six_months, waiver, leaflet, website" in str(refused)
    assert program.patch(path, {"status": "resolved"})[0] == 422

    assert (
        program.post(f"{path}/replies", {"text": REJECTS, "formal": {"letter": "final", "ticked": ["more"]}})[0] == 201
    )
    actions.leave(now=timezone.now() + timedelta(minutes=1))
    ((told),) = program.get(path)[1]["formal"]
    assert (told["letter"], told["decision"], told["missing"], told["ticked"]) == ("final", "rejects", [], [])


def test_a_program_resolves_it_without_for_a_reason(shop: Shop, case: Case) -> None:
    program = Program(shop.lea)

    assert program.patch(f"/cases/{case.pk}", {"status": "resolved", "without": "forwarded"})[0] == 200
    assert program.get(f"/cases/{case.pk}")[1]["formal"][0]["without"] == "forwarded"


def test_what_was_promised_of_the_final_response_moves_with_a_holding_reply_and_is_kept_by_it(shop: Shop) -> None:
    message = shop.message(text=COMPLAINT)
    actions.acknowledge(message, now=NOW)
    at = NOW + timedelta(weeks=7)
    reply = send(shop, message.case, HOLDING, Chosen(Formal.HOLDING), at=at)

    promised = Promise.objects.get(what__startswith="Our final response")
    telling = Telling.objects.get(promise=promised)
    until = datetime(2027, 2, 12, 17, tzinfo=UTC)
    assert (promised.state, promised.due, promised.moves) == ("moved", until, 1)
    assert ref("letter", telling.letter_id or 0) == Message.objects.get(pk=reply.message_id).source
    assert Letter.objects.count() == 2  # the acknowledgement and the holding reply: no third says it again

    send(shop, message.case, REJECTS, Chosen(Formal.FINAL), at=at + DAY)
    owed = Promise.objects.filter(about=ref("case", message.case_id), done_at=None)
    assert not owed.filter(sort="deed").exists()


def test_a_held_answer_does_not_end_what_became_a_complaint_meanwhile(shop: Shop, case: Case) -> None:
    actions.set_kind(case, kind="enquiry", by=shop.sam, now=NOW)
    case.refresh_from_db()
    reply = actions.send_reply(case, staff=shop.sam, text="It is done.", status_after="resolved", now=NOW)
    actions.set_kind(case, kind="complaint", by=shop.lea, now=NOW)
    actions.leave(now=NOW + timedelta(minutes=1))

    reply.refresh_from_db()
    case.refresh_from_db()
    assert (reply.state, case.status) == ("stopped", "open")
    assert "owed a final response" in reply.problem


def test_a_holding_reply_goes_back_to_its_writer_where_the_case_ended_while_it_was_held(shop: Shop, case: Case) -> None:
    reply = actions.send_reply(case, staff=shop.sam, text=HOLDING, formal=Chosen(Formal.HOLDING), now=NOW)
    actions.set_status(case, status="resolved", without=Without.WITHDRAWN, by=shop.lea, now=NOW)
    actions.leave(now=NOW + timedelta(minutes=1))

    reply.refresh_from_db()
    case.refresh_from_db()
    assert (reply.state, case.status) == ("stopped", "resolved")
    assert "No rules that ask for such a letter" in reply.problem
    assert FormalReply.objects.get().formal == ""


def test_a_summary_ends_only_what_was_settled_by_the_third_business_day(shop: Shop, case: Case) -> None:
    text = f"""You complained to us about two fees. We now consider your complaint to be resolved, as you told us.

{WHERE}

More information is on the website of the Financial Ombudsman Service."""
    early_at = the_end(case).early_at
    assert early_at
    with pytest.raises(actions.TooLateForSummary):
        send(shop, case, text, Chosen(Formal.SUMMARY), at=early_at)
    at = early_at - timedelta(seconds=30)  # it is held beyond that moment
    late = send(shop, case, text, Chosen(Formal.SUMMARY), at=at)
    assert (late.state, late.problem) == ("stopped", "Its third business day is over: it takes a final response now.")
    week_old = shop.case(shop.bob, text=COMPLAINT, at=NOW - 7 * DAY)
    answered = signed_in(shop.sam).post(f"/cases/{week_old.pk}/reply/", {"body": text, "formal": "summary"})
    assert (answered.status_code, FormalReply.objects.count()) == (422, 0)
    assert "third business day is over" in answered.content.decode()

    send(shop, case, text, Chosen(Formal.SUMMARY), at=NOW)
    case.refresh_from_db()
    assert (case.status, FormalReply.objects.get().formal) == ("resolved", "summary")


def test_however_often_the_policy_was_changed_since_it_stays_under_them(shop: Shop, case: Case) -> None:
    for days in range(1, 23):
        clocks.set_policy(ready(Profile.PLAIN), from_at=NOW + days * DAY, by=shop.lea, now=NOW)

    with pytest.raises(actions.NoFinalResponse):
        actions.set_status(case, status="resolved", by=shop.sam, now=NOW + 30 * DAY)
