"""Chatwoot: conversations, messages and contacts as its API gives them, and rows of its tables as Rails writes them as JSON.

Shapes: developers.chatwoot.com, "Conversations", "Messages", "Contacts", "CSAT"; enums as in the models of its repository.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from troth.channels.imports.rules.ticket import (
    NOBODY,
    Contact,
    Enclosed,
    Piece,
    Plain,
    Said,
    Sort,
    Stands,
    Ticket,
    somebody,
)
from troth.channels.imports.rules.values import (
    at,
    each,
    inner,
    is_yes,
    left_over,
    line,
    moment,
    named,
    noted,
    number,
    stays,
    stays_behind,
    text,
    words,
)

SOURCE = "chatwoot"
STANDS = {
    "open": Stands.OPEN,
    "0": Stands.OPEN,
    "resolved": Stands.RESOLVED,
    "1": Stands.RESOLVED,
    "pending": Stands.OPEN,
    "2": Stands.OPEN,
    "snoozed": Stands.WAITING,
    "3": Stands.WAITING,
}
PRIORITIES = {"0": "low", "1": "medium", "2": "high", "3": "urgent"}
#: message_type: what a customer said, what staff said, what happened, what was sent by itself.
INCOMING, OUTGOING, ACTIVITY, TEMPLATE = "0", "1", "2", "3"
_TYPES = {"incoming": INCOMING, "outgoing": OUTGOING, "activity": ACTIVITY, "template": TEMPLATE}
_PAGES = {"conversations", "messages", "contacts", "users", "agents", "inboxes", "csat_survey_responses", "teams"}
_KNOWN = named(
    "id display_id account_id inbox_id status assignee_id contact_id contact_inbox_id team_id created_at updated_at"
    " last_activity_at timestamp first_reply_created_at waiting_since agent_last_seen_at assignee_last_seen_at"
    " contact_last_seen_at meta messages labels label_list cached_label_list custom_attributes additional_attributes"
    " snoozed_until priority uuid identifier unread_count muted can_reply last_non_activity_message channel contact_inbox"
    " sla_policy_id applied_sla sla_events campaign_id allow_payload event account inbox contact sender assignee"
)


_LEFT = named(
    "sla_events campaign_id contact_last_seen_at agent_last_seen_at first_reply_created_at waiting_since uuid identifier"
)
OF_PEOPLE = named(
    "id name available_name display_name email phone_number type is_staff role availability_status created_at updated_at"
    " thumbnail avatar_url last_activity_at account_id"
)
_OF_SAID = named(
    "id content processed_message_content message_type content_type content_attributes private created_at updated_at conversation_id"
    " sender sender_id sender_type attachments account_id inbox_id status conversation"
)


def pieces(plain: Plain, hint: str) -> Iterator[Piece]:
    """What is in one object of the export; *hint* is the page's name for it, or the file's."""
    if isinstance(plain.get("data"), dict) and "id" not in plain:
        yield from pieces(plain["data"], hint)
        return
    if isinstance(plain.get("payload"), list):
        meta = inner(plain, "meta")
        yield from _somebody(inner(meta, "contact"), is_staff=False)
        yield from _somebody(inner(meta, "assignee"), is_staff=True)
        for one in each(plain, "payload"):
            yield from pieces(one, hint)
        return
    pages = [name for name in plain if name in _PAGES]
    if "id" not in plain and pages:
        for name in pages:
            for one in each(plain, name):
                yield from pieces(one, name)
        return
    own = number(plain, "id")
    if "message_type" in plain:
        yield from _said_by(plain)
        yield Piece(Sort.SAID, own, plain, ticket=number(plain, "conversation_id") or _conversation_in(hint))
    elif "rating" in plain and "conversation_id" in plain:
        yield Piece(Sort.RATING, own, plain, ticket=number(plain, "conversation_id"))
    elif "inbox_id" in plain and "status" in plain:
        meta = inner(plain, "meta")
        for one in (inner(meta, "sender"), inner(plain, "contact")):
            yield from _somebody(one, is_staff=False)
        for one in (inner(meta, "assignee"), inner(plain, "assignee")):
            yield from _somebody(one, is_staff=True)
        for one in each(plain, "messages"):
            yield from _said_by(one)
        yield Piece(Sort.TICKET, own, plain)
    elif "channel_type" in plain or "inbox" in hint:
        yield Piece(Sort.NAME, f"inbox:{own}", plain)
    elif "role" in plain or "availability_status" in plain or "agent" in hint or "users" in hint:
        yield from _somebody(plain, is_staff=plain.get("type", "user") != "contact" and "phone_number" not in plain)
    elif "email" in plain or "phone_number" in plain or "identifier" in plain:
        yield from _somebody(plain, is_staff=False)
    elif "name" in plain and own:
        yield Piece(Sort.NAME, f"team:{own}", plain)


def _said_by(plain: Plain) -> Iterator[Piece]:
    sender = inner(plain, "sender")
    yield from _somebody(sender, is_staff=_is_staffs(plain))


def _is_staffs(plain: Plain) -> bool:
    kind = line(plain, "sender_type").lower() or line(inner(plain, "sender"), "type").lower()
    return kind in {"user", "agent_bot", "agentbot"} or (not kind and _type(plain) != INCOMING)


def _type(plain: Plain) -> str:
    given = line(plain, "message_type").lower()
    return _TYPES.get(given, given)


def _somebody(plain: Plain, *, is_staff: bool) -> Iterator[Piece]:
    own = number(plain, "id")
    if own:
        yield Piece(Sort.PERSON, f"{'user' if is_staff else 'contact'}:{own}", {**plain, "is_staff": is_staff})


def _conversation_in(hint: str) -> str:
    digits = "".join(one if one.isdecimal() else " " for one in hint).split()
    return digits[-1] if digits else ""


def person(plain: Plain) -> Contact:
    is_staff = plain.get("is_staff") is True
    email, phone = line(plain, "email"), line(plain, "phone_number")
    return Contact(
        id=f"{'user' if is_staff else 'contact'}:{number(plain, 'id')}",
        name=line(plain, "name", "available_name", "display_name"),
        emails=(email,) if email else (),
        phones=(phone,) if phone else (),
        is_staff=is_staff,
    )


def ticket(
    plain: Plain,
    said: list[Plain],
    people: Mapping[str, Contact],
    names: Mapping[str, str],
    ratings: list[Plain],
    zone: str,
) -> Ticket:
    meta, more = inner(plain, "meta"), inner(plain, "additional_attributes")
    status = line(plain, "status").lower()
    opened = at(plain, "created_at", "timestamp", zone=zone)
    sender = number(inner(meta, "sender"), "id") or number(plain, "contact_id") or number(inner(plain, "contact"), "id")
    requester = somebody(people, f"contact:{sender}" if sender else "")
    assigned = number(inner(meta, "assignee"), "id") or number(plain, "assignee_id")
    inbox = number(plain, "inbox_id")
    spoken: dict[str, Said] = {}
    scores = [f"{number(one, 'rating')}/5 {text(one, 'feedback_message')}".strip() for one in ratings]
    left, undelivered = [*stays_behind(plain, _LEFT)], False
    for one in [*each(plain, "messages"), *said]:
        left += stays(one, _OF_SAID, prefix="message.")
        undelivered |= line(one, "status") in {"failed", "3"} and _type(one) == OUTGOING
        answer = inner(inner(inner(one, "content_attributes"), "submitted_values"), "csat_survey_response")
        if answer:
            scores.append(f"{number(answer, 'rating')}/5 {text(answer, 'feedback_message')}".strip())
        if _type(one) == ACTIVITY:
            left.append("messages of type activity")
            continue
        found = _said(one, people=people, requester=requester, zone=zone)
        spoken.setdefault(found.id, found)
    return Ticket(
        id=number(plain, "display_id", "id"),
        subject=line(more, "mail_subject", "subject"),
        status=status,
        stands=STANDS.get(status, Stands.OPEN),
        opened_at=opened,
        changed_at=moment(plain, "updated_at", "last_activity_at", "timestamp", zone=zone) or opened,
        requester=requester,
        assignee=somebody(people, f"user:{assigned}" if assigned else ""),
        channel=_channel(line(meta, "channel") or line(plain, "channel")),
        said=tuple(spoken.values()),
        tags=words(plain, "labels") or words(plain, "cached_label_list") or words(plain, "label_list"),
        noted=noted(
            [
                ("rating", "; ".join(dict.fromkeys(scores))),
                ("priority", PRIORITIES.get(line(plain, "priority"), line(plain, "priority"))),
                ("inbox", names.get(f"inbox:{inbox}") or inbox),
                ("team", line(inner(meta, "team"), "name") or names.get(f"team:{number(plain, 'team_id')}")),
                ("snoozed until", line(plain, "snoozed_until")),
                ("marked", "muted" if is_yes(plain.get("muted")) else ""),
                ("SLA", inner(plain, "applied_sla")),
                *inner(plain, "custom_attributes").items(),
            ]
        ),
        unmapped=(*left_over(plain, _KNOWN), *left_over(more, _OF_MORE, prefix="additional_attributes.")),
        remarks=(
            *(() if status in STANDS else (f"status {status}",)),
            *(("an answer in it could not be delivered there",) if undelivered else ()),
        ),
        left=tuple(left),
    )


_OF_MORE = frozenset(
    {"mail_subject", "subject", "browser", "referer", "initiated_at", "browser_language", "source", "in_reply_to"}
)


def _channel(said: str) -> str:
    return said.removeprefix("Channel::").lower()


def _said(plain: Plain, *, people: Mapping[str, Contact], requester: Contact, zone: str) -> Said:
    ours = _type(plain) != INCOMING
    whose = number(inner(plain, "sender"), "id") or number(plain, "sender_id")
    by = people.get(f"{'user' if _is_staffs(plain) else 'contact'}:{whose}", NOBODY if ours else requester)
    more = inner(plain, "content_attributes")
    email = inner(more, "email")
    copied = [*words(email, "cc"), *words(more, "cc_emails"), *words(email, "bcc"), *words(more, "bcc_emails")]
    filled_in = [
        " ".join(part for part in (f"{line(one, 'title', 'name')}:", line(one, "value")) if part)
        for one in each(more, "submitted_values")
    ]
    told = [text(plain, "content", "processed_message_content"), *filled_in]
    told += [f"[cc: {', '.join(copied)}]"] if copied else []
    return Said(
        id=number(plain, "id"),
        at=at(plain, "created_at", zone=zone),
        ours=ours,
        private=is_yes(plain.get("private")),
        by=by,
        text="\n".join(part for part in told if part),
        message_id=line(email, "message_id"),
        automatic=_type(plain) == TEMPLATE or line(inner(plain, "sender"), "type") == "agent_bot",
        enclosed=tuple(
            Enclosed(
                line(file, "file_name")
                or line(file, "data_url").partition("?")[0].rpartition("/")[2]
                or line(file, "file_type"),
                line(file, "content_type"),
                line(file, "data_url"),
            )
            for file in each(plain, "attachments")
        ),
    )
