"""Naming the mailboxes that letters come in by: add one, change it, stop it, start it, look whether it answers."""

from __future__ import annotations

import imaplib
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from imap_tools.errors import ImapToolsError

from troth.channels.email.imap import connect
from troth.channels.email.models import Mailbox
from troth.channels.email.trouble import in_plain_words
from troth.inbox.queries import known_outside_ids
from troth.ledger import actions as ledger
from troth.people import seal
from troth.words.addresses import sound_address
from troth.words.facts import MailboxChanged, MailboxStarted, MailboxStopped
from troth.words.refs import ref

CHECK_SECONDS = 15.0
PORTS = {Mailbox.Tls.TLS.value: 993, Mailbox.Tls.STARTTLS.value: 143, Mailbox.Tls.NONE.value: 143}


class MailboxThereAlready(ValueError):
    """One with this name, or with this server, user and folder, is watched already; or there is an archive."""


class NoSuchMailbox(LookupError):
    """No mailbox has this name."""


class MailboxOutOfReach(RuntimeError):
    """It could not be opened; the sentence says why."""


@transaction.atomic
def add_mailbox(
    *,
    name: str,
    address: str,
    host: str,
    user: str,
    password: str,
    now: datetime,
    port: int | None = None,
    tls: str = Mailbox.Tls.TLS.value,
    folder: str = "INBOX",
    is_archive: bool = False,
    trusted_authserv_id: str = "",
) -> Mailbox:
    """A mailbox that is watched from now on; raises MailboxThereAlready, AddressNotSound."""
    name = " ".join(name.split())
    if Mailbox.objects.filter(name=name).exists():
        raise MailboxThereAlready(f"There is a mailbox {name} already.")
    archive = Mailbox.objects.filter(is_archive=True).first() if is_archive else None
    if archive:
        raise MailboxThereAlready(f"{archive.name} is the archive already, and there is one archive only.")
    try:
        with transaction.atomic():
            mailbox = Mailbox.objects.create(
                name=name,
                address=sound_address(address),
                host=host.strip(),
                port=port or PORTS[tls],
                tls=tls,
                user=user,
                folder=folder,
                is_archive=is_archive,
                trusted_authserv_id=trusted_authserv_id.strip(),
                started_at=now,
            )
    except IntegrityError as error:
        raise MailboxThereAlready(f"The folder {folder} of {user} on {host} is watched already.") from error
    seal.keep(mailbox, "password", password)
    ledger.append(MailboxStarted(about=ref("mailbox", mailbox.pk)), now=now)
    return mailbox


@transaction.atomic
def change_mailbox(
    mailbox: Mailbox,
    *,
    now: datetime,
    address: str | None = None,
    port: int | None = None,
    tls: str | None = None,
    password: str | None = None,
    trusted_authserv_id: str | None = None,
) -> bool:
    """Reach it in another way; None leaves as it is. False if all was so already. Raises AddressNotSound.

    Server, user and folder stay: its letters are known by their numbers there, and elsewhere the same numbers are others.
    """
    locked = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    said = {
        "address": address if address is None else sound_address(address),
        "port": port,
        "tls": tls,
        "trusted_authserv_id": trusted_authserv_id if trusted_authserv_id is None else trusted_authserv_id.strip(),
    }
    news = {name: value for name, value in said.items() if value is not None and value != getattr(locked, name)}
    changed = set(news)
    if news:
        Mailbox.objects.filter(pk=locked.pk).update(**news)
    if password is not None and not _is_password(locked, password):
        seal.keep(locked, "password", password)
        changed.add("password")
    if changed:
        ledger.append(MailboxChanged(about=ref("mailbox", locked.pk), changed=" ".join(sorted(changed))), now=now)
    return bool(changed)


def _is_password(mailbox: Mailbox, password: str) -> bool:
    """Whether *password* is the one that is kept; no where nobody can tell, for a new one mends just that."""
    try:
        return seal.tell(mailbox, "password") == password
    except seal.CannotUnseal:
        return False


def mailbox_named(name: str) -> Mailbox:
    """Raises NoSuchMailbox."""
    found = Mailbox.objects.filter(name=" ".join(name.split())).first()
    if found is None:
        raise NoSuchMailbox(f"There is no mailbox {name}; `troth mailbox list` shows those there are.")
    return found


@transaction.atomic
def stop_mailbox(mailbox: Mailbox, *, now: datetime) -> bool:
    """Receive nothing from it any more; False if it was stopped already. The worker lets go within seconds."""
    if Mailbox.objects.filter(pk=mailbox.pk, enabled=True).update(enabled=False) != 1:
        return False
    ledger.append(MailboxStopped(about=ref("mailbox", mailbox.pk)), now=now)
    return True


@transaction.atomic
def start_mailbox(mailbox: Mailbox, *, now: datetime) -> bool:
    """Receive from it again, also what came meanwhile; False if it was not stopped."""
    if Mailbox.objects.filter(pk=mailbox.pk, enabled=False).update(enabled=True, started_at=now) != 1:
        return False
    ledger.append(MailboxStarted(about=ref("mailbox", mailbox.pk)), now=now)
    return True


@dataclass(frozen=True)
class Found:
    """What is in a mailbox."""

    letters: int
    #: How many letters of this mailbox are kept here.
    kept: int
    #: Whether the server tells of a new letter at once (RFC 2177); else it is asked every half minute.
    tells_at_once: bool


def look_into(mailbox: Mailbox, *, seconds: float = CHECK_SECONDS) -> Found:
    """Connect, sign in, count, and change nothing anywhere; raises MailboxOutOfReach."""
    try:
        with connect(mailbox, timeout=seconds) as box:
            status = box.folder.status(mailbox.folder, ["MESSAGES", "UIDVALIDITY"])
            offered = {name if isinstance(name, str) else name.decode("ascii") for name in box.client.capabilities}
    except (OSError, imaplib.IMAP4.error, ImapToolsError, seal.CannotUnseal) as error:
        raise MailboxOutOfReach(in_plain_words(error, mailbox)) from error
    prefix = f"{mailbox.pk}:{status['UIDVALIDITY']}:"
    return Found(
        letters=status["MESSAGES"],
        kept=len(known_outside_ids(channel="email", prefix=prefix)),
        tells_at_once="IDLE" in {name.upper() for name in offered},
    )
