from __future__ import annotations

import json
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.channels.email.limits import Limits, TooMuch, check
from troth.channels.email.parse import file_name, parse, split_reply
from troth.inbox.rules.incoming import Dmarc, Incoming, Origin, from_plain, to_plain

HEAD = (
    b"From: Ann Lee <ann@example.net>\r\nTo: support@example.org\r\nSubject: Parcel\r\nMessage-ID: <a1@example.net>\r\n"
)


def letter(head: bytes = b"", body: bytes = b"Where is it?\r\n") -> bytes:
    return HEAD + head + b"\r\n" + body


def test_plain_letter_is_read_whole() -> None:
    read = parse(letter(b"Date: Wed, 04 Mar 2026 10:00:00 +0100\r\nReferences: <x@a> <y@b>\r\nIn-Reply-To: <y@b>\r\n"))

    assert read == Incoming(
        text="Where is it?",
        message_id="<a1@example.net>",
        in_reply_to="<y@b>",
        references=("<x@a>", "<y@b>"),
        from_address="ann@example.net",
        from_name="Ann Lee",
        from_is_sound=True,
        to=("support@example.org",),
        subject="Parcel",
        sent_at=datetime(2026, 3, 4, 9, 0, tzinfo=UTC),
        reply_text="Where is it?",
    )


def test_what_is_read_survives_the_pipe() -> None:
    mail = EmailMessage()
    mail["From"] = "ann@example.net"
    mail.set_content("Look")
    mail.add_attachment(b"\x00\x01", maintype="image", subtype="png", filename="a.png")
    mail.add_attachment(b"", maintype="application", subtype="pdf", filename="empty.pdf")
    read = parse(mail.as_bytes())

    plain = json.loads(json.dumps(to_plain(read)))

    assert from_plain(plain, b"".join(one.content for one in read.attachments)) == read
    assert [(one.name, one.content) for one in read.attachments] == [("a.png", b"\x00\x01"), ("empty.pdf", b"")]


def test_new_words_are_told_from_quotes_and_signature() -> None:
    text = (
        "It came today, thanks.\n\n-- \nAnn Lee\n+44 20\n\n"
        "On Wed, 4 Mar 2026 at 10:00, Sam <sam@example.org> wrote:\n> It leaves on Tuesday.\n> Sam\n"
    )

    new, quoted, signature = split_reply(text)

    assert new == "It came today, thanks."
    assert "It leaves on Tuesday." in quoted
    assert "Ann Lee" in signature


def test_letter_of_nothing_but_a_quote_is_shown_whole() -> None:
    text = "> It leaves on Tuesday."

    assert split_reply(text)[0] == text


@pytest.mark.parametrize(
    ("charset", "raw", "words"),
    [
        (b"utf-8", "Grüße".encode(), "Grüße"),
        (b"iso-8859-1", "Grüße".encode("latin-1"), "Grüße"),
        (b"us-ascii", "Grüße".encode(), "Grüße"),
        (b"utf-8", "Grüße".encode("latin-1"), "Grüße"),
        (b"no-such-charset", "Grüße".encode(), "Grüße"),
        (b"zlib_codec", b"Hello", "Hello"),
        (b"punycode", b"Hello-a", "Hello-a"),
        (b"unicode_escape", rb"\x41", r"\x41"),
        (b"windows-1252", b"\x93quoted\x94", "“quoted”"),
        (b"shift_jis", "荷物".encode("shift_jis"), "荷物"),
        (b"utf-8", b"a\x00b\x07c", "abc"),
    ],
)
def test_wrong_charsets_survive(charset: bytes, raw: bytes, words: str) -> None:
    head = b"Content-Type: text/plain; charset=" + charset + b"\r\nContent-Transfer-Encoding: 8bit\r\n"

    assert parse(letter(head, raw)).text == words


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (b"=?utf-8?b?R3LDvMOfZQ==?=", "Grüße"),
        (b"=?utf-8?q?Gr=C3=BC?=\r\n =?utf-8?q?=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?b?!!!!?= x", "x"),
        (b"=?nonsense?b?SGVsbG8=?=", "Hello"),
        (b"=?utf-8?q?a=0D=0ABcc:_eve@example.com?=", "a Bcc: eve@example.com"),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("latin-1"), "Grüße"),
        (b"", ""),
    ],
)
def test_subjects_are_words_on_one_line(subject: bytes, words: str) -> None:
    raw = b"From: ann@example.net\r\nSubject: " + subject + b"\r\n\r\nx"

    assert parse(raw).subject == words


