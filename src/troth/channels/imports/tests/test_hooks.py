from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.people_and_things import new_facts

from troth.cases.models import Case, Message
from troth.channels.imports import tasks
from troth.channels.imports.actions import hooks
from troth.channels.imports.models import Call, Hook
from troth.channels.imports.rules.calls import Forged, checked
from troth.channels.imports.tests import exports
from troth.channels.imports.tests.exports import zendesk_ticket
from troth.people.models import Handle, Staff

pytestmark = pytest.mark.django_db
SECRET = "a secret of theirs"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def made(source: str) -> Hook:
    return hooks.make_hook(source=source, name="Old desk", secret=SECRET, by=None, now=NOW)


def signed(source: str, body: bytes, *, at: datetime | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers each desk sends, made as its documentation says."""
    at = at or timezone.now()
    key = secret.encode()
    if source == "zendesk":
        stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        signature = b64encode(hmac.digest(key, stamp.encode() + body, "sha256")).decode()
        return {"X-Zendesk-Webhook-Signature": signature, "X-Zendesk-Webhook-Signature-Timestamp": stamp}
    if source == "chatwoot":
        stamp = str(int(at.timestamp()))
        digest = hmac.new(key, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return {"X-Chatwoot-Signature": f"sha256={digest}", "X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Delivery": "d-1"}
    if source == "helpscout":
        return {"X-HelpScout-Signature": b64encode(hmac.digest(key, body, "sha1")).decode()}
    if source == "zammad":
        return {"X-Hub-Signature": f"sha1={hmac.new(key, body, 'sha1').hexdigest()}", "X-Zammad-Delivery": "z-1"}
    return {"X-Troth-Secret": secret}


def call(hook: Hook, plain: object, **how) -> int:
    body = json.dumps(plain).encode()
    answer = Client().post(
        f"/moving-in/hooks/{hook.source}/{hook.pk}/",
        data=body,
        content_type="application/json",
        headers=signed(hook.source, body, **how),
    )
    return answer.status_code


def zendesk_event(kind: str, at: str, *, status: str = "OPEN", **comment: object) -> dict[str, object]:
    detail = {
        "id": "123",
        "subject": "The blue lamp",
        "status": status,
        "requester_id": "9001",
        "assignee_id": "9100",
        "created_at": "2026-03-02T09:00:00Z",
        "updated_at": at,
        "via": {"channel": "email"},
        "tags": ["lamp"],
    }
    event = {"comment": comment} if comment else {"current": status}
    return {"type": f"zen:event-type:ticket.{kind}", "time": at, "id": at + kind, "detail": detail, "event": event}


SPOKEN = {
    "id": "999",
    "body": "Is it on its way?",
    "is_public": True,
    "author": {"id": "9001", "is_staff": False, "name": "Ann"},
}


@pytest.mark.parametrize("source", ["zendesk", "freshdesk", "helpscout", "chatwoot", "zammad"])
def test_a_genuine_call_is_kept_once_and_a_forged_one_is_counted(source):
    hook = made(source)
    at = timezone.now()

    assert call(hook, {"hello": 1}, at=at) == 202
    assert call(hook, {"hello": 1}, at=at) == 200
    assert call(hook, {"hello": 2}, secret="somebody else's") == 403

    hook.refresh_from_db()
    assert (Call.objects.count(), hook.heard, hook.refused) == (1, 2, 1)
    assert hook.heard_at is not None


def test_a_signature_of_somebody_elses_body_is_refused():
    headers = signed("zammad", b'{"ticket": 1}')

    with pytest.raises(Forged, match="not ours"):
        checked("zammad", secret=SECRET, headers=headers, body=b'{"ticket": 2}', now=NOW)
    with pytest.raises(Forged, match="no signature"):
        checked("helpscout", secret=SECRET, headers={}, body=b"{}", now=NOW)
    with pytest.raises(Forged, match="no secret"):
        checked("freshdesk", secret="", headers={"X-Troth-Secret": ""}, body=b"{}", now=NOW)


def test_zendesks_own_example_of_a_signature():
    """From the page on verifying webhooks: a timestamp, a body, and what they are signed to with that secret."""
    body, stamp = b'{"id": 1}', "2021-03-25T05:09:27Z"
    signature = b64encode(hmac.digest(b"dGhpc19pc19hX3Rlc3Q=", stamp.encode() + body, "sha256")).decode()
    headers = {"X-Zendesk-Webhook-Signature": signature, "X-Zendesk-Webhook-Signature-Timestamp": stamp}
    now = datetime(2021, 3, 25, 5, 10, tzinfo=UTC)

    assert checked("zendesk", secret="dGhpc19pc19hX3Rlc3Q=", headers=headers, body=body, now=now)


@pytest.mark.parametrize("source", ["zendesk", "chatwoot"])
@pytest.mark.parametrize("away", [timedelta(minutes=6), -timedelta(minutes=6)])
def test_a_call_of_another_time_is_somebodys_copy(source, away):
    hook = made(source)

    assert call(hook, {"hello": 1}, at=timezone.now() - away) == 403
    assert Call.objects.count() == 0


def test_a_hook_that_is_off_takes_nothing():
    hook = made("zammad")
    assert hooks.switch(hook, on=False, by=None, now=NOW)
    assert not hooks.switch(hook, on=False, by=None, now=NOW)

    assert call(hook, {"hello": 1}) == 403
    assert Client().post("/moving-in/hooks/zendesk/1/").status_code == 404
    assert new_facts(f"desk_hook:{hook.pk}") == [
        ("DeskHookMade", {"source": "zammad", "by": ""}),
        ("DeskHookSwitched", {"is_on": False, "by": ""}),
    ]


def test_zendesk_goes_on_in_the_case_that_was_imported(tmp_path, settings):
    from troth.channels.imports.tests.test_desks import run

    settings.TROTH_DATA = tmp_path / "data"
    ben = Staff.objects.create_user("ben@acme.example", name="Ben Ode")
    run("zendesk", exports.zendesk(tmp_path / "z.zip", zendesk_ticket(123)))
    hook = made("zendesk")
    handles = Handle.objects.count()

    call(hook, zendesk_event("comment_added", "2026-03-06T09:00:00Z", **SPOKEN))
    call(hook, zendesk_event("status_changed", "2026-03-07T09:00:00Z", status="SOLVED"))
    call(hook, zendesk_event("status_changed", "2026-03-05T09:00:00Z", status="PENDING"))
    tasks.read_calls()

    case = Case.objects.get()
    assert case.messages.filter(direction="inbound").order_by("at").last().text == "Is it on its way?"
    assert case.status == "resolved"
    assert case.unanswered_since is None
    assert Handle.objects.count() == handles
    assert set(Call.objects.values_list("state", flat=True)) <= {"taken", "nothing"}
    assert not Call.objects.exclude(body=b"").exists()
    assert ben


def test_the_same_comment_by_hook_and_by_export_is_there_once(tmp_path, settings):
    from troth.channels.imports.tests.test_desks import run

    settings.TROTH_DATA = tmp_path / "data"
    hook = made("zammad")
    ticket, article = zammad_call()
    call(hook, {"ticket": ticket, "article": article})
    tasks.read_calls()

    run("zammad", exports.zammad(tmp_path / "m"))

    assert Case.objects.count() == 1
    assert Message.objects.filter(direction="inbound").count() == 1


def zammad_call() -> tuple[dict, dict]:
    customer = {
        "id": 20,
        "login": "ann@quill.example",
        "firstname": "Ann",
        "lastname": "Quill",
        "email": "ann@quill.example",
        "role_ids": [3],
    }
    ticket = {
        "id": 5,
        "number": "31005",
        "title": "The blue lamp",
        "state": "open",
        "customer": customer,
        "customer_id": 20,
        "created_at": "2026-03-02T09:00:00.000Z",
        "updated_at": "2026-03-02T09:00:00.000Z",
    }
    article = {
        "id": 8,
        "ticket_id": 5,
        "sender": "Customer",
        "body": "My lamp is broken.",
        "content_type": "text/plain",
        "internal": False,
        "created_at": "2026-03-02T09:00:00.000Z",
        "created_by_id": 20,
    }
    return ticket, article


def test_chatwoot_tells_of_a_message():
    hook = made("chatwoot")
    conversation = {
        "id": 44,
        "inbox_id": 2,
        "status": "open",
        "created_at": 1772442000,
        "updated_at": 1772442000,
        "channel": "Channel::Api",
        "meta": {"sender": {"id": 3, "name": "Ann", "email": "ann@quill.example"}, "assignee": None},
    }
    told = {
        "event": "message_created",
        "id": 70,
        "content": "My lamp is broken.",
        "message_type": "incoming",
        "private": False,
        "created_at": "2026-03-02T09:00:00Z",
        "sender": {"id": 3, "name": "Ann", "email": "ann@quill.example"},
        "conversation": conversation,
        "account": {"id": 1},
    }

    call(hook, told)
    tasks.read_calls()

    case = Case.objects.get()
    assert (case.outside_id, case.customer.name) == ("chatwoot:44", "Ann")
    assert case.messages.get(direction="inbound").text == "My lamp is broken."


def test_what_freshdesk_tells_stands_once_beside_its_export(tmp_path, settings):
    from troth.channels.imports.tests.test_desks import run

    settings.TROTH_DATA = tmp_path / "data"
    hook = made("freshdesk")
    told = {
        "ticket_id": 12,
        "ticket_subject": "The blue lamp",
        "ticket_status": "Pending",
        "ticket_requester_name": "Ann Quill",
        "ticket_requester_email": "ann@quill.example",
        "ticket_latest_public_comment": "Thank you.",
        "triggered_by": "requester",
    }
    call(hook, {"freshdesk_webhook": told})
    tasks.read_calls()
    assert Case.objects.get().status == "waiting"

    run("freshdesk", exports.freshdesk(tmp_path / "f.zip"))

    assert Case.objects.count() == 1
    assert Message.objects.filter(text="Thank you.").count() == 1


def test_what_cannot_be_read_is_kept_and_shown():
    hook = made("helpscout")
    body = b"{not json"
    Client().post(
        f"/moving-in/hooks/helpscout/{hook.pk}/",
        data=body,
        content_type="application/json",
        headers=signed("helpscout", body),
    )

    tasks.read_calls()

    kept = Call.objects.get()
    assert (kept.state, bytes(kept.body), kept.problem) == ("unreadable", body, "it is no JSON")
