"""What a final response, a holding reply and a summary resolution say, found in their words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from troth.cases.rules import formal
from troth.cases.rules.formal import Chosen, Letter, look, offered, sentence_for
from troth.words.formal import Decision, Formal, Point, Without
from troth.words.hours import office

NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)
HOURS = office("Europe/London", "GB", "ENG")
WHERE = """If you are not satisfied, you may now refer your complaint to the Financial Ombudsman Service. You must do so within six
months of the date of this letter. If you do not refer it in time, the Ombudsman will not have our permission to consider it.
Its website is www.financial-ombudsman.org.uk. Its leaflet is at https://www.financial-ombudsman.org.uk/consumer-leaflet."""


def held(text: str, what: Formal = Formal.FINAL, **values: object) -> Letter:
    return look(text, what, now=NOW, hours=HOURS, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "decision", "missing"),
    [
        ("We accept your complaint. We will refund the £38.50 today.", Decision.ACCEPTS, []),
        ("Your complaint has been upheld. We have paid you £20 for your trouble.", Decision.ACCEPTS, []),
        ("We uphold your complaint. No further redress is due.", Decision.ACCEPTS, []),
        ("We uphold your complaint, and we are sorry.", Decision.ACCEPTS, [Point.REDRESS]),
        ("We do not uphold your complaint, because the fee stands in the contract.", Decision.REJECTS, []),
        ("We have decided to reject your complaint.", Decision.REJECTS, [Point.REASONS]),
        ("Your complaint is not upheld. The reason is the signed form.", Decision.REJECTS, []),
        (
            "We do not accept your complaint. As a gesture of goodwill we will pay you £50.",
            Decision.OFFERS,
            [],
        ),
        ("Without accepting your complaint we offer you £50.", Decision.OFFERS, []),
        (
            "We uphold your complaint in part: we will pay you £10.",
            Decision.IN_PART,
            [Point.REASONS],
        ),
        ("We have looked at everything and thank you for writing.", None, [Point.DECISION]),
    ],
)
def test_the_decision_asks_for_redress_or_reasons(text: str, decision: Decision | None, missing: list[Point]) -> None:
    letter = held(f"{text}\n\n{WHERE}")

    assert (letter.decision, list(letter.missing)) == (decision, missing)


def test_nothing_of_it_is_in_an_ordinary_answer() -> None:
    letter = held("Your parcel is at the depot and comes tomorrow.")

    assert letter.found == (Point.PLAIN_WORDS,)


def test_what_they_may_not_do_or_where_else_they_may_go_is_not_the_ombudsman() -> None:
    letter = held(
        "You may not refer this to the Ombudsman. You may refer it to our manager. Write to us@financial-ombudsman.org.uk."
    )

    assert {Point.REFER, Point.WEBSITE} <= set(letter.missing)


def test_the_link_to_the_leaflet_is_not_the_website_address() -> None:
    assert Point.WEBSITE in held("See https://www.financial-ombudsman.org.uk/consumer-leaflet.").missing
    assert Point.LEAFLET in held("See www.financial-ombudsman.org.uk.").missing


def test_a_leaflet_is_seen_among_the_files() -> None:
    assert Point.LEAFLET not in held("", enclosed=["Ombudsman leaflet.pdf"]).missing
    assert Point.LEAFLET in held("Our leaflet is with this letter.", enclosed=["invoice 12.pdf"]).missing


def test_what_is_quoted_or_still_to_be_filled_in_says_nothing() -> None:
    blank = "[[We accept your complaint. / We reject your complaint.]] To put this right we will pay you [[how much]]."
    quoted = "You wrote:\n\n> we accept your complaint and will pay you £20"

    assert held(blank).decision is None
    assert held(quoted).decision is None