@pytest.mark.parametrize(
    ("head", "address", "is_sound"),
    [
        (b"From: ann@example.net\r\n", "ann@example.net", True),
        (b'From: "Lee, Ann" <ann@example.net>\r\n', "ann@example.net", True),
        (b"From: =?utf-8?q?Lee=2C_Ann?= <ann@example.net>\r\n", "ann@example.net", True),
        (b"From: Ann (at home) <ann@example.net>\r\n", "ann@example.net", True),
        (b"From: ann@example.net\r\nSender: ann@example.net\r\n", "ann@example.net", True),
        (b"From: ann@example.net\r\nSender: eve@example.com\r\n", "ann@example.net", False),
        (b"From: ann@example.net\r\nFrom: eve@example.com\r\n", "ann@example.net", False),
        (b"From: ann@example.net, eve@example.com\r\n", "ann@example.net", False),
        (b"From: Friends: ann@example.net;\r\n", "ann@example.net", False),
        (b"From: Friends:;\r\n", "", False),
        (b"From: alice@example.org)bob@example.com\r\n", "", False),
        (b"From: <ann@example.net> <eve@example.com>\r\n", "", False),
        (b'From: "ann@example.net" <eve@example.com>\r\n', "eve@example.com", True),
        (b"From: ann@example.net <eve@example.com>\r\n", "eve@example.com", True),
        (b"From: =?utf-8?q?ann=40example=2Enet=2C?= <eve@example.com>\r\n", "eve@example.com", True),
        (b"From: ann@example\r\n", "", False),
        (b"From: \r\n", "", False),
        (b"From: <>\r\n", "", False),
        (b"From: ann@example.net\0@evil.example\r\n", "", False),
        (b"", "", False),
    ],
)
def test_sender_is_one_person_or_unsound(head: bytes, address: str, is_sound: bool) -> None:
    read = parse(head + b"\r\nx")

    assert (read.from_address, read.from_is_sound) == (address, is_sound)


@pytest.mark.parametrize(
    ("date", "read_as"),
    [
        (b"Thu, 01 Jan 1970 00:00:00 +0000", None),
        (b"Wed, 04 Mar 2026 10:00:00", datetime(2026, 3, 4, 10, 0, tzinfo=UTC)),
        (b"Wed, 04 Mar 2026 10:00:00 -0000", datetime(2026, 3, 4, 10, 0, tzinfo=UTC)),
        (b"Wed, 04 Mar 99999 10:00:00 +0000", None),
        (b"Wed, 04 Mar 2026 10:00:00 +9999999", None),
        (b"yesterday", None),
        (b"\xff\xfe", None),
    ],
)
def test_absurd_dates_are_no_dates(date: bytes, read_as: datetime | None) -> None:
    assert parse(letter(b"Date: " + date + b"\r\n")).sent_at == read_as


AR = b"Authentication-Results: "


@pytest.mark.parametrize(
    ("head", "dmarc"),
    [
        (AR + b"mx.example.org; dmarc=pass header.from=example.net\r\n", Dmarc.PASS),
        (AR + b"mx.example.org 1; spf=pass; dmarc=pass (p=none) header.from=example.net\r\n", Dmarc.PASS),
        (AR + b"MX.example.org; dmarc=pass header.from=evil.example\r\n", Dmarc.FAIL),
        (AR + b"mx.example.org; dmarc=fail header.from=example.net\r\n", Dmarc.FAIL),
        (AR + b"mx.example.org; dmarc=none\r\n", Dmarc.NONE),
        (AR + b"mx.example.org; dkim=pass header.d=example.net\r\n", Dmarc.NONE),
        (AR + b"evil.example; dmarc=pass header.from=example.net\r\n", Dmarc.NONE),
        (AR + b"mx.example.org.evil.example; dmarc=pass\r\n", Dmarc.NONE),
        (AR + b"mx.example.org; none (dmarc=pass)\r\n", Dmarc.NONE),
        (AR + b'mx.example.org; x="; dmarc=pass"; dmarc=fail\r\n', Dmarc.FAIL),
        (AR + b"mx.example.org; dmarc=fail\r\n" + AR + b"mx.example.org; dmarc=pass\r\n", Dmarc.FAIL),
        (AR + b"mx.example.org; dmarc=fail; dmarc=pass\r\n", Dmarc.FAIL),
        (AR + b'mx.example.org; dmarc=pass header.from="example.net"\r\n', Dmarc.PASS),
        (AR + b'mx.example.org; spf=pass smtp.mailfrom="x; dmarc=pass"@evil.example\r\n', Dmarc.NONE),
        (AR + b'mx.example.org; spf=pass smtp.mailfrom="x\\"; dmarc=pass y"@evil.example\r\n', Dmarc.NONE),
        (AR + b'mx.example.org; dmarc=pass x="header.from=example.net" header.from=evil.example\r\n', Dmarc.FAIL),
        (AR + b"mx.example.org; spf=pass (x\\) ; dmarc=pass )\r\n", Dmarc.NONE),
        (AR + b'mx.example.org; spf=pass (of "a)b; dmarc=pass"@evil.example) x=y\r\n', Dmarc.FAIL),
        (AR + b"mx.example.org; spf=pass (of a)b; dmarc=pass c)\r\n", Dmarc.FAIL),
        (b"", Dmarc.NONE),
    ],
)
def test_only_our_own_server_vouches_for_a_sender(head: bytes, dmarc: Dmarc) -> None:
    read = parse(head + letter(), trusted_authserv_id="mx.example.org")

    assert (read.dmarc, read.dmarc_is_checked) == (dmarc, True)


