from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests import people_and_things as things
from tests.faces import Shop
from tests.people_and_things import DAY, NOW
from tests.planted import MARKS, Life, everything, found_in

from troth.cases.actions import File
from troth.cases.models import Blob, Case, Message
from troth.channels.files.carrier import FolderCarrier
from troth.inbox import actions as inbox
from troth.inbox.models import Arrival
from troth.ledger import keys
from troth.ledger.actions import seal
from troth.ledger.models import Entry
from troth.people import actions as people
from troth.people.models import Customer, Handle, Once
from troth.people.queries import family
from troth.post import actions as post
from troth.post import sending
from troth.post.models import Letter, LetterState
from troth.privacy import actions, queries, sayings
from troth.privacy.models import Erasure
from troth.promises import watcher
from troth.promises.models import Promise, Telling
from troth.site import fsck, verify
from troth.site.worker import _parameters

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=4)


@pytest.fixture
def other_connection() -> Any:
    """Of another process, as it were."""
    with psycopg.connect(**_parameters()) as other:
        yield other


def erased(customer: Customer, **said: Any) -> Erasure:
    found = actions.erase(customer, **{"by": None, "now": LATER, **said})
    assert found.done_at == LATER, found.problem
    return found


def wrong() -> list[str]:
    """What `troth verify-state` finds, but for what only waits because no worker runs here."""
    while seal(now=LATER):
        pass
    report = verify.report(now=LATER, with_mailboxes=False)
    return [f"{one.invariant} {one.wrong} {one.refs}" for one in report.findings if one.invariant != "I12"]


def diverging() -> set[str]:
    """What `troth fsck` finds; some of a life is put past the application, and diverges before already."""
    return {str(one) for one in fsck.look().divergences}


def test_not_a_byte_of_a_person_is_left(life: Life, tmp_path: Path) -> None:
    before = found_in(everything(tmp_path))
    ids = family(life.customer.pk)
    verified, diverged = wrong(), diverging()
    salts = [bytes(salt) for salt in _salts()]
    assert len(salts) > 8

    found = erased(life.customer)
    assert found_in(everything(tmp_path)) == {"address"}  # the letter that says so waits to leave
    sending.sweep(carrier=sending.carrier_in_use(), clock=lambda: LATER)  # the last letter
    actions.sweep_up(now=LATER)

    assert set(MARKS) - before == set(), "a mark that is nowhere shows nothing"
    after = everything(tmp_path)
    assert found_in(after) == set()
    assert [salt for salt in salts if salt.hex().encode() in after] == []
    assert found.customers == ids
    assert set(ids) <= set(keys.destroyed())
    assert queries.left() == set()
    assert wrong() == verified
    assert diverging() - diverged == set()


def _salts() -> list[bytes]:
    """Without which what the ledger keeps of words tells nothing."""
    arrived = Arrival.objects.exclude(digest_salt=b"").values_list("digest_salt", flat=True)
    told = Telling.objects.exclude(words_salt=b"").values_list("words_salt", flat=True)
    return [*Promise.objects.exclude(words_salt=b"").values_list("words_salt", flat=True), *told, *arrived]


def test_the_figures_are_what_they_were_but_for_what_was_still_owed(life: Life) -> None:
    before = Counter(Promise.objects.values_list("state", flat=True))
    wish = life.wish.promise

    erased(life.customer)

    now = {promise.pk: promise.state for promise in Promise.objects.all()}
    assert [now[one.pk] for one in (life.kept, life.let_off, life.late)] == ["kept", "released", "broken"]
    assert [now[one.pk] for one in (life.owed, life.moved, life.armed, life.proposed)] == [*["released"] * 3, "void"]
    assert now[wish.pk] == "kept"
    after = Counter(now.values())
    # The answer that the form's sender waited for is past its day, too, though nobody had looked yet.
    assert after["late"] + after["broken"] == before["late"] + before["broken"] + 1
    assert after["kept"] == before["kept"] + 1  # the wish itself
    assert Promise.objects.filter(look_again_at__isnull=False, customer_id__in=family(life.customer.pk)).count() == 0
    assert not Telling.objects.filter(settled_at=None).exists()


def test_what_the_company_decides_lets_it_off_nothing(life: Life) -> None:
    assert actions.withdraw(life.wish, now=NOW)

    erased(life.customer)

    now = {promise.pk: promise.state for promise in Promise.objects.all()}
    assert [now[one.pk] for one in (life.owed, life.moved, life.late)] == ["broken"] * 3
    assert not Letter.objects.filter(key__startswith="erased:").exists()


