from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from faults.processes import killed_at
from faults.processes import run as process

from troth.cases.models import Attachment, Case, Message
from troth.channels.imports import run as importing
from troth.channels.imports.command import import_files
from troth.ledger.models import Entry
from troth.people.models import Calendar, Company, Customer, Handle, Staff
from troth.post.models import Letter
from troth.promises import watcher
from troth.promises.models import Promise
from troth.promises.queries import Window, tally
from troth.promises.rules.rates import Tally
from troth.words.hours import round_the_clock
from troth.words.promises import State

pytestmark = pytest.mark.django_db


def conversation(
    number: int, *, answer: str = "We will call you back by 5pm today.", later: str = "Here I am."
) -> dict:
    return {
        "id": f"c-{number}",
        "customer": {"name": f"Ann {number}", "handle": f"ann{number}@quill.example"},
        "messages": [
            {"at": "2026-03-02T09:00:00Z", "from": "customer", "text": "My lamp is broken. I am very angry!"},
            {"at": "2026-03-02T10:00:00Z", "from": "Ben", "text": answer},
            {"at": "2026-03-02T15:00:00Z", "from": "Ben", "text": later},
        ],
    }


def lines(path: Path, *rows: object) -> Path:
    path.write_bytes(b"".join((row if isinstance(row, bytes) else json.dumps(row).encode()) + b"\n" for row in rows))
    return path


def run(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(import_files, [str(word) for word in words], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


def table_sizes() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Case, Message, Promise, Customer, Handle, Entry))


def test_a_conversation_comes_in_at_its_own_times(tmp_path):
    Staff.objects.create_user("ben@acme.example", name="Ben")
    code, told, _ = run(lines(tmp_path / "a.jsonl", conversation(1)))

    case, promise = Case.objects.get(), Promise.objects.get()
    assert (code, told.split(" in ")[0]) == (0, "1 new, 0 here already, 0 repeated, 0 rejected")
    assert (case.imported, case.outside_id, case.status, case.kind) == (True, "c-1", "resolved", "complaint")
    assert case.opened_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert case.last_message_at == datetime(2026, 3, 2, 15, tzinfo=UTC)
    assert (case.unanswered_since, case.answer_by) == (None, None)
    assert case.customer.met_at == case.opened_at
    assert [m.direction for m in case.messages.order_by("at")] == ["inbound", "outbound", "outbound"]
    assert case.messages.order_by("at")[1].staff.name == "Ben"
    assert (promise.state, promise.imported, promise.look_again_at) == ("kept", True, None)
    assert promise.said_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert promise.done_at == datetime(2026, 3, 2, 15, tzinfo=UTC)
    facts = list(Entry.objects.filter(about=f"promise:{promise.pk}").order_by("pk").values_list("kind", "happened_at"))
    assert facts == [("PromiseMade", promise.said_at), ("PromiseKept", promise.done_at)]
    assert Entry.objects.filter(kind="ConversationImported", about=f"case:{case.pk}").count() == 1
    assert Entry.objects.get(kind="CaseOpened").happened_at == case.opened_at


def test_nobody_is_written_to_or_warned(tmp_path):
    run(lines(tmp_path / "a.jsonl", conversation(1), conversation(2, answer="We will ring you tomorrow at 9am.")))

    watcher.look_ahead(now=datetime.now(UTC) + timedelta(days=400))

    assert Letter.objects.count() == 0
    assert not Entry.objects.filter(kind__in=["StaffWarned", "CustomerTold", "TellingSent"]).exists()


def test_what_nobody_knows_is_in_no_rate(tmp_path):
    send = "We will post the new lamp by 5pm today."
    run(lines(tmp_path / "a.jsonl", conversation(1), conversation(2, answer=send)))

    now = datetime.now(UTC)

    assert Promise.objects.get(state=State.PROPOSED).first_due == datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert tally(Window(None, now), now=now) == Tally(kept=1)