def test_without_a_named_server_nobody_vouches() -> None:
    read = parse(AR + b"evil.example; dmarc=pass header.from=example.net\r\n" + letter())

    assert (read.dmarc, read.dmarc_is_checked) == (Dmarc.NONE, False)


BOUNCE = b"""From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: support@example.org
Subject: Undelivered
Return-Path: <>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

It could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ann@example.net
Action: %s
Status: 5.1.1
Diagnostic-Code: smtp; 550 No such person

--b1
Content-Type: message/rfc822

From: support@example.org
Message-ID: <our.1-2-3-x@example.org>
Subject: Your parcel

It leaves on Tuesday.

--b1--
"""


def test_letter_that_came_back_names_ours() -> None:
    read = parse(BOUNCE % b"failed")

    assert (read.origin, read.bounce_of) == (Origin.BOUNCE, "<our.1-2-3-x@example.org>")
    assert read.bounce_reason == "5.1.1 smtp; 550 No such person"
    assert read.text == "It could not be delivered."


def test_delay_is_no_bounce() -> None:
    read = parse((BOUNCE % b"delayed").replace(b"MAILER-DAEMON", b"mta"))

    assert (read.origin, read.bounce_of) == (Origin.AUTO_REPLY, "")


def test_html_alone_still_has_words_and_nothing_dangerous() -> None:
    html = (
        b"<html><head><style>p{}</style><title>t</title></head><body><p onclick=x>Hello <b>Sam</b></p><script>steal()</script>"
        b"<img src=https://spy.example/p.gif><img src=cid:logo><a href=javascript:x>a</a>"
        b"<blockquote>It leaves on Tuesday.</blockquote></body></html>"
    )

    read = parse(letter(b"Content-Type: text/html\r\n", html))

    assert read.text.splitlines()[0] == "Hello Sam"
    assert "> It leaves on Tuesday." in read.text
    assert read.reply_text.splitlines()[0] == "Hello Sam"
    for poison in ("script", "steal", "spy.example", "onclick", "javascript", "style"):
        assert poison not in read.html
    assert 'src="cid:logo"' in read.html


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("bill.pdf", "bill.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\bill.pdf", "bill.pdf"),
        (".htaccess", "htaccess"),
        ("\u200b.htaccess", "htaccess"),
        ("bill\u202efdp.exe", "billfdp.exe"),
        ("a\r\nb\0.txt", "ab.txt"),
        ("x" * 4096 + ".pdf", "x" * 100 + "x" * 46 + ".pdf"),
        ("", ""),
    ],
)
def test_file_names_are_harmless(name: str, shown: str) -> None:
    assert file_name(name) == shown


def nested(depth: int) -> bytes:
    lines = [b"From: ann@example.net", b"Content-Type: multipart/mixed; boundary=b0"]
    for level in range(1, depth):
        lines += [b"", b"--b%d" % (level - 1), b"Content-Type: multipart/mixed; boundary=b%d" % level]
    return b"\r\n".join([*lines, b"", b"--b%d" % (depth - 1), b"", b"deep"])


