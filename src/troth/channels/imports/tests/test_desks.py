from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from troth.cases import actions as cases
from troth.cases.models import Attachment, Blob, Case, Message
from troth.channels.imports.command import import_files
from troth.channels.imports.models import Moved, Moving, Trouble
from troth.channels.imports.tests import exports
from troth.channels.imports.tests.exports import zendesk_comment, zendesk_ticket
from troth.ledger.models import Entry
from troth.people.models import Customer, Handle, Staff
from troth.post.models import Letter
from troth.promises import watcher
from troth.promises.models import Promise
from troth.search.models import Passage
from troth.site import verify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(tmp_path, settings):
    settings.TROTH_DATA = tmp_path / "data"


@pytest.fixture
def ben() -> Staff:
    return Staff.objects.create_user("ben@acme.example", name="Ben Ode")


def run(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(import_files, [str(word) for word in words], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


def said(case: Case) -> list[tuple[str, str]]:
    return list(case.messages.order_by("at", "pk").values_list("direction", "text"))


def table_sizes() -> tuple[int, ...]:
    """But for the facts that an import was begun and ended, which are said each time."""
    told = Entry.objects.exclude(about__startswith="import:")
    return (*(model.objects.count() for model in (Case, Message, Customer, Handle, Moved)), told.count())


CONVERSATION = [
    ("inbound", "My lamp is broken."),
    ("outbound", "We will call you by 5pm on 9 March."),
    ("note", "Same batch as last week."),
]


def test_a_ticket_of_zendesk_becomes_a_case(tmp_path, ben):
    code, told, _ = run("zendesk", exports.zendesk(tmp_path / "z.zip", zendesk_ticket(123)))

    case = Case.objects.get()
    assert code == 0
    assert told.startswith("1 new, 0 added to, 0 here already, 0 passed over, 0 left out")
    assert (case.outside_id, case.channel, case.subject) == ("zendesk:123", "zendesk", "The blue lamp")
    assert (case.status, case.assignee, case.imported) == ("open", ben, True)
    assert (case.unanswered_since, case.answer_by) == (None, None)
    assert case.opened_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    *spoken, about = said(case)
    assert spoken == CONVERSATION
    assert about[0] == "note"
    assert about[1].splitlines() == [
        "Zendesk 123, open there.",
        "channel: email",
        "tags: lamp, vip",
        "rating: good Quick!",
        "priority: high",
        "type: incident",
        "due: 2026-03-09T17:00:00Z",
        "group: Lighting",
        "field 360002: A-17",
    ]
    assert case.messages.get(direction="outbound").staff == ben
    assert {handle.address for handle in case.customer.handles.all()} == {"ann@quill.example", "ann.quill@work.example"}
    assert verify.findings(now=datetime.now(UTC)) == []


def test_nobody_is_written_to_and_nothing_is_promised(tmp_path):
    run("zendesk", exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1), zendesk_ticket(2, status="pending")))

    watcher.look_ahead(now=datetime.now(UTC) + timedelta(days=400))

    assert (Letter.objects.count(), Promise.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("new", "open"),
        ("open", "open"),
        ("hold", "open"),
        ("pending", "waiting"),
        ("solved", "resolved"),
        ("closed", "resolved"),
    ],
)
def test_how_it_stands_there_it_stands_here(tmp_path, there, here):
    run("zendesk", exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1, status=there)))

    assert Case.objects.get().status == here
    assert verify.findings(now=datetime.now(UTC)) == []


def test_the_same_export_again_changes_nothing(tmp_path, ben):
    file = exports.zendesk(tmp_path / "z.zip", *[zendesk_ticket(number) for number in range(1, 8)])
    run("zendesk", file, "--batch", 3)
    before = table_sizes()

    _, told, _ = run("zendesk", file)

    assert told.startswith("0 new, 0 added to, 7 here already")
    assert table_sizes() == before