def test_a_second_run_finds_nothing_new(tmp_path):
    file = lines(tmp_path / "a.jsonl", *[conversation(n) for n in range(30)])
    run(file, "--batch", 7)
    before = table_sizes()

    _, told, _ = run(file)

    assert told.startswith("0 new, 30 here already")
    assert table_sizes() == before


def test_bad_lines_are_told_kept_and_can_be_mended(tmp_path):
    bad = [b"{oh", b'{"id": "x"}', "Grüße".encode("cp1252")]
    file = lines(tmp_path / "a.jsonl", conversation(1), *bad, b"", conversation(2))

    code, told, said = run(file)

    assert (code, told.split(" in ")[0]) == (1, "2 new, 0 here already, 0 repeated, 3 rejected")
    assert [line.split(": ")[0] for line in said.splitlines()[:3]] == [f"{file}:{number}" for number in (2, 3, 4)]
    assert (tmp_path / "a.jsonl.rejected").read_bytes().splitlines() == bad


def test_one_conversation_the_database_cannot_hold_does_not_stop_the_others(tmp_path, monkeypatch):
    from troth.channels.imports.actions import conversations as actions

    whole = actions.reader.read

    def read(text, **values):
        if text == "poison":
            raise ValueError("poison")
        return whole(text, **values)

    monkeypatch.setattr(actions.reader, "read", read)
    file = lines(tmp_path / "a.jsonl", conversation(1), conversation(2, later="poison"), conversation(3))

    code, told, _ = run(file)

    assert (code, told.split(" in ")[0]) == (1, "2 new, 0 here already, 0 repeated, 1 rejected")
    assert json.loads((tmp_path / "a.jsonl.rejected").read_bytes())["id"] == "c-2"


def test_one_id_for_two_conversations_is_told(tmp_path):
    file = lines(tmp_path / "a.jsonl", conversation(1), conversation(1), conversation(1, later="Other words."))

    code, told, said = run(file)

    assert (code, told.split(" in ")[0]) == (1, "1 new, 0 here already, 1 repeated, 1 rejected")
    assert "line 1" in said


def test_wrong_encodings_survive(tmp_path):
    row = json.dumps(conversation(1, later="Grüße"), ensure_ascii=False)
    (tmp_path / "a.jsonl").write_bytes(row.encode("cp1252"))
    row = json.dumps(conversation(2, later="Grüße"), ensure_ascii=False)
    (tmp_path / "b.jsonl").write_text(row, encoding="utf-16")

    run(tmp_path / "a.jsonl", tmp_path / "b.jsonl")

    assert set(Message.objects.filter(text="Grüße").values_list("case__outside_id", flat=True)) == {"c-1", "c-2"}


def test_the_file_itself_may_say_how_a_promise_ended(tmp_path):
    row = conversation(1, answer="We will post the new lamp by 5pm today.") | {
        "promises": [
            {
                "what": "post the new lamp",
                "due": "2026-03-02T17:00:00Z",
                "outcome": "late",
                "outcome_at": "2026-03-04T09:00:00Z",
            },
            {"what": "a refund of the postage", "due": "2026-03-05T09:00:00Z", "outcome": "broken"},
        ]
    }
    run(lines(tmp_path / "a.jsonl", row))

    late, broken = Promise.objects.order_by("due")
    assert (late.state, late.done_at) == ("late", datetime(2026, 3, 4, 9, tzinfo=UTC))
    assert (broken.state, broken.what, broken.done_at) == ("broken", "a refund of the postage", None)
    assert not late.is_owed
    assert not broken.is_owed


def test_the_sample_and_the_real_are_not_mixed(tmp_path):
    calendar = Calendar.objects.create(name="Always", plain=round_the_clock("UTC").to_plain())
    Company.objects.create(pk=1, name="Sample", calendar=calendar, is_sample=True)
    file = lines(tmp_path / "a.jsonl", conversation(1))

    code, _, said = run(file)
    assert code == 1
    assert "troth sample remove" in said
    assert run(file, "--into-sample")[0] == 0
    assert Customer.objects.get().is_sample