def test_the_watcher_never_writes_to_them_again(life: Life) -> None:
    erased(life.customer)
    told, letters = Telling.objects.count(), Letter.objects.count()

    watcher.look_ahead(now=NOW + 400 * DAY)

    theirs = Promise.objects.filter(customer_id__in=family(life.customer.pk))
    assert Telling.objects.filter(promise__in=theirs).count() == told
    assert Letter.objects.count() == letters
    waiting = Letter.objects.filter(customer_id__in=family(life.customer.pk), state__in=["queued", "sending", "data"])
    assert not waiting.exists()


def test_whoever_writes_again_from_the_same_address_is_somebody_new(life: Life) -> None:
    old = life.customer.pk
    erased(life.customer)

    new = people.find_or_make_customer(address=MARKS["address"], name="Back again", now=LATER)

    assert new.customer_id != old
    assert (new.customer.name, new.verified_at, new.customer.erased_at) == ("Back again", None, None)
    assert keys.of([old, new.customer_id])[old] is None
    assert keys.of([new.customer_id])[new.customer_id]


def test_nobody_else_loses_anything(shop: Shop, life: Life) -> None:
    theirs = shop.message(
        shop.bob,
        "Where is my lamp?",
        files=[File(name="lamp.txt", content_type="text/plain", content=MARKS["file bytes"].encode())],
        verified=True,
    )
    blob = theirs.attachments.get().blob_id
    answers = Once.objects.filter(status__lt=400).count()

    erased(life.customer)

    theirs.refresh_from_db()
    assert (theirs.text, str(theirs.case), theirs.handle_id) == ("Where is my lamp?", "Parcel", shop.bob.pk)
    assert Blob.objects.filter(pk=blob).exists()
    assert Once.objects.filter(status=404).count() == 2
    assert Once.objects.filter(status__lt=400).count() == answers - 2


# In which order they are merged, erased and taken apart


def test_who_was_merged_goes_whole_whichever_number_is_named(shop: Shop) -> None:
    ann, bob = shop.ann.customer, shop.bob.customer
    shop.message(shop.ann), shop.message(shop.bob)
    people.merge(front=ann, merged=bob, by=None, now=NOW)

    done = erased(bob)

    assert done.customers == [ann.pk, bob.pk]
    assert not Handle.objects.filter(customer__in=[ann, bob]).exists()
    assert Entry.objects.filter(kind="CustomerErased", customer="").count() == 2


def test_what_was_erased_together_is_not_taken_apart(shop: Shop) -> None:
    record = people.merge(front=shop.ann.customer, merged=shop.bob.customer, by=None, now=NOW)
    erased(shop.ann.customer)

    with pytest.raises(people.Forgotten, match="nobody left to take apart"):
        people.unmerge(record, by=None, now=LATER)


def test_nobody_is_merged_with_who_was_erased(shop: Shop) -> None:
    erased(shop.ann.customer)

    for front, merged in ((shop.ann, shop.bob), (shop.bob, shop.ann)):
        with pytest.raises(people.Forgotten, match="nobody left to merge"):
            people.merge(front=front.customer, merged=merged.customer, by=None, now=LATER)
    assert family(shop.bob.customer_id) == [shop.bob.customer_id]


def test_who_was_taken_apart_before_stays(shop: Shop) -> None:
    record = people.merge(front=shop.ann.customer, merged=shop.bob.customer, by=None, now=NOW)
    people.unmerge(record, by=None, now=NOW)

    assert erased(shop.ann.customer).customers == [shop.ann.customer_id]
    assert Customer.objects.get(pk=shop.bob.customer_id).name == "Bob Baker"


def test_who_is_merged_while_it_waits_goes_along(shop: Shop) -> None:
    begun = actions.begin(shop.ann.customer, by=None, now=NOW)
    people.merge(front=shop.bob.customer, merged=shop.ann.customer, by=None, now=NOW)

    assert actions.carry_out(begun.pk, now=LATER).customers == [shop.ann.customer_id, shop.bob.customer_id]


def test_a_hold_for_who_is_merged_while_it_waits_stands(shop: Shop) -> None:
    begun = actions.begin(shop.ann.customer, by=None, now=NOW)
    held = actions.hold(shop.bob.customer, reason="dispute", words="Claim", until=NOW + DAY, by=shop.lea, now=NOW)
    people.merge(front=shop.bob.customer, merged=shop.ann.customer, by=None, now=NOW)

    waits = actions.carry_out(begun.pk, now=LATER)
    assert (waits.rows_at, waits.problem) == (None, "A hold stands for who was merged with them.")
    assert "a hold stands" in sayings.waits(waits.problem).lower()
    assert not {shop.ann.customer_id, shop.bob.customer_id} & keys.destroyed().keys()

    assert actions.lift(held, by=shop.lea, now=LATER)
    assert actions.go_on(now=LATER) == 1


# Killed anywhere, and restored from a backup


