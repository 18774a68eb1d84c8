from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.faces import Shop, actions_in, page, said, signed_in, statements
from tests.people_and_things import DAY, FRIDAY, NOW, letters

from troth.promises.models import Promise
from troth.words.promises import Sort, State

MOVE = {"due": "2026-11-17T17:00", "reason": "supplier", "words": "The wheel comes a day later than we thought."}


def test_promises_are_narrowed_by_every_filter(shop: Shop) -> None:
    shop.promise(quote="First.", what="the bell")
    other = shop.promise(shop.bob, quote="Second.", owner=None, due=NOW + 20 * DAY)
    Promise.objects.filter(pk=other.pk).update(state=State.KEPT, done_at=NOW, team=None)
    sam = signed_in(shop.sam)

    seen = {
        query: [words for words in ("First.", "Second.") if words in page(sam, f"/promises/?{query}")]
        for query in (
            "", "state=kept", "state=nonsense", f"owner={shop.sam.pk}", "owner=none", f"team={shop.team.pk}", "due=past",
            "due=week", "due=month", "made=week", "search=bell", "search=baker", "search=%00bell", "older=x~y",
        )
    }  # fmt: skip

    both = ["First.", "Second."]
    assert seen == {
        "": both, "state=kept": ["Second."], "state=nonsense": both, f"owner={shop.sam.pk}": ["First."],
        "owner=none": ["Second."], f"team={shop.team.pk}": ["First."], "due=past": [], "due=week": ["First."],
        "due=month": both, "made=week": both, "search=bell": ["First."], "search=baker": ["Second."],
        "search=%00bell": ["First."], "older=x~y": both,
    }  # fmt: skip


def test_statements_do_not_grow(shop: Shop) -> None:
    sam = signed_in(shop.sam)
    promise = shop.promise(case=shop.case())
    one = statements(sam, "/promises/"), statements(sam, f"/promises/{promise.pk}/")

    for number in range(2):
        shop.promise(shop.bob, case=shop.case(shop.bob), what=f"thing {number}")

    assert (statements(sam, "/promises/"), statements(sam, f"/promises/{promise.pk}/")) == one
    assert one == (5, 4)


def test_what_nobody_said_stands_without_quotation_marks(shop: Shop) -> None:
    said_so = shop.promise(quote="We will ring you.")
    unsaid = shop.promise(what="An answer from a person", sort=Sort.ANSWER)
    sam = signed_in(shop.sam)

    assert ">We will ring you.</blockquote>" in page(sam, f"/promises/{said_so.pk}/")
    assert '<p class="word-full is-plain">An answer from a person</p>' in page(sam, f"/promises/{unsaid.pk}/")


def test_who_may_do_what(shop: Shop) -> None:
    promise = shop.promise()
    path = f"/promises/{promise.pk}/"

    sam, lea, aud = (actions_in(page(signed_in(who), path)) for who in (shop.sam, shop.lea, shop.aud))

    assert aud == {"/account/logout/"}
    assert sam == {"/account/logout/", *(f"{path}{what}/" for what in ("keep", "move", "release"))}
    assert lea - sam == {f"{path}void/", f"{path}own/"}
    assert Client().get(path).status_code == 302
    assert signed_in(shop.sam).get("/promises/999999/").status_code == 404


def test_done_is_done_once(shop: Shop) -> None:
    promise = shop.promise()
    sam = signed_in(shop.sam)

    first, second = (sam.post(f"/promises/{promise.pk}/keep/") for _press in range(2))

    promise.refresh_from_db()
    assert (promise.state, promise.done_at) == ("kept", NOW)
    assert "It stands in the record." in said(first)
    assert "It was settled already." in said(second)


def test_moved_it_is_told_to_the_customer(shop: Shop) -> None:
    promise = shop.promise()

    answer = signed_in(shop.sam).post(f"/promises/{promise.pk}/move/", MOVE)

    promise.refresh_from_db()
    assert "The letter to the customer is on its way." in said(answer)
    assert (promise.state, promise.due, promise.first_due) == ("moved", FRIDAY + 4 * DAY, FRIDAY)
    assert [to for to, _subject in letters()] == ["ann@example.net"]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("due", "", "Choose the new date."),
        ("due", "soon", "Choose the new date."),
        ("due", "9999-12-31T23:59", "Choose the new date."),
        ("due", "2026-11-12T17:00", "The new date must lie ahead"),
        ("due", "2026-11-01T17:00", "The new date must lie ahead"),
        ("words", "", "Tell the customer what held us up."),
        ("words", "We know you counted on it. What held us up: ", "Tell the customer what held us up."),
        ("words", "\x00", "Tell the customer what held us up."),
    ],
)
def test_a_move_that_lacks_something_moves_nothing(shop: Shop, field: str, typed: str, words: str) -> None:
    promise = shop.promise()

    answer = signed_in(shop.sam).post(f"/promises/{promise.pk}/move/", {**MOVE, field: typed})
    text = answer.content.decode()

    promise.refresh_from_db()
    assert answer.status_code == 422
    assert words in text
    assert "data-show" in text, "the form stands open again"
    assert (MOVE["words"] in text) == (field != "words")
    assert '<option value="supplier" selected>' in text
    assert (promise.due, letters()) == (FRIDAY, [])


