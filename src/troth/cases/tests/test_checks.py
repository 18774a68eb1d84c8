from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth import reading
from troth.cases.rules import gate
from troth.cases.rules.blanks import blank, blanks_in
from troth.cases.rules.checks import WORDS_FOR_ADVICE, About, Check, Looked, advice, look, plain
from troth.cases.rules.suggested import Known, Missed, suggested
from troth.words.causes import Cause
from troth.words.emotions import Emotion
from troth.words.hours import office
from troth.words.messages import Direction
from troth.words.remedies import Remedy

HOURS = office("Europe/London", "GB", "ENG")
NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)  # a Wednesday
COMPLAINT = About(is_complaint=True, emotion=Emotion.ANGER)
KNOWN = Known(hours=HOURS, soon=datetime(2026, 11, 13, 17, tzinfo=UTC))


def looked(text: str, about: About = COMPLAINT, *, now: datetime = NOW) -> dict[Check, Looked]:
    read = reading.read(text, at=now, calendar=HOURS, direction=Direction.OUTBOUND)
    return {one.check: one for one in look(text, about, read=read, now=now, hours=HOURS)}


def faults(text: str, about: About | None = None) -> set[Check]:
    return {check for check, one in looked(text, about or About()).items() if not one.is_well}


WHOLE = (
    "I am sorry, three weeks without a word is far too long. It was our mistake: the order got stuck because the form was"
    " never passed on. I have refunded the £38 this morning and you will have it by Friday 13 November. We have changed the"
    " form, so it will not happen again."
)


def test_a_whole_apology_leaves_nothing_to_say() -> None:
    assert [check for check, one in looked(WHOLE).items() if not one.is_well] == []


def test_what_is_missing_is_told_in_the_order_in_which_it_counts() -> None:
    found = looked("Your parcel left the depot today and the driver has it now.")

    assert [check.value for check, one in found.items() if not one.is_well] == [
        "responsibility", "repair", "regret", "never_again", "date",
    ]  # fmt: skip


def test_a_plain_enquiry_is_owed_no_apology() -> None:
    assert faults("Yes, we have four of the blue ones and they cost £12 each.") == set()


def test_thanks_ask_for_thanks_and_no_more() -> None:
    assert faults("Your case is closed and we will file it now for you.", About(emotion=Emotion.JOY)) == {Check.REGRET}


def test_who_has_owned_up_before_need_not_do_so_in_every_letter() -> None:
    again = About(is_complaint=True, said_before=WHOLE)

    assert faults("The engineer tells me that the new part came in with the morning post.", again) == {Check.DATE}


def test_who_only_asks_for_what_we_need_owes_no_whole_answer_yet() -> None:
    assert faults("I'm sorry about this. Which version of the app is on your phone?", COMPLAINT) == set()


def test_of_a_text_just_begun_nothing_is_missing_yet_but_a_fault_is_one() -> None:
    begun, fault = "Dear Ann, your parcel", "You should have told us."

    assert len(begun.split()) < WORDS_FOR_ADVICE
    assert [one.check for one in advice(tuple(looked(begun).values()), begun)] == [Check.REGRET]
    assert Check.BLAME in [one.check for one in advice(tuple(looked(fault).values()), fault)]


@pytest.mark.parametrize(
    ("text", "check", "quote"),
    [
        ("You should have read the terms.", Check.BLAME, "You should have read"),
        ("If you had only told us earlier.", Check.BLAME, "If you had only told"),
        ("As I have already explained, it is late.", Check.BLAME, "As I have already explained"),
        ("We apologise for any inconvenience caused.", Check.EMPTY_APOLOGY, "apologise for any inconvenience"),
        ("I am sorry you feel that way.", Check.EMPTY_APOLOGY, "sorry you feel"),
        ("We will answer as soon as possible.", Check.VAGUE_TIME, "as soon as possible"),
        ("The team will be in touch in due course.", Check.VAGUE_TIME, "in due course"),
        ("Mistakes were made here.", Check.PASSIVE, "Mistakes were made"),
        ("Your order was accidentally overlooked.", Check.PASSIVE, "Your order was accidentally overlooked"),
        ("Unfortunately our returns policy does not allow it.", Check.POLICY, "our returns policy"),
        ("Please forgive us.", Check.FORGIVENESS, "forgive us"),
        ("I'm happy to look into this for you.", Check.OFFER, "I'm happy to look into this for you."),
    ],
)
def test_words_that_had_better_not_be_there_are_found(text: str, check: Check, quote: str) -> None:
    found = looked(text, About())[check]

    assert (found.is_well, found.quote) == (False, quote)


@pytest.mark.parametrize(
    "text",
    [
        "You should have been told on Monday.",
        "You should have received our letter by now.",
        "This was not your fault.",
        "Please send us your number as soon as possible.",
        "Could you ring me as soon as you can?",
        "Your order was overlooked, and that was our mistake.",
        "Our policy is to answer within a day.",
        "> You should have read the terms.\n\nWe were wrong to write that.",
        "You wrote: “mistakes were made”. So they were, and by us.",
        "I hope that answers it; ask me any question you like.",
    ],
)
def test_words_that_only_look_alike_are_let_be(text: str) -> None:
    assert faults(text) - {Check.OFFER} == set()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("I will ring you on Saturday.", "closed_day"),
        ("I will ring you on 25 December.", "closed_day"),
        ("I will ring you tomorrow at 22:00.", "outside_hours"),
        ("I will ring you by 3 March.", ""),
        ("We'll pay you on 2 November.", "passed"),
        ("I will ring you on Friday.", ""),
        ("I will ring you by 3 March 2028.", ""),
        ("The parcel arrives on Saturday.", ""),
        ("You will not be charged on Saturday.", ""),
    ],
)
def test_a_date_on_which_nobody_is_there_is_told(text: str, why: str) -> None:
    found = looked(text, About())[Check.UNKEEPABLE]

    assert (found.about, found.is_well) == (why, not why)