def test_a_later_export_adds_what_was_said_since(tmp_path, ben):
    run("zendesk", exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1)))
    ticket = zendesk_ticket(1, status="solved", updated_at="2026-03-05T09:00:00Z", assignee_id=None)
    ticket["comments"].append(zendesk_comment(99, 9001, "2026-03-04T09:00:00Z", "It works now."))

    _, told, _ = run("zendesk", exports.zendesk(tmp_path / "later.zip", ticket))

    case = Case.objects.get()
    assert told.startswith("0 new, 1 added to")
    assert [text for direction, text in said(case) if direction == "inbound"] == ["My lamp is broken.", "It works now."]
    assert (case.status, case.assignee) == ("resolved", None)
    assert verify.findings(now=datetime.now(UTC)) == []


def test_an_older_export_afterwards_sets_nothing_back(tmp_path, ben):
    newer = zendesk_ticket(1, status="solved", updated_at="2026-03-05T09:00:00Z")
    run("zendesk", exports.zendesk(tmp_path / "z.zip", newer))

    run("zendesk", exports.zendesk(tmp_path / "older.zip", zendesk_ticket(1)))

    assert Case.objects.get().status == "resolved"


def test_what_staff_set_here_stays_theirs(tmp_path, ben):
    run("zendesk", exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1)))
    Case.objects.update(status="waiting")

    run(
        "zendesk",
        exports.zendesk(tmp_path / "y.zip", zendesk_ticket(1, status="solved", updated_at="2026-04-01T09:00:00Z")),
    )

    assert Case.objects.get().status == "waiting"


def test_what_a_customer_asks_here_is_not_resolved_there(tmp_path, ben):
    run("zendesk", exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1, status="open")))
    case, now = Case.objects.get(), datetime.now(UTC)
    cases.open_or_join(handle=Handle.objects.earliest("pk"), case_id=case.pk, text="And where is it?", at=now, now=now)

    solved = zendesk_ticket(1, status="solved", updated_at="2026-04-01T09:00:00Z")
    run("zendesk", exports.zendesk(tmp_path / "y.zip", solved))

    case.refresh_from_db()
    assert (case.status, case.unanswered_since) == ("open", now)
    assert verify.findings(now=now) == []


def test_who_was_forgotten_is_not_brought_back(tmp_path):
    file = exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1))
    run("zendesk", file)
    Customer.objects.update(erased_at=datetime.now(UTC))
    Case.objects.update(outside_id=None, subject="")
    Message.objects.update(text="", html="", handle=None)
    Handle.objects.all().delete()

    _, told, _ = run(
        "zendesk", exports.zendesk(tmp_path / "y.zip", zendesk_ticket(1, updated_at="2026-04-01T09:00:00Z"))
    )

    assert "1 are of people who were forgotten here" in told
    assert (Case.objects.count(), Handle.objects.count()) == (1, 0)


def test_pages_of_its_api_come_to_the_same(tmp_path, ben):
    folder = tmp_path / "pages"
    folder.mkdir()
    ticket = zendesk_ticket(123)
    comments = ticket.pop("comments")
    (folder / "tickets.json").write_text(json.dumps({"tickets": [ticket], "next_page": None, "count": 1}))
    (folder / "users.json").write_text(json.dumps({"users": [exports.ANN, exports.BEN, exports.EVE], "count": 3}))
    (folder / "comments-123.json").write_text(json.dumps({"comments": comments, "count": 3}))

    run("zendesk", folder)

    assert said(Case.objects.get())[:3] == CONVERSATION


def test_ticket_events_come_to_the_same(tmp_path, ben):
    ticket = zendesk_ticket(123)
    comments = ticket.pop("comments")
    audits = [
        {
            "id": 1,
            "ticket_id": 123,
            "created_at": one["created_at"],
            "author_id": one["author_id"],
            "events": [
                {key: one[key] for key in ("id", "type", "body", "html_body", "plain_body", "public", "attachments")},
                {"id": 2, "type": "Change", "field_name": "status"},
            ],
        }
        for one in comments
    ]
    file = tmp_path / "a.json"
    file.write_text("\n".join(json.dumps(one) for one in (exports.ANN, exports.BEN, ticket, {"audits": audits})))

    run("zendesk", file)

    assert said(Case.objects.get())[:3] == CONVERSATION


