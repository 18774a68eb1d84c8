from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from tests import people_and_things as things

from troth.cases import actions as cases
from troth.cases.models import Case, Message
from troth.inbox import actions, queries
from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import Attachment, Dmarc, Incoming, Origin
from troth.incidents import actions as incidents
from troth.ledger.models import Entry
from troth.ledger.queries import facts_about
from troth.notices.actions import cohorts, leaving, making, telling
from troth.notices.queries import answered
from troth.notices.rules.conditions import Every
from troth.people.actions import find_or_make_customer
from troth.people.models import Customer, Handle
from troth.post import actions as post
from troth.post.models import Letter
from troth.post.queries import reply_token

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
ANN = Incoming(
    text="Where is my parcel?",
    message_id="<a1@example.net>",
    from_address="ann@example.net",
    from_name="Ann",
    from_is_sound=True,
    to=("support@example.org",),
    subject="Parcel",
    dmarc=Dmarc.PASS,
    dmarc_is_checked=True,
)


@pytest.fixture(autouse=True)
def company(settings: Settings) -> None:
    settings.TROTH_MAIL_FROM = "support@example.org"


def arrive(outside_id: str, incoming: Incoming = ANN, *, source: bytes | None = None, at: datetime = NOW) -> Any:
    arrival = actions.capture(channel="email", outside_id=outside_id, source=source or outside_id.encode(), now=at)
    message = actions.take_in(arrival, incoming, now=at)
    arrival.refresh_from_db()
    return arrival, message


def answerable(message: Message, *, now: datetime = NOW) -> str:
    """The address a letter about this message is answered to."""
    assert message.handle is not None
    return f"support+{reply_token(case_id=message.case_id, participant=message.handle.pk, now=now)}@example.org"


def kinds() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


def test_source_is_kept_once() -> None:
    first = actions.capture(channel="email", outside_id="1:7:1", source=b"x", now=NOW)
    second = actions.capture(channel="email", outside_id="1:7:1", source=b"x", now=NOW + timedelta(days=1))

    assert first.pk == second.pk
    assert kinds() == ["MessageReceived"]
    assert queries.waiting_count() == 1
    assert queries.known_outside_ids(channel="email", prefix="1:7:") == {"1"}


def test_message_opens_a_case_and_is_acknowledged_without_its_words() -> None:
    arrival, message = arrive("1:7:1", replace(ANN, text="MARKER-1", subject="MARKER-2", from_name="MARKER-3"))

    assert arrival.message_ref == f"message:{message.pk}"
    assert (message.text, message.verified, message.case.unverified) == ("MARKER-1", True, False)
    letter = Letter.objects.get()
    assert (letter.to_address, letter.automatic, letter.envelope_from) == ("ann@example.net", True, "")
    assert b"MARKER" not in bytes(letter.raw)
    assert f"case:{message.case_id}" == letter.because


def test_taking_in_twice_changes_nothing() -> None:
    arrival, _message = arrive("1:7:1")

    assert actions.take_in(arrival, ANN, now=NOW) is None
    assert Message.objects.count() == 1


def test_same_letter_in_two_mailboxes_is_one_message() -> None:
    first, _ = arrive("1:7:1")
    second, message = arrive("2:9:5")

    assert message is None
    assert (second.state, second.message_ref) == (Arrival.State.DUPLICATE, first.message_ref)
    assert (Message.objects.count(), Letter.objects.count()) == (1, 1)


def test_known_message_id_silences_nobody() -> None:
    arrive("1:7:1")
    _, message = arrive("1:7:2", replace(ANN, text="Other words", from_address="eve@example.com"))

    assert message is not None
    assert Case.objects.count() == 2


def test_same_bytes_again_after_a_new_uidvalidity_are_a_duplicate_even_without_message_id() -> None:
    arrive("1:7:1", replace(ANN, message_id=""), source=b"same")
    arrival, message = arrive("1:8:1", replace(ANN, message_id=""), source=b"same")

    assert (arrival.state, message) == (Arrival.State.DUPLICATE, None)


def test_two_letters_without_message_id_are_two() -> None:
    arrive("1:7:1", replace(ANN, message_id=""))
    _, message = arrive("1:7:2", replace(ANN, message_id=""))

    assert message is not None


