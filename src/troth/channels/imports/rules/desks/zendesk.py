"""Zendesk: the account's JSON export (an object a line), pages of its API, and ticket events.

Shapes: developer.zendesk.com, "Tickets", "Ticket Comments", "Ticket Audits", "Users", and the help centre's "Exporting data to
a JSON, CSV, or XML file".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from troth.channels.imports.rules.ticket import (
    Contact,
    Enclosed,
    NotATicket,
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
    shown,
    stays,
    stays_behind,
    text,
    words,
)

SOURCE = "zendesk"
STANDS = {
    "new": Stands.OPEN,
    "open": Stands.OPEN,
    "hold": Stands.OPEN,
    "on-hold": Stands.OPEN,
    "pending": Stands.WAITING,
    "solved": Stands.RESOLVED,
    "closed": Stands.RESOLVED,
    "deleted": Stands.RESOLVED,
}
_PAGES = {
    *(
        "tickets",
        "ticket",
        "users",
        "user",
        "comments",
        "audits",
        "groups",
        "organizations",
        "satisfaction_ratings",
        "brands",
    ),
    *("side_conversations", "side_conversation"),
}
OF_PEOPLE = named("id url name email phone role identities active created_at updated_at")
_OF_SAID = named(
    "id type author_id author body plain_body html_body public attachments created_at ticket_id audit_id metadata via data"
)
_LEFT = named(
    "submitter submitter_id metric_set has_incidents forum_topic_id sharing_agreement_ids ticket_form_id custom_status_id"
    " support_type slas dates from_messaging_channel encoded_id"
)
_STAFF = {"agent", "admin"}
_KNOWN = named(
    "id url external_id created_at updated_at type subject raw_subject description priority status requester requester_id"
    " submitter submitter_id assignee assignee_id organization organization_id group group_id tags custom_fields fields"
    " satisfaction_rating via due_at metric_set comments comment_count collaborator_ids follower_ids email_cc_ids"
    " collaborator solved_at result_type generated_timestamp from_messaging_channel encoded_id is_public has_incidents"
    " forum_topic_id problem_id sharing_agreement_ids followup_ids ticket_form_id brand_id allow_channelback"
    " allow_attachments custom_status_id support_type slas audits dates"
)


def pieces(plain: Plain, hint: str) -> Iterator[Piece]:
    """What is in one object of the export; *hint* is the page's name for it, or the file's."""
    if isinstance(plain.get("suspended_tickets"), list):
        count = len(plain["suspended_tickets"])
        raise NotATicket(
            f"{count} suspended tickets are no tickets yet: recover those that are wanted, and export again"
        )
    if "side_conversation_id" in plain or ("participants" in plain and "ticket_id" in plain):
        yield _side(plain)
        return
    if "ticket_id" not in plain and any("side_conversation_id" in one for one in each(plain, "events")):
        for one in each(plain, "events"):
            yield from pieces(one, hint)
        return
    for name in _PAGES & plain.keys():
        value = plain[name]
        if isinstance(value, list) and name not in {"comments", "audits"}:
            for one in value:
                if isinstance(one, dict):
                    yield from pieces(one, name)
            if name in {"tickets", "users"}:
                return
        elif isinstance(value, dict) and len(plain) <= 2:
            yield from pieces(value, name)
            return
    if "id" not in plain and isinstance(plain.get("comments"), list):  # a page of the comments of one ticket
        for one in each(plain, "comments"):
            yield Piece(Sort.SAID, number(one, "id"), one, ticket=number(one, "ticket_id") or _ticket_in(hint))
    elif "id" not in plain and isinstance(plain.get("audits"), list):
        for one in each(plain, "audits"):
            yield from _audit(one)
    elif isinstance(plain.get("events"), list) and "ticket_id" in plain:
        yield from _audit(plain)
    elif "requester_id" in plain or "requester" in plain:
        yield from _ticket(plain)
    elif "role" in plain or ("email" in plain and "name" in plain):
        yield Piece(Sort.PERSON, number(plain, "id"), plain)
    elif "ticket_id" in plain and "score" in plain:
        yield Piece(Sort.RATING, number(plain, "id"), plain, ticket=number(plain, "ticket_id"))
    elif "author_id" in plain and ("body" in plain or "html_body" in plain):
        yield Piece(Sort.SAID, number(plain, "id"), plain, ticket=number(plain, "ticket_id") or _ticket_in(hint))
    elif "name" in plain and "id" in plain:
        sort = next((one for one in ("group", "brand") if one in hint), "organization")
        yield Piece(Sort.NAME, f"{sort}:{number(plain, 'id')}", plain)


def _ticket(plain: Plain) -> Iterator[Piece]:
    for role in ("requester", "submitter", "assignee"):
        person = inner(plain, role)
        if number(person, "id"):
            yield Piece(Sort.PERSON, number(person, "id"), person)
    own = number(plain, "id")
    for said in each(plain, "comments"):
        if number(inner(said, "author"), "id"):
            yield Piece(Sort.PERSON, number(inner(said, "author"), "id"), inner(said, "author"))
    for audit in each(plain, "audits"):
        yield from _audit({"ticket_id": own, **audit})
    yield Piece(Sort.TICKET, own, plain)


def _side(plain: Plain) -> Piece:
    """A side conversation, or what happened in one ("Side Conversation Events"): between staff and others, so a note."""
    said, actor = inner(plain, "message"), inner(plain, "actor") or inner(inner(plain, "message"), "from")
    whom = [line(one, "name", "email") for one in each(plain, "participants") or each(said, "to")]
    parts = [
        "Side conversation:",
        line(said, "subject") or line(plain, "subject"),
        line(actor, "name", "email"),
        f"to {', '.join(whom)}" if whom else "",
        shown(plain["updates"]) if plain.get("updates") else line(plain, "state"),
    ]
    head = " ".join(part for part in parts if part)
    body = text(said, "body", "preview_text")
    note = {
        "id": f"side-{number(plain, 'id')}",
        "created_at": plain.get("created_at"),
        "author_id": actor.get("user_id"),
        "public": False,
        "plain_body": "\n\n".join(part for part in (head, body) if part),
        "html_body": "" if body else said.get("html_body"),
        "attachments": said.get("attachments"),
    }
    return Piece(Sort.SAID, str(note["id"]), note, ticket=number(plain, "ticket_id"))


def _audit(plain: Plain) -> Iterator[Piece]:
    for event in each(plain, "events") or each(plain, "child_events"):
        if event.get("type", event.get("event_type")) == "Comment":
            said = {"created_at": plain.get("created_at"), "author_id": plain.get("author_id"), "via": plain.get("via")}
            yield Piece(Sort.SAID, number(event, "id"), {**said, **event}, ticket=number(plain, "ticket_id"))


def _ticket_in(hint: str) -> str:
    """The number in a page's file name, such as `tickets/123/comments.json` or `comments-123.json`."""
    digits = "".join(one if one.isdecimal() else " " for one in hint).split()
    return digits[-1] if digits else ""


