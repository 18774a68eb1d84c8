from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.reading.form import Form
from troth.reading.forms import FORMS
from troth.reading.promises import FoundPromise, find_promises
from troth.words.hours import office
from troth.words.promises import Strength

ENGLAND = office("Europe/London", country="GB", subdivision="ENG")
THURSDAY = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)


def promises(text: str) -> tuple[FoundPromise, ...]:
    return find_promises(text, at=THURSDAY, hours=ENGLAND)


def local(promise: FoundPromise) -> str | None:
    return f"{ENGLAND.local(promise.due.at):%Y-%m-%d %H:%M}" if promise.due else None


@pytest.mark.parametrize(
    ("text", "who", "what", "due"),
    [
        ("We'll ring you back tomorrow before noon.", "we", "ring you back", "2026-04-03 12:00"),
        ("I will send you the label today.", "I", "send you the label", "2026-04-02 17:00"),
        ("I’ll get back to you.", "I", "get back to you", None),
        ("We will keep one aside for you until Tuesday.", "we", "keep one aside for you", "2026-04-07 17:00"),
        ("We'll be in touch shortly.", "we", "be in touch shortly", None),
        ("You will have your refund within 5 business days.", "we", "You will have your refund", "2026-04-13 17:00"),
        ("Your order will be delivered by Wednesday.", "third", "Your order will be delivered", "2026-04-08 17:00"),
        ("Expect an update before 5pm.", "we", "an update", "2026-04-02 17:00"),
        (
            "Someone from the warehouse will ring you this afternoon.",
            "third",
            "Someone from the warehouse will ring you",
            "2026-04-02 17:00",
        ),
        ("Please allow 3-5 working days.", "we", "allow 3-5 working days", "2026-04-13 17:00"),
        ("We'll never let this happen again.", "we", "never let this happen again", None),
        ("Will get back to you by end of play today.", "we", "get back to you", "2026-04-02 17:00"),
        (
            "Our engineer is coming on Tuesday between 9am and 1pm.",
            "third",
            "Our engineer is coming",
            "2026-04-07 13:00",
        ),
        ("Tomorrow morning we'll dispatch your order.", "we", "dispatch your order", "2026-04-03 12:00"),
        ("We're looking into it and will update you within 24 hours.", "we", "update you", "2026-04-03 10:30"),
        (
            "The money takes 3 to 5 working days to reach you.",
            "third",
            "The money takes 3 to 5 working days to reach you",
            "2026-04-13 17:00",
        ),
        ("Let me check with the depot and come back to you.", "I", "check with the depot and come back to you", None),
        (
            "I've asked the depot to call you by 4pm today.",
            "third",
            "I've asked the depot to call you",
            "2026-04-02 16:00",
        ),
        ("Bear with me while I find your invoice.", "I", "find your invoice", None),
        ("We guarantee delivery by May 12th.", "we", "delivery", "2026-05-12 17:00"),
        ("It won't happen again.", "third", "It won't happen again", None),
        ("Leave it with me and I will ring you by Wednesday.", "I", "ring you", "2026-04-08 17:00"),
        ("We'd be glad to credit your account by Wednesday.", "we", "credit your account", "2026-04-08 17:00"),
        ("Your money back within 30 days.", "third", "Your money back", "2026-05-02 23:59"),
    ],
)
def test_what_is_promised_by_whom_and_by_when(text: str, who: str, what: str, due: str | None) -> None:
    (promise,) = promises(text)

    assert (promise.who, promise.what, local(promise)) == (who, what, due)
    assert promise.quote == text
    assert promise.condition == ""


