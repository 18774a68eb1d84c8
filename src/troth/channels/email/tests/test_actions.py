from __future__ import annotations

import socket
from typing import Any

import pytest
from django.utils import timezone
from tests.lab.mail import MailLab
from tests.people_and_things import kinds, new_facts

from troth.channels.email import actions
from troth.channels.email.models import Mailbox
from troth.channels.email.receive import fetch_once
from troth.people.seal import tell

pytestmark = pytest.mark.django_db


def add(**values: Any) -> Mailbox:
    said = {
        "name": "Support",
        "address": "support@troth.test",
        "host": "imap.troth.test",
        "user": "support@troth.test",
        "password": "open-sesame",
        "now": timezone.now(),
    }
    return actions.add_mailbox(**{**said, **values})


def in_the_lab(lab: MailLab, **values: Any) -> Mailbox:
    return add(**{"host": lab.host, "port": lab.imap_port, "tls": "none", "password": lab.password, **values})


def problem(mailbox: Mailbox) -> str:
    with pytest.raises(actions.MailboxOutOfReach) as raised:
        actions.look_into(mailbox, seconds=2)
    return str(raised.value)


def test_usual_port_goes_with_the_way_of_the_line() -> None:
    made = [add(name=tls, user=tls, tls=tls).port for tls in ("tls", "starttls", "none")]

    assert made == [993, 143, 143]
    assert kinds() == ["MailboxStarted"] * 3


def test_mailbox_is_watched_once_and_has_its_own_name() -> None:
    add(is_archive=True)

    with pytest.raises(actions.MailboxThereAlready, match="mailbox Support already"):
        add(user="another")
    with pytest.raises(actions.MailboxThereAlready, match="is watched already"):
        add(name="Another")
    with pytest.raises(actions.MailboxThereAlready, match="Support is the archive already"):
        add(name="Another", user="another", is_archive=True)

    assert kinds() == ["MailboxStarted"]


def test_stopping_and_starting_twice_changes_nothing_more() -> None:
    mailbox, now = add(), timezone.now()

    assert [actions.stop_mailbox(mailbox, now=now), actions.stop_mailbox(mailbox, now=now)] == [True, False]
    assert [actions.start_mailbox(mailbox, now=now), actions.start_mailbox(mailbox, now=now)] == [True, False]
    assert kinds() == ["MailboxStarted", "MailboxStopped", "MailboxStarted"]
    mailbox.refresh_from_db()
    assert (mailbox.enabled, mailbox.started_at) == (True, now)


def test_change_is_noted_by_name_and_never_by_value() -> None:
    mailbox, now = add(), timezone.now()

    said = {"port": 1993, "password": "another", "trusted_authserv_id": " mx.troth.test "}
    told = [actions.change_mailbox(mailbox, **said, now=now), actions.change_mailbox(mailbox, **said, now=now)]

    assert told == [True, False]
    assert new_facts(f"mailbox:{mailbox.pk}", since=1) == [
        ("MailboxChanged", {"changed": "password port trusted_authserv_id"})
    ]
    mailbox.refresh_from_db()
    assert (mailbox.port, tell(mailbox, "password"), mailbox.trusted_authserv_id) == (1993, "another", "mx.troth.test")


@pytest.mark.mail
def test_looking_into_a_mailbox_counts_and_changes_nothing(mail_lab: MailLab) -> None:
    mailbox = in_the_lab(mail_lab)
    for number in (1, 2):
        letter = b"From: ann@example.test\r\nTo: support@troth.test\r\n\r\n%d" % number
        mail_lab.send(letter, sender="ann@example.test", to="support@troth.test")
        mail_lab.wait_for_letters("support@troth.test", number)

    before = actions.look_into(mailbox)
    fetch_once(mailbox.pk, clock=timezone.now)
    after = actions.look_into(mailbox)

    assert (before, after) == (actions.Found(2, 0, True), actions.Found(2, 2, True))
    with mail_lab.imap("support@troth.test") as imap:
        assert imap.uid("SEARCH", "SEEN")[1] == [b""]


@pytest.mark.mail
def test_what_stands_in_the_way_is_said_in_plain_words(mail_lab: MailLab) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = in_the_lab(mail_lab, name="nobody", port=unused.getsockname()[1])
        assert "Nothing answers at 127.0.0.1:" in problem(nobody)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        silent = in_the_lab(mail_lab, name="silent", port=mute.getsockname()[1])
        assert "did not answer in time" in problem(silent)
    wrong = in_the_lab(mail_lab, name="wrong", user="bob@example.test", password="not-this-one")
    assert "127.0.0.1 did not let bob@example.test in: " in problem(wrong)
    assert "not-this-one" not in problem(wrong)
    nowhere = in_the_lab(mail_lab, name="nowhere", folder="Nowhere")
    assert "There is no folder Nowhere for support@troth.test" in problem(nowhere)
    unknown = in_the_lab(mail_lab, name="unknown", host="imap.troth.invalid")
    assert problem(unknown) == "No server named imap.troth.invalid can be found."
    plain = in_the_lab(mail_lab, name="plain", tls="tls")
    assert "does not speak TLS as it was set (--tls tls)" in problem(plain)
    locked = in_the_lab(mail_lab, name="locked", tls="starttls", user="archive@troth.test")
    assert "does not offer STARTTLS" in problem(locked)