def person(plain: Plain) -> Contact:
    more = [line(one, "value") for one in each(plain, "identities") if one.get("type") == "email"]
    phones = [line(one, "value") for one in each(plain, "identities") if one.get("type") == "phone_number"]
    emails = dict.fromkeys(one for one in (line(plain, "email"), *more) if one)
    return Contact(
        id=number(plain, "id"),
        name=line(plain, "name"),
        emails=tuple(emails),
        phones=tuple(dict.fromkeys(one for one in (line(plain, "phone"), *phones) if one)),
        is_staff=line(plain, "role").lower() in _STAFF,
    )


def ticket(
    plain: Plain,
    said: list[Plain],
    people: Mapping[str, Contact],
    names: Mapping[str, str],
    ratings: list[Plain],
    zone: str,
) -> Ticket:
    status = line(plain, "status").lower()
    requester = somebody(people, number(plain, "requester_id") or number(inner(plain, "requester"), "id"))
    assignee = somebody(people, number(plain, "assignee_id") or number(inner(plain, "assignee"), "id"))
    opened = at(plain, "created_at", zone=zone)
    rating = inner(plain, "satisfaction_rating")
    rated = [
        (line(one, "score"), f"{text(one, 'comment')} {line(one, 'reason')}".strip()) for one in (rating, *ratings)
    ]
    source = inner(inner(plain, "via"), "source")
    copied = [
        somebody(people, str(one))
        for name in ("email_cc_ids", "collaborator_ids", "follower_ids")
        for one in plain.get(name) or ()
    ]
    whole = [*each(plain, "comments"), *said]
    spoken = _all_said(whole, requester=requester, people=people, zone=zone)
    if not spoken and text(plain, "description"):
        spoken = [Said(id="first", at=opened, ours=False, by=requester, text=text(plain, "description"))]
    fields = [(f"field {number(one, 'id')}", one.get("value")) for one in each(plain, "custom_fields")]
    number_of_group = number(plain, "group_id")
    number_of_organization = number(plain, "organization_id")
    remarks = () if status in STANDS or not status else (f"status {status}",)
    return Ticket(
        id=number(plain, "id"),
        subject=line(plain, "subject", "raw_subject"),
        status=status,
        stands=STANDS.get(status, Stands.OPEN),
        opened_at=opened,
        changed_at=moment(plain, "updated_at", zone=zone) or opened,
        solved_at=moment(plain, "solved_at", zone=zone) or moment(inner(plain, "metric_set"), "solved_at", zone=zone),
        requester=requester,
        assignee=assignee,
        channel=line(inner(plain, "via"), "channel"),
        said=tuple(spoken),
        tags=words(plain, "tags"),
        noted=noted(
            [
                (
                    "rating",
                    "; ".join(f"{score} {words_}".strip() for score, words_ in rated if score and score not in _NONE),
                ),
                ("priority", line(plain, "priority")),
                ("type", line(plain, "type")),
                ("due", line(plain, "due_at")),
                (
                    "group",
                    names.get(f"group:{number_of_group}") or line(inner(plain, "group"), "name") or number_of_group,
                ),
                (
                    "organization",
                    names.get(f"organization:{number_of_organization}")
                    or line(inner(plain, "organization"), "name")
                    or number_of_organization,
                ),
                ("brand", names.get(f"brand:{number(plain, 'brand_id')}") or number(plain, "brand_id")),
                ("cc and followers", ", ".join(dict.fromkeys(one.email or one.name or one.id for one in copied))),
                (
                    "follow-up of",
                    number(inner(source, "from"), "ticket_id") if line(source, "rel") == "follow_up" else "",
                ),
                ("followed up by", plain.get("followup_ids")),
                ("marked", "deleted" if status == "deleted" else ""),
                ("external id", line(plain, "external_id")),
                ("problem", number(plain, "problem_id")),
                *fields,
            ]
        ),
        unmapped=left_over(plain, _KNOWN),
        remarks=remarks,
        left=(
            *stays_behind(plain, _LEFT),
            *(name for one in whole for name in stays(one, _OF_SAID, prefix="comment.")),
        ),
    )