@pytest.mark.parametrize(
    ("question", "text", "is_well"),
    [
        ("What are your opening hours on Saturday?", "We look forward to seeing you in our showroom.", False),
        ("What are your opening hours on Saturday?", "We're open from nine to one on Saturdays.", True),
        ("When will my card arrive?", "It was posted yesterday and comes on Thursday.", True),
        ("When will my card arrive?", "Thank you for banking with us, we value it.", False),
        ("Why was the account locked?", "Because somebody tried ten passwords.", True),
        ("How much is delivery to Cork?", "That would be €12.", True),
        ("Does the store have any other deals?", "That's the only one, I'm afraid.", True),
        ("What are your opening hours on Saturday?", "I'll ask and let you know by Friday.", True),
    ],
)
def test_a_question_is_open_only_when_nothing_comes_back_to_it(question: str, text: str, is_well: bool) -> None:
    assert looked(text, About(questions=(question,)))[Check.QUESTION].is_well is is_well


@pytest.mark.parametrize("question", ["Are you serious?", "Really?", "What kind of company is this?", "Nice, right?"])
def test_a_question_that_expects_no_answer_is_none(question: str) -> None:
    assert Check.QUESTION not in looked("We look forward to seeing you.", About(questions=(question,)))


def test_what_they_asked_for_is_to_be_mentioned() -> None:
    refund = About(remedies=(Remedy.REFUND,))

    assert looked("Thank you, we have noted it.", refund)[Check.REMEDY].about == "refund"
    assert looked("I cannot refund it, and here is why.", refund)[Check.REMEDY].is_well


def test_in_other_languages_only_what_is_read_there_is_checked() -> None:
    german = (
        "Sehr geehrte Frau Hale, das hätten Sie lesen sollen. Wir melden uns am Samstag bei Ihnen und sagen Bescheid."
    )

    assert set(looked(german)) == {Check.DATE, Check.UNKEEPABLE, Check.OFFER}
    assert looked(german)[Check.UNKEEPABLE].about == "closed_day"


def test_what_is_kept_holds_no_words() -> None:
    kept = plain(tuple(looked("You should have read the terms.", About()).values()), dismissed={"blame", "reason"})

    assert kept["not_well"] == ["blame"]
    assert kept["dismissed"] == ["blame"]
    assert set(kept["well"]) <= set(Check)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.sampled_from(list(Emotion)))
def test_any_text_is_looked_at_and_every_suggestion_can_be_made(text: str, emotion: Emotion) -> None:
    about = About(is_complaint=True, emotion=emotion, remedies=(Remedy.REFUND,), questions=(text,))

    for one in looked(text, about).values():
        assert one.is_well or suggested(one, KNOWN) is not None


# Suggestions


@pytest.mark.parametrize(
    "check", [check for check in Check if check not in {Check.QUESTION, Check.REMEDY, Check.UNKEEPABLE}]
)
def test_a_suggestion_says_what_it_is_for(check: Check) -> None:
    """Whoever puts it in and fills in its blanks has done what the check asks."""
    sentence = suggested(Looked(check, False), Known(HOURS, KNOWN.soon, emotion=Emotion.ANGER))
    for place in blanks_in(sentence):
        filled = "bring you another crate" if check is Check.REPAIR else "the van broke down"
        sentence = sentence.replace(place, filled)

    if sentence:
        found = looked(f"{sentence} The parcel is on a shelf in the depot by the river now.")
        assert check not in found or found[check].is_well


def test_a_suggestion_tells_what_the_case_knows_and_invents_nothing() -> None:
    missed = Missed("We'll ring you by Monday.", datetime(2026, 11, 9, 17, tzinfo=UTC))
    known = Known(HOURS, KNOWN.soon, name="Ann Archer", cause=Cause.LATE, emotion=Emotion.SADNESS, missed=missed)
    refund = Known(HOURS, KNOWN.soon, remedies=(Remedy.EXPLANATION, Remedy.REFUND))

    assert suggested(Looked(Check.RESPONSIBILITY, False), known) == (
        "We told you: “We'll ring you by Monday.” That was due on Monday 9 November, and we did not keep it. The fault is ours."
    )
    assert suggested(Looked(Check.REGRET, False), known) == (
        "I am sorry, Ann Archer: I understand that this has disappointed you."
    )
    assert suggested(Looked(Check.REPAIR, False), refund) == "I will refund you [[how much]] by Friday 13 November."
    assert suggested(Looked(Check.REPAIR, False), KNOWN) == "I will [[what you will do]] by Friday 13 November."
    assert (
        suggested(Looked(Check.REMEDY, False, about="refund"), KNOWN)
        == "You asked for a refund: [[yes or no, and why]]."
    )


def test_a_suggested_date_is_read_as_a_promise_that_can_be_kept() -> None:
    sentence = suggested(Looked(Check.DATE, False), KNOWN)

    [promise] = reading.read(sentence, at=NOW, calendar=HOURS, direction=Direction.OUTBOUND).promises
    assert promise.due is not None
    assert promise.due.at == KNOWN.soon


def test_the_gate_names_each_place_that_is_still_to_be_filled_in() -> None:
    text = f"It happened because {blank('the reason')}, and [a link](https://example.org) says [[]]."

    assert gate.left_blank(text) == (
        gate.Objection("[[the reason]]", gate.Why.BLANK),
        gate.Objection("[[]]", gate.Why.BLANK),
    )
