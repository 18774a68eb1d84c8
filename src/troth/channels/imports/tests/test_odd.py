"""What exports hold beside the plain ticket, as their makers document it: it is taken, or the report names it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from troth.cases.models import Attachment, Case, Message
from troth.channels.imports.command import import_files
from troth.channels.imports.tests import exports
from troth.channels.imports.tests.exports import zendesk_comment, zendesk_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(tmp_path, settings):
    settings.TROTH_DATA = tmp_path / "data"


def run(*words: object) -> str:
    done = CliRunner().invoke(import_files, [str(word) for word in words], catch_exceptions=False)
    return done.stdout + done.stderr


def report(source: str, path: Path) -> dict[str, Any]:
    done = CliRunner().invoke(import_files, [source, str(path), "--dry-run", "--json"], catch_exceptions=False)
    return json.loads(done.stdout)


def note(case: Case) -> list[str]:
    """The lines about where it came from."""
    return case.messages.get(source__contains=":about:").text.splitlines()


def named(counted: list[dict[str, Any]]) -> set[str]:
    return {one["name"] for one in counted}


def plain_lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_a_deleted_ticket_of_zendesk_is_over_and_says_so(tmp_path):
    run("zendesk", exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1, status="deleted", assignee_id=None)))

    case = Case.objects.get()
    assert case.status == "resolved"
    assert "marked: deleted" in note(case)


def test_who_was_copied_and_what_it_follows_stand_in_the_note(tmp_path):
    ticket = zendesk_ticket(
        2,
        email_cc_ids=[9101],
        follower_ids=[9100],
        followup_ids=[7],
        brand_id=77,
        via={"channel": "web", "source": {"from": {"ticket_id": 1, "subject": "x"}, "to": {}, "rel": "follow_up"}},
        satisfaction_rating={"score": "bad", "comment": None, "reason": "The issue took too long to resolve"},
    )
    run("zendesk", exports.zendesk(tmp_path / "z.zip", ticket))

    told = note(Case.objects.get())
    assert {
        "cc and followers: eve@acme.example, ben@acme.example",
        "follow-up of: 1",
        "followed up by: [7]",
        "brand: 77",
        "rating: bad The issue took too long to resolve",
    } <= set(told)


def test_side_conversations_become_notes(tmp_path):
    side = "8566255a-ece5-11e8-857d-493066fa7b17"
    rows = {
        "side_conversations": [
            {
                "id": side,
                "ticket_id": 1,
                "subject": "Spare bulb",
                "preview_text": "Have you one?",
                "state": "open",
                "participants": [{"user_id": 9100, "name": "Ben Ode", "email": "ben@acme.example"}],
                "created_at": "2026-03-02T12:00:00.000+00:00",
            }
        ]
    }
    events = {
        "events": [
            {
                "id": "e1",
                "side_conversation_id": side,
                "ticket_id": 1,
                "type": "create",
                "actor": {"user_id": 9100, "name": "Ben Ode", "email": "ben@acme.example"},
                "created_at": "2026-03-02T12:00:00.000+00:00",
                "message": {
                    "subject": "Spare bulb",
                    "body": "Have you one?",
                    "html_body": "<p>Have you one?</p>",
                    "to": [{"email": "depot@supplier.example"}],
                },
            },
            {
                "id": "e2",
                "side_conversation_id": side,
                "ticket_id": 1,
                "type": "update",
                "actor": {"user_id": 9100},
                "created_at": "2026-03-02T13:00:00.000+00:00",
                "updates": {"state": "closed"},
            },
        ]
    }
    told = run("zendesk", plain_lines(tmp_path / "z.json", exports.ANN, exports.BEN, zendesk_ticket(1), rows, events))

    notes = list(Message.objects.filter(source__contains=":side-").order_by("source").values_list("direction", "text"))
    assert " 0 left out" in told
    assert notes == [
        ("note", "Side conversation: Spare bulb to Ben Ode open"),
        ("note", "Side conversation: Spare bulb Ben Ode to depot@supplier.example\n\nHave you one?"),
        ("note", 'Side conversation: {"state": "closed"}'),
    ]


def test_suspended_tickets_are_told_with_what_to_do(tmp_path):
    page = {"suspended_tickets": [{"id": 435, "cause": "Detected as spam", "content": "Buy", "ticket_id": None}]}

    told = run("zendesk", plain_lines(tmp_path / "z.json", exports.ANN, zendesk_ticket(1), page))

    assert "1 suspended tickets are no tickets yet: recover those that are wanted" in told
    assert Case.objects.count() == 1


def test_calls_files_and_words_in_html_alone_are_taken(tmp_path):
    call = zendesk_comment(1, 9001, "2026-03-02T09:00:00Z", "Call from +44 20", data={"recording_url": "https://x/1"})
    only_html = zendesk_comment(2, 9001, "2026-03-02T10:00:00Z", "", html_body="<p>It is <b>dark</b>.</p>")
    inline = zendesk_comment(3, 9001, "2026-03-02T11:00:00Z", "See it", attachments=[
        {"id": 9, "file_name": "lamp.png", "content_type": "image/png", "content_url": "https://x/2", "inline": True}
    ])  # fmt: skip
    empty = zendesk_comment(4, 9001, "2026-03-02T12:00:00Z", "", html_body="")
    file = exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1, said=[call, only_html, inline, empty]))

    found = report("zendesk", file)
    run("zendesk", file)

    assert list(Message.objects.filter(direction="inbound").order_by("at").values_list("text", flat=True)) == [
        "Call from +44 20\n\n[recording]",
        "It is dark.",
        "See it\n\n[lamp.png]",
        "",
    ]
    assert "something said in it is empty" in named(found["remarks"])
    assert found["attachments_missing"] == 2


def test_fields_without_use_here_are_named(tmp_path):
    ticket = zendesk_ticket(1, ticket_form_id=5, metric_set={"reopens": 1})
    ticket["comments"][0]["moved"] = "yes"
    person = exports.zendesk_user(9001, "Ann Quill", "ann@quill.example", notes="Rings at noon", time_zone="London")
    file = plain_lines(tmp_path / "z.json", person, ticket)

    found = report("zendesk", file)

    assert {"ticket_form_id", "metric_set", "comment.moved"} <= named(found["fields_left"])
    assert {"notes", "time_zone"} <= named(found["fields_of_people_left"])
    assert "notes" in run("zendesk", file, "--dry-run")


def test_spam_and_deleted_tickets_of_freshdesk_are_over(tmp_path):
    ticket = {
        "id": 3, "subject": "Buy", "status": 2, "requester_id": 1, "email": "x@spam.example", "spam": True,
        "description": "<p>Buy</p>",
        "description_text": "Buy", "cc_emails": ["boss@quill.example"], "created_at": "2026-03-02T09:00:00Z",
        "conversations": [
            {"id": 4, "body": "gone", "body_text": "gone", "incoming": False, "private": True, "deleted": True, "user_id": 2,
             "created_at": "2026-03-02T10:00:00Z"}
        ],
    }  # fmt: skip
    file = plain_lines(tmp_path / "f.json", ticket)

    found = report("freshdesk", file)
    run("freshdesk", file)

    case = Case.objects.get()
    assert case.status == "resolved"
    assert {"marked: spam", "cc: boss@quill.example"} <= set(note(case))
    assert case.messages.count() == 2
    assert "a reply or note in it was deleted, and stays so" in named(found["remarks"])


def test_drafts_of_help_scout_stay_behind_by_name_and_forwards_are_notes(tmp_path):
    file = exports.helpscout(tmp_path / "h.json")
    page = json.loads(file.read_text())
    one = page["_embedded"]["conversations"][0]
    one["cc"] = ["boss@quill.example"]
    threads = one["_embedded"]["threads"]
    threads.append({**threads[1], "id": 5, "state": "draft", "body": "Not sent"})
    threads.append({**threads[1], "id": 6, "type": "forwardparent", "body": "To the depot"})
    file.write_text(json.dumps(page))

    found = report("helpscout", file)
    run("helpscout", file)

    assert {"thread of type message, draft", "thread of type lineitem, published"} <= named(found["fields_left"])
    assert Message.objects.get(text="To the depot").direction == "note"
    assert not Message.objects.filter(text="Not sent").exists()
    assert "cc: boss@quill.example" in note(Case.objects.get())


def test_what_was_filled_in_and_what_failed_in_chatwoot(tmp_path):
    folder = exports.chatwoot(tmp_path / "c")
    file = folder / "messages-44.json"
    page = json.loads(file.read_text())
    page["payload"].append(
        {
            "id": 90,
            "content": "Your details",
            "message_type": 1,
            "content_type": "form",
            "status": "failed",
            "private": False,
            "created_at": 1772447000,
            "conversation_id": 44,
            "sentiment": {"x": 1},
            "content_attributes": {
                "submitted_values": [{"name": "order", "title": "Order", "value": "A-17"}],
                "cc_emails": ["boss@quill.example"],
            },
        }
    )
    file.write_text(json.dumps(page))

    found = report("chatwoot", folder)
    run("chatwoot", folder)

    words = Message.objects.get(source="chatwoot:44:90").text
    assert words == "Your details\nOrder: A-17\n[cc: boss@quill.example]"
    assert "an answer in it could not be delivered there" in named(found["remarks"])
    assert {"messages of type activity", "message.sentiment"} <= named(found["fields_left"])


def test_pictures_within_words_of_zammad_keep_their_names(tmp_path):
    folder = exports.zammad(tmp_path / "m")
    file = folder / "ticket_articles.json"
    articles = json.loads(file.read_text())
    articles[0] |= {
        "content_type": "text/html",
        "body": "<p>Here: <img src='cid:lamp@quill'></p>",
        "cc": "Boss <boss@quill.example>",
    }
    articles[0]["attachments"][0]["preferences"] |= {"Content-ID": "<lamp@quill>", "Content-Disposition": "inline"}
    file.write_text(json.dumps(articles))

    run("zammad", folder)

    message = Message.objects.get(source="zammad:5:8")
    assert 'src="cid:lamp@quill"' in message.html
    assert "[cc: Boss <boss@quill.example>]" in message.text
    assert Attachment.objects.get().content_id == "lamp@quill"


def test_names_of_fields_that_no_database_holds_keep_no_ticket_out(tmp_path):
    odd = zendesk_ticket(1) | {"we\x00ird": "x", "half\ud800": "y"}
    path = exports.zendesk(tmp_path / "z.zip", odd, zendesk_ticket(2))

    said = json.dumps(report("zendesk", path))
    assert "we\\ufffdird" in said
    assert "\\u0000" not in said
    assert "\\ud800" not in said
    run("zendesk", path)
    assert Case.objects.count() == 2
    assert "half\ufffd: y" in note(Case.objects.get(outside_id="zendesk:1"))