def test_answer_to_our_letter_joins_its_case_in_each_way_it_may_name_it() -> None:
    _, first = arrive("1:7:1")
    address = answerable(first)
    token = address.partition("+")[2].partition("@")[0]
    ways = [
        {"to": (address,)},
        {"cc": (address.upper(),)},
        {"delivered_to": (address,)},
        {"in_reply_to": f"<{'a' * 32}.{token}@example.org>"},
        {"references": ("<x@y>", f"<{'a' * 32}.{token}@example.org>", "<z@y>")},
    ]

    for number, way in enumerate(ways):
        _, message = arrive(f"1:7:{number + 2}", replace(ANN, message_id=f"<b{number}@example.net>", **way))
        assert message.case_id == first.case_id

    assert Case.objects.count() == 1
    assert Letter.objects.count() == 1  # an answer is not acknowledged


def test_stranger_with_a_token_gets_a_case_of_their_own_and_staff_a_link() -> None:
    _, first = arrive("1:7:1")

    _, message = arrive(
        "1:7:2", replace(ANN, message_id="<e@x>", from_address="eve@example.com", to=(answerable(first),))
    )

    assert message.case_id != first.case_id
    assert message.case.seems_to_be_id == first.case_id
    assert message.case.customer_id != first.case.customer_id


def test_spoofed_participant_joins_nothing_and_is_not_answered() -> None:
    _, first = arrive("1:7:1")
    Letter.objects.all().delete()

    _, message = arrive("1:7:2", replace(ANN, message_id="<e@x>", dmarc=Dmarc.FAIL, to=(answerable(first),)))

    assert message.case_id != first.case_id
    assert (message.case.unverified, message.case.seems_to_be_id) == (True, first.case_id)
    assert Letter.objects.count() == 0


def test_adding_somebody_in_cc_writes_nothing_to_them() -> None:
    _, first = arrive("1:7:1")

    arrive("1:7:2", replace(ANN, message_id="<b@x>", to=(answerable(first),), cc=("eve@example.com",)))

    assert set(Letter.objects.values_list("to_address", flat=True)) == {"ann@example.net"}
    assert not Customer.objects.filter(handles__address="eve@example.com").exists()


def test_ten_letters_get_one_acknowledgement() -> None:
    for number in range(10):
        arrive(f"1:7:{number}", replace(ANN, message_id=f"<n{number}@x>", text=f"{number}"))

    assert Case.objects.count() == 10
    assert Letter.objects.count() == 1


def test_one_mailbox_gets_one_acknowledgement_whatever_stands_behind_its_plus() -> None:
    for number, address in enumerate(["ann@example.net", "ann+1@example.net", "ann+2@example.net", "anna@example.net"]):
        arrive(f"1:7:{number}", replace(ANN, message_id=f"<n{number}@x>", from_address=address))

    assert list(Letter.objects.order_by("pk").values_list("to_address", flat=True)) == [
        "ann@example.net",
        "anna@example.net",
    ]


@pytest.mark.parametrize("origin", [origin for origin in Origin if origin is not Origin.PERSON])
def test_no_machine_is_answered(origin: Origin) -> None:
    _, message = arrive("1:7:1", replace(ANN, origin=origin))

    assert message.automatic is True
    assert Letter.objects.count() == 0


def test_our_own_letter_coming_back_is_no_message() -> None:
    letter = hand_over()

    arrival, message = arrive(
        "1:7:1", replace(ANN, from_address="support@example.org", message_id=letter.message_id, origin=Origin.OWN)
    )

    assert (arrival.state, arrival.message_ref, message) == (Arrival.State.DUPLICATE, letter.reference, None)


def test_bounce_is_written_beside_its_letter() -> None:
    letter = hand_over()
    bounce = replace(
        ANN,
        from_address="mailer-daemon@example.net",
        message_id="<bounce@x>",
        origin=Origin.BOUNCE,
        bounce_of=letter.message_id,
        bounce_reason="5.1.1 no such person",
    )

    arrival, message = arrive("1:7:1", bounce)

    letter.refresh_from_db()
    assert (letter.bounced_at, letter.bounce_reason) == (NOW, "5.1.1 no such person")
    assert (arrival.state, arrival.message_ref, message) == (Arrival.State.MESSAGE, letter.reference, None)
    assert kinds() == ["CustomerMet", "LetterQueued", "MessageReceived", "LetterBounced", "HandleBounced"]
    assert (Case.objects.count(), Letter.objects.count()) == (0, 1)
    assert Handle.objects.get().bounced_at == NOW


