"""What other rooms may ask about letters."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from troth.post.models import UNDER_WAY, Letter, LetterState
from troth.post.rules import token as tokens

#: What will not arrive any more, or nobody can tell.
ENDED_BADLY = (LetterState.REFUSED, LetterState.UNCLEAR, LetterState.TAKEN_BACK)
#: Two questions rather than one, as each has an index of its own. A letter that was refused never comes back.
_FAILED = (
    Q(state__in=(LetterState.REFUSED, LetterState.UNCLEAR)),
    Q(state=LetterState.SENT, bounced_at__isnull=False),
)


def due_exists(*, now: datetime) -> bool:
    """Whether the sweep has something to do."""
    return Letter.objects.filter(state__in=UNDER_WAY, next_try_at__lte=now).exists()


def latest(*, limit: int = 50) -> list[Letter]:
    return list(_without_bytes().order_by("-id")[:limit])


def failed(*, limit: int = 50) -> list[Letter]:
    """Letters that a person has to look at: refused, not known whether they arrived, or come back; newest first."""
    found = [letter for kind in _FAILED for letter in _without_bytes().filter(kind).order_by("-id")[:limit]]
    return sorted(found, key=lambda letter: letter.pk, reverse=True)[:limit]


def failed_count() -> int:
    return sum(Letter.objects.filter(kind).count() for kind in _FAILED)


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


def automatic_to(*, address: str, since: datetime) -> int:
    """How many automatic letters this mailbox was written since then, whatever stands behind a plus in its address."""
    local, _, domain = address.rpartition("@")
    local = local.partition("+")[0]
    mailbox = Q(to_address=f"{local}@{domain}") | Q(
        to_address__startswith=f"{local}+", to_address__endswith=f"@{domain}"
    )
    return Letter.objects.filter(mailbox, automatic=True, created_at__gt=since).count()


def automatic_about(*, address: str, because: str, since: datetime) -> int:
    return Letter.objects.filter(automatic=True, to_address=address, because=because, created_at__gt=since).count()


def automatic_since(since: datetime) -> int:
    return Letter.objects.filter(automatic=True, created_at__gt=since).count()


def reply_token(*, case_id: int, participant: int, now: datetime) -> str:
    """The token with which this participant may answer in this case; *participant* is the id of a Handle."""
    return tokens.make_token(key=_token_key(), case=case_id, participant=participant, now=now)


def read_reply_token(text: str, *, now: datetime) -> tokens.Claim | None:
    return tokens.read_token(text, key=_token_key(), now=now)


def _token_key() -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), b"troth reply token key", hashlib.sha256).digest()


def _without_bytes() -> QuerySet[Letter]:
    return Letter.objects.defer("raw")