def test_a_table_of_zendesk_without_a_mapping(tmp_path, ben):
    (tmp_path / "z.csv").write_text(
        '"Id","Requester","Requester email","Assignee","Subject","Tags","Status","Via","Created at","Updated at","Solved at",'
        '"Satisfaction Score","First reply time in minutes"\n'
        '"7","Ann Quill","ann@quill.example","Ben Ode","The blue lamp","lamp vip","Solved","Mail","2026-03-02 09:00",'
        '"2026-03-04 09:00","2026-03-04 09:00","Good","61"\n'
    )

    run("zendesk", tmp_path / "z.csv")

    case = Case.objects.get()
    assert (case.outside_id, case.status, case.assignee, case.channel) == ("zendesk:7", "resolved", ben, "zendesk")
    assert said(case)[0] == ("inbound", "The blue lamp")
    assert "First reply time in minutes: 61" in said(case)[1][1]


def test_freshdesk_as_json_and_as_xml(tmp_path, ben):
    run("freshdesk", exports.freshdesk(tmp_path / "f.zip"))

    case = Case.objects.get()
    *spoken, about = said(case)
    assert (case.outside_id, case.status, case.assignee) == ("freshdesk:12", "waiting", ben)
    assert spoken == [
        ("inbound", "My lamp is broken."),
        ("outbound", "We will call you.\n\n[form.pdf]"),
        ("note", "Known fault."),
        ("inbound", "Thank you."),
    ]
    assert "<script" not in case.messages.order_by("at")[0].html
    assert "<b>lamp</b>" in case.messages.order_by("at")[0].html
    for line in ("channel: email", "due: 2026-03-05T10:00:00+01:00", "order_number_1: A-17", "moon_phase: waning"):
        assert line in about[1].splitlines()
    assert {(one.kind, one.address) for one in Handle.objects.all()} == {
        ("email", "ann@quill.example"),
        ("phone", "+44 20 7946 0001"),
    }

    (tmp_path / "Tickets1.xml").write_text(exports.FRESHDESK_XML.replace("7001", "7002").replace(">12<", ">13<"))
    run("freshdesk", tmp_path / "Tickets1.xml")

    assert said(Case.objects.get(outside_id="freshdesk:13"))[:2] == [
        ("inbound", "My lamp is broken."),
        ("outbound", "We will call you."),
    ]


def test_help_scout(tmp_path, ben):
    run("helpscout", exports.helpscout(tmp_path / "h.json"))

    case = Case.objects.get()
    *spoken, about = said(case)
    assert (case.outside_id, case.status, case.assignee) == ("helpscout:10", "resolved", ben)
    assert spoken == [("inbound", "My lamp is\nbroken."), ("outbound", "We call you."), ("note", "Known fault.")]
    for line in ("number: 1234", "tags: lamp", "Order: A-17", "solved: 2026-03-04 09:00 UTC"):
        assert line in about[1].splitlines()


def test_chatwoot(tmp_path, ben):
    run("chatwoot", exports.chatwoot(tmp_path / "c"))

    case = Case.objects.get()
    *spoken, about = said(case)
    assert (case.outside_id, case.status, case.assignee) == ("chatwoot:44", "waiting", ben)
    assert spoken == [
        ("inbound", "My lamp is broken."),
        ("outbound", "We call you.\n\n[lamp.png]"),
        ("note", "Known fault."),
    ]
    for line in ("channel: webwidget", "tags: lamp", "rating: 5/5 Quick!", "order: A-17"):
        assert line in about[1].splitlines()


def test_rows_of_chatwoots_tables(tmp_path):
    rows = [
        {
            "id": 900,
            "display_id": 44,
            "account_id": 1,
            "inbox_id": 2,
            "status": 1,
            "contact_id": 3,
            "assignee_id": None,
            "created_at": "2026-03-02T09:00:00.000Z",
            "updated_at": "2026-03-02T10:00:00.000Z",
            "additional_attributes": {},
        },
        {
            "id": 70,
            "content": "My lamp is broken.",
            "message_type": 0,
            "private": False,
            "conversation_id": 900,
            "sender_type": "Contact",
            "sender_id": 3,
            "created_at": "2026-03-02T09:00:00.000Z",
        },
        {"id": 3, "name": "Ann Quill", "email": "ann@quill.example", "phone_number": None, "identifier": None},
    ]
    (tmp_path / "c.jsonl").write_text("\n".join(map(json.dumps, rows)))

    run("chatwoot", tmp_path / "c.jsonl")

    case = Case.objects.get()
    assert (case.outside_id, case.status, case.customer.name) == ("chatwoot:44", "resolved", "Ann Quill")


