"""Files that go with answers: at once on the server, once in the letter, and gone where they should be."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.faces import Shop, page, signed_in, with_link
from tests.people_and_things import DAY, NOW
from tests.programs import Program

from troth.cases import actions as cases
from troth.cases import erasing, tickets
from troth.cases.desk.attached import PICTURES_MOST
from troth.cases.models import Attachment, Blob, Case, Reply, ReplyFile
from troth.post.models import Letter

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
SECONDS = timedelta(seconds=11)


def sent(browser: Any, case: Case, name: str, content: bytes) -> Any:
    return browser.post(f"/cases/{case.pk}/files/", {"file": SimpleUploadedFile(name, content)})


def files_in(letter: Letter) -> list[tuple[str, str, bytes]]:
    read = message_from_bytes(bytes(letter.raw), policy=policy.default)
    return [
        (part.get_filename() or "", part.get_content_type(), part.get_payload(decode=True))  # type: ignore[misc]
        for part in read.iter_attachments()  # type: ignore[attr-defined]
    ]


@pytest.fixture
def case(shop: Shop) -> Case:
    return shop.case(text="Show me.", verified=True)


def test_files_go_out_in_the_letter_and_stand_on_the_customers_page(shop: Shop, case: Case) -> None:
    sam = signed_in(shop.sam)
    for name, content in (("Plan für Ann.png", PNG), ("../terms.pdf", b"%PDF-1.7"), ("list.xlsx", b"PK\x03\x04")):
        assert sent(sam, case, name, content).status_code == 201
    files = [str(pk) for pk in ReplyFile.objects.values_list("pk", flat=True)]
    assert "Plan für Ann.png" in page(sam, f"/cases/{case.pk}/")

    assert sam.post(f"/cases/{case.pk}/reply/", {"body": "Here they are.", "files": files}).status_code == 302
    assert "data-file-out" not in page(sam, f"/cases/{case.pk}/")
    cases.leave(now=NOW + SECONDS)

    letter = Letter.objects.get()
    assert files_in(letter) == [
        ("Plan für Ann.png", "image/png", PNG),
        ("terms.pdf", "application/pdf", b"%PDF-1.7"),
        ("list.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ]
    assert b"filename*0*=utf-8''Plan%20f%C3%BCr%20A" in bytes(letter.raw)
    assert not ReplyFile.objects.exists()
    ann = with_link(shop.link())
    assert "Plan für Ann.png" in page(ann, f"/my/cases/{case.pk}/")
    kept = Attachment.objects.get(name="Plan für Ann.png")
    assert ann.get(f"/my/attachments/{kept.pk}/").content == PNG
    assert with_link(shop.link(shop.bob)).get(f"/my/attachments/{kept.pk}/").status_code == 404


def test_only_what_the_page_listed_goes(shop: Shop, case: Case) -> None:
    one = cases.put_in(case, staff=shop.sam, name="one.txt", content=b"1", now=NOW)
    two = cases.put_in(case, staff=shop.sam, name="two.txt", content=b"2", now=NOW)

    cases.send_reply(case, staff=shop.sam, text="Here.", files=[one.pk], now=NOW)
    cases.leave(now=NOW + SECONDS)

    assert [name for name, _kind, _content in files_in(Letter.objects.get())] == ["one.txt"]
    assert list(ReplyFile.objects.values_list("pk", "reply")) == [(two.pk, None)]


def test_a_file_that_was_taken_out_elsewhere_stops_the_answer(shop: Shop, case: Case) -> None:
    sam = signed_in(shop.sam)
    file = cases.put_in(case, staff=shop.sam, name="one.txt", content=b"1", now=NOW)
    assert sam.post(f"/cases/files/{file.pk}/change/", {"put": "out"}).status_code == 204

    answer = sam.post(f"/cases/{case.pk}/reply/", {"body": "Here it is.", "files": [file.pk]})

    assert answer.status_code == 422
    assert "was taken out elsewhere" in answer.content.decode()
    assert "Here it is." in answer.content.decode()
    assert Reply.objects.get().state == "draft"
    back = sam.post(f"/cases/files/{file.pk}/change/", {"put": "back"})
    assert (back.status_code, "one.txt" in back.content.decode()) == (200, True)


def test_what_is_taken_back_or_stopped_has_its_files_again(shop: Shop, case: Case) -> None:
    file = cases.put_in(case, staff=shop.sam, name="one.txt", content=b"1", now=NOW)
    for stop in (cases.take_back, None):
        reply = cases.send_reply(case, staff=shop.sam, text="Here.", files=[file.pk], now=NOW)
        assert list(ReplyFile.objects.values_list("reply", flat=True)) == [reply.pk]
        if stop:
            assert stop(reply, now=NOW)
        else:
            shop.message(case_id=case.pk, text="One word more.")
            cases.leave(now=NOW + SECONDS)
        assert list(ReplyFile.objects.values_list("pk", "reply")) == [(file.pk, None)]
        assert "one.txt" in page(signed_in(shop.sam), f"/cases/{case.pk}/")


def test_pressed_twice_is_one_letter_with_its_files_once(shop: Shop, case: Case) -> None:
    sam = signed_in(shop.sam)
    file = cases.put_in(case, staff=shop.sam, name="one.txt", content=b"1", now=NOW)

    for _press in range(2):
        assert sam.post(f"/cases/{case.pk}/reply/", {"body": "Here.", "files": [file.pk]}).status_code == 302
    cases.leave(now=NOW + SECONDS)

    assert [len(files_in(letter)) for letter in Letter.objects.all()] == [1]


def test_too_much_is_refused_in_words(shop: Shop, case: Case, settings: Any) -> None:
    settings.TROTH_FILES_MIB = 1
    sam = signed_in(shop.sam)

    answers = [
        sent(sam, case, "empty", b""),
        sent(sam, case, "large", b"x" * (1024 * 1024 + 1)),
        sent(sam, case, "half", b"x" * 600_000),
        sent(sam, case, "other half", b"y" * 600_000),
    ]

    assert [answer.status_code for answer in answers] == [422, 413, 201, 413]
    assert answers[1].content.decode() == "One letter takes at most 20 files, 1.0\xa0MB together."


def test_nobody_sees_or_sends_what_another_is_putting_in(shop: Shop, case: Case) -> None:
    file = cases.put_in(case, staff=shop.sam, name="mine.txt", content=b"1", now=NOW)
    lea = signed_in(shop.lea)

    assert lea.get(f"/cases/files/{file.pk}/").status_code == 404
    assert lea.post(f"/cases/files/{file.pk}/change/", {"put": "out"}).status_code == 404
    assert "mine.txt" not in page(lea, f"/cases/{case.pk}/")
    assert lea.post(f"/cases/{case.pk}/reply/", {"body": "Hello.", "files": [file.pk]}).status_code == 422


def test_bytes_go_when_nobody_has_them_any_more(shop: Shop, case: Case) -> None:
    kept = cases.put_in(case, staff=shop.sam, name="kept.txt", content=b"both", now=NOW)
    out = cases.put_in(case, staff=shop.sam, name="out.txt", content=b"only here", now=NOW)
    same = cases.put_in(case, staff=shop.sam, name="same.txt", content=b"both", now=NOW)
    for file in (out, same):
        assert cases.take_out(file, now=NOW)

    cases.put_in(case, staff=shop.sam, name="later.txt", content=b"later", now=NOW + DAY + SECONDS)

    assert set(ReplyFile.objects.values_list("name", flat=True)) == {"kept.txt", "later.txt"}
    assert Blob.objects.filter(pk=kept.blob_id).exists()
    assert not Blob.objects.filter(pk=out.blob_id).exists()


def test_files_on_their_way_are_erased_too(shop: Shop, case: Case) -> None:
    cases.put_in(case, staff=shop.sam, name="draft.txt", content=b"draft", now=NOW)
    held = cases.put_in(case, staff=shop.sam, name="held.txt", content=b"held", now=NOW)
    cases.send_reply(case, staff=shop.sam, text="Here.", files=[held.pk], now=NOW)
    assert erasing.holds([case.pk])["attachments"] == 2

    erasing.erase([case.pk], by=None, now=NOW)

    assert not ReplyFile.objects.exists()
    assert not Blob.objects.exists()


# What is shown


def test_pictures_and_words_are_shown_and_nothing_else_is(shop: Shop) -> None:
    evil = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    files = [
        cases.File(name="photo.html", content_type="text/html", content=PNG),
        cases.File(name="photo.png", content_type="image/png", content=evil),
        cases.File(name="terms.pdf", content_type="application/pdf", content=b"%PDF-1.7"),
    ]
    case = shop.case(files=files)
    sam = signed_in(shop.sam)
    picture, words, pdf = Attachment.objects.order_by("pk")

    text = page(sam, f"/cases/{case.pk}/")
    shown = [sam.get(f"/cases/attachments/{one.pk}/shown/") for one in (picture, words, pdf)]

    assert [answer.status_code for answer in shown] == [200, 200, 404]
    assert [answer["Content-Type"] for answer in shown[:2]] == ["image/png", "text/plain; charset=utf-8"]
    for answer in shown[:2]:
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert f'<img src="/cases/attachments/{picture.pk}/shown/" alt="photo.html" loading="lazy">' in text
    assert f'<img src="/cases/attachments/{words.pk}' not in text
    assert f"/cases/attachments/{pdf.pk}/shown/" not in text
    assert sam.get(f"/cases/attachments/{words.pk}/")["Content-Type"] == "application/octet-stream"


def test_pictures_of_a_letter_stand_in_its_own_page(shop: Shop) -> None:
    files = [
        cases.File(name="logo.png", content_type="image/png", content=PNG, content_id="logo&1@x"),
        cases.File(name="evil.svg", content_type="image/svg+xml", content=b"<svg/>", content_id="evil@x"),
    ]
    html = '<p>Hi</p><img src="cid:logo&amp;1%40x"><img src="cid:evil@x"><img src="cid:nobody@x">'
    message = shop.message(html=html, files=files)

    answer = signed_in(shop.sam).get(f"/cases/messages/{message.pk}/body/")
    text = answer.content.decode()

    assert '<p>Hi</p><img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="><img src=""><img src="">' in text
    assert "img-src data:;" in answer["Content-Security-Policy"]


def test_one_picture_named_often_makes_no_endless_page(shop: Shop) -> None:
    content = PNG + bytes(PICTURES_MOST // 3)
    file = cases.File(name="logo.png", content_type="image/png", content=content, content_id="a@x")
    message = shop.message(html='<img src="cid:a@x">' * 50, files=[file])

    text = signed_in(shop.sam).get(f"/cases/messages/{message.pk}/body/").content.decode()

    assert text.count("data:image/png") == 2
    assert text.count('src=""') == 48


# How much the server takes


def test_only_a_page_of_ours_gives_leave_to_send_much(shop: Shop, case: Case) -> None:
    path, good = f"/cases/{case.pk}/files/", f"ticket={tickets.ticket(shop.sam.pk)}".encode()

    assert tickets.body_most(path, good) > 15 * 1024 * 1024
    assert tickets.body_most(path, b"") == 0
    assert tickets.body_most(path, good[:-1] + b"~") == 0
    assert tickets.body_most(path, b"ticket=\xff") == 0
    assert tickets.body_most("/write/", good) == 0
    assert good.decode() in page(signed_in(shop.sam), f"/cases/{case.pk}/").replace("%3A", ":")


# Programs


def test_a_program_sends_files_and_leaves_its_persons_alone(shop: Shop, case: Case) -> None:
    robot = Program(shop.sam)
    mine = cases.put_in(case, staff=shop.sam, name="mine.txt", content=b"1", now=NOW)

    status, added = robot.post(f"/cases/{case.pk}/files", {"name": "a/b.txt", "content": "SGVsbG8="})
    assert (status, added | {"id": 0}) == (201, {"id": 0, "case": case.pk, "name": "a_b.txt", "size": 5})
    assert robot.post(f"/cases/{case.pk}/replies", {"text": "Here.", "files": [added["id"]]})[0] == 201
    assert robot.post(f"/cases/{case.pk}/replies", {"text": "More.", "files": [mine.pk]})[0] == 422
    assert robot.post(f"/cases/{case.pk}/files", {"name": "c", "content": "SGVsbG8"})[0] == 422
    cases.leave(now=NOW + SECONDS)

    assert files_in(Letter.objects.get()) == [("a_b.txt", "text/plain", b"Hello")]
    assert list(ReplyFile.objects.values_list("pk", flat=True)) == [mine.pk]
