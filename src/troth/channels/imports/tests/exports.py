"""Exports of other desks as their documentation gives them, small, with what is odd in each; all people are invented."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any


def zendesk_user(number: int, name: str, email: str | None, role: str = "end-user", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "url": f"https://acme.zendesk.com/api/v2/users/{number}.json",
        "name": name,
        "email": email,
        "role": role,
        "created_at": "2024-01-05T08:00:00Z",
        "phone": None,
        "active": True,
        "verified": True,
        **more,
    }


ANN = zendesk_user(
    9001,
    "Ann Quill",
    "ann@quill.example",
    identities=[
        {"type": "email", "value": "ann@quill.example", "primary": True},
        {"type": "email", "value": "ann.quill@work.example", "primary": False},
    ],
)
BEN = zendesk_user(9100, "Ben Ode", "ben@acme.example", "agent")
EVE = zendesk_user(9101, "Eve Gone", "eve@acme.example", "agent")


def zendesk_comment(
    number: int, author: int, at: str, text: str, *, public: bool = True, **more: Any
) -> dict[str, Any]:
    return {
        "id": number,
        "type": "Comment",
        "author_id": author,
        "body": text,
        "plain_body": text,
        "html_body": f'<div class="zd-comment" dir="auto"><p>{text}</p></div>',
        "public": public,
        "attachments": [],
        "audit_id": number + 1,
        "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
        "created_at": at,
        **more,
    }


def zendesk_ticket(
    number: int, *, requester: int = 9001, said: list[dict[str, Any]] | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "url": f"https://acme.zendesk.com/api/v2/tickets/{number}.json",
        "id": number,
        "external_id": None,
        "via": {"channel": "email", "source": {"from": {}, "to": {}, "rel": None}},
        "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-02T15:00:00Z",
        "type": "incident",
        "subject": "The blue lamp",
        "raw_subject": "The blue lamp",
        "description": "My lamp is broken.",
        "priority": "high",
        "status": "open",
        "requester_id": requester,
        "submitter_id": requester,
        "assignee_id": 9100,
        "organization_id": None,
        "group_id": 360001,
        "tags": ["lamp", "vip"],
        "custom_fields": [{"id": 360002, "value": "A-17"}, {"id": 360003, "value": None}],
        "satisfaction_rating": {"score": "good", "comment": "Quick!"},
        "due_at": "2026-03-09T17:00:00Z",
        "comments": said
        if said is not None
        else [
            zendesk_comment(number * 10, requester, "2026-03-02T09:00:00Z", "My lamp is broken."),
            zendesk_comment(number * 10 + 1, 9100, "2026-03-02T10:00:00Z", "We will call you by 5pm on 9 March."),
            zendesk_comment(number * 10 + 2, 9101, "2026-03-02T11:00:00Z", "Same batch as last week.", public=False),
        ],
        **more,
    }


def zendesk(path: Path, *tickets: dict[str, Any], users: tuple[dict[str, Any], ...] = (ANN, BEN, EVE)) -> Path:
    """The account's JSON export: an object a line, in a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.json", "".join(json.dumps(one) + "\n" for one in users))
        archive.writestr("tickets.json", "".join(json.dumps(one) + "\n" for one in tickets))
        archive.writestr("organizations.json", json.dumps({"id": 5, "name": "Quill Ltd", "domain_names": []}) + "\n")
        archive.writestr("groups.json", json.dumps({"groups": [{"id": 360001, "name": "Lighting"}]}))
    return path