def test_words_of_lawyers_and_endless_sentences_are_not_plain() -> None:
    lawyers = held("Pursuant to clause 4 we accept your complaint.")
    endless = held("We accept your complaint and " + "and then some more words of ours " * 9 + ".")

    assert Point.PLAIN_WORDS in lawyers.missing
    assert Point.PLAIN_WORDS in endless.missing
    assert next(one.quote for one in lawyers.points if one.point is Point.PLAIN_WORDS) == "Pursuant to"


def test_a_tick_stands_for_what_was_not_found_and_says_nothing_beside_what_was() -> None:
    letter = held(f"We accept your complaint.\n\n{WHERE}", ticked=[Point.REDRESS, Point.WEBSITE])

    assert (letter.missing, letter.ticked) == ((), (Point.REDRESS,))


def test_a_holding_reply_says_why_and_by_when_and_where_to_go() -> None:
    text = "We cannot give you our final response yet because the bank has not answered us. You will have it by 12 January 2027."
    letter = held(f"{text}\n\n{WHERE}", Formal.HOLDING)

    assert letter.missing == (Point.BY_WHEN,)  # “it” may be anything
    letter = held(f"{text} You will have our final response by 12 January 2027.\n\n{WHERE}", Formal.HOLDING)
    assert letter.missing == ()
    assert letter.until == datetime(2027, 1, 12, 17, tzinfo=UTC)


def test_about_payments_it_says_why_and_by_when() -> None:
    text = "We are still waiting for the bank. You will have our final response by 12 December 2026."

    assert held(text, Formal.HOLDING, of_payments=True).missing == ()
    assert set(held(text, Formal.HOLDING).missing) == {Point.REFER, Point.LEAFLET, Point.WEBSITE}


def test_a_summary_says_that_it_is_resolved_and_where_to_go() -> None:
    text = "You complained about a late parcel. We now consider your complaint to be resolved."
    more = "There is more information on that website."

    assert held(f"{text}\n\n{WHERE}\n\n{more}", Formal.SUMMARY).missing == ()
    assert set(held(text, Formal.SUMMARY).missing) == {
        Point.REFER, Point.SIX_MONTHS, Point.WAIVER, Point.WEBSITE, Point.MORE,
    }  # fmt: skip


def test_every_sentence_offered_makes_its_point_once_it_is_filled_in() -> None:
    filled = {"[[what]]": "a fee", "[[how much]]": "£20", "[[the day]]": "12 January 2027"}
    for point in set(Point) - {Point.PLAIN_WORDS}:
        words = sentence_for(point)
        assert words, point
        if point is Point.DECISION:
            words = words.strip("[]").split(" / ")[0]
        for place, said in filled.items():
            words = words.replace(place, said)
        words = words.replace("[[", "").replace("]]", "")
        in_it = [what for what in Formal if point in formal._ALWAYS[what]] or [Formal.FINAL]
        before = "We uphold your complaint in part. " if point in {Point.REDRESS, Point.REASONS} else ""
        assert all(point in held(before + words, what).found for what in in_it), point


def test_letters_are_offered_where_the_rules_ask_for_them() -> None:
    everything = (Formal.FINAL, Formal.HOLDING, Formal.SUMMARY)

    assert offered("plain", is_early=True, is_over=False) == ()
    assert offered("fca_disp", is_early=True, is_over=False) == everything
    assert offered("fca_disp_payments", is_early=False, is_over=True) == (Formal.FINAL,)


def test_a_holding_reply_is_thought_of_in_the_last_quarter() -> None:
    due = NOW + timedelta(weeks=8)

    def near(at: datetime) -> bool:
        return formal.is_near(started_at=NOW, due=due, now=at)

    assert [near(NOW), near(due - timedelta(days=15)), near(due - timedelta(days=14)), near(due)] == [
        False,
        False,
        True,
        False,
    ]


def test_what_a_writer_chose_is_kept_as_it_was() -> None:
    chosen = Chosen(Formal.FINAL, (Point.LEAFLET,), Without.OTHER)

    assert Chosen.from_plain(chosen.to_plain()) == chosen
    assert Chosen.from_plain(Chosen(None, without=Without.OTHER).to_plain()).formal is None