def test_killed_before_the_words_went_it_is_gone_on_with(shop: Shop) -> None:
    begun = actions.begin(shop.ann.customer, by=None, now=NOW)

    assert actions.go_on(now=LATER) == 1

    begun.refresh_from_db()
    assert (begun.rows_at, begun.done_at) == (LATER, LATER)
    assert shop.ann.customer_id in keys.destroyed()


def test_killed_before_the_key_went_it_goes_and_nothing_is_said_twice(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_args: Any, **_values: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(actions.keys, "destroy", killed)
        with pytest.raises(Killed):
            actions.erase(shop.ann.customer, by=None, now=LATER)
    assert Erasure.objects.get().rows_at == LATER
    assert shop.ann.customer_id not in keys.destroyed()

    assert actions.go_on(now=LATER + DAY) == 1

    assert Erasure.objects.get().done_at == LATER + DAY
    assert shop.ann.customer_id in keys.destroyed()
    assert Entry.objects.filter(kind="CustomerErased").count() == 1


def test_a_restored_backup_forgets_again(shop: Shop) -> None:
    """The register says so, and nothing else: the rows are as they were before anybody was erased."""
    case = shop.case(text="Where is it?")
    promise = shop.promise(case=case)
    keys.destroy([shop.ann.customer_id], now=NOW)

    assert actions.compare(now=LATER) == 1

    assert Erasure.objects.get().because == "restored"
    promise.refresh_from_db()
    assert (Message.objects.get(case=case).text, promise.what) == ("", "Erased")
    assert not Handle.objects.filter(pk=shop.ann.pk).exists()
    assert actions.compare(now=LATER) == 0
    assert Handle.objects.filter(pk=shop.bob.pk).exists()


def test_keys_put_back_from_their_backup_are_destroyed_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    erased(shop.ann.customer)
    destroyed: list[int] = []
    monkeypatch.setattr(actions.keys, "destroyed", dict)
    monkeypatch.setattr(actions.keys, "destroy", lambda numbers, now: destroyed.extend(numbers))

    actions.compare(now=LATER)

    assert destroyed == [shop.ann.customer_id]


def test_after_a_restore_nobody_gets_the_number_of_who_was_forgotten(shop: Shop) -> None:
    gone = shop.bob.customer_id + 50
    keys.destroy([gone], now=NOW)

    actions.compare(now=LATER)

    assert things.handle("new@example.net").customer_id > gone


def test_what_was_written_in_that_very_moment_is_swept_up(shop: Shop) -> None:
    case = shop.case()
    erased(shop.ann.customer)
    Message.objects.create(case=case, direction="note", at=LATER, text="A slip of paper")
    Case.objects.filter(pk=case.pk).update(subject="Slip")

    assert actions.sweep_up(now=LATER) == 1

    assert Message.objects.filter(case=case).exclude(text="").count() == 0
    assert Case.objects.get(pk=case.pk).subject == ""
    assert actions.sweep_up(now=LATER) == 0


def test_a_letter_that_comes_back_late_brings_no_word_of_them(shop: Shop) -> None:
    letter = _letter(shop)
    sending.sweep(carrier=sending.carrier_in_use(), clock=lambda: NOW)
    erased(shop.ann.customer)

    assert post.mark_bounced(letter_id=letter.pk, arrival="arrival:1", reason="550 no ann@example.net", now=LATER)

    letter.refresh_from_db()
    assert (letter.bounced_at, letter.bounce_reason) == (LATER, "")


def test_what_comes_back_of_the_last_letter_goes_with_it(shop: Shop) -> None:
    actions.ask(shop.ann.customer, by=None, now=NOW)
    erased(shop.ann.customer)
    sending.sweep(carrier=sending.carrier_in_use(), clock=lambda: LATER)
    last = Letter.objects.get(key__startswith="erased:")
    back = inbox.capture(channel="email", outside_id="9:1:9", source=b"No ann@example.net here.", now=LATER)
    Arrival.objects.filter(pk=back.pk).update(state=Arrival.State.MESSAGE, message_ref=last.reference)

    actions.sweep_up(now=LATER)

    last.refresh_from_db()
    back.refresh_from_db()
    assert (last.to_address, bytes(back.source)) == ("", b"")


def test_copies_of_warnings_to_staff_go_as_well(shop: Shop) -> None:
    """They name the customer, and are written to somebody else."""
    carrier = FolderCarrier()
    promise = shop.promise(case=shop.case(text="Where?"))
    watcher.look_ahead(now=promise.warn_at)
    sending.sweep(carrier=carrier, clock=lambda: promise.warn_at)
    warnings = [path for path in carrier.folder.iterdir() if "Ann Archer" in path.read_text()]
    assert warnings

    actions.erase(shop.ann.customer, by=None, now=promise.warn_at)

    assert not any(path.exists() for path in warnings)


# What it waits for, and what forbids it


def test_a_letter_that_is_leaving_is_waited_for(shop: Shop, other_connection: Any) -> None:
    letter = _letter(shop)
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENDING)
    other_connection.execute("SELECT pg_advisory_lock(%s, %s)", [post.LOCK_KIND, letter.pk])

    waits = actions.erase(shop.ann.customer, by=None, now=LATER)
    assert (waits.rows_at, waits.problem) == (None, "A letter to them is leaving at this moment.")
    assert shop.ann.customer_id not in keys.destroyed()

    other_connection.execute("SELECT pg_advisory_unlock_all()")
    assert actions.go_on(now=LATER) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.to_address, bytes(letter.raw)) == ("taken_back", "", b"")


