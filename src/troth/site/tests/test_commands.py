from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.test import Client
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from troth.channels.email.models import Mailbox
from troth.people.actions import find_or_make_customer
from troth.people.models import Calendar, Company, Customer, Staff
from troth.people.seal import tell
from troth.site import commands, privacy_commands, sample
from troth.words.hours import office, round_the_clock

pytestmark = pytest.mark.django_db


def run(command, *words: str, typed: str = "") -> tuple[int, str]:
    inside = command.callback
    bare = command.__class__(name=command.name, params=command.params, callback=getattr(inside, "__wrapped__", inside))
    done = CliRunner().invoke(bare, words, input=typed, catch_exceptions=False)
    return done.exit_code, done.output


def test_an_empty_installation_says_how_to_begin():
    first, second = sample.welcome(), run(commands.setup_link)[1]

    assert "lets you in once, for a day:" in first
    before, link = first.splitlines()[-1], second.strip()
    assert (Client().get(urlsplit(before).path).status_code, Client().get(urlsplit(link).path).status_code) == (
        410,
        200,
    )


def test_lost_factors_are_forgotten_on_the_hosts_word():
    run(commands.add_staff, "you@acme.example", "--name", "You", "--password-stdin", typed="a good long one\n")
    Authenticator.objects.create(user=Staff.objects.get(), type="totp", data={})

    assert run(commands.forget_factors, "You@acme.example")[0] == 0
    assert not Authenticator.objects.exists()
    assert run(commands.forget_factors, "you@acme.example") == (0, "There were none.\n")
    assert run(commands.forget_factors, "other@acme.example")[0] == 1


def test_where_somebody_runs_it_there_is_no_link():
    run(commands.add_staff, "you@acme.example", "--name", "You", "--role", "admin")

    assert run(commands.setup_link) == (1, "Error: Somebody runs this installation already; they can invite others.\n")
    assert "/set-up/" not in sample.welcome()


def test_a_company_opens_on_weekdays_without_its_holidays():
    code, said = run(commands.set_up, "Acme Lamps", "--zone", "Europe/Berlin", "--country", "de")

    assert code == 0
    assert "troth staff setup-link" in said
    assert Company.objects.get().calendar.hours == office("Europe/Berlin", "DE")
    assert not Company.objects.get().is_sample
    assert run(commands.set_up, "Other", "--zone", "UTC") == (
        1,
        "Error: This installation serves Acme Lamps already.\n",
    )


def test_a_zone_nobody_knows_is_refused():
    assert run(commands.set_up, "Acme", "--zone", "Mars/Olympus")[0] == 1
    assert not Company.objects.exists()


def test_staff_get_a_password_that_works_once_it_was_printed():
    code, said = run(commands.add_staff, "You@acme.example", "--name", "You", "--role", "admin")

    you = Staff.objects.get()
    assert (code, you.email, you.role) == (0, "you@acme.example", "admin")
    assert you.check_password(said.split("Password: ")[1].strip())


def test_staff_bring_their_own_password_if_it_is_good():
    words = ("b@acme.example", "--name", "Bo", "--password-stdin")

    assert run(commands.add_staff, *words, typed="short\n")[0] == 1
    assert not Staff.objects.exists()
    assert run(commands.add_staff, *words, typed="a good long one\n")[0] == 0
    assert Staff.objects.get().check_password("a good long one")
    assert "already" in run(commands.add_staff, *words, typed="a good long one\n")[1]


@pytest.mark.parametrize("who", ["nobody@", "a b@c.example", ""])
def test_what_is_no_address_cannot_sign_in(who):
    assert run(commands.add_staff, who, "--name", "X")[0] == 1


def test_no_sample_where_the_host_does_not_want_it(settings):
    settings.TROTH_SAMPLE = False

    assert not sample.ensure_sample()
    assert not Company.objects.exists()


def test_no_sample_beside_customers_who_were_imported(settings, tmp_path):
    settings.TROTH_DATA = tmp_path
    Customer.objects.create(name="Imported", met_at="2026-01-01T00:00Z")

    assert not sample.ensure_sample()


