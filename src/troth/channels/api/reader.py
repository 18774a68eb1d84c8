"""A message that a program handed in, for the inbox."""

from __future__ import annotations

import json

from django.conf import settings

from troth.cases.models import Case
from troth.inbox.models import Arrival
from troth.inbox.rules.incoming import Dmarc, Incoming, Unreadable
from troth.people.models import Handle
from troth.people.queries import family
from troth.post.queries import reply_token
from troth.words.addresses import plus_address


def read(arrival: Arrival) -> Incoming:
    """What the customer said; raises Unreadable. Its sender is proven only where the program vouched for them."""
    try:
        said = json.loads(bytes(arrival.source))
        return Incoming(
            text=said["text"],
            reply_text=said["text"],
            subject=said["subject"],
            from_address=said["address"],
            from_name=said["name"],
            from_is_sound=True,
            sent_at=arrival.received_at,
            dmarc=Dmarc.PASS if said["vouched"] else Dmarc.NONE,
            dmarc_is_checked=True,
            is_public=bool(said.get("public")),  # kept by an earlier release it says nothing of it
            delivered_to=_proof(arrival, case_id=said["case"], address=said["address"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("The message was kept in a shape that cannot be read.", code="api_shape") from error


def _proof(arrival: Arrival, *, case_id: int | None, address: str) -> tuple[str, ...]:
    """The address an answer in this case comes to, for its participant: the program has shown that it may see the case."""
    case = Case.objects.filter(pk=case_id).first() if case_id else None
    if case is None:
        return ()
    known = Handle.objects.filter(customer_id__in=family(case.customer_id), kind=Handle.Kind.EMAIL)
    participant = known.filter(address=address).first() or known.order_by("pk").first()
    if participant is None:
        return ()
    token = reply_token(case_id=case.pk, participant=participant.pk, now=arrival.received_at)
    return (plus_address(settings.TROTH_MAIL_FROM, token),)
