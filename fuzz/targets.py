"""What is fuzzed, and what must hold whatever comes in. Each target takes bytes and returns; an exception is a find.

Nothing here needs the fuzzer, a database or Django: tests/house/test_fuzz.py runs the same functions over every input that ever
broke one of them.
"""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from itertools import pairwise

from troth import reading
from troth.cases.rules.rich import as_html
from troth.channels.email import html as markup
from troth.channels.email.addresses import read_addresses
from troth.channels.email.authentication import dmarc_of
from troth.channels.email.limits import TooMuch
from troth.channels.email.parse import parse
from troth.channels.imports.mbox import letters
from troth.channels.imports.rules import lines
from troth.channels.imports.rules.conversation import NotAConversation, checked
from troth.channels.imports.rules.threads import Head, Threads
from troth.inbox.rules.incoming import Dmarc, from_plain, same_message_digest, to_plain
from troth.ledger.rules.receipt import head_of
from troth.ledger.rules.receipt_verify import as_written, keys_named, verify
from troth.ledger.rules.receipt_words import SENTENCES
from troth.post.rules.letter import Attachment, Draft, LetterNotSound, compose
from troth.post.rules.token import make_token, read_token
from troth.words.addresses import AddressNotSound, is_sound, plus_token, sound_address
from troth.words.hours import office
from troth.words.messages import Direction

NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)
KEY = b"a key that signs nothing of worth"
TOKEN = make_token(key=KEY, case=12, participant=34, now=NOW)
HOURS = office("Europe/London")


def mail(raw: bytes) -> None:
    """A letter is read, or is beyond a limit; what was read can be kept, shown and sent through a pipe."""
    try:
        read = parse(raw, trusted_authserv_id="mx.example.org", own_addresses=["support@example.org"])
    except TooMuch:
        return
    contents = b"".join(one.content for one in read.attachments)
    assert from_plain(json.loads(json.dumps(to_plain(read))), contents) == read
    assert len(same_message_digest(read)) == 64
    for address in (read.from_address, *read.to, *read.cc, *read.delivered_to):
        assert not address or is_sound(address)
    assert not read.from_is_sound or read.from_address
    assert read.from_is_sound or read.dmarc is not Dmarc.PASS
    for words in (read.text, read.reply_text, read.quoted, read.signature, read.subject, read.from_name, read.html):
        words.encode("utf-8")
        assert "\x00" not in words
    assert "\n" not in read.subject + read.message_id + read.in_reply_to + read.bounce_of
    assert markup.clean(read.html) == read.html
    for file in read.attachments:
        assert file.name
        assert not any(sign in file.name for sign in "/\\\x00\r\n\u202e\u200b")
        assert all(unicodedata.category(sign)[0] != "C" for sign in file.name)


def html(raw: bytes) -> None:
    """HTML is withheld, or is cleaned so that cleaning it again changes nothing and nothing but words is left."""
    page = raw.decode("utf-8", "replace")
    markup.crude_text(page)
    if markup.too_much(page):
        return
    cleaned = markup.clean(page)
    assert markup.clean(cleaned) == cleaned
    tags = [part.split(">")[0].lower() for part in cleaned.split("<")[1:]]
    assert all(tag.strip("/ ").split(" ")[0] in markup.TAGS for tag in tags), tags
    markup.as_text(cleaned)


def names(raw: bytes) -> None:
    """Addresses, tokens and the word of our mail server: no text makes anybody somebody else."""
    text = raw.decode("utf-8", "replace")
    for one in read_addresses(text):
        assert not one.address or is_sound(one.address)
    claim = read_token(text, key=KEY, now=NOW)
    assert claim is None or text == TOKEN
    token = plus_token(text, "support@example.org")
    assert not token or text.lower().endswith("@example.org")
    with suppress(AddressNotSound):
        assert sound_address(sound_address(text)) == sound_address(text)
    said, checked_ = dmarc_of([text], trusted="mx.example.org", from_address="ann@example.net")
    assert checked_
    assert said is not Dmarc.PASS or "pass" in text.lower()
    said, _checked = dmarc_of([f"elsewhere.example; {text}"], trusted="mx.example.org", from_address="ann@example.net")
    assert said is Dmarc.NONE


def imports(raw: bytes) -> None:
    """A line is a conversation or is refused with a reason; an mbox falls into letters, and they into groups."""
    try:
        conversation = checked(lines.conversation_of(lines.decoded(raw), zone="Europe/London"), now=NOW)
    except NotAConversation:
        pass
    else:
        assert conversation.turns
        for turn in conversation.turns:
            turn.text.encode("utf-8")
            assert "\x00" not in turn.text
    places = list(letters(io.BytesIO(raw)))
    assert all(one.end == other.separator for one, other in pairwise(places))
    threads = Threads()
    for part in raw.split(b"\n")[:200]:
        words = part.decode("utf-8", "replace")
        threads.add(Head(words[:8], tuple(words[8:40].split()), words[40:], frozenset(words[40:60].split())))
    assert sum(len(group) for group in threads.groups()) == len(raw.split(b"\n")[:200])


def words(raw: bytes) -> None:
    """Any text can be read, in either direction, and made into safe HTML."""
    text = raw.decode("utf-8", "replace")
    for direction in (Direction.INBOUND, Direction.OUTBOUND):
        reading.read(text, at=NOW, calendar=HOURS, direction=direction)
    made = as_html(text)
    assert "<script" not in made.lower()


def outgoing(raw: bytes) -> None:
    """Whatever stands in names and subjects: a letter has the headers that we wrote, or is none at all."""
    parts = [*raw.decode("utf-8", "replace").split("\x1f"), "", "", "", "", "", ""]
    draft = Draft(
        message_id="<1.abc@example.org>",
        from_address="support@example.org",
        to_address="ann@example.net",
        to_name=parts[0],
        subject=parts[1],
        text=parts[2],
        html="",
        automatic=True,
        reply_token=TOKEN,
        in_reply_to=parts[3],
        references=(parts[4],),
        hops=0,
        written_at=NOW,
        attachments=(Attachment(name=parts[5], content_type=parts[3], content=b"x"),),
    )
    try:
        sent = compose(draft)
    except LetterNotSound:
        return
    heads = message_from_bytes(sent, policy=policy.compat32)
    allowed = {"message-id", "in-reply-to", "references", "from", "to", "subject", "date", "reply-to", "auto-submitted"}
    allowed |= {"x-auto-response-suppress", "x-troth-loop", "mime-version", "content-type", "content-transfer-encoding"}
    got = [name.lower() for name in heads]
    assert set(got) <= allowed, got
    assert len(got) == len(set(got)), got
    assert [one.address for one in read_addresses(str(heads["To"]))] == ["ann@example.net"], heads["To"]
    with suppress(LetterNotSound, AddressNotSound):
        compose(replace(draft, to_address=parts[0]))


def receipts(raw: bytes) -> None:
    """A receipt holds, or one sentence says what is wrong; one that holds is, byte for byte, what is written for what it proves."""
    verdict = verify(raw)
    assert verdict.code in {"", *SENTENCES}
    if not verdict.holds:
        assert len(verdict.said) == 1
        return
    assert verdict.opening
    assert verdict.proof
    head = head_of(verdict.opening, verdict.proof, keys_named(raw))
    assert "\n".join([*head, "", verdict.proof.to_text()]) == as_written(raw)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "mail": mail,
    "html": html,
    "names": names,
    "imports": imports,
    "words": words,
    "outgoing": outgoing,
    "receipts": receipts,
}
