from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from troth.channels.email.models import Mailbox
from troth.people import seal

BEFORE, AFTER = [("email", "0002_mailbox_names")], [("email", "0004_old_passwords_swept")]


@pytest.mark.django_db(transaction=True)
def test_passwords_that_are_there_are_sealed_and_can_be_unsealed_again() -> None:
    plain = {"one": "open-sesame", "two": "pass: wörd", "none": ""}
    try:
        MigrationExecutor(connection).migrate(BEFORE)
        old = MigrationExecutor(connection).loader.project_state(BEFORE).apps.get_model("email", "Mailbox")
        for name, password in plain.items():
            old.objects.create(name=name, address="s@parcel.example", host="imap", user=name, password=password)

        MigrationExecutor(connection).migrate(AFTER)
        sealed = list(Mailbox.objects.order_by("pk"))
        MigrationExecutor(connection).migrate(BEFORE)
        back = dict(old.objects.values_list("name", "password"))
    finally:
        MigrationExecutor(connection).migrate(AFTER)

    assert {row.name: seal.tell(row, "password") for row in sealed} == plain
    assert [row.password[:7] for row in sealed] == ["sealed:", "sealed:", ""]
    assert back == plain
