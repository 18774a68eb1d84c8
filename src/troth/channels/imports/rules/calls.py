"""What another desk tells by webhook: whether it is genuine, and what stands in it.

Zendesk: developer.zendesk.com/documentation/webhooks/verifying. Help Scout: developer.helpscout.com/webhooks. Zammad:
admin-docs.zammad.org, "Webhook" (X-Hub-Signature). Chatwoot: X-Chatwoot-Signature over timestamp and body. Freshdesk signs nothing:
its automation sends a header of one's own, so the secret itself stands in X-Troth-Secret.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from troth.channels.imports.rules.lines import decoded
from troth.channels.imports.rules.ticket import NotATicket, Plain
from troth.channels.imports.rules.values import each, inner, is_yes, line, number, text

#: A signed call that is older, or from further ahead, is somebody's copy.
WINDOW = timedelta(minutes=5)
OWN_HEADER = "X-Troth-Secret"


class Forged(ValueError):
    """It does not come from where it says, or not now; the message says what is wrong, for whoever set it up."""


def checked(source: str, *, secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The name of a genuine call, under which it is kept once; raises Forged."""
    if not secret:
        raise Forged("no secret is set for it here")
    key = secret.encode()
    if source == "zendesk":
        stamp = headers.get("X-Zendesk-Webhook-Signature-Timestamp", "")
        wanted = b64encode(hmac.digest(key, stamp.encode() + body, "sha256")).decode()
        _same(wanted, headers.get("X-Zendesk-Webhook-Signature", ""))
        _fresh(stamp, now=now)
        return _name(headers.get("X-Zendesk-Webhook-Invocation-Id", ""), stamp.encode() + body)
    if source == "chatwoot":
        stamp = headers.get("X-Chatwoot-Timestamp", "")
        wanted = f"sha256={hmac.new(key, stamp.encode() + b'.' + body, 'sha256').hexdigest()}"
        _same(wanted, headers.get("X-Chatwoot-Signature", ""))
        _fresh(stamp, now=now)
        return _name(headers.get("X-Chatwoot-Delivery", ""), stamp.encode() + body)
    if source == "helpscout":
        _same(b64encode(hmac.digest(key, body, "sha1")).decode(), headers.get("X-HelpScout-Signature", ""))
    elif source == "zammad":
        _same(f"sha1={hmac.new(key, body, 'sha1').hexdigest()}", headers.get("X-Hub-Signature", ""))
        # Its delivery's number is not signed: a copy under another number is the same call.
    else:
        _same(secret, headers.get(OWN_HEADER, ""))
    return _name("", body)


def _same(wanted: str, given: str) -> None:
    if not given:
        raise Forged("it carries no signature")
    if not hmac.compare_digest(wanted.encode(), given.strip().encode()):
        raise Forged("its signature is not ours: compare the secret on both sides")


def _fresh(stamp: str, *, now: datetime) -> None:
    try:
        at = datetime.fromtimestamp(int(stamp), UTC) if stamp.isdecimal() else datetime.fromisoformat(stamp)
        age = now - (at if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError, OSError):
        raise Forged("it does not say when it was sent") from None
    if abs(age) > WINDOW:
        raise Forged("it was sent more than five minutes ago, or the clocks differ")


def _name(given: str, said: bytes) -> str:
    return given[:200] or hashlib.sha256(said).hexdigest()


# What stands in it


def objects_in(source: str, body: bytes, *, at: datetime) -> list[Plain]:
    """The objects a call tells of, as an export would hold them; none where it is about nothing we keep. Raises NotATicket."""
    try:
        plain = json.loads(decoded(body))
    except (ValueError, RecursionError):
        raise NotATicket("it is no JSON") from None
    if not isinstance(plain, dict):
        raise NotATicket("it is no JSON object")
    return {"zendesk": _zendesk, "chatwoot": _chatwoot, "freshdesk": _freshdesk}.get(source, _as_it_is)(plain, at)


def _as_it_is(plain: Plain, at: datetime) -> list[Plain]:
    """Help Scout sends its conversations, Zammad ticket and article; of what was deleted only a number is left."""
    return [plain] if len(plain) > 1 else []


def _zendesk(plain: Plain, at: datetime) -> list[Plain]:
    kind = line(plain, "type")
    if not kind.startswith("zen:event-type:"):
        return [plain]  # a trigger's own, in the shape of a ticket
    if not kind.startswith("zen:event-type:ticket."):
        return []
    detail, told = inner(plain, "detail"), inner(inner(plain, "event"), "comment")
    ticket = {
        **detail,
        "subject": detail.get("subject"),
        "group_id": detail.get("group_id"),
        "comments": [],
    }
    people: list[Plain] = []
    if told:
        author = inner(told, "author")
        people = [
            {
                "id": author.get("id"),
                "name": author.get("name"),
                "role": "agent" if is_yes(author.get("is_staff")) else "end-user",
            }
        ]
        ticket["comments"] = [
            {
                "id": told.get("id"),
                "author_id": author.get("id"),
                "public": told.get("is_public", True),
                "plain_body": told.get("body"),
                "created_at": plain.get("time") or at.isoformat(),
            }
        ]
    return [*people, {name: value for name, value in ticket.items() if name not in {"actor_id", "description"}}]


def _chatwoot(plain: Plain, at: datetime) -> list[Plain]:
    event = line(plain, "event")
    if event.startswith("message_"):
        message = {
            name: value for name, value in plain.items() if name not in {"conversation", "event", "account", "inbox"}
        }
        conversation = inner(plain, "conversation")
        own = number(conversation, "id")
        messages = [*each(conversation, "messages"), {**message, "conversation_id": own}]
        return [{**conversation, "messages": list({number(one, "id"): one for one in messages}.values())}]
    if event.startswith("conversation_"):
        return [plain]
    return []


def _freshdesk(plain: Plain, at: datetime) -> list[Plain]:
    """What its automation can fill in: the ticket as it stands, and its latest comment, without numbers or times."""
    told = inner(plain, "freshdesk_webhook") or plain
    own = number(told, "ticket_id")
    if not own:
        raise NotATicket("it does not say of which ticket it is (ticket_id)")
    notes = []
    for name, private in (("ticket_latest_public_comment", False), ("ticket_latest_private_comment", True)):
        said = text(told, name)
        if said:
            digest = hashlib.sha256(" ".join(said.split()).encode()).hexdigest()[:16]
            ours = line(told, "triggered_by").lower() != "requester"
            notes.append(
                {
                    "id": f"hook-{digest}",
                    "body_text": said,
                    "incoming": not ours,
                    "private": private,
                    "created_at": at.isoformat(),
                }
            )
    return [
        {
            "id": own,
            "display_id": own,
            "subject": told.get("ticket_subject"),
            "status": told.get("ticket_status"),
            "requester_name": told.get("ticket_requester_name"),
            "email": told.get("ticket_requester_email"),
            "requester_id": None,
            "responder_name": told.get("ticket_agent_name"),
            "tags": told.get("ticket_tags"),
            "priority_name": told.get("ticket_priority"),
            "description_text": told.get("ticket_description"),
            "created_at": told.get("ticket_created_at") or at.isoformat(),
            "updated_at": at.isoformat(),
            "conversations": notes,
        }
    ]
