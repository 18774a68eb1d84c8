"""Sealing and opening what entries keep of their facts; many at once, with one look for the keys."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import OperationalError

from troth.ledger import keys
from troth.ledger.rules import payload
from troth.ledger.rules.payload import NONCE_BYTES, SALT_BYTES, DoesNotOpen, Opened
from troth.words.refs import NotAReference, number_of

#: The largest number a table can give.
NUMBER_MOST = 2**63 - 1


class DoesNotFit(OperationalError):
    """A fact that must open does not: the tables were changed, or the keys are another installation's."""


class Sealer:
    """Makes the payloads of new entries about these customers."""

    def __init__(self, customers: Iterable[str]) -> None:
        numbers = {customer: number_of(customer, "customer") for customer in set(customers) if customer}
        found = keys.of(numbers.values())
        # Whoever was erased stays so: what is still said of them is sealed with a key that nobody keeps.
        self._keys = {
            customer: AESGCM(found[number] or AESGCM.generate_key(256)) for customer, number in numbers.items()
        }

    def payload(self, *, customer: str, salt: bytes, body: bytes) -> bytes:
        if not customer:
            return payload.in_the_clear(salt, body)
        nonce = secrets.token_bytes(NONCE_BYTES)
        return payload.sealed(salt, body, key=self._keys[customer], nonce=nonce, customer=customer)


def fresh_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def open_all(rows: Sequence[tuple[str, bytes]]) -> list[Opened | None]:
    """What each payload says, given with its entry's `customer`; None where it was erased. Raises DoesNotFit, KeysLost."""
    said = []
    for (customer, _payload), one in zip(rows, _opened(rows, keys.held(_numbers(rows).values())), strict=True):
        if isinstance(one, DoesNotOpen):
            raise DoesNotFit(
                f"A fact about {customer or 'nobody'} does not open: the ledger was changed, or the customers' keys are not "
                "the ones it was sealed with. `troth verify-state` tells which facts."
            )
        said.append(one)
    return said


def look_into(rows: Sequence[tuple[str, bytes]]) -> Iterator[Opened | DoesNotOpen | None]:
    """The same for whoever looks for what is wrong: what does not open is told as such, and nothing is raised."""
    return _opened(rows, keys.find(_numbers(rows).values()))


def _opened(
    rows: Sequence[tuple[str, bytes]], found: Mapping[int, bytes | None]
) -> Iterator[Opened | DoesNotOpen | None]:
    numbers = _numbers(rows)
    destroyed = {customer for customer, number in numbers.items() if number in found and found[number] is None}
    made = {customer: AESGCM(key) for customer, number in numbers.items() if (key := found.get(number))}
    for customer, data in rows:
        if customer in destroyed and payload.is_sealed(data):
            yield None
            continue
        try:
            yield payload.opened(data, key=made.get(customer), customer=customer)
        except DoesNotOpen as error:
            yield error


def _numbers(rows: Iterable[tuple[str, bytes]]) -> dict[str, int]:
    """The numbers of the customers whose keys are asked for; what is no reference to one was never sealed by us."""
    sealed = {customer for customer, data in rows if payload.is_sealed(data)}
    numbers = {}
    for customer in sealed:
        with suppress(NotAReference):
            numbers[customer] = number_of(customer, "customer")
    return {customer: number for customer, number in numbers.items() if number <= NUMBER_MOST}