def freshdesk(path: Path, **more: Any) -> Path:
    """The account's export: pages of objects, each under its Rails name."""
    ticket = {
        "id": 7001,
        "display_id": 12,
        "subject": "The blue lamp",
        "description": "My lamp is broken.",
        "description_html": "<div>My <b>lamp</b> is broken.<script>alert(1)</script></div>",
        "status": 3,
        "status_name": "Pending",
        "priority": 3,
        "priority_name": "High",
        "source": 1,
        "source_name": "Email",
        "requester_id": 81,
        "responder_id": 91,
        "created_at": "2026-03-02T10:00:00+01:00",
        "updated_at": "2026-03-02T16:00:00+01:00",
        "due_by": "2026-03-05T10:00:00+01:00",
        "frDueBy": "2026-03-03T10:00:00+01:00",
        "custom_field": {"order_number_1": "A-17"},
        "tags": [{"name": "lamp"}],
        "notes": [
            {
                "id": 501,
                "body": "We will call you.",
                "body_html": "<div>We will call you.</div>",
                "incoming": False,
                "private": False,
                "user_id": 91,
                "created_at": "2026-03-02T11:00:00+01:00",
                "attachments": [
                    {
                        "name": "form.pdf",
                        "content_type": "application/pdf",
                        "attachment_url": "https://s3.example/form.pdf",
                    }
                ],
            },
            {
                "id": 502,
                "body": "Known fault.",
                "body_html": "<div>Known fault.</div>",
                "incoming": False,
                "private": True,
                "user_id": 91,
                "created_at": "2026-03-02T12:00:00+01:00",
            },
            {
                "id": 503,
                "body": "Thank you.",
                "body_html": "<div>Thank you.</div>",
                "incoming": True,
                "private": False,
                "user_id": 81,
                "created_at": "2026-03-02T13:00:00+01:00",
            },
        ],
        "moon_phase": "waning",
        **more,
    }
    users = [
        {
            "user": {
                "id": 81,
                "name": "Ann Quill",
                "email": "ann@quill.example",
                "mobile": "+44 20 7946 0001",
                "helpdesk_agent": False,
            }
        },
        {"user": {"id": 91, "name": "Ben Ode", "email": "ben@acme.example", "helpdesk_agent": True}},
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Tickets0.json", json.dumps([{"helpdesk_ticket": ticket}]))
        archive.writestr("Users0.json", json.dumps(users))
    return path


FRESHDESK_XML = """\
<?xml version="1.0" encoding="UTF-8"?>
<helpdesk-tickets type="array">
  <helpdesk-ticket>
    <id type="integer">7001</id>
    <display-id type="integer">12</display-id>
    <subject>The blue lamp</subject>
    <description>My lamp is broken.</description>
    <description-html>&lt;div&gt;My lamp is broken.&lt;/div&gt;</description-html>
    <status type="integer">5</status>
    <status-name>Closed</status-name>
    <requester-id type="integer">81</requester-id>
    <requester-name>Ann Quill</requester-name>
    <created-at type="datetime">2026-03-02T10:00:00+01:00</created-at>
    <updated-at type="datetime">2026-03-02T16:00:00+01:00</updated-at>
    <responder-id nil="true"/>
    <helpdesk-notes type="array">
      <helpdesk-note>
        <id type="integer">501</id>
        <body>We will call you.</body>
        <incoming type="boolean">false</incoming>
        <private type="boolean">false</private>
        <created-at type="datetime">2026-03-02T11:00:00+01:00</created-at>
      </helpdesk-note>
    </helpdesk-notes>
  </helpdesk-ticket>
</helpdesk-tickets>
"""


def helpscout(path: Path) -> Path:
    """A page of conversations as the Mailbox API gives them, with their threads embedded."""
    person = {"id": 601, "type": "customer", "first": "Ann", "last": "Quill", "email": "ann@quill.example"}
    user = {"id": 701, "type": "user", "first": "Ben", "last": "Ode", "email": "ben@acme.example"}
    conversation = {
        "id": 10,
        "number": 1234,
        "threads": 3,
        "type": "email",
        "folderId": 11,
        "status": "closed",
        "state": "published",
        "subject": "The blue lamp",
        "preview": "My lamp",
        "mailboxId": 33,
        "assignee": user,
        "createdBy": person,
        "createdAt": "2026-03-02T09:00:00Z",
        "closedAt": "2026-03-04T09:00:00Z",
        "userUpdatedAt": "2026-03-04T09:00:00Z",
        "source": {"type": "email", "via": "customer"},
        "tags": [{"id": 99, "color": "#000", "tag": "lamp"}],
        "primaryCustomer": person,
        "customFields": [{"id": 8, "name": "Order", "value": "A-17", "text": "A-17"}],
        "_embedded": {
            "threads": [
                {
                    "id": 1,
                    "type": "customer",
                    "status": "active",
                    "state": "published",
                    "body": "My lamp is<br>broken.",
                    "customer": person,
                    "createdBy": person,
                    "createdAt": "2026-03-02T09:00:00Z",
                },
                {
                    "id": 2,
                    "type": "message",
                    "status": "closed",
                    "state": "published",
                    "body": "We call you.",
                    "customer": person,
                    "createdBy": user,
                    "createdAt": "2026-03-02T10:00:00Z",
                },
                {
                    "id": 3,
                    "type": "note",
                    "state": "published",
                    "body": "Known fault.",
                    "createdBy": user,
                    "createdAt": "2026-03-02T11:00:00Z",
                },
                {
                    "id": 4,
                    "type": "lineitem",
                    "status": "closed",
                    "createdBy": user,
                    "createdAt": "2026-03-04T09:00:00Z",
                },
            ]
        },
    }
    page = {"_embedded": {"conversations": [conversation]}, "page": {"size": 25, "totalElements": 1, "number": 1}}
    path.write_text(json.dumps(page, indent=1))
    return path


def chatwoot(folder: Path) -> Path:
    """What its API gives: a page of conversations, and of the messages of each."""
    folder.mkdir(exist_ok=True)
    ann = {
        "id": 3,
        "name": "Ann Quill",
        "email": "ann@quill.example",
        "phone_number": "+442079460001",
        "identifier": None,
    }
    ben = {"id": 4, "name": "Ben Ode", "email": "ben@acme.example", "type": "user", "availability_status": "online"}
    conversation = {
        "id": 44,
        "account_id": 1,
        "inbox_id": 2,
        "status": "snoozed",
        "created_at": 1772442000,
        "updated_at": 1772460000.5,
        "labels": ["lamp"],
        "meta": {"sender": ann, "assignee": ben, "channel": "Channel::WebWidget", "hmac_verified": False},
        "custom_attributes": {"order": "A-17"},
        "additional_attributes": {"browser": {"browser_name": "Firefox"}, "initiated_at": {"timestamp": "x"}},
        "messages": [],
        "priority": "high",
    }
    messages = [
        {
            "id": 70,
            "content": "My lamp is broken.",
            "message_type": 0,
            "content_type": "text",
            "private": False,
            "created_at": 1772442000,
            "conversation_id": 44,
            "sender": ann | {"type": "contact"},
        },
        {
            "id": 71,
            "content": "Ben Ode was assigned",
            "message_type": 2,
            "private": False,
            "created_at": 1772442001,
            "conversation_id": 44,
        },
        {
            "id": 72,
            "content": "We call you.",
            "message_type": 1,
            "private": False,
            "created_at": 1772445600,
            "conversation_id": 44,
            "sender": ben,
            "attachments": [{"id": 1, "file_type": "image", "data_url": "https://chat.example/blob/lamp.png?x=1"}],
        },
        {
            "id": 73,
            "content": "Known fault.",
            "message_type": 1,
            "private": True,
            "created_at": 1772446600,
            "conversation_id": 44,
            "sender": ben,
        },
    ]
    (folder / "conversations.json").write_text(
        json.dumps({"data": {"meta": {"all_count": 1}, "payload": [conversation]}})
    )
    (folder / "messages-44.json").write_text(json.dumps({"meta": {"contact": ann}, "payload": messages}))
    (folder / "csat.json").write_text(
        json.dumps(
            [{"id": 1, "conversation_id": 44, "rating": 5, "feedback_message": "Quick!", "created_at": 1772470000}]
        )
    )
    return folder


def zammad(folder: Path) -> Path:
    """What its REST API gives: tickets, articles and users, each a list."""
    folder.mkdir(exist_ok=True)
    ticket = {
        "id": 5,
        "number": "31005",
        "title": "The blue lamp",
        "group_id": 1,
        "state_id": 3,
        "priority_id": 3,
        "customer_id": 20,
        "owner_id": 21,
        "created_at": "2026-03-02T09:00:00.000Z",
        "updated_at": "2026-03-02T15:00:00.000Z",
        "pending_time": "2026-03-12T09:00:00.000Z",
        "escalation_at": "2026-03-05T09:00:00.000Z",
        "article_ids": [8, 9, 10],
        "create_article_type_id": 1,
        "order_number": "A-17",
    }
    articles = [
        {
            "id": 8,
            "ticket_id": 5,
            "type": "email",
            "sender": "Customer",
            "from": "Ann Quill <ann@quill.example>",
            "subject": "The blue lamp",
            "body": "My lamp is broken.",
            "content_type": "text/plain",
            "internal": False,
            "message_id": "<8@quill.example>",
            "created_at": "2026-03-02T09:00:00.000Z",
            "created_by_id": 20,
            "attachments": [
                {
                    "id": 1,
                    "filename": "lamp.txt",
                    "size": "5",
                    "preferences": {"Content-Type": "text/plain"},
                    "data": "aGVsbG8=",
                }
            ],
        },
        {
            "id": 9,
            "ticket_id": 5,
            "type": "email",
            "sender": "Agent",
            "body": "<div>We <i>call</i> you.<img src='x' onerror='y'></div>",
            "content_type": "text/html",
            "internal": False,
            "created_at": "2026-03-02T10:00:00.000Z",
            "created_by_id": 21,
        },
        {
            "id": 10,
            "ticket_id": 5,
            "type": "note",
            "sender": "Agent",
            "body": "Known fault.",
            "content_type": "text/plain",
            "internal": True,
            "created_at": "2026-03-02T11:00:00.000Z",
            "created_by_id": 21,
        },
    ]
    users = [
        {
            "id": 20,
            "login": "ann@quill.example",
            "firstname": "Ann",
            "lastname": "Quill",
            "email": "ann@quill.example",
            "role_ids": [3],
        },
        {"id": 21, "login": "ben", "firstname": "Ben", "lastname": "Ode", "email": "ben@acme.example", "role_ids": [2]},
    ]
    (folder / "tickets.json").write_text(json.dumps([ticket]))
    (folder / "ticket_articles.json").write_text(json.dumps(articles, indent=2))
    (folder / "users.json").write_text(json.dumps(users))
    (folder / "groups.json").write_text(json.dumps([{"id": 1, "name": "Lighting", "active": True}]))
    return folder
