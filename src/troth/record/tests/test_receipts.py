"""Receipts: for whom there are some, that each verifies by itself, and who may have them."""

from __future__ import annotations

import html
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.faces import Shop, page, signed_in, statements, with_link
from tests.people_and_things import DAY, FRIDAY, HOUR, NOW
from tests.programs import Program

from troth.ledger import actions as ledger
from troth.ledger import keys as customer_keys
from troth.ledger import rotation
from troth.ledger.models import Cosignature, Entry
from troth.ledger.outside import read_keys
from troth.ledger.queries import checkpoint
from troth.ledger.rules.note import COSIGNATURE, Note, Signer, Verifier
from troth.ledger.rules.receipt_verify import Verdict, verify
from troth.people.models import Handle
from troth.people.rules.keys import Scope
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.record import receipts
from troth.words import facts
from troth.words.refs import ref

pytestmark = pytest.mark.django_db


def sealed() -> None:
    while ledger.seal(now=NOW):
        pass


def verified(text: str | None, *more: Verifier) -> Verdict:
    return verify((text or "").encode(), keys=[read_keys()[0].verifier, *more])


def lived(shop: Shop, who: Handle | None = None) -> Promise:
    """Promised, moved in time, kept, and judged by the customer."""
    promise = shop.promise(who, what="ring you", quote="I will ring you on Friday.")
    promises.move(
        promise, to=FRIDAY + 3 * DAY, words="The carrier loads later.", reason="supplier", by=shop.sam, now=NOW
    )
    promise.refresh_from_db()
    promises.keep(promise, by=shop.sam, now=NOW + HOUR)
    promise.refresh_from_db()
    promises.give_verdict(promise, kept=True, now=NOW + 2 * HOUR)
    return promise


def test_everything_that_concerns_the_customer_has_a_receipt_that_verifies(shop: Shop) -> None:
    promise = lived(shop)
    sealed()

    found = receipts.of(ref("promise", promise.pk))

    assert [one.kind for one in found] == ["PromiseMade", "TellingSent", "PromiseMoved", "PromiseKept", "VerdictGiven"]
    assert len({one.name for one in found}) == len(found)
    for one in found:
        verdict = verified(one.text)
        assert verdict.holds, verdict.said
        assert verdict.opening
        assert (verdict.opening.fact["kind"], verdict.opening.fact["about"]) == (one.kind, one.about)
        assert one.position == Entry.objects.get(pk=one.entry).seal.position
        assert receipts.of_entry(one.entry) == one


def test_the_words_stand_on_it_as_they_were_put_on_record(shop: Shop) -> None:
    promise = lived(shop)
    sealed()

    made, word, *_rest = receipts.of(ref("promise", promise.pk))

    assert "In the words: I will ring you on Friday." in (made.text or "")
    assert "Promised: ring you" in (made.text or "")
    assert "In the words: The carrier loads later." in (word.text or "")
    assert "The words on it are the words that were put on record." in verified(made.text).said
    assert "The words on it are the words that were put on record." in verified(word.text).said


def test_words_that_were_changed_or_emptied_are_left_out(shop: Shop) -> None:
    changed, emptied = (shop.promise(what=what) for what in ("ring you", "send it"))
    sealed()
    Promise.objects.filter(pk=changed.pk).update(what="ring you tomorrow")
    Promise.objects.filter(pk=emptied.pk).update(what="", words_salt=b"")

    for one in receipts.of_each([ref("promise", changed.pk), ref("promise", emptied.pk)]):
        verdict = verified(one.text)
        assert verdict.holds
        assert "Promised:" not in (one.text or "")
        assert "Its words are not on this receipt; only that they were put on record is." in verdict.said


def test_every_kind_with_a_receipt_is_a_kind_of_fact_and_has_its_words() -> None:
    for kind in receipts.KINDS:
        assert issubclass(getattr(facts, kind), facts.Fact)
        assert receipts.title(kind)
        assert receipts.staff_title(kind)


def test_what_is_the_houses_own_has_none(shop: Shop) -> None:
    case = shop.case()
    sealed()
    opened = Entry.objects.get(about=ref("case", case.pk), kind="CaseOpened")

    assert receipts.of_entry(opened.pk) is None
    assert receipts.of_entry(2**40) is None
    assert receipts.of(ref("case", case.pk)) == []


def test_before_it_is_sealed_there_is_no_text_yet(shop: Shop) -> None:
    promise = shop.promise()

    [one] = receipts.of(ref("promise", promise.pk))

    assert (one.text, one.position) == (None, None)
    assert receipts.for_letter([ref("promise", promise.pk)], now=NOW) is None