@pytest.mark.parametrize(
    "text",
    [
        "I'm happy to check that for you.",
        "We'd be glad to help.",
        "I'll be happy to look into this.",
        "Will you call us tomorrow?",
        "When will it arrive?",
        "We won't be able to deliver before Friday.",
        "We called you yesterday and left a message.",
        "So we can look into this, please send your order number.",
        "We would refund you if we could.",
        "We could send someone.",
        "You wrote that you will return it on Monday.",
        "We told you that we will call.",
        "Hopefully it will be fixed.",
        "I'm sure you'll love it.",
        "You'll need to return it within 14 days.",
        "The offer will end on Friday.",
        "Your subscription will renew on 15 April.",
        "No refund will be given after 30 days.",
        "Please call us by Friday if you want to keep it.",
        "I can't promise that.",
        "We need more details.",
        "Not sure if we will stay open.",
        "We look forward to hearing from you soon.",
        "Leave it with me.",
        "Leave it with me until tomorrow.",
        "I'm on it.",
        "I'm on it today, leave it with us.",
        "We'd be happy to credit the fee.",
        "You asked for your money back within 30 days.",
        "Thank you for your patience.",
        "",
    ],
)
def test_what_is_no_promise(text: str) -> None:
    assert promises(text) == ()


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("DM us and we'll look into it.", "DM us"),
        ("Please send us a photo. We'll take a look.", "Please send us a photo"),
        ("Could you tell us your order number? We'll check.", "Could you tell us your order number?"),
        ("If you send it back, we'll refund you.", "If you send it back"),
        ("We'll refund you once you've sent it back.", "once you've sent it back"),
        ("Can you tell us your postcode? We can then check.", "Can you tell us your postcode?"),
        ("I'll pass this on. Please also send your name.", ""),
        ("We'll tell you as soon as we hear more.", ""),
        ("Please allow two weeks. We'll write to you then.", ""),
        ("We'll see if we can help.", ""),
        ("Once we have your form, we will close the account.", "Once we have your form"),
        ("When you bring it in, our mechanic will look at it.", "When you bring it in"),
        ("Should it break again, we will send another.", "Should it break again"),
        ("I need your postcode. I'll then find the depot.", "I need your postcode"),
        ("Can you send a photo? Thanks. We'll have a look.", "Can you send a photo?"),
        ("We'll let you know the moment it is back in stock.", "the moment it is back in stock"),
        ("May I have your name? I'll look it up.", "May I have your name?"),
        ("Thank you for your call. We'll ring you.", ""),
        ("Flick us a photo and I'll sort it.", "Flick us a photo"),
        ("Bring it in and we'll mend it.", "Bring it in"),
        ("Still no luck? We'll swap it.", "Still no luck?"),
        ("Assuming it fits, we'll fit it.", "Assuming it fits"),
        ("We are going to look after the repairs.", ""),
        ("I'd be lying if I said it was easy, but we'll do it.", ""),
        ("Haven't got it by Friday? Then we'll refund you.", "Haven't got it by Friday?"),
        ("Weather permitting, the roofers will come on Friday.", "Weather permitting"),
        ("We'll refund it should the match be called off.", "should the match be called off"),
        ("I'll sort it on Wednesday when the banks open.", ""),
        ("We will write by the Thursday after Easter.", ""),
    ],
)
def test_on_what_a_promise_depends(text: str, condition: str) -> None:
    assert promises(text)[-1].condition == condition


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("We aim to reply within 24 hours.", Strength.AIM),
        ("We'll do our best to find it.", Strength.AIM),
        ("We'll try to call you today.", Strength.AIM),
        ("It should arrive on Wednesday.", Strength.EXPECT),
        ("The report is due on 15 April.", Strength.EXPECT),
        ("We expect to have it by Wednesday.", Strength.EXPECT),
        ("We will call you.", Strength.PROMISE),
        ("I promise we'll call you.", Strength.PROMISE),
        ("I promise to call you.", Strength.PROMISE),
        ("Rest assured, we will fix it.", Strength.PROMISE),
        ("The engineer is booked for Monday.", Strength.PROMISE),
        ("We'll endeavour to answer within two days.", Strength.AIM),
        ("We will make every effort to have it here by Wednesday.", Strength.AIM),
        ("We'll do everything we can to find it.", Strength.AIM),
        ("We anticipate that the line will be back by noon tomorrow.", Strength.EXPECT),
        ("You'll probably have it on Wednesday.", Strength.EXPECT),
        ("You have my word that we'll call you.", Strength.GUARANTEE),
        ("We guarantee that it will be there by Wednesday.", Strength.GUARANTEE),
        ("I will ring you on Wednesday without fail.", Strength.GUARANTEE),
        ("I can't promise anything, but I'll ask.", Strength.PROMISE),
    ],
)
def test_how_firm_it_is(text: str, strength: Strength) -> None:
    assert [promise.strength for promise in promises(text)] == [strength]


@pytest.mark.parametrize(("form", "text"), [(form, text) for form in FORMS for text in form.examples])
def test_each_form_is_found_in_its_examples(form: Form, text: str) -> None:
    (promise,) = promises(text)

    assert promise.strength is form.strength
    assert promise.quote == text


