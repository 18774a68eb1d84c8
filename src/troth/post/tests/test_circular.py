"""A letter of a circular is the letter that would have been written by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from troth.post.rules.circular import Circular
from troth.post.rules.letter import Attachment, Draft, LetterNotSound, compose
from troth.words.addresses import AddressNotSound

DRAFT = Draft(
    message_id="<a1.tok@troth.test>",
    from_address="support@troth.test",
    to_address="ann@example.net",
    to_name="Ann",
    subject="Your parcel is late",
    text="It leaves on Tuesday.",
    html="",
    automatic=True,
    reply_token="",
    in_reply_to="",
    references=(),
    hops=0,
    written_at=datetime(2026, 3, 4, 9, 0, tzinfo=UTC),
)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=300)
LINE = st.text(max_size=60)
FILES = st.sampled_from([(), (Attachment("a.txt", "text/plain; charset=utf-8", b"One line.\n"),)])


@given(
    text=WORDS, html=st.one_of(st.just(""), WORDS), subject=LINE, to_name=LINE, files=FILES, automatic=st.booleans(),
    token=st.sampled_from(["", "3-4-5-abc", "x\r\nBcc: eve@example.com"]),
    unsubscribe=st.sampled_from(["", "https://troth.test/u/abc", "https://troth.test/ u", "x>\r\nBcc: eve@example.com"]),
    to=st.sampled_from(["ann@example.net", "Ann.Lee+x@BÜCHER.example", "ann", "ann@example.net\r\nBcc: eve@example.com"]),
)  # fmt: skip
@example(
    "Date: Wed, 04 Mar 2026 09:00:00 +0000",
    "",
    "Date: Wed, 04 Mar 2026 09:00:00 +0000",
    "",
    (),
    True,
    "",
    "",
    "a@b.example",
)
@example(
    "MIME-Version: 1.0\nTo: support@troth.test\n\n.\n..x\n",
    "",
    "To: support@troth.test",
    "=?x",
    (),
    False,
    "t",
    "",
    "a@b.example",
)
@example("x" * 2000, "<p>ü</p>", "ü" * 50, "ö" * 50, (), True, "t", "https://troth.test/u", "a@b.example")
def test_each_copy_is_what_compose_writes(
    text: str, html: str, subject: str, to_name: str, files: tuple[Attachment, ...], automatic: bool, token: str,
    unsubscribe: str, to: str,
) -> None:  # fmt: skip
    common = replace(
        DRAFT, text=text, html=html, subject=subject, attachments=files, automatic=automatic, list_id="l.x"
    )
    one = replace(common, to_address=to, to_name=to_name, reply_token=token, unsubscribe=unsubscribe)

    def by_itself() -> bytes | None:
        try:
            return compose(one)
        except (LetterNotSound, AddressNotSound):
            return None

    def copied() -> bytes | None:
        try:
            return Circular(common).letter(
                message_id=one.message_id, to_address=to, to_name=to_name, reply_token=token, unsubscribe=unsubscribe
            )
        except (LetterNotSound, AddressNotSound):
            return None

    assert copied() == by_itself()


@pytest.mark.parametrize("message_id", ["", "a@b", "<a b@c>", "<a@b>\r\nBcc: eve@example.com"])
def test_no_copy_without_a_message_id(message_id: str) -> None:
    with pytest.raises(LetterNotSound):
        Circular(DRAFT).letter(message_id=message_id, to_address="ann@example.net")


def test_what_is_not_owed_ends_with_one_click() -> None:
    raw = compose(replace(DRAFT, list_id="status.troth.test", unsubscribe="https://troth.test/u/abc"))

    head = raw.partition(b"\r\n\r\n")[0]
    assert b"\r\nList-Id: <status.troth.test>\r\n" in head
    assert b"\r\nList-Unsubscribe:\r\n <https://troth.test/u/abc>\r\n" in head
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head
