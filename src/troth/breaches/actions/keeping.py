"""What the register keeps of a breach, and that it is closed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from troth.breaches.actions.rows import locked, put, tidy, who, words_digest
from troth.breaches.models import Breach, Documented
from troth.breaches.queries import facts_of, newest_words
from troth.breaches.rules import standing
from troth.breaches.rules.standing import Duty, Stands
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.promises.rules.words import fresh_salt
from troth.words import facts
from troth.words.refs import ref


class NotSettled(ValueError):
    """Something is still asked of us; *open* says what."""

    def __init__(self, left: list[Duty]) -> None:
        super().__init__(_("It cannot be closed yet: something is still to be done."))
        self.open = left


@transaction.atomic
def document(
    breach: Breach, *, facts_said: str, effects: str, action: str, by: Staff | None, now: datetime
) -> Documented | None:
    """The facts, effects and remedial action as they are known now (GDPR 33(5)); None where nothing is new."""
    row = locked(breach)
    said = {"facts": tidy(facts_said), "effects": tidy(effects), "action": tidy(action)}
    last = newest_words(row)
    if (last and said == {name: getattr(last, name) for name in said}) or not (last or any(said.values())):
        return None
    found = Documented.objects.create(breach=row, by=by, at=now, salt=fresh_salt(), **said)
    fact = facts.BreachDocumented(
        about=row.ref,
        version_of=ref("documented", found.pk),
        by=who(by),
        words_digest=words_digest(bytes(found.salt), **said),
    )
    append(fact, now=now)
    return found


@transaction.atomic
def close(breach: Breach, *, by: Staff | None, now: datetime) -> bool:
    """Nothing is asked of us any more; it stays in the register. False where it is closed. Raises NotSettled."""
    row = locked(breach)
    if row.closed_at:
        return False
    left = [
        step.duty
        for step in standing.steps(facts_of(row), now=now)
        if step.stands not in {Stands.DONE, Stands.NOT_ASKED}
    ]
    if left:
        raise NotSettled(left)
    append(facts.BreachClosed(about=row.ref, by=who(by)), now=now)
    put(breach, closed_at=now, closed_by=by)
    return True


@transaction.atomic
def reopen(breach: Breach, *, by: Staff | None, now: datetime) -> bool:
    """Something is asked of us again; False where it was not closed."""
    row = locked(breach)
    if row.closed_at is None:
        return False
    append(facts.BreachReopened(about=row.ref, by=who(by)), now=now)
    put(breach, closed_at=None, closed_by=None)
    return True
