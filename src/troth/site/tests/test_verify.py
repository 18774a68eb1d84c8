"""The checker: a lived-in house is clean, and each thing that can be wrong in it is seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from tests import owner
from tests.owner import execute
from tests.people_and_things import DAY, FRIDAY, HOUR, NOW, company, handle, promise, staff
from tests.receipts import FOR_LETTER

from troth.cases import actions as cases
from troth.cases.models import Case
from troth.channels.chat import actions as chat
from troth.channels.chat.models import Line
from troth.channels.email.models import Mailbox
from troth.inbox import actions as inbox
from troth.inbox.rules.incoming import Dmarc, Incoming
from troth.people.models import Customer, Staff
from troth.post import actions as post
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.remedies import actions as remedies
from troth.remedies.rules.money import money
from troth.site import commands, verify
from troth.site.tests import owned_up
from troth.site.tests.living import Found, tampered, work
from troth.words.promises import State

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
#: When the story ends.
END = FRIDAY + timedelta(days=20)


def arrive(number: int, *, at: datetime, source: bytes = b"", **values: str) -> None:
    arrival = inbox.capture(channel="email", outside_id=f"1:7:{number}", source=source or str(values).encode(), now=at)
    said = {"text": "Where is my parcel?", "message_id": f"<m{number}@example.net>", "from_address": "ann@example.net"}
    inbox.take_in(
        arrival,
        Incoming(**{**said, **values}, from_is_sound=True, dmarc=Dmarc.PASS, dmarc_is_checked=True),  # type: ignore[arg-type]
        now=at,
    )


def live() -> None:
    """Weeks in which everything happens that can happen."""
    company()
    sam = staff()
    lea = staff("lea@parcel.example", role="lead")
    arrive(1, at=NOW)
    arrive(2, at=NOW, message_id="<m1@example.net>")  # the same once more
    broken = inbox.capture(channel="email", outside_id="1:7:3", source=b"\0", now=NOW)
    inbox.quarantine(broken, reason="reader_died", problem="It could not be read.", now=NOW)
    case = Case.objects.order_by("pk")[0]
    ann = case.customer
    cases.send_reply(case, staff=sam, text="Your parcel is at the depot.", now=NOW)
    work(NOW + MINUTE)
    made_good(ann, lea, at=NOW + MINUTE)
    waited = promise(customer=ann, owner=sam, what="come late")
    promise(customer=ann, owner=sam, what="be late for good", due=END - HOUR)
    moved = promise(customer=ann, owner=sam, what="send it")
    kept, freed, mistaken = promise(customer=ann), promise(customer=ann), promise(customer=ann)
    promise(customer=handle("bob@example.net").customer, owner=sam, what="reach nobody")
    promise(customer=ann, due=END + 90 * DAY, what="be far away")
    promises.keep(kept, by=sam, now=NOW + HOUR)
    promises.release(freed, reason="", by=sam, now=NOW + HOUR)
    promises.void(mistaken, reason="mistyped", by=sam, now=NOW + HOUR)
    promises.move(moved, to=FRIDAY + 7 * DAY, words="", reason="supplier", by=sam, now=NOW + HOUR)
    work(NOW + HOUR)
    taken = post.hand_over(
        key="back", to_address="ann@example.net", subject="No", text="No", because="case:1", customer_id=ann.pk,
        automatic=False, leaves_at=NOW + 3 * HOUR, now=NOW + 2 * HOUR,
    )  # fmt: skip
    post.take_back(letter_id=taken.pk, now=NOW + 2 * HOUR)
    chatted(sam, at=NOW + 2 * HOUR)
    looked_at = NOW + 2 * HOUR
    while (due := Promise.objects.filter(look_again_at__gt=looked_at).order_by("look_again_at").first()) is not None:
        assert due.look_again_at
        if due.look_again_at > END:
            break
        looked_at = due.look_again_at
        work(looked_at)
        if looked_at == waited.due:
            late = Promise.objects.get(pk=waited.pk)
            promises.move(late, to=END, words="", reason="", by=sam, now=looked_at + MINUTE)
            promises.keep(late, by=sam, now=looked_at + MINUTE)
            promises.keep(moved, by=sam, now=looked_at + MINUTE)
            work(looked_at + MINUTE)
    assert {State.OPEN, State.KEPT, State.MOVED, State.LATE, State.BROKEN, State.RELEASED, State.VOID} <= set(
        Promise.objects.values_list("state", flat=True)
    ), set(Promise.objects.values_list("state", flat=True))


def made_good(ann: Customer, lea: Staff, *, at: datetime) -> None:
    """A refund is given, and an apology is owed and never made."""
    said: dict[str, Any] = {"about": "case:1", "customer": ann, "team_id": None, "asks": False, "by": lea, "now": at}
    refund = remedies.offer(sort="refund", money=money("5", "GBP"), **said)
    remedies.offer(sort="apology", **said)
    remedies.give(refund, given_at=at, reference="BACS 77", by=lea, now=at)


def chatted(sam: Staff, *, at: datetime) -> None:
    """A visitor asks, is answered while they are there, and has seen it."""
    site = chat.make_site(name="Shop", lines=["https://shop.example"], team=None, by=sam, now=at)
    talk = chat.begin(site, origin="https://shop.example", now=at)
    chat.say(talk, text="Is it there yet?", email="dora@example.net", once="message-1", now=at)
    talk.refresh_from_db()
    chat.here([talk.pk], now=at)
    assert talk.case
    cases.send_reply(talk.case, staff=sam, text="It is at the depot.", now=at)
    cases.leave(now=at + timedelta(seconds=12))
    chat.seen(talk, upto=Line.objects.get().message_id, now=at + timedelta(seconds=13))


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The story told once for all tests here, and undone after them."""
    receipts = override_settings(TROTH_ENCLOSURES=FOR_LETTER)
    with django_db_blocker.unblock(), transaction.atomic(), receipts:  # type: ignore[attr-defined]
        live()
        yield
        transaction.set_rollback(True)