def test_a_real_company_is_never_removed():
    calendar = Calendar.objects.create(name="Office", plain=office("UTC").to_plain())
    Company.objects.create(pk=1, name="Acme", calendar=calendar)

    code, said = run(commands.remove, "--yes")

    assert code == 1
    assert "nothing to remove" in said
    assert Company.objects.get().name == "Acme"


def test_letters_left_by_a_start_that_was_killed_are_handed_out(settings, tmp_path):
    settings.TROTH_DATA = tmp_path
    settings.TROTH_SAMPLE = False
    (tmp_path / "letters-of-the-sample").mkdir()
    (tmp_path / "letters-of-the-sample" / "a.eml").write_bytes(b"x")

    sample.ensure_sample()

    assert [path.relative_to(tmp_path) for path in tmp_path.rglob("*.eml")] == [Path("letters/a.eml")]


@pytest.mark.slow
def test_the_sample_is_removed_whole_and_does_not_come_back(tmp_path):
    name = f"troth_sample_{os.getpid()}"
    parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.eml").write_bytes(b"x")
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    env |= {"DATABASE_URL": make_conninfo("", **(parts | {"dbname": name})), "TROTH_DATA": str(tmp_path)}

    def troth(*words: str) -> str:
        command = [sys.executable, "-m", "troth.site.cli", *words]
        return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as cluster:
        cluster.execute(f'CREATE DATABASE "{name}"')
        try:
            troth("migrate")
            with psycopg.connect(env["DATABASE_URL"], autocommit=True) as rows:
                [calendar] = rows.execute(
                    "INSERT INTO people_calendar (name, plain) VALUES ('Always', %s) RETURNING id",
                    [psycopg.types.json.Jsonb(round_the_clock("UTC").to_plain())],
                ).fetchone()
                rows.execute("INSERT INTO people_company VALUES (1, 'Sample', true, %s)", [calendar])
                rows.execute("INSERT INTO people_customer (name, pseudonym, zone, met_at, is_sample)"
                             " VALUES ('A', gen_random_uuid(), '', now(), true)")  # fmt: skip

                said = troth("sample", "remove", "--yes")
                welcome = troth("prepare")

                left = rows.execute("SELECT count(*) FROM people_customer").fetchone()
        finally:
            cluster.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    assert "The sample is gone" in said
    assert "/set-up/" in welcome
    assert left == (0,)
    assert list(tmp_path.rglob("*.eml")) == []


def add_mailbox(*words: str) -> tuple[int, str]:
    host = ("--address", "support@acme.example", "--host", "imap.acme.example")
    return run(commands.add_mailbox, "Our support", *host, *words)


def test_a_mailbox_is_added_and_its_password_never_shown(tmp_path):
    (tmp_path / "password").write_text("open-sesame\n")

    code, said = add_mailbox("--password-file", str(tmp_path / "password"), "--tls", "none")

    made = Mailbox.objects.get()
    assert (code, tell(made, "password"), made.port, made.user) == (0, "open-sesame", 143, "support@acme.example")
    assert 'troth mailbox check "Our support"' in said
    assert "can be read on the way" in said
    assert "open-sesame" not in said + run(commands.list_mailboxes)[1]
    assert add_mailbox("--password-file", str(tmp_path / "password"))[0] == 1


def test_the_password_of_a_mailbox_comes_from_the_environment_or_is_asked_for(monkeypatch):
    assert add_mailbox() == (1, "Error: Name the password with --password-file or TROTH_MAILBOX_PASSWORD.\n")
    monkeypatch.setenv("TROTH_MAILBOX_PASSWORD", "open-sesame")
    assert add_mailbox("--tls", "starttls", "--port", "1143", "--trusted-authserv-id", "mx.acme.example")[0] == 0

    made = Mailbox.objects.get()
    assert (tell(made, "password"), made.port, made.trusted_authserv_id) == ("open-sesame", 1143, "mx.acme.example")


def test_the_sample_receives_no_mail(monkeypatch):
    monkeypatch.setenv("TROTH_MAILBOX_PASSWORD", "open-sesame")
    calendar = Calendar.objects.create(name="Office", plain=office("UTC").to_plain())
    Company.objects.create(pk=1, name="Sample", calendar=calendar, is_sample=True)

    code, said = add_mailbox()

    assert (code, Mailbox.objects.exists()) == (1, False)
    assert "troth sample remove" in said


