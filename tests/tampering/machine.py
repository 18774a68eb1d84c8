"""A log that lives: appended to, sealed, its key rotated, customers merged and forgotten, and tampered with, in any order.

Against a real PostgreSQL. The model is what others hold: every head that was ever handed out, and receipts. However it went on,
each head is continued by the last, each receipt verifies, also after its customer was forgotten, and fsck tells of tampering and
of nothing else.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
from django.db import connection, transaction
from django.test import override_settings
from faults.scene import _empty
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.people_and_things import DAY, NOW, company, handle, promise, staff
from tests.tampering import mutations
from tests.tampering.story import Outside, receipt_of
from troth.ledger import keys as customer_keys
from troth.ledger import outside, queries, rotation, sealing
from troth.ledger.models import Checkpoint, Entry, Seal
from troth.ledger.rules.checkpoint import Checkpoint as Head
from troth.ledger.rules.note import Note
from troth.ledger.rules.receipt_verify import LaterHead, verify
from troth.ledger.rules.tree import check_consistency
from troth.people import actions as people
from troth.people.models import Customer, Merge
from troth.privacy import actions as privacy
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.site import fsck
from troth.words.promises import State

PICK = st.integers(0, 10_000)


class Log(RuleBasedStateMachine):
    """One log, from its first entry on."""

    steps = 0
    tampered = 0
    forgotten = 0

    @initialize()
    def begin(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="troth-machine-"))
        self.settings = override_settings(
            TROTH_LOG_KEY="",
            TROTH_LOG_KEY_FILE=str(self.place / "log-key"),
            TROTH_LAST_CHECKPOINT=str(self.place / "last-checkpoint"),
            TROTH_CUSTOMER_KEYS=str(self.place / "keys.sqlite3"),
        )
        self.settings.enable()
        _empty()
        self.now = NOW
        company()
        self.sam = staff()
        customer_keys.destroyed()  # which makes the store
        self.heads: list[str] = []
        self.receipts: list[bytes] = []

    def teardown(self) -> None:
        if hasattr(self, "settings"):
            self.everything_is_as_it_was()
            customer_keys._open.pop(str(self.place / "keys.sqlite3")).close()
            self.settings.disable()
            shutil.rmtree(self.place)

    def tick(self) -> datetime:
        Log.steps += 1
        self.now += timedelta(minutes=1)
        return self.now

    # Appending

    @rule(number=st.integers(0, 7))
    def meet(self, number: int) -> None:
        self.tick()
        handle(f"customer{number}@example.net")

    @rule(which=PICK, dated=st.booleans())
    def give_a_promise(self, which: int, dated: bool) -> None:
        now = self.tick()
        known = {} if dated else {"due": None, "state": State.ARMED}
        promise(
            **{"customer": self._any(self._standing(), which), "due": now + 5 * DAY, "said_at": now, "now": now} | known
        )

    @rule(which=PICK, how=st.sampled_from(["keep", "release", "void", "verdict", "open", "move", "give up"]))
    def go_on(self, which: int, how: str) -> None:
        now, one = self.tick(), self._any(Promise.objects.exclude(what="Erased").order_by("pk"), which)
        if one is None:
            return
        if how == "keep":
            promises.keep(one, by=self.sam, now=now)
        elif how == "release":
            promises.release(one, reason="", by=self.sam, now=now)
        elif how == "void":
            promises.void(one, reason="", by=self.sam, now=now)
        elif how == "verdict":
            promises.give_verdict(one, kept=bool(which % 2), now=now)
        elif how == "open":
            promises.open_up(one, due=now + 3 * DAY, by=self.sam, now=now)
        elif how == "give up":
            promises.give_up(one, reason="forgot", by=self.sam, now=now)
        elif one.is_owed and one.due:
            promises.move(one, to=max(one.due, now) + DAY, words="", reason="", by=self.sam, now=now)

    @rule(which=PICK)
    def give_a_link(self, which: int) -> None:
        now, customer = self.tick(), self._any(self._standing(), which)
        if customer:
            people.issue_link(customer_id=customer.pk, now=now)

    @rule(one=PICK, other=PICK)
    def merge(self, one: int, other: int) -> None:
        now, front, merged = self.tick(), self._any(self._standing(), one), self._any(self._standing(), other)
        if front and merged and front.root_pk != merged.root_pk:
            people.merge(front=front, merged=merged, by=self.sam, now=now)

    @rule(which=PICK)
    def unmerge(self, which: int) -> None:
        now = self.tick()
        standing = Merge.objects.filter(undone_at=None, front__erased_at=None, merged__erased_at=None).order_by("pk")
        record = self._any(standing, which)
        if record:
            people.unmerge(record, by=self.sam, now=now)

    @precondition(lambda self: Seal.objects.exists())
    @rule(which=PICK)
    def forget(self, which: int) -> None:
        now, customer = self.tick(), self._any(self._standing(), which)
        if customer:
            privacy.erase(customer, by=self.sam, now=now)
            Log.forgotten += 1

    # The log

    @rule(most=st.integers(1, 40))
    def seal(self, most: int) -> None:
        if sealing.seal(now=self.tick(), most=most):
            self.heads.append(queries.checkpoint() or "")

    @precondition(lambda self: bool(self.heads))
    @rule(overlap=st.integers(0, 20))
    def rotate(self, overlap: int) -> None:
        rotation.rotate(now=self.tick(), overlap=timedelta(minutes=overlap))

    @precondition(lambda self: bool(self.heads))
    @rule(which=PICK)
    def hand_out_a_receipt(self, which: int) -> None:
        self.tick()
        size = Checkpoint.objects.order_by("-size").values_list("size", flat=True)[0]
        sealed = Entry.objects.filter(seal__position__lte=size, kind="PromiseMade").values_list("about", flat=True)
        kept = Promise.objects.exclude(what="Erased").filter(pk__in=[int(about.partition(":")[2]) for about in sealed])
        one = self._any(kept.order_by("pk"), which)
        if one:
            self.receipts.append(receipt_of(one))

    # Tampering

    @precondition(lambda self: bool(self.heads))
    @rule(seed=st.integers(0, 2**32))
    def tamper(self, seed: int) -> None:
        """Somebody changes something, fsck tells of it, and it is as it was."""
        self.tick()
        before = Outside.kept()
        with transaction.atomic():
            done = mutations.mutate(random.Random(seed), whole=False)  # noqa: S311 -- tried again by its number
            seen = fsck.look(most=1).count
            transaction.set_rollback(True)
        before.put_back()
        assert seen or done is None, done
        Log.tampered += done is not None

    @rule()
    def look(self) -> None:
        self.tick()
        self.everything_is_as_it_was()

    def everything_is_as_it_was(self) -> None:
        assert fsck.look().divergences == []

    # What others hold

    @invariant()
    def every_head_is_continued(self) -> None:
        if len(getattr(self, "heads", ())) < 2:
            return
        last = Head.from_note(Note.from_text(self.heads[-1]))
        for written in {self.heads[0], self.heads[len(self.heads) // 2], self.heads[-2]}:
            note = Note.from_text(written)
            assert note.check(*(key.verifier for key in outside.read_keys()))
            seen = Head.from_note(note)
            check_consistency(
                old=seen.size, new=last.size, old_root=seen.root, new_root=last.root,
                path=queries.consistency(seen.size, last.size),
            )  # fmt: skip

    @invariant()
    def receipts_verify_for_ever(self) -> None:
        keys = [key.verifier for key in outside.read_keys()] if getattr(self, "receipts", ()) else []
        for receipt in getattr(self, "receipts", [])[-3:]:
            held = verify(receipt, keys=keys)
            assert held.holds, held.said
            assert held.checkpoint is not None
            size = Head.from_note(Note.from_text(self.heads[-1])).size
            later = LaterHead(self.heads[-1], queries.consistency(held.checkpoint.size, size), live=True)
            assert verify(receipt, keys=keys, later=later).holds

    def _standing(self) -> Any:
        return Customer.objects.filter(erased_at=None).order_by("pk")

    @staticmethod
    def _any(rows: Any, which: int) -> Any:
        found = list(rows)
        return found[which % len(found)] if found else None


def live(*, examples: int, steps: int, seed: int) -> None:
    """So many logs of at most so many steps each."""
    chosen = hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(hypothesis.seed(seed)(type("Log", (Log,), {})), settings=chosen)
    connection.close()
