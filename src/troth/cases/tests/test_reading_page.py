from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.faces import Shop, page, signed_in, statements
from tests.people_and_things import HOUR, NOW

from troth.cases import actions
from troth.cases.models import Case, Correction, Message
from troth.cases.rules.corrections import Field
from troth.cases.rules.marks import Piece, marked

ANGRY = "I am furious. My parcel never came and nobody can find it!"


def at(message: Message) -> str:
    return f"/cases/messages/{message.pk}/reading/"


def form(text: str) -> dict[str, Any]:
    """What a browser would send of the first form of the page as it stands."""
    inside = text[text.index("/correct/") :].split("</form>")[0]
    values: dict[str, Any] = dict(re.findall(r'type="hidden" name="(once|seen)" value="([^"]*)"', inside))
    for name, value in re.findall(r'type="(?:checkbox|radio)" name="(\w+)" value="(\w+)" checked', inside):
        values.setdefault(name, []).append(value)
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', inside, re.DOTALL):
        values[name] = next(iter(re.findall(r'value="(\w*)" selected', options)), "")
    return {name: unescape(value) if isinstance(value, str) else value for name, value in values.items()}


def held() -> dict[str, list[str]]:
    return dict(Correction.objects.filter(until=None).values_list("field", "said"))


# The marks


def test_the_text_is_cut_where_signs_begin_and_end() -> None:
    assert marked("Late and rude.", [(0, 4, "Late"), (0, 4, "Angry"), (9, 99, "Angry"), (5, 5, "-")]) == [
        Piece("Late", ("Late", "Angry")),
        Piece(" and "),
        Piece("rude.", ("Angry",)),
    ]
    assert "".join(piece.words for piece in marked("abc", [(2, 1, "x"), (-4, 2, "y")])) == "abc"
    assert marked("", [(0, 4, "Late")]) == []


# On the page of a case


def test_the_case_tells_what_was_read_in_few_words(shop: Shop) -> None:
    message = shop.message(text=ANGRY)

    text = page(signed_in(shop.sam), f"/cases/{message.case_id}/")

    assert "Angry" in text
    assert "Never delivered" in text
    assert f'hx-get="{at(message)}"' in text


@pytest.mark.parametrize(("text", "wants_a_word"), [(ANGRY, True), ("How often should I top up the sealant?", False)])
def test_above_an_answer_stands_what_wants_a_word_first(shop: Shop, text: str, wants_a_word: bool) -> None:
    message = shop.message(text=text)

    assert message.reading["emotions"]
    assert ('class="felt"' in page(signed_in(shop.sam), f"/cases/{message.case_id}/")) == wants_a_word


FIRST = {
    "version": "rules-1",
    "language": "en",
    "feeling": "anger",
    "kind": "complaint",
    "cause": "late",
    "urgency": "high",
}
THIRD = {
    "version": "rules-3",
    "language": "en",
    "emotions": [{"value": "anger", "confidence": 0.9}],
    "kind": "complaint",
}


@pytest.mark.parametrize("plain", [FIRST, THIRD, {}])
def test_what_earlier_versions_kept_is_shown(shop: Shop, plain: dict[str, Any]) -> None:
    message = shop.message(text=ANGRY)
    Message.objects.filter(pk=message.pk).update(reading=plain)
    Case.objects.update(emotion="")
    sam = signed_in(shop.sam)

    whole, part = page(sam, f"/cases/{message.case_id}/"), page(sam, at(message))

    assert ('data-tone="alarm">Angry' in whole, "Angry <span" in part) == (bool(plain), bool(plain))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("unknown", "Not read: the language is not known"),
        ("de", "Not read: this is German, and what customers feel and want is read in English"),
    ],
)
def test_an_unread_message_says_so(shop: Shop, language: str, words: str) -> None:
    message = shop.message(text="Zzz qqq xxyy")
    Message.objects.filter(pk=message.pk).update(reading={"version": "rules-4", "language": language})
    sam = signed_in(shop.sam)

    assert words in page(sam, f"/cases/{message.case_id}/")
    assert "Nothing: the language is not known, or not one that is read." in page(sam, at(message))
    sam.post(f"{at(message)}correct/", {**form(page(sam, at(message))), "kind": "complaint", "all": "yes"})

    assert held() == {"kind": ["complaint"]}


def test_statements_of_the_page_are_few_and_do_not_grow(shop: Shop) -> None:
    message, sam = shop.message(text=ANGRY), signed_in(shop.sam)
    one = statements(sam, at(message)), statements(sam, f"/cases/{message.case_id}/")
    for field in Field:
        said = {Field.KIND: ["enquiry"], Field.URGENCY: ["low"]}.get(field, [])
        actions.correct(message.pk, said={field: said}, by=shop.lea, now=NOW)

    assert (statements(sam, at(message)), statements(sam, f"/cases/{message.case_id}/")) == one
    assert one[0] <= 6


# Looking and saying