_NONE = {"unoffered", "offered"}


def _all_said(whole: list[Plain], *, requester: Contact, people: Mapping[str, Contact], zone: str) -> list[Said]:
    found: dict[str, Said] = {}
    for one in whole:
        author = somebody(people, number(one, "author_id") or number(inner(one, "author"), "id"))
        public = one.get("public", True)
        # Who is not in the export and did not ask is most likely one of those who answered.
        ours = author.is_staff or (author.id != requester.id and (author.id not in people or not is_yes(public)))
        own = number(one, "id")
        if not own:
            raise NotATicket("something said in it has no id")
        html = text(one, "html_body")
        found.setdefault(
            own,
            Said(
                id=own,
                at=at(one, "created_at", zone=zone),
                ours=ours,
                private=not is_yes(public),
                by=author,
                text=text(one, "plain_body") or ("" if html else text(one, "body")),
                html=html,
                message_id=line(inner(one, "metadata"), "message_id"),
                enclosed=tuple(
                    Enclosed(line(file, "file_name", "filename"), line(file, "content_type"), line(file, "content_url"))
                    for file in each(one, "attachments")
                )
                + _recorded(inner(one, "data")),
            ),
        )
    return list(found.values())


def _recorded(plain: Plain) -> tuple[Enclosed, ...]:
    """What a call left: "VoiceComment"."""
    url = line(plain, "recording_url")
    return (Enclosed("recording", "", url),) if url else ()