@pytest.mark.parametrize("reason", ["", "4.2.2 mailbox full", "no such person 5.1.1"])
def test_only_what_came_back_for_good_speaks_against_an_address(reason: str) -> None:
    letter = hand_over()
    said = {"origin": Origin.BOUNCE, "bounce_of": letter.message_id, "bounce_reason": reason}

    arrive("1:7:1", replace(ANN, from_address="mailer-daemon@example.net", message_id="<bounce@x>", **said))

    letter.refresh_from_db()
    assert (letter.bounced_at, Handle.objects.get().bounced_at) == (NOW, None)


def test_mail_our_server_vouches_for_shows_whose_the_address_is() -> None:
    _, message = arrive("1:7:1")

    assert Handle.objects.get().verified_at == NOW
    assert kinds().count("HandleConfirmed") == 1
    arrive("1:7:2", replace(ANN, message_id="<b@x>", to=(answerable(message),)), at=NOW + timedelta(hours=1))
    assert Handle.objects.get().verified_at == NOW
    assert kinds().count("HandleConfirmed") == 1


@pytest.mark.parametrize(
    ("change", "is_shown"),
    [
        ({"dmarc": Dmarc.NONE, "dmarc_is_checked": False}, True),  # the token was sent to this address only
        ({"dmarc": Dmarc.NONE}, False),
        ({"dmarc": Dmarc.FAIL}, False),
        ({"dmarc": Dmarc.NONE, "dmarc_is_checked": False, "to": ()}, False),
        ({"dmarc": Dmarc.NONE, "dmarc_is_checked": False, "from_is_sound": False}, False),
        ({"dmarc": Dmarc.NONE, "dmarc_is_checked": False, "from_address": "eve@example.com"}, False),
    ],
)
def test_answer_shows_whose_the_address_is_only_with_its_token(change: dict[str, Any], is_shown: bool) -> None:
    _, first = arrive("1:7:1", replace(ANN, dmarc=Dmarc.NONE, dmarc_is_checked=False))
    assert Handle.objects.get().verified_at is None

    arrive("1:7:2", replace(ANN, **{"message_id": "<b@x>", "to": (answerable(first),), **change}))

    verified = Handle.objects.exclude(verified_at=None).values_list("address", flat=True)
    assert list(verified) == (["ann@example.net"] if is_shown else [])


def test_nobodys_letter_still_becomes_a_case() -> None:
    _, message = arrive("1:7:1", replace(ANN, from_address="", from_is_sound=False, dmarc=Dmarc.NONE))

    assert message.case.unverified is True
    assert message.handle.address == actions.NOBODY
    assert Letter.objects.count() == 0


def test_attachments_come_along() -> None:
    _, message = arrive("1:7:1", replace(ANN, attachments=(Attachment("a.png", "image/png", b"\x89"),)))

    kept = message.attachments.get()
    assert (kept.name, kept.content_type, bytes(kept.blob.content)) == ("a.png", "image/png", b"\x89")


def test_clock_counts_from_when_the_server_took_it_never_from_the_future() -> None:
    early = actions.capture(channel="email", outside_id="1", source=b"1", received_at=NOW - timedelta(days=30), now=NOW)
    late = actions.capture(channel="email", outside_id="2", source=b"2", received_at=NOW + timedelta(days=1), now=NOW)

    assert (early.received_at, late.received_at) == (NOW - timedelta(days=30), NOW)


def test_what_cannot_be_read_is_kept_and_shown() -> None:
    arrival = actions.capture(channel="email", outside_id="1:7:1", source=b"From: ((((", now=NOW)

    assert actions.quarantine(arrival, reason="too_slow", problem="It took too long.", now=NOW) is True
    assert actions.quarantine(arrival, reason="too_slow", problem="It took too long.", now=NOW) is False

    message = Message.objects.get()
    assert bytes(message.attachments.get().blob.content) == b"From: (((("
    arrival.refresh_from_db()
    assert arrival.state == "quarantined"
    assert message.case.answer_by is not None
    assert Letter.objects.count() == 0
    assert kinds().count("MailQuarantined") == 1


def hand_over() -> Letter:
    customer = find_or_make_customer(address="ann@example.net", name="Ann", now=NOW)
    return post.hand_over(
        key="x",
        to_address="ann@example.net",
        subject="x",
        text="x",
        because="case:1",
        customer_id=customer.customer_id,
        automatic=False,
        now=NOW,
    )


