"""A log that lives: appended to, sealed, its key rotated, customers merged and forgotten, and tampered with, in any order.

What comes next is drawn by weight in one rule, and not from many rules, of which Hypothesis leaves some out of each life: so each
act and each kind of tampering is really taken often, and what was taken is counted. Tampering is told of, and then undone.

Against a real PostgreSQL. The model is what others hold: every head that was ever handed out, and receipts. However it went on,
each head is continued by the last, each receipt verifies, also after its customer was forgotten, and fsck tells of tampering and
of nothing else.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis
from django.db import connection, transaction
from django.test import override_settings
from faults.scene import _empty
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.people_and_things import DAY, NOW, company, handle, promise, staff
from tests.tampering.story import Outside, receipt_of
from tests.tampering.strikes import STRIKES, strike
from troth.ledger import keys as customer_keys
from troth.ledger import outside, queries, rotation, sealing
from troth.ledger.models import Entry
from troth.ledger.rules.checkpoint import Checkpoint as Head
from troth.ledger.rules.note import Note, Verifier
from troth.ledger.rules.receipt_verify import LaterHead, verify
from troth.ledger.rules.tree import check_consistency
from troth.people import actions as people
from troth.people.models import Customer, Merge
from troth.privacy import actions as privacy
from troth.promises import actions as promises
from troth.promises.models import Promise
from troth.site import fsck
from troth.words.promises import State

NUMBER = st.integers(0, 2**32)
#: How often each act is taken, beside tampering of each kind, of which each weighs one.
WEIGHTS = {
    "meet somebody": 2,
    "promise": 4,
    "go on with a promise": 4,
    "give a link": 1,
    "seal": 4,
    "rotate the key": 2,
    "merge": 2,
    "take a merge apart": 1,
    "forget somebody": 2,
    "hand out a receipt": 1,
}
APPENDING = ("meet somebody", "promise", "go on with a promise", "give a link")
#: After so many steps everything is looked at, whatever they were; after these acts at once.
LOOK_EVERY, LOOK_AFTER = 25, {"merge", "take a merge apart", "forget somebody"}
DRAWN = st.sampled_from([name for name, weight in WEIGHTS.items() for _time in range(weight)] + list(STRIKES))


class Log(RuleBasedStateMachine):
    """One log, from its first entry on."""

    #: Of all lives together: how often each act was really taken, and how often everything was looked at.
    taken: Counter[str] = Counter()
    looked = 0

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
        self.now, self.steps = NOW, 0
        company()
        self.sam = staff()
        customer_keys.destroyed()  # which makes the store
        self.heads: list[str] = []
        self.receipts: list[bytes] = []
        for number in range(3):
            self.meet_somebody(number)
        self.promise(1)
        self.seal(0)

    def teardown(self) -> None:
        if hasattr(self, "settings"):
            self.everything_is_as_it_was()
            customer_keys._open.pop(str(self.place / "keys.sqlite3")).close()
            self.settings.disable()
            shutil.rmtree(self.place)

    @rule(name=DRAWN, number=NUMBER)
    def step(self, name: str, number: int) -> None:
        """Take one act; it counts where something came of it."""
        self.now += timedelta(minutes=1)
        if name in STRIKES:
            done = self.tamper(name, number)
        else:
            act: Callable[[int], bool] = getattr(self, name.replace(" ", "_"))
            done = act(number)
        if not done:
            return
        Log.taken[name] += 1
        self.steps += 1
        if name in LOOK_AFTER or self.steps % LOOK_EVERY == 0:
            self.everything_is_as_it_was()
        if name not in STRIKES:
            self.what_others_hold_is_true()

    # Appending

    def meet_somebody(self, number: int) -> bool:
        before = Entry.objects.count()
        handle(f"customer{number % 12}@example.net")
        return Entry.objects.count() > before

    def promise(self, number: int) -> bool:
        known = {} if number % 2 else {"due": None, "state": State.ARMED}
        dated = {"due": self.now + 5 * DAY, "said_at": self.now, "now": self.now}
        promise(**{"customer": self._any(self._standing(), number // 2), **dated, **known})
        return True

    def go_on_with_a_promise(self, number: int) -> bool:
        one = self._any(Promise.objects.exclude(what="Erased").order_by("pk"), number // 7)
        if one is None:
            return False
        now, before = self.now, Entry.objects.count()
        match number % 7:
            case 0:
                promises.keep(one, by=self.sam, now=now)
            case 1:
                promises.release(one, reason="", by=self.sam, now=now)
            case 2:
                promises.void(one, reason="", by=self.sam, now=now)
            case 3:
                promises.give_verdict(one, kept=bool(number // 7 % 2), now=now)
            case 4:
                promises.open_up(one, due=now + 3 * DAY, by=self.sam, now=now)
            case 5:
                promises.give_up(one, reason="forgot", by=self.sam, now=now)
            case _ if one.is_owed and one.due:
                promises.move(one, to=max(one.due, now) + DAY, words="", reason="", by=self.sam, now=now)
        return Entry.objects.count() > before

    def give_a_link(self, number: int) -> bool:
        customer = self._any(self._standing(), number)
        if customer:
            people.issue_link(customer_id=customer.pk, now=self.now)
        return bool(customer)

    def merge(self, number: int) -> bool:
        roots = [one for one in self._standing() if one.root_pk == one.pk]
        if len(roots) < 2:
            return False
        front = roots.pop(number % len(roots))
        merged = roots[number // 100 % len(roots)]
        people.merge(front=front, merged=merged, by=self.sam, now=self.now)
        return True

    def take_a_merge_apart(self, number: int) -> bool:
        standing = Merge.objects.filter(undone_at=None, front__erased_at=None, merged__erased_at=None).order_by("pk")
        record = self._any(standing, number)
        if record:
            people.unmerge(record, by=self.sam, now=self.now)
        return bool(record)

    def forget_somebody(self, number: int) -> bool:
        customer = self._any(self._standing(), number)
        if customer:
            privacy.erase(customer, by=self.sam, now=self.now)
        return bool(customer)

    # The log

    def seal(self, number: int) -> bool:
        if not sealing.seal(now=self.now, most=1 + number % 40):
            return False
        self.heads.append(queries.checkpoint() or "")
        return True

    def rotate_the_key(self, number: int) -> bool:
        rotation.rotate(now=self.now, overlap=timedelta(minutes=number % 20))
        return True

    def hand_out_a_receipt(self, number: int) -> bool:
        sealed = Entry.objects.filter(kind="PromiseMade").exclude(seal=None).values_list("about", flat=True)
        kept = Promise.objects.exclude(what="Erased").filter(pk__in=[int(about.partition(":")[2]) for about in sealed])
        one = self._any(kept.order_by("pk"), number)
        if one:
            self.receipts.append(receipt_of(one))
        return bool(one)

    # Tampering

    def tamper(self, name: str, number: int) -> bool:
        """Somebody changes something, it is told of, and it is as it was."""
        before = Outside.kept()
        with transaction.atomic():
            done = strike(name, random.Random(number))  # noqa: S311 -- tried again by its number
            seen = done is not None and (self.last_head_is_contradicted() if done.is_whole else fsck.look(most=1).count)
            transaction.set_rollback(True)
        if done is None:
            return False
        before.put_back()
        assert seen, f"nobody tells of: {done.words}"
        return True

    def last_head_is_contradicted(self) -> bool:
        """Whether who holds the head of before sees that the one that is shown now is of another history."""
        held, shown = (Head.from_note(Note.from_text(note)) for note in (self.heads[-1], queries.checkpoint() or ""))
        return (held.origin, held.size) == (shown.origin, shown.size) and held.root != shown.root

    def everything_is_as_it_was(self) -> None:
        Log.looked += 1
        assert fsck.look().divergences == []

    # What others hold

    def what_others_hold_is_true(self) -> None:
        self.every_head_is_continued()
        self.receipts_verify_for_ever()

    def every_head_is_continued(self) -> None:
        keys, last = self._keys(), Head.from_note(Note.from_text(self.heads[-1]))
        for written in {self.heads[0], self.heads[len(self.heads) // 2], self.heads[-1]}:
            note = Note.from_text(written)
            assert note.check(*keys)
            seen = Head.from_note(note)
            check_consistency(
                old=seen.size, new=last.size, old_root=seen.root, new_root=last.root,
                path=queries.consistency(seen.size, last.size),
            )  # fmt: skip

    def receipts_verify_for_ever(self) -> None:
        keys = self._keys()
        for receipt in self.receipts[-3:]:
            held = verify(receipt, keys=keys)
            assert held.holds, held.said
            assert held.checkpoint is not None
            size = Head.from_note(Note.from_text(self.heads[-1])).size
            later = LaterHead(self.heads[-1], queries.consistency(held.checkpoint.size, size), live=True)
            assert verify(receipt, keys=keys, later=later).holds

    @staticmethod
    def _keys() -> list[Verifier]:
        return [key.verifier for key in outside.read_keys()]

    def _standing(self) -> Any:
        return Customer.objects.filter(erased_at=None).order_by("pk")

    @staticmethod
    def _any(rows: Any, which: int) -> Any:
        found = list(rows)
        return found[which % len(found)] if found else None


def live(*, examples: int, steps: int, seed: int, shrink: bool = True) -> None:
    """So many logs of at most so many steps each; *shrink*: a violation is told by the shortest life that has it, however long that
    takes to find."""
    chosen = hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
    )
    run_state_machine_as_test(hypothesis.seed(seed)(type("Log", (Log,), {})), settings=chosen)
    connection.close()


def counted() -> dict[str, int]:
    """How often each act was taken, in the order of the acts; those that append are one."""
    acts = {"append": sum(Log.taken[name] for name in APPENDING)}
    return acts | {name: Log.taken[name] for name in (*WEIGHTS, *STRIKES) if name not in APPENDING}