@pytest.mark.parametrize("text", [text for form in FORMS for text in form.near_misses])
def test_what_comes_near_a_form_is_no_promise(text: str) -> None:
    assert promises(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        # I and we
        "We shall write to you.",
        "I'm going to call the depot.",
        "We will of course cover the postage.",
        "I'll have a colleague ring you.",
        "I'll get this sorted.",
        "We'll keep you posted.",
        "We'll close the account.",
        "Will look into it and reply.",
        # you
        "You'll hear from us.",
        "You'll receive a letter.",
        "You will be refunded in full.",
        "You'll get a new one.",
        "You'll be back online by noon.",
        # passive, of things
        "The second charge will be reversed.",
        "Your notes will be passed on to the branch.",
        "It'll be taken care of.",
        "A form will be posted to you.",
        "Your licence will be activated.",
        # third persons
        "Our lawyers will write to them.",
        "One of our fitters will be with you on Tuesday.",
        "Priya from the depot will call you.",
        "My colleague has your number and will ring you.",
        # things
        "The credit will show on your next bill.",
        "An answer will follow.",
        "The lift will be working again by Friday.",
        "Any questions aside, we'll replace it.",
        "The Society will bear the cost.",
        "You'll be looked after by our duty manager.",
        "You'll be the first to know.",
        "Your cover will continue.",
        "We will stand by that quote.",
        "I'll be all over it.",
        "No news yet, but the minute I hear I'll let you know.",
        "As you know, we'll be in touch.",
        "The ferry will now depart at 19:20.",
        "Your upgrade will carry over.",
        "Our GM will comp your next stay.",
        "Priya will send you the form.",
        "Mr Khan will be in touch.",
        "Gonna ask the depot about it.",
        # what leads to it
        "I can confirm that the fee will be waived.",
        "As promised, I'll send you the photos.",
        "I absolutely guarantee the new one will match.",
        "I think we'll have it back on Wednesday.",
    ],
)
def test_who_says_will_promises(text: str) -> None:
    assert [promise.quote for promise in promises(text)] == [text]


@pytest.mark.parametrize(
    "text",
    [
        # I and we
        "We'll miss you.",
        "We'll wait for your answer.",
        "We will have to charge you.",
        "We'll be here until eight.",
        "I'll be honest with you.",
        "Will do!",
        "We'll see you on Friday.",
        # you
        "You'll find it under Settings.",
        "You will be charged on Friday.",
        "You'll be asked for a code.",
        "You will have to sign it by Friday.",
        # things
        "Your account will be locked on Friday.",
        "This will erase your photos.",
        "Prices will go up in January.",
        "It will cost you two pounds.",
        "That will be all.",
        "The road works will affect deliveries on Sunday.",
        "Customers who order today will get a discount.",
        # third persons
        "They will need to call their bank.",
        "Our advisers will be happy to help.",
        # said of others, doubted or denied
        "There is no date yet on which it will be mended.",
        "I don't know when it will be back.",
        "We can't promise that it will be there by Friday.",
        "This is to ensure that the fault will be found.",
        "Hi Will, we are open.",
        "Where there's a will there's a way.",
        "She asked which day it will be.",
        # courtesies, and hours of business
        "We'll be right here if you need us!",
        "We'll be standing by!",
        "We'll keep an eye out for your reply.",
        "We'll be open from nine to four.",
        "We'll take that as a compliment.",
        "We'll be cheering you on!",
        # what programs show and machines do
        "The app will then ask you for a code.",
        "A code will be sent to your phone.",
        "You'll get a pop-up that asks for your name.",
        "You can change the colours that will appear in the bar.",
        "This option will go back to the last version.",
        "The update will download tonight.",
        "Trains will be running late tomorrow.",
        # rules for everybody, and what it costs
        "Any abuse of our staff will be reported.",
        "Interest will be added to your account.",
        "Your order will be cancelled on Friday.",
        "I think they will be fine.",
        "We won't have any more in until May.",
        "We're celebrating our birthday on Friday!",
        "I'm going to London tomorrow.",
        "The paint will dry by tomorrow.",
        "The alarm will sound at noon on Friday.",
        "We ask that you return it by Friday.",
        "Sadly we expect further delays this week.",
        "You'll be taken to the next page.",
        "The deposit will be kept if you cancel.",
        "Perhaps, it will be back.",
        "You will have noticed the new logo.",
    ],
)
def test_who_says_will_need_not_promise(text: str) -> None:
    assert promises(text) == ()


