from __future__ import annotations

import json
import re
from html import unescape
from random import Random
from typing import Any

import pytest
from django.test import Client
from tests.faces import Shop, page, said, signed_in, statements
from tests.people_and_things import HOUR, NOW, staff

from troth.cases import actions as cases
from troth.cases.models import Case, Correction, Learned, Message, Rereading
from troth.cases.rules.corrections import Field
from troth.learning import queries
from troth.learning.desk.review import DRAWN
from troth.people.models import SecurityEvent, Team

LATE = "My parcel is three weeks late. This is not acceptable, I want my money back."


def correct(message: Message, shop: Shop, values: dict[Field, list[str]], **more: Any) -> None:
    assert cases.correct(message.pk, said=values, by=shop.lea, now=NOW, **more)


def flat(text: str) -> str:
    """What the page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def closed(shop: Shop, message: Message) -> Team:
    conduct = Team.objects.create(name="Conduct", is_closed=True)
    Case.objects.filter(pk=message.case_id).update(team=conduct)
    return conduct


# The page


def test_without_anything_said_the_page_says_what_to_do(shop: Shop) -> None:
    shop.message(text=LATE)

    text = page(signed_in(shop.lea), "/reading/")

    assert "Nobody has looked at a reading yet" in text
    assert 'href="/reading/review/"' in text
    assert "corrections.jsonl" not in text


def test_what_was_said_is_measured_drawn_and_come_across_apart(shop: Shop) -> None:
    messages = [shop.message(text=LATE) for _ in range(4)]
    for message in messages[:3]:
        correct(message, shop, {Field.CAUSES: ["late"]}, drawn=True)
    correct(messages[3], shop, {Field.CAUSES: ["poor_quality"]})
    lea = signed_in(shop.lea)

    drawn, met = flat(page(lea, "/reading/?of=drawn")), flat(page(lea, "/reading/?of=met"))

    assert "Late 3 0 100 % 44 to 100 %" in drawn
    assert "Late 0 1 0 % 0 to 79 %" in met
    assert "Read It was Times Late Poor quality 1" in met
    assert "Poor quality" not in drawn
    assert flat(page(lea, "/reading/")) == drawn


def test_each_version_is_measured_by_itself(shop: Shop) -> None:
    first, second = shop.message(text=LATE), shop.message(text=LATE)
    correct(first, shop, {Field.CAUSES: ["late"]})
    Message.objects.filter(pk=second.pk).update(reading={**second.reading, "version": "rules-0+x"})
    correct(second, shop, {Field.CAUSES: ["other"]})

    text = page(signed_in(shop.lea), "/reading/?of=met&version=rules-0%2Bx")

    assert "Late 0 1" in flat(text)
    assert text.count('href="/reading/?of=met&amp;version=rules-0%2Bx" aria-current="true"') == 2
    assert 'href="/reading/?of=drawn&amp;version=rules-0%2Bx"' in text


def test_what_is_undone_is_not_counted(shop: Shop) -> None:
    correct(shop.message(text=LATE), shop, {Field.CAUSES: ["late"]})
    cases.undo_correction(Correction.objects.get(), by=shop.lea, now=NOW)

    assert "Nobody has looked at a reading yet" in page(signed_in(shop.lea), "/reading/")


def test_a_closed_team_is_not_measured_for_others(shop: Shop) -> None:
    message = shop.message(text=LATE)
    correct(message, shop, {Field.CAUSES: ["late"]})
    inside = staff("cal@parcel.example", role="lead", team=closed(shop, message))

    assert "Nobody has looked" in page(signed_in(shop.lea), "/reading/")
    assert "Late 1 0" in flat(page(signed_in(inside), "/reading/?of=met"))
    assert list(queries.lines(shop.lea)) == []
    assert len(list(queries.lines(inside))) == len(list(queries.lines(None))) == 1


def test_the_number_of_statements_stays(shop: Shop) -> None:
    lea = signed_in(shop.lea)
    correct(shop.message(text=LATE), shop, {Field.CAUSES: ["late"]})
    one = min(statements(lea, "/reading/") for _ in range(3))  # what is kept for seconds may have run out in between
    for number, cause in enumerate(["late", "other", "hidden_fee"]):
        correct(shop.message(text=LATE), shop, {Field.CAUSES: [cause], Field.EMOTIONS: ["fear"]}, drawn=number > 1)

    assert min(statements(lea, "/reading/") for _ in range(3)) == one
    assert one <= 6


# Learning


def test_a_lead_looks_at_what_learning_would_change_then_switches(
    shop: Shop, django_capture_on_commit_callbacks: Any
) -> None:
    for number in range(8):
        message = shop.message(text=f"Could the zorble of order {number} be gribbled?")
        correct(message, shop, {Field.KIND: ["complaint"]}, drawn=True)
    lea = signed_in(shop.lea)

    assert lea.post("/reading/learn/").status_code == 302
    [row] = Learned.objects.all()
    text = flat(page(lea, "/reading/"))
    assert "on 16 corrections it had not seen" in text
    assert "Complaint or not 0 %" in text
    assert not row.is_on

    with django_capture_on_commit_callbacks(execute=True):
        lea.post("/reading/use/", {"learned": row.pk})
    assert Learned.objects.get().is_on
    assert "Read as shipped again" in page(lea, "/reading/")
    cases.reread(now=NOW)
    assert "8 of 8 messages read anew" in flat(page(lea, "/reading/"))
    assert 'hx-trigger="every 3s"' in page(lea, "/reading/")
    cases.reread(now=NOW)
    assert 'hx-trigger="every 3s"' not in page(lea, "/reading/")

    with django_capture_on_commit_callbacks(execute=True):
        lea.post("/reading/use/", {"learned": ""})
    assert not Learned.objects.get().is_on
    assert lea.post("/reading/use/", {"learned": "99"}).status_code == 404


def test_from_nothing_nothing_is_learned_and_it_is_said(shop: Shop) -> None:
    answer = signed_in(shop.lea).post("/reading/learn/")

    assert "nothing to learn from yet" in said(answer)
    assert not Learned.objects.exists()


def test_agents_and_auditors_are_not_let_in(shop: Shop) -> None:
    for who in (shop.sam, shop.aud):
        browser = signed_in(who)
        for path in ("/reading/", "/reading/corrections.jsonl"):
            assert browser.get(path).status_code == 403
        assert "/reading/" not in page(browser, "/today/")
    assert Client().get("/reading/").status_code == 302


# The export


def test_the_export_holds_what_was_looked_at_and_is_on_record(shop: Shop) -> None:
    first, second, _untouched = shop.message(text=LATE), shop.message(text="Danke für alles!"), shop.message()
    correct(first, shop, {Field.KIND: ["complaint"], Field.CAUSES: ["late", "other"], Field.EMOTIONS: []}, drawn=True)
    correct(second, shop, {Field.URGENCY: ["low"], Field.REMEDIES: ["apology"]})

    answer = signed_in(shop.lea).get("/reading/corrections.jsonl")

    lines = [json.loads(line) for line in b"".join(answer).decode().splitlines()]
    at = {"at": NOW.isoformat(), "tz": "Europe/London", "country": "GB", "direction": "inbound"}
    version = first.reading["version"]
    assert lines == [
        {
            "id": f"message:{first.pk}", "text": LATE, "language": "en", "drawn": True, "read_by": [version],
            "emotions": [], "kind": "complaint", "complaint": True, "cause": "late", "causes": ["late", "other"], **at,
        },
        {
            "id": f"message:{second.pk}", "text": "Danke für alles!", "language": second.reading["language"], "drawn": False,
            "read_by": [version], "urgency": "low", "remedies": ["apology"], **at,
        },
    ]  # fmt: skip
    assert answer.headers["Content-Disposition"] == 'attachment; filename="corrections.jsonl"'
    event = SecurityEvent.objects.get(kind="exported")
    assert (event.staff, event.how) == (shop.lea, "corrections")


def test_the_export_asks_anew_who_is_there(shop: Shop) -> None:
    answer = signed_in(shop.lea, shown_at=NOW - HOUR).get("/reading/corrections.jsonl")

    assert answer.status_code == 302
    assert not SecurityEvent.objects.filter(kind="exported").exists()


def test_a_long_export_comes_page_by_page(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for _ in range(5):
        correct(shop.message(text=LATE), shop, {Field.CAUSES: ["late"]})

    assert len({json.loads(line)["id"] for line in queries.lines(None)}) == 5


# The review


def test_each_message_is_drawn_alike_also_where_numbers_have_gaps(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    known = [shop.message(text=f"Parcel {number}?") for number in range(4)]
    for _ in range(20):
        cases.write_note(known[0].case, staff=shop.sam, text="Look.", now=NOW)
    known.append(shop.message(text="The last?"))
    dice = Random(7)  # noqa: S311 - the same dice each time
    for most in (50_000, 1):
        monkeypatch.setattr(queries, "SHUFFLED_MOST", most)

        seen = [queries.draw(shop.sam, dice=dice, many=1)[0] for _ in range(100)]

        assert set(seen) == {message.pk for message in known}
        assert all(8 <= seen.count(message.pk) <= 36 for message in known)
    assert sorted(queries.draw(shop.sam, dice=dice)) == [message.pk for message in known]


def test_only_what_nobody_looked_at_and_one_may_see_is_drawn(shop: Shop) -> None:
    looked_at, kept_close, automatic, fine = (shop.message(text=LATE) for _ in range(4))
    correct(looked_at, shop, {Field.CAUSES: ["late"]})
    closed(shop, kept_close)
    Message.objects.filter(pk=automatic.pk).update(automatic=True)

    assert queries.draw(shop.sam, dice=Random(1)) == [fine.pk]  # noqa: S311 - the same dice each time


def form(text: str) -> dict[str, Any]:
    inside = text[text.index('<form class="reading') :].split("</form>")[0]
    values: dict[str, Any] = dict(re.findall(r'type="hidden" name="(once|seen)" value="([^"]*)"', inside))
    for name, value in re.findall(r'type="(?:checkbox|radio)" name="(\w+)" value="(\w+)" checked', inside):
        values.setdefault(name, []).append(value)
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', inside, re.DOTALL):
        values[name] = next(iter(re.findall(r'value="(\w*)" selected', options)), "")
    return values


def shown(text: str) -> int:
    return int(re.findall(r'action="/reading/review/(\d+)/"', text)[0])


def test_the_review_goes_from_one_to_the_next_and_counts_as_drawn(shop: Shop) -> None:
    for _ in range(3):
        shop.message(text=LATE)
    sam = signed_in(shop.sam)
    assert "Draw 20 messages" in page(sam, "/reading/review/")
    sam.post("/reading/review/")

    first = page(sam, "/reading/review/")
    sam.post(f"/reading/review/{shown(first)}/", {**form(first), "causes": "other"})
    second = page(sam, "/reading/review/")
    sam.post(f"/reading/review/{shown(second)}/", {**form(second), "skip": "yes"})
    third = page(sam, "/reading/review/")
    cases.correct(shown(third), said={Field.CAUSES: ["late"]}, by=shop.lea, now=NOW)

    assert "0 looked at, 3 to go" in flat(first)
    assert "Thank you: you looked at one message" in flat(page(sam, "/reading/review/"))
    rows = Correction.objects.filter(message_id=shown(first))
    assert {row.field for row in rows} == set(Field)
    assert {row.drawn for row in rows} == {True}
    assert not Correction.objects.filter(message_id=shown(second)).exists()


def test_what_was_not_drawn_is_not_counted_as_drawn(shop: Shop) -> None:
    message, sam = shop.message(text=LATE), signed_in(shop.sam)

    sam.post(f"/reading/review/{message.pk}/", {"kind": "complaint", "seen": ""} | {"seen": message.reading["version"]})

    assert set(Correction.objects.values_list("drawn", flat=True)) == {False}


def test_a_message_that_went_into_a_closed_team_is_not_shown(shop: Shop) -> None:
    message, sam = shop.message(text=LATE), signed_in(shop.sam)
    sam.post("/reading/review/")
    assert sam.session[DRAWN] == [message.pk]

    closed(shop, message)

    assert "three weeks late" not in page(sam, "/reading/review/")
    assert sam.post(f"/reading/review/{message.pk}/", {"kind": "enquiry"}).status_code == 404


def test_an_old_page_is_told_so(shop: Shop) -> None:
    message, sam = shop.message(text=LATE), signed_in(shop.sam)
    sam.post("/reading/review/")
    sent = form(page(sam, "/reading/review/"))
    Message.objects.filter(pk=message.pk).update(reading={**message.reading, "version": "rules-99"})

    answer = sam.post(f"/reading/review/{message.pk}/", sent)

    assert answer.status_code == 422
    assert "it was read anew" in answer.content.decode()
    assert Rereading.objects.count() == Correction.objects.count() == 0
