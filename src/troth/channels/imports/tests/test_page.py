from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from faults.processes import killed_at, run
from tests.faces import signed_in
from tests.people_and_things import new_facts

from troth.cases import actions as cases
from troth.cases.models import Case, Dismissal, Message
from troth.channels.imports import bringing, desk_run, tasks
from troth.channels.imports.actions import movings
from troth.channels.imports.actions.tickets import From
from troth.channels.imports.bringing import Wanted
from troth.channels.imports.command import import_files
from troth.channels.imports.models import Moved, Moving, Trouble
from troth.channels.imports.tests import exports
from troth.channels.imports.tests.exports import zendesk_comment, zendesk_ticket
from troth.hooks.models import Delivery, Endpoint
from troth.hooks.queue import fan_out
from troth.ledger import tasks as ledger
from troth.ledger.models import Entry
from troth.people.models import Customer, Handle, Staff
from troth.people.rules.roles import Role
from troth.site import verify


@pytest.fixture(autouse=True)
def place(tmp_path, settings):
    settings.TROTH_DATA = tmp_path / "data"


@pytest.fixture
def lea(db) -> Staff:
    return Staff.objects.create_user("lea@acme.example", name="Lea", role=Role.LEAD)


def handed_in(lea: Staff, tmp_path: Path, *tickets: dict) -> Moving:
    file = exports.zendesk(tmp_path / "z.zip", *tickets)
    upload = SimpleUploadedFile("../../z.zip", file.read_bytes())
    answer = signed_in(lea).post("/moving-in/new/", {"source": "zendesk", "file": upload})
    assert answer.status_code == 302
    return Moving.objects.latest("pk")


@pytest.mark.django_db
def test_an_export_is_handed_in_looked_through_and_taken_in(lea, tmp_path):
    tickets = [zendesk_ticket(1), zendesk_ticket(2), {"id": 3, "requester_id": 9001}]
    moving = handed_in(lea, tmp_path, *tickets)
    page = f"/moving-in/{moving.pk}/"
    assert Path(moving.path).name == "z.zip"
    assert "Being looked through" in signed_in(lea).get(page).content.decode()

    tasks.bring()
    shown = signed_in(lea).get(page).content.decode()
    assert Case.objects.count() == 0
    assert "2 tickets with 4 messages and 2 notes, of 1 customers" in shown
    assert "Eve Gone" in shown
    assert "tickets.json:3" in shown

    signed_in(lea).post(f"{page}take/")
    tasks.bring()

    moving.refresh_from_db()
    assert (moving.state, Case.objects.count(), moving.account["rejected"]) == ("done", 2, 1)
    assert Trouble.objects.count() == 1
    assert Path(f"{moving.path}.rejected").exists()
    assert "Taken in" in signed_in(lea).get(page).content.decode()


@pytest.mark.django_db
def test_an_import_that_was_stopped_goes_on(lea, tmp_path, monkeypatch):
    moving = handed_in(lea, tmp_path, *[zendesk_ticket(number) for number in range(1, 10)])
    tasks.bring()
    Moving.objects.update(options={"batch": 3})
    movings.take(moving, by=lea, now=timezone.now())
    told = movings.goes_on

    def stopped_at_once(one, **values):
        movings.stop(one, by=lea, now=timezone.now())
        return told(one, **values)

    monkeypatch.setattr(movings, "goes_on", stopped_at_once)
    tasks.bring()
    assert (Moving.objects.get().state, Case.objects.count()) == ("stopped", 3)

    monkeypatch.setattr(movings, "goes_on", told)
    movings.take(Moving.objects.get(), by=lea, now=timezone.now())
    tasks.bring()

    assert (Moving.objects.get().state, Case.objects.count()) == ("done", 9)
    who = lea.reference
    started = ("ImportStarted", {"source": "zendesk", "by": who})
    assert new_facts(f"import:{moving.pk}") == [
        started,
        # What it had in hand when it was stopped was not counted yet.
        ("ImportEnded", {"outcome": "stopped", "new": 0, "added": 0, "rejected": 0, "by": who}),
        started,
        ("ImportEnded", {"outcome": "done", "new": 6, "added": 0, "rejected": 0, "by": ""}),
    ]