def test_a_house_that_was_lived_in_is_clean(lived: None) -> None:
    assert verify.findings(now=END) == []


def test_an_empty_house_is_clean() -> None:
    assert verify.findings(now=END) == []


TAMPERINGS = {
    # What makes good
    "a remedy whose date passed in silence": (
        "UPDATE remedies_remedy SET state = 'due' WHERE state = 'missed'",
        {("I12", "remedy")},
    ),
    "a remedy that is on offer still": (
        "UPDATE remedies_remedy SET state = 'offered' WHERE state = 'missed'",
        {("I11", "remedy")},
    ),
    "a second beside what was given in time": (
        "UPDATE remedies_remedy SET second_of_id = (SELECT id FROM remedies_remedy WHERE state = 'given')"
        " WHERE state = 'missed'",
        {("I11", "remedy")},
    ),
    "a remedy that nobody gave": (
        "UPDATE remedies_remedy SET state = 'given', given_at = due, proven_at = due, proof_reference = 'x'"
        " WHERE state = 'missed'",
        {("I8", "remedy"), ("I11", "remedy")},
    ),
    # What a case wants by when
    "a clock stopped without stopping": (
        "UPDATE clocks_clock SET stopped_at = started_at WHERE id = (SELECT min(id) FROM clocks_clock WHERE state <> 'stopped')",
        {("I11", "clock")},
    ),
    "a clock that is gone": (
        "DELETE FROM clocks_clock WHERE id = (SELECT max(id) FROM clocks_clock)",
        {("I8", "clock")},
    ),
    "a clock nobody will look at": (
        "UPDATE clocks_clock SET missed_at = NULL, look_again_at = NULL WHERE id ="
        " (SELECT min(id) FROM clocks_clock WHERE state = 'running')",
        {("I5", "clock")},
    ),
    "a warning that came too late": (
        "UPDATE clocks_clock SET warned_at = due + interval '1 hour' WHERE id = (SELECT min(id) FROM clocks_clock)",
        {("I5", "clock")},
    ),
    "a clock the watcher forgot": (
        "UPDATE clocks_clock SET look_again_at = due WHERE id = (SELECT min(id) FROM clocks_clock)",
        {("I12", "clock")},
    ),
    # What is said in a chat
    "an answer that reaches no visitor": (
        "DELETE FROM chat_line",
        {("I4", "message")},
    ),
    "a visitor who left without the answer": (
        "UPDATE chat_line SET seen_at = NULL",
        {("I12", "case")},
    ),
    # What was received
    "an arrival waits": (
        "UPDATE inbox_arrival SET state = 'waiting', attempts = 4, next_try_at = arrived_at WHERE outside_id = '1:7:2'",
        {("I2", "arrival"), ("I12", "arrival")},
    ),
    "its message is gone": (
        "UPDATE inbox_arrival SET message_ref = 'message:99999' WHERE outside_id = '1:7:2'",
        {("I2", "arrival")},
    ),
    "a message has no arrival": (
        "UPDATE cases_message SET source = 'arrival:99999' WHERE source LIKE 'arrival:%' AND id = "
        "(SELECT min(id) FROM cases_message)",
        {("I2", "message")},
    ),
    "a message taken in twice": (
        "INSERT INTO cases_message (case_id, direction, channel, at, text, quoted, html, message_id, source, verified,"
        " automatic, reading) SELECT case_id, direction, channel, at, text, quoted, html, message_id,"
        " (SELECT 'arrival:' || id FROM inbox_arrival WHERE outside_id = '1:7:2'), verified, automatic, reading"
        " FROM cases_message WHERE direction = 'inbound' ORDER BY id LIMIT 1",
        {("I2", "message")},
    ),
    "an arrival nobody received": (
        "INSERT INTO inbox_arrival (channel, outside_id, digest, source, received_at, arrived_at, state, next_try_at, attempts,"
        " message_id, same_digest, message_ref, problem, refers_to) SELECT channel, '1:7:9', digest, source, received_at, arrived_at,"
        " state, next_try_at, attempts, '', '', message_ref, '', refers_to FROM inbox_arrival WHERE outside_id = '1:7:2'",
        {("I8", "arrival")},
    ),
    "set aside without a word": (
        "UPDATE inbox_arrival SET state = 'quarantined' WHERE outside_id = '1:7:2'",
        {("I8", "arrival")},
    ),
    # Cases
    "a reply is held for ever": (
        "UPDATE cases_reply SET state = 'held', message_id = NULL, leaves_at = changed_at",
        {("I12", "reply")},
    ),
    "a reply without its letter": ("UPDATE cases_reply SET message_id = NULL", {("I4", "reply")}),
    "a message nobody read": (
        "UPDATE cases_message SET reading = '{}' WHERE id = (SELECT min(id) FROM cases_message)",
        {("I12", "message")},
    ),
    "a case nobody opened": (
        "DELETE FROM ledger_seal WHERE entry_id = (SELECT min(id) FROM ledger_entry WHERE kind = 'CaseOpened');"
        "DELETE FROM ledger_entry WHERE id = (SELECT min(id) FROM ledger_entry WHERE kind = 'CaseOpened')",
        {("I8", "case"), ("I8", "seal"), ("I8", "tile"), ("I8", "head")},
    ),
    "an answer the ledger knows nothing of": (
        "INSERT INTO cases_message (case_id, direction, channel, at, text, quoted, html, message_id, source, verified,"
        " automatic, reading) SELECT case_id, direction, channel, at, text, quoted, html, '', '', verified, automatic, reading"
        " FROM cases_message WHERE direction = 'outbound' ORDER BY id LIMIT 1",
        {("I8", "case")},
    ),
    # Letters
    "a letter left twice": (
        "INSERT INTO post_attempt (letter_id, started_at, answer, code, reply) SELECT letter_id, started_at, answer, code, reply"
        " FROM post_attempt WHERE answer = 'accepted' ORDER BY id LIMIT 1",
        {("I3", "letter")},
    ),
    "a letter stays on its way": (
        "UPDATE post_letter SET state = 'queued', next_try_at = '2027-01-01Z' WHERE state = 'taken_back'",
        {("I4", "letter")},
    ),
    "a letter waits for its turn": (
        "UPDATE post_letter SET state = 'queued', leaves_at = '2026-12-03Z', next_try_at = '2026-12-03Z' WHERE state = 'taken_back'",
        {("I12", "letter")},
    ),
    "letters to many of which nobody takes any": (
        "UPDATE post_letter SET state = 'queued', bulk = true, leaves_at = '2026-12-03Z', next_try_at = '2026-12-03Z'"
        " WHERE state = 'taken_back'; UPDATE post_attempt SET started_at = '2026-12-03Z'",
        {("I12", "letter")},
    ),
    "a letter half gone": (
        "UPDATE post_letter SET state = 'data', left_at = '2026-12-02Z', leaves_at = '2026-12-02Z', next_try_at = '2027-01-01Z'"
        " WHERE state = 'taken_back'",
        {("I4", "letter")},
    ),
    "a letter in the hands of one who sleeps": (
        "UPDATE post_letter SET state = 'sending', leaves_at = '2026-12-02Z', next_try_at = '2027-01-01Z' WHERE state = 'taken_back';"
        "INSERT INTO post_attempt (letter_id, started_at, answer, code, reply)"
        " SELECT id, '2026-12-02Z', '', 0, '' FROM post_letter WHERE state = 'sending'",
        {("I12", "letter")},
    ),
    "a letter nobody queued": (
        "INSERT INTO post_letter (key, to_address, envelope_from, message_id, subject, raw, because, automatic, state, created_at,"
        " leaves_at, next_try_at, attempts, last_code, last_reply, delivered_at, verified, bounce_reason)"
        " SELECT 'new', to_address, '', '<new@x>', '', raw, because, automatic, state, created_at, leaves_at, next_try_at, 0, 0, '',"
        " NULL, false, '' FROM post_letter WHERE state = 'taken_back'",
        {("I8", "letter"), ("I4", "letter")},
    ),
    "a delivery made up": (
        "UPDATE post_letter SET delivered_at = '2026-12-02Z' WHERE state = 'taken_back'",
        {("I8", "letter")},
    ),
    "a refusal kept silent": (
        "UPDATE post_letter SET state = 'refused' WHERE state = 'taken_back'",
        {("I4", "letter")},
    ),
    "receipts nobody put in": (
        "UPDATE post_letter SET enclosed = 2 WHERE state = 'taken_back'",
        {("I8", "letter")},
    ),
    "receipts left out in silence": (
        "UPDATE post_letter SET enclosed = 0 WHERE enclosed > 0",
        {("I8", "letter")},
    ),
    "a letter that did not wait": (
        "UPDATE post_letter SET encloses = '{promise:1}' WHERE state = 'sent' AND encloses = '{}'",
        {("I8", "letter")},
    ),
    # Promises
    "the watcher sleeps": (
        "UPDATE promises_promise SET look_again_at = '2026-12-02Z' WHERE what = 'be far away'",
        {("I12", "promise")},
    ),
    "a promise falls out of the watch": (
        "UPDATE promises_promise SET look_again_at = NULL WHERE what = 'be far away'",
        {("I5", "promise")},
    ),
    "a promise is looked at too late": (
        "UPDATE promises_promise SET look_again_at = '2027-12-02Z' WHERE what = 'be far away'",
        {("I5", "promise")},
    ),
    "words arrived and nobody noted it": (
        "UPDATE promises_telling SET settled_at = NULL WHERE delivered_at IS NOT NULL",
        {("I12", "promise")},
    ),
    "nobody was warned": (
        "UPDATE promises_promise SET warned_at = NULL WHERE what = 'reach nobody';"
        "INSERT INTO ledger_entry (kind, about, customer, happened_at, recorded_at, payload, commit, leaf_hash)"
        " SELECT kind, about, customer, happened_at, recorded_at + interval '5 minutes', payload, commit, leaf_hash"
        " FROM ledger_entry WHERE kind = 'StaffWarned' ORDER BY id LIMIT 1",
        {("I5", "promise"), ("I8", "entry")},
    ),
    "the warning came after the date": (
        "UPDATE promises_promise SET warned_at = due + interval '1 minute' WHERE what = 'reach nobody'",
        {("I5", "promise"), ("I8", "promise")},
    ),
    "somebody was warned twice": (
        "INSERT INTO ledger_entry (kind, about, customer, happened_at, recorded_at, payload, commit, leaf_hash)"
        " SELECT kind, about, customer, happened_at, recorded_at, payload, commit, leaf_hash"
        " FROM ledger_entry WHERE kind = 'StaffWarned' ORDER BY id LIMIT 1",
        {("I5", "promise"), ("I8", "entry")},
    ),
    "nobody was told": (
        "DELETE FROM promises_telling WHERE promise_id = (SELECT id FROM promises_promise WHERE what = 'reach nobody')",
        {("I6", "promise"), ("I8", "promise")},
    ),
    "moved without a word in time": (
        "UPDATE promises_telling SET told_by = delivered_at - interval '1 second' WHERE kind = 'move'",
        {("I6", "promise")},
    ),
    "told before the letter arrived": (
        "UPDATE promises_telling SET delivered_at = delivered_at - interval '1 day' WHERE kind = 'heads_up'",
        {("I6", "promise")},
    ),
    "one letter for the words about two": (
        "UPDATE promises_telling SET letter_id = (SELECT min(letter_id) FROM promises_telling), delivered_at = NULL"
        " WHERE letter_id = (SELECT max(letter_id) FROM promises_telling WHERE delivered_at IS NULL)",
        {("I3", "letter")},
    ),
    "a late promise called kept": (
        "UPDATE promises_promise SET state = 'kept', done_at = due, settled_at = due, look_again_at = NULL WHERE what = 'come late'",
        {("I11", "promise")},
    ),
    "a first date moved": (
        "UPDATE promises_promise SET first_due = first_due + interval '1 day' WHERE what = 'come late'",
        {("I11", "promise")},
    ),
    "a move forgotten": ("UPDATE promises_promise SET moves = 0 WHERE what = 'send it'", {("I11", "promise")}),
    "a promise that contradicts itself": (
        "UPDATE promises_promise SET look_again_at = '2027-12-02Z' WHERE state = 'released'",
        {("I11", "promise")},
    ),
    "a sentence put into somebody's mouth": (
        "UPDATE promises_promise SET source_quote = source_quote || ' Perhaps.' WHERE what = 'come late'",
        {("I8", "promise")},
    ),
    "something else was promised": (
        "UPDATE promises_promise SET what = 'come very late' WHERE what = 'come late'",
        {("I8", "promise")},
    ),
    "a condition added": (
        "UPDATE promises_promise SET condition = 'if it rains' WHERE what = 'come late'",
        {("I8", "promise")},
    ),
    "other words about a new date": (
        "UPDATE promises_telling SET words = words || ' Sorry!' WHERE kind = 'move'",
        {("I8", "promise")},
    ),
    "the salt of words changed": (
        "UPDATE promises_telling SET words_salt = sha256(words_salt) WHERE kind = 'heads_up'",
        {("I8", "promise")},
    ),
    # The ledger
    "facts wait for their place": (
        "INSERT INTO ledger_unsealed SELECT entry_id FROM ledger_seal ORDER BY position DESC LIMIT 1;"
        "DELETE FROM ledger_seal WHERE position = (SELECT max(position) FROM ledger_seal)",
        {("I12", "entry"), ("I8", "tile"), ("I8", "head")},
    ),
    "a fact without a place": (
        "DELETE FROM ledger_seal WHERE position = (SELECT max(position) FROM ledger_seal)",
        {("I8", "entry"), ("I8", "tile"), ("I8", "head")},
    ),
    "a place cut out": (
        "UPDATE ledger_seal SET position = position + 1000 WHERE position = (SELECT max(position) FROM ledger_seal)",
        {("I8", "seal"), ("I12", "seal")},
    ),
    "two places exchanged": (
        "UPDATE ledger_seal SET position = -1 - position WHERE position < 3; UPDATE ledger_seal SET position = 4 + position"
        " WHERE position < 0",
        {("I8", "tile"), ("I8", "head")},
    ),
    "a tile bent": (
        "UPDATE ledger_tile SET hashes = substring(hashes FOR length(hashes) - 32) || sha256('x') WHERE level = 0",
        {("I8", "tile")},
    ),
    "a tile gone": ("DELETE FROM ledger_tile WHERE level = 0", {("I8", "tile")}),
    "a tile made up": ("INSERT INTO ledger_tile (level, number, hashes) VALUES (1, 9, sha256('x'))", {("I8", "tile")}),
    "a head bent": (
        "UPDATE ledger_checkpoint SET root = sha256('x') WHERE size = (SELECT min(size) FROM ledger_checkpoint)",
        {("I8", "head")},
    ),
    "a head gone": (
        "DELETE FROM ledger_checkpoint WHERE size = (SELECT min(size) FROM ledger_checkpoint)",
        {("I8", "head")},
    ),
    "the last head gone": (
        "DELETE FROM ledger_checkpoint WHERE size = (SELECT max(size) FROM ledger_checkpoint)",
        {("I8", "tile"), ("I12", "seal")},
    ),
    "a head signed by a stranger": (
        "UPDATE ledger_checkpoint SET note = overlay(note PLACING CASE substring(note FROM length(note) - 20 FOR 1) WHEN 'A' THEN 'B'"
        " ELSE 'A' END FROM length(note) - 20 FOR 1) WHERE size = (SELECT min(size) FROM ledger_checkpoint)",
        {("I8", "head")},
    ),
    "a head that is none": (
        "UPDATE ledger_checkpoint SET note = 'x' WHERE size = (SELECT max(size) FROM ledger_checkpoint)",
        {("I8", "head"), ("I8", "log")},
    ),
    "a time rewritten": (
        "UPDATE ledger_entry SET recorded_at = recorded_at - interval '1 second'"
        " WHERE id = (SELECT max(id) FROM ledger_entry WHERE kind = 'LetterQueued')",
        {("I8", "entry")},
    ),
    "a fact rewritten": (
        "UPDATE ledger_entry SET payload = set_byte(payload, 80, get_byte(payload, 80) # 1) WHERE kind = 'PromiseLate'",
        {("I8", "entry")},
    ),
    "a fact in the clear rewritten": (
        """UPDATE ledger_entry SET payload = substr(payload, 1, 33)
            || replace(convert_from(substr(payload, 34), 'UTF8'), '"channel":"email"', '"channel":"phone"')::bytea
        WHERE kind = 'MessageReceived'""",
        {("I8", "entry")},
    ),
    "the beginning of promises rewritten": (
        "UPDATE ledger_entry SET payload = set_byte(payload, 80, get_byte(payload, 80) # 1) WHERE kind = 'PromiseMade'",
        {("I8", "entry")},
    ),
    "a sum of the public record made up": (
        "INSERT INTO record_kindofday (day, kind, entries, first, last) VALUES ('2026-11-11', 'CaseOpened', 5, 1, 1)",
        {("I11", "day")},
    ),
    "a fact given to another customer": (
        "UPDATE ledger_entry SET customer = 'customer:' || (SELECT min(id) FROM people_customer WHERE 'customer:' || id <> customer)"
        " WHERE kind = 'PromiseLate'",
        {("I8", "entry")},
    ),
}