def test_a_letter_encloses_the_newest_date_of_each(shop: Shop) -> None:
    moved, plain, late = (shop.promise(what=what) for what in ("send it", "ring you", "look into it"))
    promises.move(moved, to=FRIDAY + 3 * DAY, words="It takes longer.", reason="supplier", by=shop.sam, now=NOW)
    promises.move(late, to=FRIDAY + 3 * DAY, words="Sorry.", reason="supplier", by=shop.sam, now=FRIDAY + HOUR)
    sealed()

    enclosed = receipts.for_letter([ref("promise", one.pk) for one in (moved, plain, moved, late)], now=NOW)

    assert enclosed is not None
    verdicts = [verified(one.content.decode()) for one in enclosed]
    told = [(verdict.opening.fact["kind"], verdict.opening.fact["about"]) for verdict in verdicts if verdict.opening]
    assert told == [
        ("PromiseMoved", ref("promise", moved.pk)),
        ("PromiseMade", ref("promise", plain.pk)),
        ("TellingSent", ref("promise", late.pk)),
    ]
    assert {one.content_type for one in enclosed} == {"text/plain; charset=utf-8"}
    assert all(one.name.endswith(".txt") and one.name.isascii() for one in enclosed)


def test_a_witness_is_named_where_one_saw_the_entry(shop: Shop) -> None:
    promise = shop.promise()
    sealed()
    head = checkpoint() or ""
    witness = Signer("witness.example/w", COSIGNATURE, bytes(32))
    line = witness.sign(Note.from_text(head).text, at=int(NOW.timestamp())).to_line()
    size = int(head.split("\n")[1])
    Cosignature.objects.create(checkpoint_id=size, witness=witness.verifier.to_text(), line=line, at=NOW)
    promises.keep(promise, by=shop.sam, now=NOW)
    sealed()

    made, kept = receipts.of(ref("promise", promise.pk))

    seen, not_yet = verified(made.text, witness.verifier), verified(kept.text, witness.verifier)
    assert seen.holds
    assert not_yet.holds
    assert seen.checkpoint
    assert seen.checkpoint.size == size
    assert any("saw this head" in said for said in seen.said)
    assert any("has not signed" in said for said in not_yet.said)


def test_what_was_forgotten_has_none_and_what_was_kept_holds(shop: Shop) -> None:
    promise = lived(shop)
    sealed()
    kept = [one.text for one in receipts.of(ref("promise", promise.pk))]

    customer_keys.destroy([shop.ann.customer_id], now=NOW)

    assert receipts.of(ref("promise", promise.pk)) == []
    assert receipts.for_letter([ref("promise", promise.pk)], now=NOW) == []
    assert all(verified(text).holds for text in kept)


def test_many_receipts_take_as_many_statements_as_one(shop: Shop) -> None:
    first = lived(shop)
    sealed()
    rest = [lived(shop) for _ in range(3)]
    sealed()

    def asked(*wanted: Promise) -> int:
        with CaptureQueriesContext(connection) as statements:
            assert all(one.text for one in receipts.of_each([ref("promise", one.pk) for one in wanted]))
        return len(statements)

    assert asked(first) == asked(first, *rest) <= 8


# The customer's page


def test_the_customer_downloads_each_and_all(shop: Shop) -> None:
    promise = lived(shop)
    lived(shop, shop.bob)
    sealed()
    ann = with_link(shop.link())
    own = receipts.of(ref("promise", promise.pk))

    text = page(ann, "/my/")

    assert all(f'href="/my/receipts/{one.entry}.txt"' in text for one in own)
    answer = ann.get(f"/my/receipts/{own[0].entry}.txt")
    assert answer.content.decode() == own[0].text
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{own[0].name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(ann.get("/my/receipts.zip").getvalue()))
    assert {name: archive.read(name).decode() for name in archive.namelist()} == {one.name: one.text for one in own}


