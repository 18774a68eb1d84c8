"""Seals as the rooms use them: mailboxes are the rows, for people itself keeps no secret."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from pytest_django.fixtures import Settings
from tests.people_and_things import NOW

from troth.channels.email.actions import add_mailbox
from troth.channels.email.models import Mailbox
from troth.people import seal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "seal-key"
    path.write_text(seal.sealing.written(b"1" * 32) + "\n")
    settings.TROTH_SEAL_KEY, settings.TROTH_SEAL_KEY_FILE = "", str(path)
    return path


def mailbox(name: str = "Support", **values: Any) -> Mailbox:
    said = {"address": "s@parcel.example", "host": "imap.parcel.example", "user": name, "password": "open-sesame"}
    return add_mailbox(name=name, now=NOW, **{**said, **values})


def test_what_is_kept_is_told_and_the_database_holds_none_of_it() -> None:
    made = Mailbox.objects.get(pk=mailbox().pk)

    assert seal.tell(made, "password") == "open-sesame"
    assert made.password.startswith("sealed:")
    assert "open-sesame" not in made.password
    assert seal.tell(mailbox("Empty", password=""), "password") == ""


def test_a_plain_word_reaches_the_database_neither_through_the_models_nor_past_them() -> None:
    made = mailbox()

    with pytest.raises(seal.NotSealed, match=r"email\.Mailbox\.password takes only"), transaction.atomic():
        Mailbox.objects.filter(pk=made.pk).update(password="open-sesame")
    with pytest.raises(IntegrityError, match="mailbox_password_is_sealed"), transaction.atomic():
        connection.cursor().execute("UPDATE email_mailbox SET password = 'open-sesame'")


def test_a_secret_carried_to_another_row_does_not_open() -> None:
    one, other = mailbox(), mailbox("Other", password="another")
    Mailbox.objects.filter(pk=other.pk).update(password=one.password)

    with pytest.raises(seal.CannotUnseal, match="carried here from another row"):
        seal.tell(Mailbox.objects.get(pk=other.pk), "password")


def test_a_new_key_seals_everything_anew_and_the_old_one_may_go(keys: Path) -> None:
    made = [mailbox(), mailbox("Other", password="another"), mailbox("Empty", password="")]
    old = keys.read_text()

    newest = seal.make_newest()
    changed = [seal.reseal(), seal.reseal()]

    assert changed == [2, 0]
    assert keys.read_text().endswith("\n" + old)
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert seal.check() == ({newest: 2}, [])
    keys.write_text(keys.read_text().splitlines()[0])
    found = [seal.tell(Mailbox.objects.get(pk=row.pk), "password") for row in made]
    assert found == ["open-sesame", "another", ""]


def test_a_wrong_key_is_told_and_rotation_then_changes_nothing(keys: Path) -> None:
    made = mailbox()
    right = keys.read_text()
    keys.write_text(seal.sealing.written(b"2" * 32))

    with pytest.raises(seal.CannotUnseal, match="Put it back beside them from its backup"):
        seal.reseal()
    assert seal.check() == ({}, [f"email_mailbox.password:{made.pk}"])

    keys.write_text(right)
    assert seal.tell(Mailbox.objects.get(), "password") == "open-sesame"


def test_a_missing_file_of_keys_is_told_by_its_path(keys: Path) -> None:
    made = mailbox()
    keys.unlink()

    with pytest.raises(seal.CannotUnseal, match=rf"{keys} .* put the file back from its backup"):
        seal.tell(made, "password")


def test_a_file_that_holds_no_key_is_told_by_its_path(keys: Path) -> None:
    made = mailbox()
    keys.write_text("not a key\n")

    with pytest.raises(ImproperlyConfigured, match=f"{keys}: A key is 32 random bytes"):
        seal.tell(made, "password")


def test_keys_of_the_environment_are_the_hosts_to_change(settings: Settings) -> None:
    made = mailbox()
    settings.TROTH_SEAL_KEY = " ".join(seal.sealing.written(bytes([49 + number]) * 32) for number in (1, 0))

    with pytest.raises(seal.KeysNotOurs, match="--keys-as-they-are"):
        seal.make_newest()
    assert seal.reseal() == 1
    assert seal.tell(Mailbox.objects.get(pk=made.pk), "password") == "open-sesame"


def test_a_changed_password_is_noticed_only_when_it_is_another() -> None:
    from troth.channels.email.actions import change_mailbox  # beside its test, for it is the one caller that compares

    made = mailbox()

    told = [change_mailbox(made, password=word, now=NOW) for word in ("open-sesame", "another", "another")]

    assert told == [False, True, False]