def test_what_was_read_is_shown_with_its_words_and_how_sure(shop: Shop) -> None:
    message = shop.message(text=ANGRY)
    sure = {"value": "anger", "confidence": 0.91, "spans": [[0, 13]]}
    late = {"value": "late", "confidence": 0.7}
    guess = {"value": "refund", "confidence": 0.4}
    read = {"version": "r", "language": "en", "emotions": [sure], "causes": [late], "remedies": [guess]}
    Message.objects.filter(pk=message.pk).update(reading=read)

    text = page(signed_in(shop.sam), at(message))

    assert '<mark title="Angry">I am furious.</mark>' in text
    assert [words in text for words in ("(sure)", "(likely)", "(a guess)", 'title="91 %"')] == [True] * 4


def test_only_what_was_changed_is_saved(shop: Shop) -> None:
    message, sam = shop.message(text=ANGRY), signed_in(shop.sam)

    answer = sam.post(f"{at(message)}correct/", {**form(page(sam, at(message))), "causes": "late"})

    assert (answer.status_code, answer.headers["Location"]) == (302, at(message))
    assert held() == {"causes": ["late"]}
    assert "said by Sam" in page(sam, at(message))


def test_all_of_it_is_right_with_one_press_and_a_second_changes_nothing(shop: Shop) -> None:
    message, sam = shop.message(text=ANGRY), signed_in(shop.sam)
    sent = {**form(page(sam, at(message))), "all": "yes"}

    codes = [sam.post(f"{at(message)}correct/", sent).status_code for _ in range(2)]

    assert codes == [302, 302]
    assert set(held()) == {"emotions", "kind", "causes", "urgency", "remedies"}
    assert Correction.objects.count() == 5
    assert "confirmed by Sam" in page(sam, at(message))


def test_no_emotion_can_be_said_too(shop: Shop) -> None:
    message, sam = shop.message(text=ANGRY), signed_in(shop.sam)
    sent = form(page(sam, at(message)))
    del sent["emotions"]

    sam.post(f"{at(message)}correct/", sent)

    assert held() == {"emotions": []}
    assert Case.objects.get(pk=message.case_id).emotion == ""


def test_who_looked_too_early_is_shown_how_it_stands_now(shop: Shop) -> None:
    message, sam = shop.message(text=ANGRY), signed_in(shop.sam)
    sent = {**form(page(sam, at(message))), "causes": "other"}
    actions.correct(message.pk, said={Field.CAUSES: ["late"]}, by=shop.lea, now=NOW)

    answer = sam.post(f"{at(message)}correct/", sent)

    assert answer.status_code == 422
    assert "A colleague looked at this meanwhile" in answer.content.decode()
    assert held() == {"causes": ["late"]}


def test_nonsense_is_refused(shop: Shop) -> None:
    message, sam = shop.message(text=ANGRY), signed_in(shop.sam)

    answer = sam.post(f"{at(message)}correct/", {**form(page(sam, at(message))), "kind": "riot"})

    assert answer.status_code == 422
    assert held() == {}


def test_what_was_said_is_undone(shop: Shop) -> None:
    message, sam = shop.message(text=ANGRY), signed_in(shop.sam)
    actions.correct(message.pk, said={Field.CAUSES: ["late"]}, by=shop.lea, now=NOW)

    assert sam.post(f"{at(message)}undo/", undo_form(page(sam, at(message)))).status_code == 302

    assert held() == {}
    assert "said by" not in page(sam, at(message))


def test_undo_pressed_twice_undoes_once(shop: Shop) -> None:
    message, sam = shop.message(text=ANGRY), signed_in(shop.sam)
    actions.correct(message.pk, said={Field.CAUSES: ["late"]}, by=shop.sam, now=NOW)
    actions.correct(message.pk, said={Field.CAUSES: ["other"]}, by=shop.lea, now=NOW)
    pressed = undo_form(page(sam, at(message)))

    for _ in range(2):
        assert sam.post(f"{at(message)}undo/", pressed).status_code == 302

    assert held() == {"causes": ["late"]}


def undo_form(text: str) -> dict[str, str]:
    """What a browser would send of the first thing that can be undone."""
    return dict(
        re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text[text.index("/undo/") :].split("</form>")[0])
    )


def test_within_the_case_only_the_part_is_sent(shop: Shop) -> None:
    message, sam = shop.message(text=ANGRY), signed_in(shop.sam)

    part = sam.get(at(message), headers={"HX-Request": "true"}).content.decode()
    closed = sam.get(f"{at(message)}?close", headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith(f'<div class="message-said" id="message-{message.pk}-said" data-keep>')
    assert "<form" not in closed
    assert ANGRY in closed


def test_an_auditor_looks_and_is_offered_nothing(shop: Shop) -> None:
    message = shop.message(text=ANGRY)

    text = page(signed_in(shop.aud), at(message))

    assert "Never delivered" in text
    assert "Save what I changed" not in text
    assert '<input type="radio"' not in text


def test_answers_of_ours_have_no_such_page(shop: Shop) -> None:
    message = shop.message(text=ANGRY)
    note = actions.write_note(message.case, staff=shop.sam, text="Look.", now=NOW + HOUR)

    assert signed_in(shop.sam).get(at(note)).status_code == 404
    assert Client().get(at(message)).status_code == 302