#: What is found fact by fact; that a store of keys was lost is shown in ledger/tests/test_keys.py.
STREAMED = {
    "Somebody was warned or told twice about the same date of these promises.",
    "These promises stand in the tables otherwise than the ledger tells, so the sums are not what was proven.",
    "What these promises say, or what was written to customers about them, is not what the ledger has digests of.",
    "Facts were changed: they do not open their commitment, or say something else than their row.",
}


@cache
def found_after(what: str) -> frozenset[Found]:
    """Asked once for all tests here."""
    return tampered(TAMPERINGS[what][0], now=END)


@pytest.mark.parametrize("what", TAMPERINGS)
def test_each_thing_that_is_wrong_is_seen(lived: None, what: str) -> None:
    assert {(invariant, thing) for invariant, thing, _wrong in found_after(what)} == TAMPERINGS[what][1]


def test_every_check_is_seen_to_fail_at_least_once(lived: None) -> None:
    """As many kinds of findings as there are questions; those of what went wrong are asked in `test_verify_owned_up`."""
    found = {wrong for what in TAMPERINGS for _invariant, _thing, wrong in found_after(what)}

    assert found >= ({check.wrong for check in verify.checks()} | STREAMED) - {
        check.wrong for check in owned_up.checks()
    }


def test_a_finding_names_the_first_and_counts_all(lived: None) -> None:
    execute("UPDATE ledger_entry SET commit = sha256('x')")

    changed = [one for one in verify.findings(now=END) if "commitment" in one.wrong]

    assert [len(one.refs) for one in changed] == [20, 20]
    assert all(one.count > 60 for one in changed)


def test_a_mailbox_out_of_reach_decides_nothing_unless_it_must() -> None:
    Mailbox.objects.create(name="Support", address="a@troth.test", host="127.0.0.1", port=9, tls="none", user="a")

    passed, insisted = (verify.report(now=END, with_mailboxes=how) for how in (None, True))

    assert (passed.findings, len(passed.skipped)) == ((), 1)
    assert [one.invariant for one in insisted.findings] == ["I1"]


def run(*words: str) -> tuple[int, str]:
    return owner.run(commands.verify_state, *words)


def test_the_command_says_that_nothing_is_wrong() -> None:
    assert run() == (0, "Nothing is wrong.\n")


def test_the_command_says_what_is_wrong_and_how_to_mend_it(lived: None) -> None:
    execute(TAMPERINGS["a letter left twice"][0])

    code, said = run("--no-mailboxes")
    as_json = json.loads(run("--json")[1])

    assert code == 1
    assert " I3  Letters were taken by the mail server more than once" in said
    assert "     → " in said
    assert [one["invariant"] for one in as_json["findings"]][:1] == ["I3"]
