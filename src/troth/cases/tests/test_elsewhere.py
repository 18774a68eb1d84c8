"""One writer at two browsers: neither page's words give way to words that were written without having seen them."""

from __future__ import annotations

import time_machine
from tests.faces import Shop, page, signed_in
from tests.people_and_things import HOUR, NOW

from troth.cases.models import Message, Reply

THERE = "Dear Ann,\n\nit is on its way."
HERE = "Dear Ann,\n\nI look into it."


def test_what_was_written_further_elsewhere_is_kept_and_told_with_its_time(shop: Shop) -> None:
    case = shop.case()
    office, home = signed_in(shop.sam), signed_in(shop.sam)
    url = f"/cases/{case.pk}/draft/"
    for browser in (office, home):
        assert browser.post(url, {"body": "Dear Ann", "way": "out", "over": ["Dear Ann", ""]}).status_code == 200
    with time_machine.travel(NOW + HOUR / 12, tick=False):
        assert office.post(url, {"body": THERE, "way": "out", "over": "Dear Ann"}).json()["kept"]

    with time_machine.travel(NOW + HOUR / 10, tick=False):
        answer = home.post(url, {"body": HERE, "way": "out", "over": "Dear Ann"})

    assert answer.status_code == 409
    assert answer.json() == {
        "kept": False,
        "elsewhere": {"text": THERE, "words": "Written further elsewhere at 10:05 GMT"},
    }
    with time_machine.travel(NOW + 30 * HOUR, tick=False):
        told = home.post(url, {"body": "", "way": "out", "over": "Dear Ann"}).json()["elsewhere"]["words"]
    assert told == "Written further elsewhere on Wednesday 11 November, 10:05 (GMT)"
    assert Reply.objects.get().text == THERE


def test_words_that_were_seen_are_written_over_and_so_are_those_of_ones_own_page(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    url = f"/cases/{case.pk}/draft/"
    sam.post(url, {"body": THERE.replace("\n", "\r\n"), "way": "out", "over": ""})

    # Words on their way while more was typed, and words sent as the page went, are this page's own.
    assert sam.post(url, {"body": HERE, "way": "out", "over": ["", THERE]}).json()["kept"]
    # A program, and a page from before, say nothing of what they know.
    assert sam.post(url, {"body": "Third.", "way": "out"}).json()["kept"]
    assert sam.post(url, {"body": "", "way": "out", "over": "Third."}).json()["kept"]

    assert Reply.objects.count() == 0
    # Sent from the other page meanwhile: nothing stands in the way of what is begun anew.
    assert sam.post(url, {"body": HERE, "way": "out", "over": THERE}).json()["kept"]


def test_an_answer_stays_while_its_writer_wrote_further_elsewhere(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    sam.post(f"/cases/{case.pk}/draft/", {"body": THERE, "way": "out"})

    answer = sam.post(f"/cases/{case.pk}/reply/", {"body": HERE, "over": "Dear Ann"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "You went on writing this elsewhere." in text
    assert f"{HERE}</textarea>" in text
    assert f"data-elsewhere-text>{THERE}</blockquote>" in text
    assert [(reply.state, reply.text) for reply in Reply.objects.all()] == [("draft", THERE)]
    # An empty one neither goes nor takes the other's words away.
    assert sam.post(f"/cases/{case.pk}/reply/", {"body": " ", "over": "Dear Ann"}).status_code == 422
    assert Reply.objects.get().text == THERE
    # Having seen it, they send theirs.
    assert sam.post(f"/cases/{case.pk}/reply/", {"body": HERE, "over": THERE}).status_code == 302
    assert [(reply.state, reply.text) for reply in Reply.objects.all()] == [("held", HERE)]


def test_a_note_stays_while_its_writer_wrote_further_elsewhere(shop: Shop) -> None:
    case = shop.case()
    sam = signed_in(shop.sam)
    sam.post(f"/cases/{case.pk}/draft/", {"body": THERE, "way": "note"})

    answer = sam.post(f"/cases/{case.pk}/note/", {"body": HERE, "over": ""})

    assert answer.status_code == 422
    assert f"{HERE}</textarea>" in answer.content.decode()
    assert f"data-elsewhere-text>{THERE}</blockquote>" in answer.content.decode()
    assert not Message.objects.filter(direction="note").exists()
    assert sam.post(f"/cases/{case.pk}/note/", {"body": HERE, "over": THERE}).status_code == 302
    assert "elsewhere at" not in page(sam, f"/cases/{case.pk}/")
    assert Reply.objects.count() == 0