def test_zammad(tmp_path, ben):
    run("zammad", exports.zammad(tmp_path / "m"))

    case = Case.objects.get()
    *spoken, about = said(case)
    assert (case.outside_id, case.status, case.assignee) == ("zammad:5", "waiting", ben)
    assert spoken == [("inbound", "My lamp is broken."), ("outbound", "We call you."), ("note", "Known fault.")]
    assert "onerror" not in case.messages.get(direction="outbound").html
    assert bytes(Attachment.objects.get().blob.content) == b"hello"
    assert case.messages.order_by("at")[0].message_id == "<8@quill.example>"
    for line in ("number: 31005", "group: Lighting", "order_number: A-17", "pending until: 2026-03-12T09:00:00.000Z"):
        assert line in about[1].splitlines()


def test_a_table_of_ones_own(tmp_path, ben):
    (tmp_path / "t.csv").write_bytes(
        "Vorgang;Wer;Post;Wann;Was;Wer sagt es;Lage\n"
        "17;Änne Quill;ann@quill.example;02.03.2026 09:00;Die Lampe ist dunkel.;Kunde;open\n"
        "17;Änne Quill;ann@quill.example;02.03.2026 10:00;Wir rufen an.;staff;open\n".encode("cp1252")
    )
    mapping = {
        "id": "Vorgang",
        "customer": "Wer",
        "customer email": "Post",
        "opened": "Wann",
        "text": "Was",
        "said by staff": "Wer sagt es",
        "status": "Lage",
    }

    code, _, _ = run("csv", tmp_path / "t.csv", *[f"--map={ours}={theirs}" for ours, theirs in mapping.items()])

    case = Case.objects.get()
    assert code == 0
    assert (case.outside_id, case.customer.name) == ("csv:17", "Änne Quill")
    assert said(case)[:2] == [("inbound", "Die Lampe ist dunkel."), ("outbound", "Wir rufen an.")]