@pytest.mark.parametrize(
    ("text", "negative"),
    [
        ("This won't happen again.", True),
        ("You will not be charged.", True),
        ("You won't have to pay for it.", True),
        ("We won't charge you for the visit.", True),
        ("Nothing will be taken from your account.", True),
        ("We'll make sure this never happens again.", True),
        ("You will no longer receive our letters.", True),
        ("I'm not going to drop the ball.", True),
        ("You'll not see a bill for it.", True),
        ("There will be no charge for the visit.", True),
        ("It won't cost you a penny.", True),
        ("You won't lose your place.", True),
        ("You shan't be sent another reminder.", True),
        ("We shall never again send it without asking.", True),
        ("We'll call you.", False),
    ],
)
def test_what_will_not_be_is_promised_where_it_was_feared(text: str, negative: bool) -> None:
    assert [promise.negative for promise in promises(text)] == [negative]


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("We'll be in touch shortly.", "shortly"),
        ("We'll ring you as soon as we hear more.", "as soon as we hear more"),
        ("We will mend it in due course.", "in due course"),
        ("Your order will ship soon.", "soon"),
        ("It should be there soon.", "soon"),
        ("We'll call you.", ""),
        ("We'll call you tomorrow.", ""),
        ("We'll get on to it straight away.", "straight away"),
        ("I'll send it over in no time.", "in no time"),
        ("We'll call you the first chance we get.", "the first chance we get"),
        ("We'll tell you as more news comes in.", "as more news comes"),
        ("We're fixing this as soon as possible.", "as soon as possible"),
    ],
)
def test_a_time_that_is_none_is_told(text: str, vague: str) -> None:
    (promise,) = promises(text)

    assert promise.vague == vague
    assert not (promise.vague and promise.due)


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("We'll call you.", "you"),
        ("All customers will be refunded.", "all"),
        ("We will refund your mother.", "third"),
    ],
)
def test_to_whom_it_is_promised(text: str, to: str) -> None:
    assert [promise.to for promise in promises(text)] == [to]


def test_a_sentence_may_hold_several() -> None:
    text = "A credit note will be posted by 9 April, and the second invoice will be cancelled."

    first, second = promises(text)

    assert (local(first), first.what) == ("2026-04-09 17:00", "A credit note will be posted")
    assert (local(second), second.what) == (None, "the second invoice will be cancelled")


def test_a_date_in_the_condition_is_not_the_due_date() -> None:
    (promise,) = promises("If the parcel has not arrived by Wednesday, we will send a new one.")

    assert promise.due is None
    assert promise.condition == "If the parcel has not arrived by Wednesday"


def test_each_promise_has_its_own_date_and_place() -> None:
    text = "Hello Ann,\n\nI'll ring the depot today. Your refund will be paid by 12 May.\n\nBest wishes, Sam"

    first, second = promises(text)

    assert (first.quote, local(first)) == ("I'll ring the depot today.", "2026-04-02 17:00")
    assert (second.quote, local(second)) == ("Your refund will be paid by 12 May.", "2026-05-12 17:00")
    for promise in (first, second):
        assert text[promise.start : promise.end] == promise.quote


@pytest.mark.parametrize(
    "text",
    [
        "Thank you.\n\n> I will pay you tomorrow.\n> We'll call you.",
        "Thank you.\n\nOn Monday, 30 March 2026, Ann wrote:\nI will pay you tomorrow.",
        "You wrote “I will pay tomorrow”.",
    ],
)
def test_what_the_customer_said_is_not_our_promise(text: str) -> None:
    assert promises(text) == ()


WORDS = (
    "We'll|we|will|I|you|they|the parcel|be delivered|ring|refund|if|once|please|send|DM us|and|so|but|by tomorrow|"
    "Monday|5pm|within 3 days|should|expect|allow|take up to|promise|not|never|happy|.|?|!|,|\n|>|\"|won't|let me"
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(WORDS.split("|")),
        max_size=30,
    ).map(" ".join)
    | st.text(max_size=200)
)
def test_any_text_can_be_read_and_every_quote_is_in_it(text: str) -> None:
    found = promises(text)

    assert [promise.start for promise in found] == sorted(promise.start for promise in found)
    for promise in found:
        assert text[promise.start : promise.end] == promise.quote
        assert promise.what
        assert promise.due is None or promise.due.at >= THURSDAY
