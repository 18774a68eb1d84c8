"""What the facts of a remedy say of it, and the salted digests they have in place of its words."""

from __future__ import annotations

from typing import Any

from troth.people.models import Staff
from troth.promises.rules.words import digest
from troth.remedies.models import Remedy
from troth.remedies.rules.money import plain
from troth.words import facts
from troth.words.refs import ref


def by_ref(staff: Staff | None) -> str:
    return staff.reference if staff else ""


def version_ref(policy: int | None) -> str:
    return ref("remedy_policy", policy) if policy else ""


def words_digest(remedy: Remedy) -> str:
    return digest({"what": remedy.what}, salt=bytes(remedy.words_salt))


def proof_digest(remedy: Remedy) -> str:
    words = {"note": remedy.proof_note, "reference": remedy.proof_reference}
    return digest(words, salt=bytes(remedy.words_salt))


def of(remedy: Remedy) -> dict[str, Any]:
    """Whose and which."""
    return {"about": ref("remedy", remedy.pk), "customer": ref("customer", remedy.customer_id)}


def what(remedy: Remedy) -> dict[str, Any]:
    return {
        **of(remedy),
        "matter": remedy.about,
        "sort": remedy.sort,
        "amount": plain(remedy.amount),
        "currency": remedy.currency,
        "words_digest": words_digest(remedy),
    }


def owed(remedy: Remedy, *, by: Staff | None) -> facts.RemedyDue:
    assert remedy.due is not None
    return facts.RemedyDue(
        due=remedy.due,
        promise=ref("promise", remedy.promise_id) if remedy.promise_id else "",
        standard=remedy.standard,
        occasion=remedy.occasion,
        occasion_at=remedy.occasion_at,
        second_of=ref("remedy", remedy.second_of_id) if remedy.second_of_id else "",
        policy=version_ref(remedy.policy_id),
        by=by_ref(by),
        **what(remedy),
    )


def offered(remedy: Remedy, *, waits: bool, by: Staff | None) -> facts.RemedyOffered:
    return facts.RemedyOffered(
        waits=waits,
        asks=remedy.asks,
        days=remedy.days,
        promise=ref("promise", remedy.promise_id) if remedy.promise_id else "",
        policy=version_ref(remedy.policy_id),
        by=by_ref(by),
        **what(remedy),
    )
