"""What other rooms may ask about letters."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from troth.post.models import UNDER_WAY, Attempt, Letter, LetterState
from troth.post.rules import token as tokens
from troth.post.rules.away import Try, failing_since
from troth.words.refs import number_of

#: How the keys of acknowledgements begin.
ACKNOWLEDGE = "acknowledge:"
#: What will not arrive any more, or nobody can tell.
ENDED_BADLY = (LetterState.REFUSED, LetterState.UNCLEAR, LetterState.TAKEN_BACK)
#: How many of the last attempts tell whether letters leave.
LAST_TRIES = 50
#: Two questions rather than one, as each has an index of its own. A letter that was refused never comes back.
_FAILED = (
    Q(state__in=(LetterState.REFUSED, LetterState.UNCLEAR)),
    Q(state=LetterState.SENT, bounced_at__isnull=False),
)


def due_exists(*, now: datetime) -> bool:
    """Whether the sweep has something to do."""
    return Letter.objects.filter(state__in=UNDER_WAY, next_try_at__lte=now).exists()


def untried_since() -> datetime | None:
    """Since when the letter that is due for longest could have been tried."""
    return (
        Letter.objects.filter(state__in=UNDER_WAY).order_by("next_try_at").values_list("next_try_at", flat=True).first()
    )


def away_since() -> datetime | None:
    """Since when every letter that was tried has failed for now; None where letters leave."""
    tries = Attempt.objects.exclude(answer="").order_by("-id")
    rows = tries.values_list("letter_id", "answer", "code", "started_at", "letter__state")[:LAST_TRIES]
    return failing_since(
        Try(letter=letter, answer=answer, code=code, at=at, waits=state in UNDER_WAY)
        for letter, answer, code, at, state in rows
    )


def counts_by_state() -> dict[str, int]:
    """How many letters are on their way or need a person, by state; those that arrived are history, and many."""
    kept = [LetterState.REFUSED, LetterState.UNCLEAR]
    counted = [
        dict(Letter.objects.filter(state__in=states).order_by().values_list("state").annotate(Count("id")))
        for states in (UNDER_WAY, kept)  # two questions, as each has an index of its own
    ]
    found = {state.value: counted[0].get(state, 0) + counted[1].get(state, 0) for state in (*UNDER_WAY, *kept)}
    return found | {"bounced": Letter.objects.filter(_FAILED[1]).count()}


def failed(*, limit: int = 50) -> list[Letter]:
    """Letters that a person has to look at: refused, not known whether they arrived, or come back; newest first."""
    found = [letter for kind in _FAILED for letter in _without_bytes().filter(kind).order_by("-id")[:limit]]
    return sorted(found, key=lambda letter: letter.pk, reverse=True)[:limit]


def deliveries(*, because: str) -> list[Letter]:
    """The letters about one thing, oldest first."""
    return list(_without_bytes().filter(because=because).order_by("id"))


@dataclass(frozen=True)
class Outcome:
    """What became of a letter, as far as it is known."""

    delivered_at: datetime | None
    #: It will not arrive, or nobody can tell.
    failed: bool


def outcomes(letter_ids: Sequence[int]) -> dict[int, Outcome]:
    """What became of these letters, in one statement."""
    rows = Letter.objects.filter(pk__in=letter_ids).values_list("pk", "state", "delivered_at")
    return {pk: Outcome(delivered_at=delivered_at, failed=state in ENDED_BADLY) for pk, state, delivered_at in rows}


def ended() -> QuerySet[Letter]:
    """Letters of which it is known what became of them."""
    return Letter.objects.filter(Q(delivered_at__isnull=False) | Q(state__in=ENDED_BADLY))


def by_message_id(message_ids: list[str]) -> list[Letter]:
    """Letters of ours among these Message-IDs."""
    return list(_without_bytes().filter(message_id__in=message_ids[:100]).order_by("id"))


def is_emptied(reference: str) -> bool:
    """Whether the words of this letter are gone: the person it went to was forgotten."""
    return Letter.objects.filter(pk=number_of(reference, "letter"), to_address="").exists()


def automatic_to(*, address: str, since: datetime) -> int:
    """How many automatic letters this mailbox was written since then, whatever stands behind a plus in its address."""
    return Letter.objects.filter(_mailbox(address), automatic=True, created_at__gt=since).count()


def automatic_since_a_person(*, address: str, since: datetime) -> int:
    """How many automatic letters this mailbox was written since then and since a person last wrote to it."""
    to_them = Letter.objects.filter(_mailbox(address), created_at__gt=since)
    spoke = to_them.filter(automatic=False).aggregate(at=Max("created_at"))["at"]
    return to_them.filter(automatic=True, created_at__gt=spoke or since).count()


def _mailbox(address: str) -> Q:
    local, _, domain = address.rpartition("@")
    local = local.partition("+")[0]
    return Q(to_address=f"{local}@{domain}") | Q(to_address__startswith=f"{local}+", to_address__endswith=f"@{domain}")


def automatic_about(*, address: str, because: str, since: datetime) -> int:
    return Letter.objects.filter(automatic=True, to_address=address, because=because, created_at__gt=since).count()


def acknowledged_since(since: datetime) -> int:
    """How many acknowledgements were written since then, to anybody."""
    return Letter.objects.filter(automatic=True, created_at__gt=since, key__startswith=ACKNOWLEDGE).count()


def are_automatic(message_ids: list[str]) -> bool:
    """Whether a letter that a machine of ours wrote is among these Message-IDs."""
    return Letter.objects.filter(message_id__in=message_ids[:100], automatic=True).exists()


def reply_token(*, case_id: int, participant: int, now: datetime) -> str:
    """The token with which this participant may answer in this case; *participant* is the id of a Handle."""
    return tokens.make_token(key=_token_key(), case=case_id, participant=participant, now=now)


def read_reply_token(text: str, *, now: datetime) -> tokens.Claim | None:
    return tokens.read_token(text, key=_token_key(), now=now)


def _token_key() -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), b"troth reply token key", hashlib.sha256).digest()


def _without_bytes() -> QuerySet[Letter]:
    return Letter.objects.defer("raw")
