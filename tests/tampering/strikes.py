"""The kinds of tampering by their names, each done somewhere in whatever log there is: at another place every time, unlike `acts`."""

# ruff: noqa: S608 -- statements of our own, on a database of our own

from __future__ import annotations

import random
from collections.abc import Callable

from django.db import IntegrityError, transaction

from tests.owner import execute
from tests.tampering import acts
from tests.tampering.mutations import (
    LOG,
    READABLE,
    Mutation,
    any_of,
    changed,
    disagree,
    disagree_beside,
    exchange,
)
from troth.ledger import keys as customer_keys
from troth.ledger import queries
from troth.ledger.models import Entry, Seal
from troth.ledger.payloads import open_all
from troth.ledger.rules import canonical, payload
from troth.words.refs import number_of

#: Strikes at random; None where nothing came of it.
Strike = Callable[[random.Random], Mutation | None]
#: So often a place is looked for at which something comes of it.
TRIES = 24


def strike(name: str, chance: random.Random) -> Mutation | None:
    """Do it somewhere; None where there is nothing that it could be done to. Called inside a transaction."""
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                if done := STRIKES[name](chance):
                    return done
        except IntegrityError:
            continue
    return None


def _row_changed(chance: random.Random) -> Mutation | None:
    row = any_of(chance, "ledger_entry", "id", READABLE)
    return changed(chance, "ledger_entry", "id", row, chance.choice(LOG["ledger_entry"]))


def _row_deleted(chance: random.Random) -> Mutation:
    """What came after it closes up, or leaves the gap."""
    place = any_of(chance, "ledger_seal", "position")
    entry = Seal.objects.get(position=place).entry_id
    execute(
        "DELETE FROM ledger_seal WHERE entry_id = %(entry)s",
        "DELETE FROM ledger_entry WHERE id = %(entry)s",
        entry=entry,
    )
    closes = chance.random() < 0.5
    if closes:
        acts.move_places(place, by=-1)
    return Mutation(f"entry {entry} at {place} deleted{', what came after it moved up' if closes else ''}")


def _row_inserted(chance: random.Random) -> Mutation:
    place = any_of(chance, "ledger_seal", "position")
    like = Entry.objects.get(pk=any_of(chance, "ledger_entry", "id", READABLE))
    acts.put_in(like, at=place)
    return Mutation(f"an entry like {like.pk} put in at {place}")


def _tail_cut(chance: random.Random) -> Mutation:
    """The last entries, or only their places so that they look new; with the heads that were signed over them, or without."""
    last = queries.head()
    kept = last - chance.randint(1, min(last, 6))
    gone = list(Seal.objects.filter(position__gt=kept).values_list("entry_id", flat=True))
    execute("DELETE FROM ledger_seal WHERE position > %(kept)s", kept=kept)
    looks_new, heads_too = chance.random() < 0.3, chance.random() < 0.5
    if looks_new:
        execute("INSERT INTO ledger_unsealed SELECT unnest(%(gone)s::bigint[])", gone=gone)
    else:
        execute("DELETE FROM ledger_entry WHERE id = ANY (%(gone)s)", gone=gone)
    if heads_too:
        execute("DELETE FROM ledger_checkpoint WHERE size > %(kept)s", kept=kept)
    return Mutation(f"what stood behind {kept} cut off; as if new: {looks_new}; with its heads: {heads_too}")


def _salt_swapped(chance: random.Random) -> Mutation:
    """Sealed anew with the customer's own key, so that it opens."""
    entry = Entry.objects.get(pk=any_of(chance, "ledger_entry", "id", READABLE))
    opened = open_all([(entry.customer, bytes(entry.payload))])[0]
    assert opened is not None
    execute(
        "UPDATE ledger_entry SET payload = %(payload)s WHERE id = %(pk)s",
        payload=acts.sealed(entry.customer, chance.randbytes(payload.SALT_BYTES), opened.body),
        pk=entry.pk,
    )
    return Mutation(f"the salt of entry {entry.pk} swapped")


def _payloads_swapped(chance: random.Random) -> Mutation | None:
    one, other = (any_of(chance, "ledger_entry", "id", READABLE) for _ in range(2))
    if one == other:
        return None
    execute(
        "UPDATE ledger_entry AS entry SET payload = away.payload FROM ledger_entry AS away"
        " WHERE (entry.id, away.id) IN ((%(one)s, %(other)s), (%(other)s, %(one)s))",
        one=one,
        other=other,
    )
    return Mutation(f"the payloads of entries {one} and {other} swapped")


def _table_disagrees(chance: random.Random) -> Mutation | None:
    return chance.choice((disagree, disagree, disagree, disagree_beside))(chance)


def _tree_changed(chance: random.Random) -> Mutation | None:
    """A tile, or a signed head."""
    table, key = chance.choice((("ledger_tile", "ctid"), ("ledger_checkpoint", "size")))
    return changed(chance, table, key, any_of(chance, table, key), chance.choice(LOG[table]))


def _log_fact_changed(chance: random.Random) -> Mutation | None:
    """What the log says of itself, by which its own keys are known; at times with the end cut off, so that it is asked for."""
    row = any_of(chance, "ledger_entry", "id", f" WHERE about = '{queries.LOG}'")
    if row is None:
        return None
    done = changed(chance, "ledger_entry", "id", row, chance.choice(("payload", "commit", "kind", "customer")))
    if done and chance.random() < 0.5:
        return Mutation(f"{done.words}; {_tail_cut(chance).words}")
    return done


def _key_destroyed(chance: random.Random) -> Mutation | None:
    """Of somebody who never asked for it."""
    row = any_of(chance, "ledger_entry", "id", f"{READABLE} AND customer <> ''")
    if row is None:
        return None
    customer = Entry.objects.get(pk=row).customer
    customer_keys.destroy([number_of(customer, "customer")], now=acts.END)
    return Mutation(f"the key of {customer} destroyed")


def _history_made_anew(chance: random.Random) -> Mutation | None:
    """A fact that is sealed, with another salt, and everything above it made anew and signed with the real key."""
    row = any_of(chance, "ledger_entry", "id", f"{READABLE} AND id IN (SELECT entry_id FROM ledger_seal)")
    if row is None:
        return None
    entry = Entry.objects.get(pk=row)
    opened = open_all([(entry.customer, bytes(entry.payload))])[0]
    assert opened is not None
    salt = chance.randbytes(payload.SALT_BYTES)
    execute(
        "UPDATE ledger_entry SET payload = %(payload)s, commit = %(commit)s WHERE id = %(pk)s",
        payload=acts.sealed(entry.customer, salt, opened.body),
        commit=canonical.commitment(salt, opened.body),
        pk=row,
    )
    acts.made_anew()
    place = Seal.objects.get(entry_id=row).position
    return Mutation(f"entry {row} at {place} and all above it made anew", is_whole=True)


STRIKES: dict[str, Strike] = {
    "row changed": _row_changed,
    "row deleted": _row_deleted,
    "row inserted": _row_inserted,
    "rows exchanged": exchange,
    "tail cut off": _tail_cut,
    "salt swapped": _salt_swapped,
    "payloads swapped": _payloads_swapped,
    "table disagrees": _table_disagrees,
    "tile or head changed": _tree_changed,
    "fact about the log changed": _log_fact_changed,
    "key destroyed": _key_destroyed,
    "history made anew": _history_made_anew,
}
