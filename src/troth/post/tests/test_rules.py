from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32, default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.post.rules.doubt import Found, Step, next_step
from troth.post.rules.letter import Attachment, Draft, LetterNotSound, compose
from troth.post.rules.retry import SCHEDULE, next_try_at
from troth.post.rules.token import EPOCH, EPOCHS_VALID, Claim, make_token, read_token
from troth.words.addresses import AddressNotSound, is_sound, plus_address, plus_token, same_address, sound_address

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
KEY = b"k" * 32


@pytest.mark.parametrize(
    ("given_address", "kept"),
    [
        ("ann@example.org", "ann@example.org"),
        ("Ann.Lee+x@Example.ORG", "Ann.Lee+x@example.org"),
        ("o'neil@example.co.uk", "o'neil@example.co.uk"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
    ],
)
def test_sound_addresses_are_kept(given_address: str, kept: str) -> None:
    assert sound_address(given_address) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "@example.org",
        "ann@",
        "ann@example",
        "ann@127.0.0.1",
        "ann@[127.0.0.1]",
        "ann@-example.org",
        "ann@example..org",
        "ann..lee@example.org",
        ".ann@example.org",
        "ann @example.org",
        '"ann"@example.org',
        "alice@example.org)bob@example.com",
        "ann@example.org\r\nBcc: x@example.org",
        "ann@example.org\n",
        "ann\0@example.org",
        "ann@example.org,bob@example.org",
        "Ann <ann@example.org>",
        "änn@example.org",
        "=?utf-8?q?ann?=@example.org",
        "=?utf-8?q?=0D=0ABcc=3A_x@example.org",
        f"{'a' * 65}@example.org",
        f"ann@{'a' * 64}.org",
        f"ann@{'a.' * 130}org",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(AddressNotSound):
        sound_address(text)


@given(st.text(max_size=80))
def test_what_is_sound_has_no_room_for_a_second_address(text: str) -> None:
    if is_sound(text):
        assert not set(sound_address(text)) & set(' \r\n\0\t,;:<>()[]\\"')


def test_plus_token_comes_back_from_the_address_in_any_case() -> None:
    address = plus_address("support@example.org", "3-4-5-abc")

    assert address == "support+3-4-5-abc@example.org"
    assert plus_token("Support+3-4-5-ABC@Example.org", "support@example.org") == "3-4-5-abc"
    assert plus_token("other+3@example.org", "support@example.org") == ""
    assert plus_token("support@example.org", "support@example.org") == ""


def test_same_address_ignores_case_only() -> None:
    assert same_address("Ann@Example.org", "ann@example.ORG")
    assert not same_address("ann@example.org", "ann@example.com")
    assert not same_address("", "")


def test_tries_follow_the_schedule_and_end() -> None:
    waits = [next_try_at(attempts, now=NOW) for attempts in range(1, 9)]

    assert waits == [*(NOW + wait for wait in SCHEDULE), None]


@pytest.mark.parametrize(
    ("found", "minutes", "step"),
    [
        (Found.THERE, 0, Step.IT_ARRIVED),
        (Found.THERE, 600, Step.IT_ARRIVED),
        (Found.NOT_THERE, 0, Step.LOOK_AGAIN),
        (Found.NOT_THERE, 4, Step.LOOK_AGAIN),
        (Found.NOT_THERE, 5, Step.SEND_AGAIN),
        (Found.NO_ARCHIVE, 0, Step.SAY_UNCLEAR),
        (Found.OUT_OF_REACH, 5, Step.LOOK_AGAIN),
        (Found.OUT_OF_REACH, 60, Step.SAY_UNCLEAR),
    ],
)
def test_doubt_is_settled_by_the_archive(found: Found, minutes: int, step: Step) -> None:
    assert next_step(found, left_at=NOW, now=NOW + timedelta(minutes=minutes)) is step


def test_token_says_what_was_put_in() -> None:
    token = make_token(key=KEY, case=12, participant=34, now=NOW)

    assert read_token(token, key=KEY, now=NOW) == Claim(case=12, participant=34)
    assert len(f"support+{token}") <= 64


def test_token_ends_after_about_a_year() -> None:
    token = make_token(key=KEY, case=12, participant=34, now=NOW)

    assert read_token(token, key=KEY, now=NOW + EPOCH * EPOCHS_VALID) is not None
    assert read_token(token, key=KEY, now=NOW + EPOCH * (EPOCHS_VALID + 1)) is None
    assert read_token(token, key=KEY, now=NOW - EPOCH) is None


def test_no_changed_token_is_taken() -> None:
    token = make_token(key=KEY, case=12, participant=34, now=NOW)

    for place in range(len(token)):
        for other in "01a-z":
            if token[place] != other:
                assert read_token(token[:place] + other + token[place + 1 :], key=KEY, now=NOW) is None
    assert read_token(token, key=b"x" * 32, now=NOW) is None
    assert read_token(token + "\n", key=KEY, now=NOW) is None
    assert read_token(token[:-1], key=KEY, now=NOW) is None
    assert read_token("", key=KEY, now=NOW) is None


@given(st.text(max_size=90))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert read_token(text, key=KEY, now=NOW) is None


def draft(**changes: object) -> Draft:
    values: dict[str, object] = {
        "message_id": "<" + "a" * 32 + ".12-34-680-" + "b" * 32 + "@example.org>",
        "from_address": "support@example.org",
        "to_address": "ann@example.net",
        "to_name": "Ann Lee",
        "subject": "Your parcel",
        "text": "It leaves on Tuesday.\n\nSam",
        "html": "",
        "automatic": False,
        "reply_token": "",
        "in_reply_to": "",
        "references": (),
        "hops": 0,
        "written_at": NOW,
    }
    return Draft(**{**values, **changes})  # type: ignore[arg-type]


def test_letter_has_words_twice_and_goes_by_its_message_id() -> None:
    raw = compose(draft(in_reply_to="<q@example.net>", references=("<p@example.net>", "<q@example.net>", "no id")))

    letter = message_from_bytes(raw, policy=default)
    assert letter["Message-ID"] == draft().message_id
    assert draft().message_id.encode() in raw
    assert letter["In-Reply-To"] == "<q@example.net>"
    assert letter["References"].split() == ["<p@example.net>", "<q@example.net>"]
    assert [part.get_content_type() for part in letter.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert letter.get_body(("plain",)).get_content().split() == ["It", "leaves", "on", "Tuesday.", "Sam"]
    assert "<p>It leaves on Tuesday.</p>" in letter.get_body(("html",)).get_content()
    assert letter["Auto-Submitted"] is None
    assert letter["X-Troth-Loop"] == "1"


def test_automatic_letter_says_so() -> None:
    letter = message_from_bytes(compose(draft(automatic=True)), policy=default)
    answer = message_from_bytes(compose(draft(automatic=True, in_reply_to="<q@example.net>", hops=2)), policy=default)

    assert letter["Auto-Submitted"] == "auto-generated"
    assert answer["Auto-Submitted"] == "auto-replied"
    assert answer["X-Troth-Loop"] == "3"


def test_answers_return_to_the_token() -> None:
    letter = message_from_bytes(compose(draft(reply_token="12-34-680-abc")), policy=default)

    assert letter["Reply-To"] == "support+12-34-680-abc@example.org"


@pytest.mark.parametrize("field", ["subject", "to_name", "message_id", "in_reply_to", "reply_token"])
@pytest.mark.parametrize("poison", ["\r", "\n", "\0", "\r\nBcc: eve@example.com"])
def test_line_breaks_in_headers_are_refused(field: str, poison: str) -> None:
    with pytest.raises(LetterNotSound):
        compose(draft(**{field: f"x{poison}y"}))


@pytest.mark.parametrize("field", ["subject", "to_name"])
@pytest.mark.parametrize(
    "poison",
    [
        "=?utf-8?q?x=0D=0ABcc:_eve@example.com?=",
        "=?utf-8?q?x=0D=0A=0D=0AAnother_letter?=",
        "Zoë =?utf-8?b?DQpCY2M6IGV2ZUBleGFtcGxlLmNvbQ0K?=",
        "=?utf-8?q?x=00?=",
    ],
)
def test_what_is_written_as_encoded_words_stays_as_it_is_written(field: str, poison: str) -> None:
    raw = compose(draft(**{field: poison}))

    letter = message_from_bytes(raw, policy=default)
    assert letter["Bcc"] is None
    assert letter.keys() == message_from_bytes(compose(draft()), policy=default).keys()
    shown = letter["Subject" if field == "subject" else "To"].replace('"', "")
    # The library that reads leaves a space between encoded words of a name (RFC 2047 6.2 says it is none).
    assert poison.replace("=?", "= ?").replace(" ", "") in shown.replace(" ", "")


@pytest.mark.parametrize("poison", ["a\r\n.\r\nMAIL FROM:<x@example.org>", "a\n.\nb", "a\r.\rb", "Zoë\n.\n"])
def test_no_body_can_end_the_letter_early(poison: str) -> None:
    raw = compose(draft(text=poison))

    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_attachment_arrives_whole_and_never_as_a_letter() -> None:
    files = (
        Attachment("bill.pdf", "application/pdf", b"%PDF \n\r\n."),
        Attachment("x.eml", "message/rfc822", b"From: x"),
    )

    letter = message_from_bytes(compose(draft(attachments=files)), policy=default)

    assert [
        (part.get_filename(), part.get_content_type(), part.get_content()) for part in letter.iter_attachments()
    ] == [
        ("bill.pdf", "application/pdf", b"%PDF \n\r\n."),
        ("x.eml", "application/octet-stream", b"From: x"),
    ]


def test_the_name_of_an_attachment_is_no_way_into_its_headers() -> None:
    raw = compose(draft(attachments=(Attachment("=?utf-8?q?a=0D=0AX-Eve:_b?=", "text/plain", b"x"),)))

    assert b"\nX-Eve" not in raw


def one_line(most: int) -> st.SearchStrategy[str]:
    characters = st.characters(exclude_categories=["Cs"], exclude_characters="\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029\0")
    return st.text(characters, max_size=most)


@given(
    subject=one_line(300),
    name=one_line(60),
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3000),
)
def test_whatever_is_written_arrives_and_adds_nothing(subject: str, name: str, text: str) -> None:
    raw = compose(draft(subject=subject, to_name=name, text=text))

    assert raw.isascii()
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    letter = message_from_bytes(raw, policy=compat32)
    assert letter.keys() == message_from_bytes(compose(draft())).keys()
    assert str(make_header(decode_header(letter["Subject"]))) == subject.replace("=?", "= ?")
    shown, address = parseaddr(letter["To"].replace("\r\n", ""))
    assert address == "ann@example.net"
    assert str(make_header(decode_header(shown))) == name.replace("=?", "= ?")
    plain, _html = letter.get_payload()
    assert plain.get_payload(decode=True).splitlines() == text.encode().splitlines()


def test_a_file_with_a_long_and_foreign_name_keeps_it() -> None:
    name = "Überfällige Rechnung – 荷物 " * 8 + '"x\\y".pdf'

    letter = message_from_bytes(
        compose(draft(attachments=(Attachment(name, "application/pdf", b"%PDF"),))), policy=default
    )

    assert next(letter.iter_attachments()).get_filename() == name


def test_other_alphabets_survive() -> None:
    letter = message_from_bytes(
        compose(draft(subject="Überfällig – 荷物 " * 12, to_name="Zoë, “Dr” Łuk")), policy=default
    )

    assert letter["Subject"].strip() == ("Überfällig – 荷物 " * 12).strip()
    assert letter["To"].addresses[0].display_name == "Zoë, “Dr” Łuk"
    assert letter["To"].addresses[0].addr_spec == "ann@example.net"