def test_a_file_of_another_kind_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "a.json").write_text('[{"id": 1}]')
    (tmp_path / "a.csv").write_text("id,name\n")

    assert "one conversation per line" in run(tmp_path / "a.json")[2]
    assert "neither mbox" in run(tmp_path / "a.csv")[2]


# mbox

LETTERS = b"""\
From ann@quill.example Mon Mar  2 09:00:00 2026
From: Ann Quill <ann@quill.example>
To: Acme <support@acme.example>
Subject: The blue lamp
Message-ID: <1@quill.example>
Date: Mon, 2 Mar 2026 09:00:00 +0000
Content-Type: text/plain; charset=iso-8859-1

The lamp is dark. Sch\xf6n ist das nicht.

>From here it looks broken.

From support@acme.example Mon Mar  2 10:00:00 2026
From: Ben <support+c17@acme.example>
To: ann@quill.example
Subject: Re: The blue lamp
Message-ID: <2@acme.example>
In-Reply-To: <1@quill.example>
Date: Mon, 2 Mar 2026 10:00:00 +0000

We will call you back by 5pm today.

From MAILER-DAEMON Mon Mar  2 11:00:00 2026
From: support@acme.example
To: support@acme.example
Subject: Ourselves
Message-ID: <3@acme.example>
Date: Mon, 2 Mar 2026 11:00:00 +0000

A note to ourselves.

From support@acme.example Mon Mar  2 15:00:00 2026
From: Ben <support@acme.example>
To: ann@quill.example
Subject: Re: The blue lamp
Date: Mon, 2 Mar 2026 15:00:00 +0000
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain

As I said on the phone, the form is here.
--x
Content-Type: application/pdf; name=form.pdf
Content-Disposition: attachment; filename=form.pdf

%PDF
--x--
"""


def test_an_mbox_becomes_conversations(tmp_path):
    (tmp_path / "mail").write_bytes(LETTERS)

    code, told, said = run(tmp_path / "mail", "--ours", "Support@acme.example")

    case = Case.objects.get()
    assert (code, told.split(" in ")[0]) == (1, "1 new, 0 here already, 0 repeated, 1 rejected")
    assert "nobody but ourselves" in said
    assert (tmp_path / "mail.rejected").read_bytes().startswith(b"From MAILER-DAEMON")
    assert (case.outside_id, case.channel, case.subject) == ("<1@quill.example>", "email", "The blue lamp")
    assert [m.direction for m in case.messages.order_by("at")] == ["inbound", "outbound", "outbound"]
    first = case.messages.order_by("at")[0]
    assert "Schön ist das nicht." in first.text
    assert "\nFrom here it looks broken." in first.text
    assert (first.handle.address, first.message_id) == ("ann@quill.example", "<1@quill.example>")
    assert Attachment.objects.get().name == "form.pdf"
    assert Promise.objects.get().state == "kept"
    assert run(tmp_path / "mail", "--ours", "support@acme.example")[1].startswith("0 new, 1 here already")


def test_an_mbox_needs_to_know_who_we_are(tmp_path):
    (tmp_path / "mail").write_bytes(LETTERS)

    code, _, said = run(tmp_path / "mail")

    assert code == 1
    assert "--ours" in said


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_boundary_nothing_is_missing_and_nothing_twice(tmp_path):
    file = lines(tmp_path / "a.jsonl", *[conversation(n) for n in range(12)])

    def bring() -> int:
        return importing.main([file], ours=[], into_sample=False, batch=2)

    struck = 0
    for boundary in (2, 7, 15, 22, 31, 40, 52):
        struck += process(bring, strike=killed_at(boundary)).killed
        assert Message.objects.count() == 3 * Case.objects.count()
    done = bring()

    assert struck >= 4
    assert done == 0
    # Each conversation: met, opened, read, answered twice, promised, kept, imported.
    assert table_sizes() == (12, 36, 12, 12, 12, 12 * 8)
    assert run(file)[1].startswith("0 new, 12 here already")