def parts(count: int) -> bytes:
    return (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\n\r\n" * count
        + b"--b--\r\n"
    )


@pytest.mark.parametrize("factor", [1, 10])
@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (parts, 199),
        (nested, 20),
        (lambda size: b"X: " + b"x" * (size - 5) + b"\r\n\r\nx", 64 * 1024),
        (lambda count: b"To: " + b",".join([b"a@b.example"] * count) + b"\r\n\r\nx", 2_000),
        (lambda count: b"Content-Type: text/plain" + b";a=b" * count + b"\r\n\r\nx", 200),
        (lambda depth: b"From: a@b.c\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"\r\nx", 20),
    ],
    ids=["parts", "depth", "header", "addresses", "parameters", "letters in letters"],
)
def test_limits_hold_at_the_limit_and_beyond(make: object, limit: int, factor: int) -> None:
    limits = Limits(header=64 * 1024)

    check(make(limit - 1), limits)  # type: ignore[operator]
    check(make(limit), limits)  # type: ignore[operator]
    with pytest.raises(TooMuch):
        check(make(limit * factor + 1), limits)  # type: ignore[operator]


def test_size_is_looked_at_first() -> None:
    with pytest.raises(TooMuch, match="25 MiB"):
        check(b"x" * (25 * 1024 * 1024 + 1))


def test_deep_html_is_withheld_and_its_words_kept() -> None:
    deep = b"<div>" * 5_000 + b"Hello"

    read = parse(letter(b"Content-Type: text/html\r\n", deep))

    assert (read.html, read.text) == ("", "Hello")
    assert read.notes == ("The HTML is nested deeper than 200 and is not shown.",)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"\x00",
        b"\xff\xfe\xfd" * 300,
        b"From: " + b"(" * 1000,
        b"From: " + b'"' * 1001 + b"\r\n\r\n",
        b"From: " + b"<" * 1000 + b"\r\n\r\nx",
        b"Message-ID: <<<<\r\n\r\nx",
        b"Message-ID: " + b"<" * 9000 + b"\r\n\r\nx",
        b"From: ent-Type: multipart/x\r\n\r\n",
        b"no headers at all, only words",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n\r\nx",
        b"Content-Type: text/plain; charset*=utf-16''%ff\r\n\r\nx",
        b'Content-Type: text/plain; charset="\r\n\r\nx',
        b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin\nM\n",
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!=",
        b"Content-Disposition: attachment; filename*0*=x''%;filename*9999999999=y\r\n\r\nx",
        b"Subject: " + b"=?" * 5000 + b"\r\n\r\n",
        b"Subject: " + b"=?utf-8?q?" * 5000 + b"\r\n\r\n",
        b"References: " + b"<" * 20000 + b"\r\n\r\n",
        b"Authentication-Results: " + b"(" * 5000 + b"\r\n\r\n",
        b"Date: " + b"1 " * 5000 + b"\r\n\r\n",
    ],
)
def test_hostile_bytes_are_read_or_refused_quickly(raw: bytes) -> None:
    read = parse(raw, trusted_authserv_id="mx.example.org")

    assert_can_be_kept(to_plain(read))


HEADS = [
    *(b"From: ", b"To: ", b"Cc: ", b"Date: ", b"Subject: =?", b"Message-ID: <", b"References: <", b"Content-Type: "),
    *(b"Content-Disposition: attachment; filename=", b"Content-Type: message/rfc822\r\n\r\nMessage-ID: <", b"\r\n\r\n"),
    b"Content-Type: text/html\r\n\r\n<",
]


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", *HEADS]))
def test_no_bytes_make_the_reader_lie_about_who(junk: bytes, head: bytes) -> None:
    read = parse(head + junk)

    assert not read.from_is_sound or read.from_address.count("@") == 1
    assert_can_be_kept(to_plain(read))


def assert_can_be_kept(value: object) -> None:
    """What a database takes as text: no NUL, no half characters."""
    if isinstance(value, str):
        assert "\0" not in value
        value.encode("utf-8")
    elif isinstance(value, dict):
        for each in value.values():
            assert_can_be_kept(each)
    elif isinstance(value, list | tuple):
        for each in value:
            assert_can_be_kept(each)


def test_endless_text_is_cut_and_said_so() -> None:
    read = parse(letter(b"", b"word " * 100_000))

    assert len(read.text) == 200_000
    assert read.notes == ("Only the first 200000 characters are shown; the original is kept whole.",)
