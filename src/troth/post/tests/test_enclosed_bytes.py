"""The bytes of a letter with receipts put in: what mail programs find in it, and what stays as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.post.rules import mime
from troth.post.rules.enclosing import with_receipts
from troth.post.rules.letter import Attachment, Draft, LetterNotSound, compose

PAGE = "https://help.example.org/record/verify"
WORDS = f"Attached is the receipt: check it at {PAGE}, or don’t."
RECEIPT = Attachment(
    "receipt-promise-31-2.txt", "text/plain; charset=utf-8", "Für Ann – we promised\n\nc2sp\n".encode()
)
DRAFT = Draft(
    message_id="<5f7a.31-4@help.example.org>",
    from_address="help@example.org",
    to_address="ann@example.net",
    to_name="Ann Ö.",
    subject="Ihr Päckchen",
    text="Hello Ann,\n\nIt leaves on Tuesday.",
    html="",
    automatic=True,
    reply_token="3-4-5-abc",
    in_reply_to="<a@b>",
    references=("<a@b>", "<c@d>"),
    hops=0,
    written_at=datetime(2026, 3, 4, 9, tzinfo=UTC),
)
PHOTO = Attachment("photo.png", "image/png", bytes(range(256)))


def read(raw: bytes) -> EmailMessage:
    letter = message_from_bytes(raw, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    assert not [defect for part in letter.walk() for defect in part.defects]
    return letter


def body_of(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("draft", [DRAFT, replace(DRAFT, attachments=(PHOTO,))], ids=["words", "words and a file"])
def test_receipt_is_attached_behind_what_was_there(draft: Draft) -> None:
    before = compose(draft)

    letter = read(with_receipts(before, receipts=[RECEIPT], words=WORDS, page=PAGE))

    assert letter.get_content_type() == "multipart/mixed"
    kept = [header for header in letter.items() if header[0] != "Content-Type"]
    assert kept == [header for header in read(before).items() if header[0] != "Content-Type"]
    *files, receipt = letter.iter_attachments()
    assert [file.get_content() for file in files] == [file.content for file in draft.attachments]
    assert receipt.get_content_disposition() == "attachment"
    assert receipt.get_filename() == "receipt-promise-31-2.txt"
    assert (receipt.get_content_type(), receipt.get_content_charset()) == ("text/plain", "utf-8")
    assert receipt.get_payload(decode=True) == RECEIPT.content, "not a byte of it may change on its way"


def test_one_sentence_stands_beneath_the_words() -> None:
    letter = read(with_receipts(compose(DRAFT), receipts=[RECEIPT], words=WORDS, page=PAGE))

    assert body_of(letter, "plain") == f"Hello Ann,\n\nIt leaves on Tuesday.\n\n{WORDS}"
    shown = f'<p>Attached is the receipt: check it at <a href="{PAGE}">{PAGE}</a>, or don’t.</p>'
    assert body_of(letter, "html").endswith(f"<p>It leaves on Tuesday.</p>\n{shown}\n</body></html>")


def test_words_with_markup_of_their_own_keep_it() -> None:
    draft = replace(DRAFT, html="<p>It leaves on <b>Tuesday</b>.</p>")

    letter = read(with_receipts(compose(draft), receipts=[RECEIPT, RECEIPT], words="A < B", page=PAGE))

    assert body_of(letter, "html") == "<p>It leaves on <b>Tuesday</b>.</p>\n<p>A &lt; B</p>"
    assert len(list(letter.iter_attachments())) == 2


def test_a_name_of_two_lines_is_refused() -> None:
    with pytest.raises(LetterNotSound):
        with_receipts(compose(DRAFT), receipts=[replace(RECEIPT, name="r\r\nBcc: e@f")], words=WORDS, page=PAGE)


@pytest.mark.parametrize(
    "raw", [b"", b"Subject: x\r\n\r\nwords\r\n", compose(DRAFT).replace(b"alternative", b"related")]
)
def test_what_was_not_written_here_is_refused(raw: bytes) -> None:
    with pytest.raises(LetterNotSound):
        with_receipts(raw, receipts=[RECEIPT], words=WORDS, page=PAGE)


PLAIN = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=400)


@given(PLAIN)
def test_words_come_back_from_their_part(text: str) -> None:
    lines = text.encode().splitlines()

    assert mime.text_of(mime.text_part(text, subtype="plain")) == b"".join(line + b"\n" for line in lines).decode()


@given(PLAIN, PLAIN)
def test_any_words_take_a_receipt(text: str, html: str) -> None:
    before = compose(replace(DRAFT, text=text, html=html))

    after = with_receipts(before, receipts=[RECEIPT], words=WORDS, page=PAGE)

    shown = "".join(f"{line.decode()}\n" for line in text.encode().splitlines()).rstrip()
    assert body_of(read(after), "plain").rstrip("\n") == f"{shown}\n\n{WORDS}"
    assert [file.get_payload(decode=True) for file in read(after).iter_attachments()] == [RECEIPT.content]