def test_the_archive_is_written_while_it_is_read(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.portal.receipts.AT_A_TIME", 1, raising=False)
    made = [shop.promise() for _ in range(3)]
    sealed()
    written: list[str] = []
    of_each = receipts.of_each
    monkeypatch.setattr(receipts, "of_each", lambda few: [written.extend(few), of_each(few)][1])
    answer = with_link(shop.link()).get("/my/receipts.zip")

    assert written == [ref("promise", made[0].pk)]
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert len(archive.namelist()) == len(written) == 3
    assert {info.date_time for info in archive.infolist()} == {NOW.timetuple()[:6]}


def test_one_that_is_not_ready_is_told_as_soon_there(shop: Shop) -> None:
    promise = shop.promise()
    ann = with_link(shop.link())
    [one] = receipts.of(ref("promise", promise.pk))

    answers = [ann.get(f"/my/receipts/{one.entry}.txt"), ann.get("/my/receipts.zip")]

    for answer in answers:
        assert (answer.status_code, answer.headers["Retry-After"]) == (202, "3")
        assert "ready in a few seconds" in answer.content.decode()
    sealed()
    assert ann.get(f"/my/receipts/{one.entry}.txt").content.decode().startswith("A promise was made.")


def test_nothing_promised_means_no_receipts_and_says_so(shop: Shop) -> None:
    ann = with_link(shop.link())

    assert "There is no receipt yet" in ann.get("/my/receipts.zip").content.decode()
    assert "receipts.zip" not in page(ann, "/my/")


def test_what_is_anothers_or_not_shown_is_not_there(shop: Shop) -> None:
    bobs, void = shop.promise(shop.bob), shop.promise()
    promises.void(void, reason="Recorded by mistake.", by=shop.lea, now=NOW)
    case = shop.case()
    sealed()
    ann = with_link(shop.link())
    entries = Entry.objects.filter(about__in=[ref("promise", bobs.pk), ref("promise", void.pk), ref("case", case.pk)])

    answers = {
        entry: ann.get(f"/my/receipts/{entry}.txt").status_code for entry in entries.values_list("pk", flat=True)
    }

    assert len(answers) > 3
    assert set(answers.values()) == {404}


def test_the_page_takes_the_same_statements_with_one_promise_and_with_many(shop: Shop) -> None:
    ann = with_link(shop.link())
    lived(shop)
    one = statements(ann, "/my/")

    for _ in range(3):
        lived(shop)

    assert statements(ann, "/my/") == one


# Staff, and other programs


def test_staff_find_them_beside_the_promise(shop: Shop) -> None:
    promise = lived(shop)
    sealed()
    sam = signed_in(shop.sam)
    [made, *_rest] = receipts.of(ref("promise", promise.pk))

    assert f'href="/record/promises/{promise.pk}/"' in page(sam, f"/promises/{promise.pk}/")
    text = page(sam, f"/record/promises/{promise.pk}/")

    assert text.count("/record/receipts/") == 5
    assert sam.get(f"/record/receipts/{made.entry}.txt").content.decode() == made.text
    assert Client().get(f"/record/receipts/{made.entry}.txt").status_code == 302


def test_staff_are_told_which_is_not_sealed_yet_and_which_are_gone(shop: Shop) -> None:
    promise = shop.promise()
    sam = signed_in(shop.sam)
    entry = Entry.objects.get(about=ref("promise", promise.pk)).pk

    assert "Ready in a few seconds" in page(sam, f"/record/promises/{promise.pk}/")
    assert sam.get(f"/record/receipts/{entry}.txt").status_code == 404
    customer_keys.destroy([shop.ann.customer_id], now=NOW)
    assert "There is no receipt of it" in page(sam, f"/record/promises/{promise.pk}/")


def test_a_program_reads_them(shop: Shop) -> None:
    promise = shop.promise()
    program = Program(shop.sam, Scope.PROMISES_READ)
    path = f"/promises/{promise.pk}/receipts"

    [soon] = program.get(path)[1]["items"]
    sealed()
    [told] = program.get(path)[1]["items"]

    assert (soon["text"], soon["position"]) == (None, None)
    assert verified(told["text"]).holds
    assert told["entry"] == soon["entry"] == ref("entry", Entry.objects.get(about=ref("promise", promise.pk)).pk)
    assert told["kind"] == "PromiseMade"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("its_file", ["is there", "is gone"])
def test_receipts_from_before_a_key_was_stolen_are_still_known(
    shop: Shop, settings: Any, tmp_path: Path, its_file: str
) -> None:
    """Both those that customers hold and those written anew by the head that a witness saw last."""
    settings.TROTH_LOG_KEY, settings.TROTH_LOG_KEY_FILE = "", str(tmp_path / "log-key")
    promise = shop.promise()
    sealed()
    old = read_keys()[0].verifier
    [held] = receipts.of(ref("promise", promise.pk))
    if its_file == "is gone":
        (tmp_path / "log-key").unlink()

    rotation.reopen(why=rotation.Why.KEY, now=NOW)

    [anew] = receipts.of(ref("promise", promise.pk))
    assert anew.text == held.text
    assert verified(held.text, *(key.verifier for key in read_keys())).holds
    for path in ("/record/keys", "/record/verify"):
        assert old.to_text() in html.unescape(Client().get(path).content.decode())