@pytest.mark.django_db
def test_an_import_is_taken_back_but_for_what_somebody_went_on_with(lea, tmp_path):
    ann = Handle.objects.count()
    other = exports.zendesk_user(9002, "Bob", "bob@quill.example")
    users = (exports.ANN, exports.BEN, other)
    file = exports.zendesk(
        tmp_path / "z.zip", zendesk_ticket(1), zendesk_ticket(2, requester=9002), zendesk_ticket(3), users=users
    )
    moving = movings.begin(
        source="zendesk", name="z.zip", path=str(file), options={}, state="to_take", by=lea, now=timezone.now()
    )
    tasks.bring()
    touched = Case.objects.get(outside_id="zendesk:1")
    cases.write_note(touched, staff=lea, text="I go on with this.", now=timezone.now())

    called = Case.objects.get(outside_id="zendesk:3")
    Dismissal.objects.create(case=called, staff=lea, check_name="reason", at=timezone.now())

    signed_in(lea).post(f"/moving-in/{moving.pk}/undo/")
    assert Case.objects.count() == 3  # the worker does it, not the page
    tasks.bring()

    assert "1 cases were taken back. 2 stay" in signed_in(lea).get(f"/moving-in/{moving.pk}/").content.decode()
    assert called in Case.objects.all()
    Dismissal.objects.all().delete()
    signed_in(lea).post(f"/moving-in/{moving.pk}/undo/")
    tasks.bring()
    assert (Case.objects.get(), Customer.objects.get().name) == (touched, "Ann Quill")
    assert Handle.objects.count() == ann + 2
    assert list(Moved.objects.values_list("key", flat=True)) == ["zendesk:1"]
    assert Entry.objects.filter(kind="TakenBack").count() == 3
    assert new_facts(f"import:{moving.pk}", since=2) == [
        ("ImportUndone", {"gone": 1, "staying": 2, "by": lea.reference}),
        ("ImportUndone", {"gone": 2, "staying": 1, "by": lea.reference}),
    ]
    assert verify.findings(now=datetime.now(UTC)) == []
    # And it can be brought again.
    moving.refresh_from_db()
    movings.take(moving, by=lea, now=timezone.now())
    tasks.bring()
    assert Case.objects.count() == 3


@pytest.mark.django_db
def test_what_was_stopped_is_not_taken_back_while_its_last_tickets_are_in_hand(lea, tmp_path):
    file = exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1))
    moving = movings.begin(
        source="zendesk", name="z.zip", path=str(file), options={}, state="to_take", by=lea, now=timezone.now()
    )
    tasks.bring()
    worker = connection.copy()
    try:
        with worker.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [movings.BRINGING, moving.pk])
            signed_in(lea).post(f"/moving-in/{moving.pk}/undo/")
            assert tasks.bring() == 0
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [movings.BRINGING, moving.pk])
    finally:
        worker.close()
    # Whoever had it in hand neither goes on with it nor says that it is done.
    assert moving.state == "to_take"
    assert not movings.goes_on(moving, progress={}, account={}, now=timezone.now())
    movings.ended(moving, state=Moving.State.DONE, now=timezone.now())
    assert (Moving.objects.get().state, Case.objects.count()) == ("to_undo", 1)

    assert tasks.bring() == 1
    assert (Moving.objects.get().state, Case.objects.count()) == ("undone", 0)


@pytest.mark.django_db
def test_webhooks_are_told_nothing_of_an_import(lea, tmp_path):
    endpoint = Endpoint.objects.create(
        name="CRM", url="https://crm.example/", position=0, made_at=timezone.now(), secret_made_at=timezone.now()
    )
    file = exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1))
    bringing.take(Wanted(source="zendesk", path=file), of=From("zendesk"))
    cases.write_note(Case.objects.get(), staff=lea, text="Hello", now=timezone.now())
    ledger.seal()

    fan_out(now=timezone.now())

    assert list(Delivery.objects.values_list("endpoint", "kind")) == [(endpoint.pk, "NoteWritten")]


@pytest.mark.django_db
def test_what_was_handed_in_goes_after_a_month(lea, tmp_path):
    moving = handed_in(lea, tmp_path, zendesk_ticket(1), {"id": 3, "requester_id": 9001})
    tasks.bring()
    movings.take(moving, by=lea, now=timezone.now())
    tasks.bring()
    folder = Path(moving.path).parent

    movings.let_go(now=timezone.now() + timedelta(days=31))

    moving.refresh_from_db()
    assert not folder.exists()
    assert (moving.path, moving.report, Trouble.objects.count()) == ("", {}, 0)
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_an_export_that_trips_us_keeps_no_other_waiting(lea, tmp_path, monkeypatch):
    first, second = handed_in(lea, tmp_path, zendesk_ticket(1)), handed_in(lea, tmp_path, zendesk_ticket(2))
    told = bringing.look

    def trips(wanted, **values):
        if str(wanted.path) == first.path:
            raise RuntimeError("nobody thought of this")
        return told(wanted, **values)

    monkeypatch.setattr(bringing, "look", trips)
    tasks.bring()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("failed", "looked")
    assert "RuntimeError" in first.problem