def test_letter_read_before_the_one_it_refers_to_gets_its_link_afterwards() -> None:
    nearest, further = "<near@example.net>", "<far@example.net>"
    _, early = arrive("1:7:1", replace(ANN, message_id="<b@x>", in_reply_to=nearest, references=(further, nearest)))
    assert early.case.seems_to_be_id is None

    _, far = arrive("1:7:2", replace(ANN, message_id=further, text="The first."))
    early.case.refresh_from_db()
    assert early.case.seems_to_be_id == far.case_id

    _, near = arrive("1:7:3", replace(ANN, message_id=nearest, text="The second."))
    early.case.refresh_from_db()
    assert early.case.seems_to_be_id == near.case_id


def test_letters_that_overtake_each_other_leave_the_case_as_if_they_had_not() -> None:
    _, first = arrive("1:7:1", at=NOW)
    letter = replace(ANN, to=(answerable(first),))
    case, handle = Case.objects.get(), Handle.objects.get()
    cases.note_talk(
        handle=handle, case=case, staff=things.staff(), channel="phone", subject="", text="Told her.", at=NOW, now=NOW
    )
    Case.objects.update(emotion="")

    arrive("1:7:2", replace(letter, message_id="<late@x>", text="Worried, and afraid!"), at=NOW + timedelta(hours=3))
    later = Case.objects.get()
    arrive("1:7:3", replace(letter, message_id="<early@x>", text="I am angry."), at=NOW + timedelta(hours=1))

    case = Case.objects.get()
    assert (case.unanswered_since, case.last_message_at) == (NOW + timedelta(hours=1), NOW + timedelta(hours=3))
    assert later.answer_by - case.answer_by == timedelta(hours=2)  # they have waited for so much longer
    assert case.emotion == later.emotion != ""


def test_ledger_has_the_source_under_a_salt_that_goes_with_it() -> None:
    one, other = (
        actions.capture(channel="email", outside_id=name, source=b"the same letter", now=NOW)
        for name in ("1:1:1", "1:1:2")
    )

    told = [facts_about(arrival.reference)[0][1]["digest"] for arrival in (one, other)]

    assert told == [hmac.digest(bytes(row.digest_salt), b"the same letter", "sha256").hex() for row in (one, other)]
    assert (one.digest == other.digest, told[0] == told[1]) == (True, False)
    assert one.digest not in told


def test_a_worker_of_before_goes_on_when_a_newer_version_has_added_a_column() -> None:
    def claimed(nth: int) -> Arrival | None:
        kept = actions.capture(
            channel="email", outside_id=f"0:{nth}", source=b"", received_at=things.NOW, now=things.NOW
        )
        found = actions.claim(now=things.NOW)
        assert found == kept
        return found

    for nth in range(10):  # so often that its plan is kept
        claimed(nth)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%UPDATE inbox_arrival SET attempts%'"
        )
        assert cursor.fetchone() == (1,)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE inbox_arrival ADD COLUMN of_tomorrow integer")

    assert claimed(11) is not None


def test_answer_to_a_notice_is_part_of_what_it_told_of_and_is_acknowledged() -> None:
    ann = things.handle(ANN.from_address)
    incident = incidents.begin(
        title="Late", sort="late", happened_at=NOW, next_word_at=NOW + timedelta(hours=1), by=None, now=NOW
    )
    cohort = cohorts.draft(about=incident.ref, conditions=Every(), by=None, now=NOW)
    cohorts.add(cohort, customers=[ann.customer_id], by=None, now=NOW)
    notice = telling.write(
        about=incident.ref, cohort=cohort, sort="began", texts={"en": ("So", "So.")}, happened_at=NOW, by=None, now=NOW
    )
    notice = telling.send(notice, by=None, now=NOW)
    later = NOW + timedelta(minutes=1)
    making.make(now=later)
    leaving.write_letters(now=later)

    told = Letter.objects.get(because=f"notice:{notice.pk}")
    _arrival, message = arrive("answer", replace(ANN, in_reply_to=told.message_id), at=later)

    message.case.refresh_from_db()
    assert message.case.incident == incident.ref
    assert answered(notice) == 1
    assert Letter.objects.filter(because=f"case:{message.case_id}").exists()