def test_a_message_that_waits_to_be_read_goes_with_the_rest(shop: Shop) -> None:
    said = b'{"email": "ann@example.net", "name": "Ann", "subject": "More", "body": "One thing more"}'
    arrival = inbox.capture(channel="webform", outside_id="late", source=said, now=NOW)

    assert actions.erase(shop.ann.customer, by=None, now=LATER).problem == "A message of theirs waits to be read."
    assert inbox.quarantine(arrival, reason="form_shape", problem="ann@example.net", now=LATER)
    assert actions.go_on(now=LATER) == 1

    arrival.refresh_from_db()
    assert (bytes(arrival.source), arrival.problem, arrival.outside_id) == (b"", "", f"erased:{arrival.pk}")


def test_while_a_hold_stands_nobody_is_erased(shop: Shop) -> None:
    ann = shop.ann.customer
    held = actions.hold(ann, reason="statute", words="Tax law", until=NOW + DAY, by=shop.lea, now=NOW)

    with pytest.raises(actions.IsHeld) as refused:
        actions.begin(ann, by=None, now=NOW)
    assert refused.value.holds == (held,)

    assert actions.lift(held, by=shop.lea, now=NOW)
    assert not actions.lift(held, by=shop.lea, now=NOW)
    assert actions.begin(ann, by=None, now=NOW).customers == [ann.pk]
    with pytest.raises(actions.ErasedAlready):
        actions.hold(ann, reason="statute", words="Tax law", until=NOW + DAY, by=shop.lea, now=NOW)


def test_a_hold_ends_with_its_day(shop: Shop) -> None:
    actions.hold(shop.ann.customer, reason="dispute", words="Claim 7", until=NOW + DAY, by=shop.lea, now=NOW)

    assert actions.begin(shop.ann.customer, by=None, now=NOW + DAY).pk


def test_nobodys_record_is_erased_by_nobody(shop: Shop) -> None:
    unknown = things.handle(inbox.NOBODY, name="Unknown sender")

    with pytest.raises(actions.NotAPerson):
        actions.begin(unknown.customer, by=None, now=NOW)


def test_who_seems_to_be_them_goes_only_where_somebody_says_so(shop: Shop) -> None:
    case = shop.case()
    maybe = things.handle("ann.private@example.net", name="Ann at home")
    seems = shop.message(maybe, "It is me again", unverified=True, seems_to_be=case.pk).case

    assert [one.pk for one in queries.seem_to_be(queries.reach([shop.ann.customer_id]))] == [seems.pk]
    done = erased(shop.ann.customer, also=[maybe.customer_id])

    assert done.customers == [shop.ann.customer_id, maybe.customer_id]
    assert Message.objects.get(case=seems).text == ""


def test_their_wish_is_a_promise_like_any_other_and_answered_within_a_month(shop: Shop) -> None:
    wish = actions.ask(shop.ann.customer, by=None, now=NOW)

    assert wish.promise is not None
    assert (wish.promise.state, wish.promise.due) == ("open", wish.answer_by)
    assert wish.answer_by.isoformat() == "2026-12-11T23:59:00+00:00"
    with pytest.raises(actions.AskedAlready):
        actions.ask(shop.ann.customer, by=None, now=NOW)

    assert actions.refuse(wish, words="Tax law asks us to keep it.", by=shop.lea, now=LATER)
    wish.promise.refresh_from_db()
    assert wish.promise.state == "kept"
    assert "Tax law asks us to keep it." in things.text_of(Letter.objects.get(because=wish.reference))
    assert actions.ask(shop.ann.customer, by=None, now=LATER).pk > wish.pk


def _letter(shop: Shop) -> Letter:
    return post.hand_over(
        key="one",
        to_address="ann@example.net",
        subject="Soon",
        text="Soon.",
        because="case:1",
        customer_id=shop.ann.customer_id,
        automatic=False,
        now=NOW,
    )
