"""Who a letter says it is from (reliability T17, T18), and what of it may come into a letter of ours."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from tests.faces import page, signed_in
from tests.hostile.doors import OURS, Door
from tests.people_and_things import NOW
from troth.cases import actions as cases
from troth.channels.email.addresses import read_addresses
from troth.post.models import Letter
from troth.post.queries import reply_token

#: Header lines that do not name exactly one sender, though each names Ann, and DMARC passed for her domain.
NOT_ONE = [
    "From: ann@example.net\r\nFrom: eve@evil.example\r\n",
    "From: eve@evil.example\r\nFrom: ann@example.net\r\n",
    "From: ann@example.net\r\nfrom: ann@example.net\r\n",
    "From: ann@example.net, eve@evil.example\r\n",
    "From: eve@evil.example, ann@example.net\r\n",
    "From: Friends: ann@example.net;\r\n",
    "From: Friends: ann@example.net, eve@evil.example;\r\n",
    "From: undisclosed:;, ann@example.net\r\n",
    "From: ann@example.net\r\nSender: eve@evil.example\r\n",
    "From: ann@example.net\r\nSender: ann@example.net\r\nSender: eve@evil.example\r\n",
    "From: ann@example.net\r\nSender: ann@example.net, eve@evil.example\r\n",
    "From: ann@example.net\r\nSender: Group: ann@example.net;\r\nSender: eve@evil.example\r\n",
    "From: <eve@evil.example> <ann@example.net>\r\n",
    "From: ann@example.net <eve@evil.example\r\n",
    "From: ann@example.net)eve@evil.example\r\n",
    "From: ann@example.net\x00@evil.example\r\n",
    'From: "ann@example.net"@evil.example\r\n',
    "From: ann@[203.0.113.7]\r\n",
    "From: ann@example.net@evil.example\r\n",
    "From: <@evil.example:ann@example.net>\r\n",
    "From: =?utf-8?q?ann=40example=2Enet?=\r\n",
    "From: ann@example.net\xc2\xad\r\n",
    "From: \r\n ann@example.net\r\nFrom:\r\n",
    "From:\r\n",
    "",
]
#: From lines that name Eve and look like somebody else.
SPOOFED = [
    'From: "ann@example.net" <eve@evil.example>\r\n',
    "From: ann@example.net <eve@evil.example>\r\n",
    "From: =?utf-8?q?ann=40example=2Enet?= <eve@evil.example>\r\n",
    "From: =?utf-8?b?YW5uQGV4YW1wbGUubmV0?= <eve@evil.example>\r\n",
    'From: "Ann Archer via ann\uff20example.net" <eve@evil.example>\r\n',
    'From: "Ann\u202e\u200b @example.net" <eve@evil.example>\r\n',
    "From: (ann@example.net) eve@evil.example\r\n",
    "From: eve@evil.example (ann@example.net)\r\n",
]


def raw(head: str, *, to: str = "support@parcel.example", domain: str = "example.net") -> bytes:
    vouched = f"Authentication-Results: {OURS}; dmarc=pass header.from={domain}\r\n"
    rest = f"To: {to}\r\nSubject: Parcel\r\nMessage-ID: <1@x>\r\n\r\nWhere is it?\r\n"
    return f"{vouched}{head}{rest}".encode("utf-8", "surrogateescape")


def test_there_are_enough_of_them() -> None:
    assert len(set(NOT_ONE)) + len(set(SPOOFED)) >= 20


@pytest.mark.parametrize("head", NOT_ONE, ids=range(len(NOT_ONE)))
def test_a_sender_who_is_not_exactly_one_joins_nothing_and_hears_nothing(door: Door, head: str) -> None:
    anns = door.shop.case()
    token = reply_token(case_id=anns.pk, participant=door.shop.ann.pk, now=NOW)

    got = door.message(raw(head, to=f"support+{token}@parcel.example"))

    assert got.case_id != anns.pk
    assert (got.case.unverified, got.verified) == (True, False)
    assert not Letter.objects.exists()
    assert door.shop.ann.verified_at is None
    assert "Sender not verified" in page(signed_in(door.shop.sam), f"/cases/{got.case_id}/")


@pytest.mark.parametrize("head", SPOOFED, ids=range(len(SPOOFED)))
def test_a_name_that_is_somebodys_address_is_nobodys_name(door: Door, head: str) -> None:
    got = door.message(raw(head, domain="evil.example"))

    assert got.handle is not None
    assert got.handle.address == "eve@evil.example"
    assert got.case.customer_id != door.shop.ann.customer_id
    assert "example.net" not in got.case.customer.name
    assert "eve@evil.example" in page(signed_in(door.shop.sam), f"/cases/{got.case_id}/")


def test_where_nobody_vouched_the_address_stands_in_place_of_the_name(door: Door) -> None:
    head = 'From: "Sam Okoro, Parcel Support" <eve@evil.example>\r\n'
    got = door.message(raw(head).replace(b"dmarc=pass", b"dmarc=fail"))

    text = page(signed_in(door.shop.sam), f"/cases/{got.case_id}/")

    assert f'id="message-{got.pk}-who">eve@evil.example</strong>' in text


BREAKS = ["\r\n", "\n", "\r", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "=0D=0A", "\r\n "]


@pytest.mark.parametrize("sign", BREAKS, ids=ascii)
@pytest.mark.parametrize("where", ["name", "subject", "answered"])
def test_what_strangers_put_into_headers_never_becomes_a_header_of_ours(door: Door, sign: str, where: str) -> None:
    """Encoded words may hold anything; what they hold comes into our answer's To and Subject."""
    poison = "".join(f"={byte:02X}" for byte in f"Ann{sign}Bcc: eve@evil.example{sign}{sign}X-Evil: 1".encode())
    word = f"=?utf-8?q?{poison}?="
    name, subject = (word if where == "name" else "Ann"), (word if where == "subject" else "Parcel")
    answered = f"<1{sign}Bcc:eve@evil.example@x>" if where == "answered" else "<1@x>"
    head = f"From: {name} <ann2@example.net>\r\nIn-Reply-To: {answered}\r\nReferences: {answered}\r\n"
    got = door.message(raw(head).replace(b"Subject: Parcel", b"Subject: " + subject.encode()))

    cases.send_reply(got.case, staff=door.shop.sam, text="It is on its way.", now=NOW)
    assert cases.leave(now=NOW + timedelta(minutes=1)) == 1

    for sent in Letter.objects.all():
        assert sent.to_address == "ann2@example.net"
        heads = message_from_bytes(bytes(sent.raw), policy=policy.compat32)
        assert not {"bcc", "cc", "x-evil"} & {name.lower() for name in heads}
        assert [one.address for one in read_addresses(str(heads["To"]))] == ["ann2@example.net"]
        assert len(heads.get_all("To") or []) == len(heads.get_all("Subject") or []) == 1
        assert heads.get_content_type() == "multipart/alternative"
