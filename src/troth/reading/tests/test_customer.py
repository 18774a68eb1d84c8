from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.reading.customer import read_customer
from troth.words.causes import Cause
from troth.words.messages import Kind, Urgency
from troth.words.remedies import Remedy

COMPLAINTS = [
    ("My parcel was due on Monday and it is now three days late.", Cause.LATE),
    ("We are still waiting for our flight, two hours delayed, no end in sight.", Cause.LATE),
    ("I paid for the lamp in March and it never arrived.", Cause.NEVER_DELIVERED),
    ("You lost my luggage and nobody knows where it is.", Cause.NEVER_DELIVERED),
    ("The toaster stopped working after one day.", Cause.POOR_QUALITY),
    ("Your app keeps crashing when I try to pay.", Cause.POOR_QUALITY),
    ("You sent the wrong size, I ordered large.", Cause.NOT_AS_DESCRIBED),
    ("This is a fake, it was advertised as genuine.", Cause.NOT_AS_DESCRIBED),
    ("The man at the counter was rude and shouted at my mother.", Cause.TREATED_POORLY),
    ("I was overcharged, there is a hidden fee of £12 on my bill.", Cause.HIDDEN_FEE),
    ("You charged me twice for the same order.", Cause.HIDDEN_FEE),
    ("I emailed you three times and nobody has replied.", Cause.NO_ACKNOWLEDGEMENT),
    ("On hold for an hour and then no answer, no reply to my emails.", Cause.NO_ACKNOWLEDGEMENT),
    ("The charger caught fire in our kitchen.", Cause.SAFETY_OR_BREACH),
]


@pytest.mark.parametrize(("text", "cause"), COMPLAINTS)
def test_a_complaint_is_read_with_its_cause(text: str, cause: Cause) -> None:
    read = read_customer(text)

    assert read.is_complaint
    assert read.kind is not None
    assert read.kind.value is Kind.COMPLAINT
    assert read.causes[0].value is cause


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("What time do you open on Saturday?", Kind.ENQUIRY),
        ("How do I return a faulty item?", Kind.ENQUIRY),
        ("Could you tell me how long delivery takes?", Kind.ENQUIRY),
        ("It would be great if you could add a dark mode.", Kind.SUGGESTION),
        ("Please add a filter for allergens to the menu.", Kind.SUGGESTION),
        ("Thank you so much, the engineer was brilliant!", Kind.COMPLIMENT),
        ("Best haircut I've ever had, I love it.", Kind.COMPLIMENT),
    ],
)
def test_what_is_no_complaint_has_another_kind_and_no_cause(text: str, kind: Kind) -> None:
    read = read_customer(text)

    assert not read.is_complaint
    assert read.kind is not None
    assert read.kind.value is kind
    assert read.causes == ()


@pytest.mark.parametrize("text", ["I am not happy with this.", "This is unacceptable.", "What a shambles."])
def test_a_complaint_that_names_no_cause_is_given_none(text: str) -> None:
    read = read_customer(text)

    assert read.is_complaint
    assert not any(found.is_confident for found in read.causes)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("I want my money back.", Remedy.REFUND),
        ("Please could you refund the second payment?", Remedy.REFUND),
        ("Can you send me another one?", Remedy.REPLACEMENT),
        ("Please fix the scanner.", Remedy.REPAIR),
        ("Just deliver my order.", Remedy.DELIVERY),
        ("I expect some compensation for the trouble.", Remedy.COMPENSATION),
        ("Please cancel my subscription.", Remedy.CANCELLATION),
        ("I think I'm owed an apology.", Remedy.APOLOGY),
        ("I'd like to know why it was refused.", Remedy.EXPLANATION),
        ("Would somebody please ring me?", Remedy.CONTACT),
        ("Please make sure it never happens again.", Remedy.CHANGE),
    ],
)
def test_the_remedy_sought_is_read_from_a_wish(text: str, remedy: Remedy) -> None:
    sought = read_customer(text).remedies

    assert remedy in [found.value for found in sought]
    assert all(found.spans for found in sought)


@pytest.mark.parametrize(
    "text",
    ["Thank you for the refund, received today.", "I love my new lamp.", "The replacement arrived this morning."],
)
def test_what_was_had_is_not_sought(text: str) -> None:
    assert read_customer(text).remedies == ()


@pytest.mark.parametrize(
    ("text", "urgency", "words"),
    [
        ("There is a smell of gas in the hall.", Urgency.CRITICAL, "smell of gas"),
        ("The charger caught fire!", Urgency.CRITICAL, "caught fire"),
        ("I need it by tomorrow.", Urgency.HIGH, "need it by"),
        ("We have had no heating since Sunday.", Urgency.HIGH, "no heating"),
        ("What if it caught fire one day?", Urgency.NORMAL, None),
        ("When do you open?", Urgency.NORMAL, None),
        ("No rush, but could you send me the receipt?", Urgency.LOW, "No rush"),
        ("Thank you so much, it was lovely!", Urgency.LOW, None),
    ],
)
def test_urgency_is_shown_by_the_words_that_press(text: str, urgency: Urgency, words: str | None) -> None:
    found = read_customer(text).urgency

    assert found is not None
    assert found.value is urgency
    assert [text[slice(*span)] for span in found.spans] == ([words] if words else [])


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "My order is late. Where is it? Please ring me today.",
            [("Where is it?", True), ("Please ring me today.", False)],
        ),
        ("Can you send me the receipt?", [("Can you send me the receipt?", False)]),
        ("Is there a student discount?", [("Is there a student discount?", True)]),
        ("The lamp came on Tuesday. It is lovely.", []),
    ],
)
def test_questions_and_wishes_are_told_apart(text: str, asked: list[tuple[str, bool]]) -> None:
    requests = read_customer(text).requests

    assert [(request.quote, request.is_question) for request in requests] == asked
    assert all(text[request.start : request.end] == request.quote for request in requests)


@given(
    st.text(max_size=400) | st.lists(st.sampled_from(" ".join(text for text, _ in COMPLAINTS).split())).map(" ".join)
)
def test_every_finding_is_sure_between_nothing_and_all_and_points_into_the_text(text: str) -> None:
    read = read_customer(text)

    found = [read.complaint, read.kind, read.urgency, *read.causes, *read.remedies]
    for finding in found:
        if finding:
            assert 0 <= finding.confidence <= 1
            assert all(0 <= start < end <= len(text) for start, end in finding.spans)
    assert (read.kind is not None and read.kind.value is Kind.COMPLAINT) == read.is_complaint
    assert read == read_customer(text)


def test_nothing_says_nothing() -> None:
    assert (read_customer("").complaint, read_customer(" \n ").kind) == (None, None)


@pytest.mark.parametrize(
    "unit", ["never told ", "please ", "no one ", "@a ", "i want the ", "it was ", "not ", "? ", "a.b "]
)
def test_reading_takes_no_longer_than_the_text_is(unit: str) -> None:
    def seconds(chars: int) -> float:
        text = (unit * chars)[:chars]
        started = time.process_time()
        read_customer(text)
        return time.process_time() - started

    seconds(1_000)

    assert seconds(80_000) < 8 * max(seconds(20_000), 0.1)