def test_mailboxes_are_listed_with_what_troubles_them(monkeypatch):
    assert "no mailbox yet" in run(commands.list_mailboxes)[1]
    monkeypatch.setenv("TROTH_MAILBOX_PASSWORD", "open-sesame")
    add_mailbox()
    assert "not heard yet" in run(commands.list_mailboxes)[1]
    at = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
    Mailbox.objects.update(heartbeat_at=at, last_problem="Nothing answers.", last_problem_at=at)

    said = run(commands.list_mailboxes)[1]

    assert said == (
        "Our support: support@acme.example, INBOX on imap.acme.example:993 (tls)\n"
        "  last heard 2026-11-22 07:30:00 UTC\n"
        "  2026-11-22 07:30:00 UTC: Nothing answers.\n"
    )


def test_a_mailbox_is_stopped_and_started(monkeypatch):
    monkeypatch.setenv("TROTH_MAILBOX_PASSWORD", "open-sesame")
    add_mailbox()

    assert run(commands.stop_mailbox, "our  support")[0] == 1
    assert run(commands.stop_mailbox, "Our support") == (0, "Nothing is received from it any more.\n")
    assert "stopped" in run(commands.list_mailboxes)[1]
    assert run(commands.start_mailbox, "Our support") == (0, "It is watched again.\n")
    assert run(commands.start_mailbox, "Our support") == (0, "It was not stopped.\n")


def test_a_mailbox_is_changed(monkeypatch, tmp_path):
    monkeypatch.setenv("TROTH_MAILBOX_PASSWORD", "open-sesame")
    add_mailbox()
    (tmp_path / "password").write_text("another")

    changes = ("--port", "1143", "--tls", "starttls", "--password-file", str(tmp_path / "password"))
    code, said = run(commands.change_mailbox, "Our support", *changes)

    made = Mailbox.objects.get()
    assert (code, made.port, made.tls, tell(made, "password")) == (0, 1143, "starttls", "another")
    assert "another" not in said
    assert run(commands.change_mailbox, "Our support", "--port", "1143") == (0, "Nothing was changed.\n")
    assert run(commands.change_mailbox, "Our support", "--address", "nobody@")[0] == 1
    assert run(commands.change_mailbox, "Our support", "--password")[0] == 0
    assert tell(Mailbox.objects.get(), "password") == "open-sesame"


@pytest.mark.mail
def test_a_mailbox_is_checked_and_the_problem_said(mail_lab, monkeypatch):
    monkeypatch.setenv("TROTH_MAILBOX_PASSWORD", mail_lab.password)
    place = ("--address", "support@troth.test", "--host", mail_lab.host, "--port", str(mail_lab.imap_port))
    run(commands.add_mailbox, "Good", *place, "--tls", "none")
    run(commands.add_mailbox, "Bad", *place, "--tls", "none", "--folder", "Nowhere")

    assert run(commands.check_mailbox, "Good") == (
        0,
        "127.0.0.1 let support@troth.test in.\nINBOX holds 0 letters; taken in so far: 0.\n",
    )
    code, said = run(commands.check_mailbox, "Bad")
    assert (code, said.startswith("Error: There is no folder Nowhere")) == (1, True)
    assert run(commands.check_mailbox, "Ugly")[0] == 1


def test_a_customer_is_handed_out_and_erased_at_the_command_line(tmp_path: Path) -> None:
    who = find_or_make_customer(
        address="ann@example.net", name="Ann", now=datetime(2026, 11, 2, 9, tzinfo=UTC)
    ).customer
    number, file = str(who.pk), tmp_path / "ann.zip"

    assert run(privacy_commands.export_customer, number, "--to", str(file))[0] == 0
    assert (file.stat().st_mode & 0o777, b"ann@example.net" in ZipFile(file).read("about.json")) == (0o600, True)
    assert "Nothing was erased. Say --yes" in run(privacy_commands.erase_customer, number)[1]
    assert run(privacy_commands.erase_customer, number, "--yes") == (
        0,
        f"       1  Addresses and numbers\nErased: customer {number}.\n",
    )
    assert "erased already" in run(privacy_commands.erase_customer, number, "--yes")[1]
    assert "no customer with that number" in run(privacy_commands.erase_customer, "999999999")[1]