@pytest.mark.django_db
def test_what_a_killed_import_left_on_the_disk_goes(lea, tmp_path, settings):
    moving = handed_in(lea, tmp_path, zendesk_ticket(1))
    Moving.objects.update(state="looked")
    place = Path(settings.TROTH_DATA) / "moving"
    for name in ("staged-x", "0123", "in"):
        (place / name).mkdir()
        (place / name / "staged.sqlite3").write_text("My lamp is broken.")

    movings.let_go(now=timezone.now() + timedelta(days=1))
    assert len(list(place.iterdir())) == 4
    movings.let_go(now=timezone.now() + timedelta(days=3))
    assert sorted(one.name for one in place.iterdir()) == sorted(["0123", "in", Path(moving.path).parent.name])
    movings.let_go(now=timezone.now() + timedelta(days=31))
    assert [one.name for one in place.iterdir()] == ["in"]


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_boundary_it_is_whole_or_not_there(tmp_path):
    tickets = [zendesk_ticket(number) for number in range(1, 7)]
    later = zendesk_ticket(1, status="solved", updated_at="2026-03-08T09:00:00Z")
    later["comments"] = [*later["comments"], zendesk_comment(77, 9001, "2026-03-07T09:00:00Z", "Thanks.")]
    first = exports.zendesk(tmp_path / "z.zip", *tickets)
    second = exports.zendesk(tmp_path / "y.zip", later, *tickets[1:])

    def bring() -> None:
        for file in (first, second):
            bringing.take(Wanted(source="zendesk", path=file, batch=2), of=From("zendesk"))

    struck = 0
    for boundary in (3, 9, 17, 26, 34, 41, 55, 68):
        struck += run(bring, strike=killed_at(boundary)).killed
        assert Message.objects.count() >= 4 * Case.objects.count()
        assert Moved.objects.count() == Case.objects.count()
    bring()

    assert struck >= 3
    assert (Case.objects.count(), Customer.objects.count()) == (6, 1)
    # Three comments and a note each; of the first another comment and another note.
    assert Message.objects.count() == 6 * 4 + 2
    assert Case.objects.get(outside_id="zendesk:1").status == "resolved"
    assert verify.findings(now=datetime.now(UTC)) == []


@pytest.fixture
def elsewhere(db):
    """Another process that brings something of Zendesk over at this moment."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [movings.CHANGING, zlib.crc32(b"zendesk") >> 1])
        yield
    other.close()


@pytest.mark.django_db
def test_a_second_import_of_one_desk_waits_and_says_so(lea, tmp_path, elsewhere):
    file = exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1))
    moving = movings.begin(
        source="zendesk", name="z.zip", path=str(file), options={}, state="to_take", by=lea, now=timezone.now()
    )
    other = movings.begin(
        source="zammad",
        name="m",
        path=str(exports.zammad(tmp_path / "m")),
        options={},
        state="to_take",
        by=lea,
        now=timezone.now(),
    )

    assert tasks.bring() == 1

    moving.refresh_from_db()
    other.refresh_from_db()
    assert (moving.state, other.state) == ("to_take", "done")
    assert list(Case.objects.values_list("channel", flat=True)) == ["zammad"]
    page = signed_in(lea).get(f"/moving-in/{moving.pk}/").content.decode()
    assert "It waits until another import of Zendesk has ended" in page


@pytest.mark.django_db
def test_at_the_terminal_the_second_is_told_who_is_at_it(lea, tmp_path, elsewhere, monkeypatch):
    monkeypatch.setattr(desk_run, "PATIENCE_SECONDS", 0.0)
    file = exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1))
    movings.begin(
        source="zendesk", name="all.zip", path=str(file), options={}, state="to_take", by=lea, now=timezone.now()
    )

    done = CliRunner().invoke(import_files, ["zendesk", str(file)])

    assert done.exit_code == 1
    assert "Another import of Zendesk is under way: all.zip (Lea)" in done.stderr
    assert (Case.objects.count(), Moving.objects.count()) == (0, 1)


@pytest.mark.django_db
def test_what_was_begun_at_a_terminal_goes_on_from_the_page(lea, tmp_path):
    file = exports.zendesk(tmp_path / "z.zip", zendesk_ticket(1))
    moving = movings.begin(
        source="zendesk",
        name="z.zip",
        path=str(file),
        options={"by_command": True},
        state="to_take",
        by=None,
        now=timezone.now(),
    )
    assert tasks.bring() == 0  # the terminal's own, whether its process lives or was killed

    signed_in(lea).post(f"/moving-in/{moving.pk}/stop/")
    signed_in(lea).post(f"/moving-in/{moving.pk}/take/")
    tasks.bring()

    assert (Moving.objects.get().state, Case.objects.count()) == ("done", 1)