def test_a_column_that_is_not_there_is_told(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")

    code, _, told = run("csv", tmp_path / "t.csv")

    assert code == 1
    assert "no column holds the ticket's id" in told


# Trying it out


def test_a_dry_run_takes_nothing_in_and_says_everything(tmp_path, ben):
    tickets = [zendesk_ticket(1), zendesk_ticket(2, status="weird", brand_new="x"), {"id": 3, "requester_id": 5}]
    file = exports.zendesk(tmp_path / "z.zip", *tickets)
    before = table_sizes()

    code, told, _ = run("zendesk", file, "--dry-run", "--json")

    report = json.loads(told)
    assert code == 1
    assert table_sizes() == before
    assert (report["tickets"], report["messages"], report["notes"], report["customers"]) == (2, 4, 2, 1)
    assert report["statuses"] == [
        {"there": "open", "here": "open", "count": 1},
        {"there": "weird", "here": "open", "count": 1},
    ]
    assert report["staff_found"] == [{"name": "Ben Ode <ben@acme.example>", "count": 2}]
    assert report["staff_unknown"] == [{"name": "Eve Gone <eve@acme.example>", "count": 2}]
    assert report["fields_unmapped"] == [{"name": "brand_new", "count": 1, "examples": ["2"]}]
    assert report["problem_lines"] == [
        {"file": "tickets.json", "line": 3, "reason": "ticket 3: it does not say when it was (created_at)"}
    ]
    assert (report["from"], report["until"]) == ("2026-03-02T09:00:00+00:00", "2026-03-02T11:00:00+00:00")
    assert report["promises_found"] == 2
    assert report["promises"][0]["due"].startswith("2026-03-09T17:00")
    assert "We will call you" in run("zendesk", file, "--dry-run")[1]


def test_since_and_limit(tmp_path):
    tickets = [zendesk_ticket(number, updated_at=f"2026-03-{number:02}T15:00:00Z") for number in range(3, 9)]
    file = exports.zendesk(tmp_path / "z.zip", *tickets)

    _, told, _ = run("zendesk", file, "--since", "2026-03-05", "--limit", 2)

    assert told.startswith("2 new, 0 added to, 0 here already, 4 passed over")
    assert set(Case.objects.values_list("outside_id", flat=True)) == {"zendesk:5", "zendesk:6"}


# What is broken or means harm


def test_broken_lines_are_told_and_kept_and_the_rest_goes_on(tmp_path):
    lines = [
        json.dumps(zendesk_ticket(1)).encode(),
        b'{"id": 2, "requester_id": "oh',
        b"[1, 2]",
        b"\xff\xfe{",
        json.dumps(exports.ANN).encode(),
        json.dumps(zendesk_ticket(4)).encode(),
    ]
    file = tmp_path / "t.json"
    file.write_bytes(b"\n".join(lines))

    code, told, said_ = run("zendesk", file)

    assert code == 1
    assert told.startswith("2 new, 0 added to, 0 here already, 0 passed over, 3 left out")
    assert [line.split(": ")[0] for line in said_.splitlines()[:3]] == [f"t.json:{number}" for number in (2, 3, 4)]
    assert (tmp_path / "t.json.rejected").read_bytes().splitlines()[:2] == lines[1:3]
    assert Trouble.objects.count() == 3
    assert Moving.objects.get().state == "done"


def test_a_broken_object_in_a_list_costs_only_itself(tmp_path):
    rows = [json.dumps(one) for one in (zendesk_ticket(1), zendesk_ticket(2), zendesk_ticket(3))]
    rows[1] = rows[1].replace('"subject"', '"subject')
    (tmp_path / "t.json").write_text("[\n  " + ",\n  ".join(rows) + "\n]")

    run("zendesk", tmp_path / "t.json")

    assert sorted(Case.objects.values_list("outside_id", flat=True)) == ["zendesk:1", "zendesk:3"]


def test_a_list_that_ends_too_soon(tmp_path):
    (tmp_path / "t.json").write_text("[" + json.dumps(zendesk_ticket(1)) + "," + json.dumps(zendesk_ticket(2))[:300])

    code, told, _ = run("zendesk", tmp_path / "t.json")

    assert code == 1
    assert told.startswith("1 new")


def test_a_zip_that_means_harm(tmp_path):
    with zipfile.ZipFile(tmp_path / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.json", json.dumps(zendesk_ticket(1)))
        archive.writestr("bomb.json", b" " * 80_000_000)
        archive.writestr("link/readme.exe", b"x")

    code, _, told = run("zendesk", tmp_path / "z.zip")

    assert code == 1
    assert "bomb.json:0: it is packed" in told
    assert Case.objects.count() == 1
    assert not list(tmp_path.parent.glob("**/evil.json"))
    assert not any((tmp_path / "data").rglob("staged-*"))


def test_links_out_of_a_folder_are_not_followed(tmp_path):
    (tmp_path / "secret.json").write_text(json.dumps(zendesk_ticket(1)))
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "a.json").symlink_to(tmp_path / "secret.json")
    (folder / "b.json").write_text(json.dumps(zendesk_ticket(2)))

    run("zendesk", folder)

    assert Case.objects.get().outside_id == "zendesk:2"


@pytest.mark.parametrize(("before", "encoding"), [("", "utf-8"), (" " * 1_100_000, "utf-8"), ("", "utf-16-le")])
def test_a_document_type_in_xml_is_refused(tmp_path, before, encoding):
    bomb = before + '<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]>'
    said = exports.FRESHDESK_XML.replace("?>", "?>" + bomb, 1).replace("UTF-8", encoding.upper().removesuffix("-LE"))
    (tmp_path / "t.xml").write_bytes(said.encode(encoding))

    code, _, told = run("freshdesk", tmp_path / "t.xml")

    assert code == 1
    assert "document type" in told
    assert Case.objects.count() == 0


def test_hostile_words_are_held_as_words(tmp_path):
    ticket = zendesk_ticket(1, subject="a\x00b\ud800", said=[])
    ticket["description"] = "x" * 100_000
    deep = '{"id": 9, "requester_id": ' + "[" * 100_000 + "}"
    (tmp_path / "t.json").write_text(json.dumps(ticket) + "\n" + deep + "\n" + json.dumps(zendesk_ticket(2)) + "\n")

    _, told, _ = run("zendesk", tmp_path / "t.json")

    assert told.startswith("2 new")
    assert Case.objects.get(outside_id="zendesk:1").subject == "a\ufffdb\ufffd"


def test_numbers_and_halves_of_signs_that_no_other_reader_takes_leave_the_rest_as_it_is(tmp_path):
    odd = exports.zendesk_user(9001, "Ann Quill", "ann@quill.example", identities=[{"type": "email", "primary": 7}])
    ticket = zendesk_ticket(1, said=[zendesk_comment(5, 9001, "2026-03-02T09:00:00Z", "half \ud83d")])
    text = "\n".join(json.dumps(one) for one in (odd, ticket, zendesk_ticket(2)))
    (tmp_path / "t.json").write_text(text.replace('"primary": 7', '"primary": NaN, "weight": 1e999'))

    code, told, _ = run("zendesk", tmp_path / "t.json")

    assert (code, told[:5]) == (0, "2 new")
    assert Message.objects.filter(text="half \ufffd").count() == 1


@pytest.mark.parametrize("packed", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_was_cut_or_spoiled_is_told_and_the_rest_goes_on(tmp_path, packed):
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "b.json").write_text(json.dumps(zendesk_ticket(2)))
    with zipfile.ZipFile(folder / "a.zip", "w", packed) as archive:
        archive.writestr("a.json", json.dumps(zendesk_ticket(1)) * 50)
    whole = (folder / "a.zip").read_bytes()
    (folder / "a.zip").write_bytes(whole[:60] + b"\xff" * 40 + whole[100:])
    (folder / "c.zip").write_bytes(whole[:-30])

    code, _, told = run("zendesk", folder)

    assert code == 1
    assert "a.json:0: it cannot be read to its end" in told
    assert "c.zip:0: it is no zip that can be opened" in told
    assert Case.objects.get().outside_id == "zendesk:2"


def test_what_nobody_read_yet_is_found_in_its_own_language(tmp_path):
    words = {"en": "The lamps were broken when they came to my house, please send the new ones.",
             "de": "Die Lampen waren kaputt, als sie bei mir ankamen, bitte schicken Sie mir neue."}  # fmt: skip
    said = [zendesk_comment(number, 9001, "2026-03-02T09:00:00Z", text) for number, text in enumerate(words.values())]
    run("zendesk", exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1, said=said)))

    found = Message.objects.filter(direction="inbound").order_by("pk")

    assert [one.reading for one in found] == [{"version": "", "tongue": "en"}, {"version": "", "tongue": "de"}]
    tongues = [Passage.objects.get(ref=f"message:{one.pk}").tongue for one in found]
    assert tongues == ["english", "german"]


def test_one_file_in_many_tickets_is_kept_once(tmp_path):
    folder = exports.zammad(tmp_path / "m")
    ticket, article = (json.loads((folder / name).read_text())[0] for name in ("tickets.json", "ticket_articles.json"))
    tickets = [ticket | {"id": number} for number in range(5, 9)]
    articles = [article | {"id": number * 10, "ticket_id": number} for number in range(5, 9)]
    (folder / "tickets.json").write_text(json.dumps(tickets))
    (folder / "ticket_articles.json").write_text(json.dumps(articles))

    run("zammad", folder)

    assert (Blob.objects.count(), Attachment.objects.filter(blob__content=b"hello").count()) == (1, 4)


def test_people_without_an_address_are_known_again(tmp_path):
    nobody = exports.zendesk_user(9002, "No Mail", None)
    users = (exports.ANN, exports.BEN, nobody)
    run("zendesk", exports.zendesk(tmp_path / "a.zip", zendesk_ticket(1, requester=9002), users=users))
    run("zendesk", exports.zendesk(tmp_path / "b.zip", zendesk_ticket(2, requester=9002), users=users))

    assert Handle.objects.get().address == "zendesk:9002"
    assert Customer.objects.count() == 1