def test_released_needs_their_words(shop: Shop) -> None:
    promise = shop.promise()
    sam = signed_in(shop.sam)

    wordless = sam.post(f"/promises/{promise.pk}/release/", {"words": " "})
    told = sam.post(f"/promises/{promise.pk}/release/", {"words": "“Never mind”, on the phone."})

    promise.refresh_from_db()
    assert (wordless.status_code, told.status_code) == (422, 302)
    assert "Write down how they said it." in wordless.content.decode()
    assert (promise.state, promise.reason) == ("released", "“Never mind”, on the phone.")


def test_only_a_lead_voids_what_is_on_record(shop: Shop) -> None:
    promise = shop.promise()
    path = f"/promises/{promise.pk}/void/"

    agent = signed_in(shop.sam).post(path, {"reason": "Wrong customer."})
    wordless = signed_in(shop.lea).post(path, {"reason": ""})
    lead = signed_in(shop.lea).post(path, {"reason": "Wrong customer."})

    promise.refresh_from_db()
    assert "Only a lead" in said(agent)
    assert (wordless.status_code, lead.status_code) == (422, 302)
    assert (promise.state, promise.reason) == ("void", "Wrong customer.")


def test_anybody_who_answers_sets_a_found_one_aside_or_confirms_it(shop: Shop) -> None:
    aside = shop.promise(state=State.PROPOSED, due=None)
    real = shop.promise(state=State.PROPOSED, due=None)
    sam = signed_in(shop.sam)

    sam.post(f"/promises/{aside.pk}/void/", {"reason": "A pleasantry."})
    answer = sam.post(f"/promises/{real.pk}/confirm/", {"offer": (NOW + DAY).isoformat()})

    aside.refresh_from_db()
    real.refresh_from_db()
    assert (aside.state, real.state, real.due) == ("void", "open", NOW + DAY)
    assert "Owed from now on" in said(answer)


def test_what_waited_is_owed_by_a_date_that_somebody_chose(shop: Shop) -> None:
    promise = shop.promise(state=State.ARMED, due=None, condition="once you send us the number")
    path = f"/promises/{promise.pk}/"
    sam = signed_in(shop.sam)

    asked = page(sam, path)
    dateless, passed = (sam.post(f"{path}confirm/", {"due": due}) for due in ("", "2026-11-01T09:00"))
    opened = sam.post(f"{path}confirm/", {"offer": (NOW + 2 * DAY).isoformat(), "due": "2026-11-20T12:00"})

    promise.refresh_from_db()
    assert "They did their part" in asked
    assert asked.count('name="offer"') == 3
    assert [answer.status_code for answer in (dateless, passed, opened)] == [422, 422, 302]
    assert "Choose the date." in dateless.content.decode()
    assert promise.state == "open"
    assert promise.due is not None
    assert f"{promise.due:%Y-%m-%d}" == "2026-11-20"


def test_two_promises_of_one_sentence_can_be_told_apart(shop: Shop) -> None:
    for what in ("send a new one", "call you"):
        shop.promise(quote="We will send a new one and call you.", what=what)
    shop.promise(quote="We will look.", what="look into it")

    text = page(signed_in(shop.sam), "/promises/")

    assert re.findall('class="word-part">([^<]*)<', text) == ["call you", "send a new one"]


def test_it_can_be_made_ones_own(shop: Shop) -> None:
    promise = shop.promise(owner=None)

    signed_in(shop.lea).post(f"/promises/{promise.pk}/own/")

    promise.refresh_from_db()
    assert promise.owner == shop.lea


def test_rates_say_their_n_and_window(shop: Shop) -> None:
    promise = shop.promise()
    Promise.objects.filter(pk=promise.pk).update(due=NOW - timedelta(days=1))
    signed_in(shop.sam).post(f"/promises/{promise.pk}/keep/")

    text = page(signed_in(shop.sam), "/promises/")

    assert "last 90 days" in text
    assert "n = 0" in text, "its first date lies ahead: it is not decided in this window yet"


def test_the_third_move_is_plainly_called_broken(shop: Shop) -> None:
    promise = shop.promise()
    sam = signed_in(shop.sam)

    answers = [
        said(sam.post(f"/promises/{promise.pk}/move/", {**MOVE, "due": f"2026-11-{17 + moves}T17:00"}))
        for moves in range(3)
    ]

    assert ["broken" in words for words in answers] == [False, False, True]
