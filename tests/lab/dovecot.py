"""A private Dovecot: IMAP and LMTP on free loopback ports, maildirs in a directory of its own."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from tests.lab import servers

CONFIG = """\
instance_name = {name}
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{place}/mail/%u
mail_fsync = never
mail_max_userip_connections = 200
first_valid_uid = 1
first_valid_gid = 1
recipient_delimiter = +
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {place}/users
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={place}/mail/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
"""


class Dovecot:
    """IMAP with IDLE for *addresses*, which all have the password `password`; LMTP to deliver to them."""

    host = "127.0.0.1"
    password = "open-sesame"

    def __init__(self, addresses: Iterable[str]) -> None:
        self.addresses = list(addresses)
        self.imap_port = 0
        self.lmtp_port = 0
        self._place: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = servers.program("dovecot")
        if not Path("/usr/lib/dovecot/lmtp").exists() or not Path("/usr/lib/dovecot/imap").exists():
            servers.program("dovecot-imapd and dovecot-lmtpd")
        self._place = place = servers.place("dovecot")
        self.imap_port, self.lmtp_port = servers.free_ports(2)
        self._write_users()
        mail_user, mail_group = self._make_mail_directory()
        root = os.geteuid() == 0
        me, my_group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
        config = place / "dovecot.conf"
        config.write_text(
            CONFIG.format(
                name=place.name, place=place, imap_port=self.imap_port, lmtp_port=self.lmtp_port,
                mail_user=mail_user, mail_group=mail_group,
                internal_user="dovecot" if root else me,
                internal_group="dovecot" if root else my_group,
                login_user="dovenull" if root else me,
            )
        )  # fmt: skip
        self._process = servers.launch([program, "-F", "-c", str(config)], place / "dovecot.log")
        try:
            servers.wait_for_greeting(self._process, self.imap_port, place / "dovecot.log")
            servers.wait_for_greeting(self._process, self.lmtp_port, place / "dovecot.log")
        except servers.NotStarted:
            self.stop()
            raise

    def stop(self) -> None:
        if self._process:
            servers.end(self._process)
            self._process = None
        if self._place:
            shutil.rmtree(self._place, ignore_errors=True)
            self._place = None

    def add(self, address: str) -> None:
        """One more mailbox."""
        self.addresses.append(address)
        self._write_users()
        time.sleep(1.1)  # Dovecot looks at the file once a second, and makes those wait whom it did not know

    def forget(self, address: str) -> None:
        """The mailbox loses every number it gave: its letters are there, under a new UIDVALIDITY."""
        assert self._place
        box = self._place / "mail" / address
        numbers = box / "dovecot-uidlist"
        validity = int(re.search(r" V(\d+)", numbers.read_text())[1])  # type: ignore[index]
        for pattern in ("dovecot-uidvalidity*", "dovecot.index*", "dovecot.list.index*"):
            for file in box.glob(pattern):
                file.unlink()
        numbers.write_text(f"3 V{validity + 1} N1\n")

    def log(self) -> str:
        assert self._place
        return (self._place / "dovecot.log").read_text()

    def _write_users(self) -> None:
        assert self._place
        users = self._place / "users"
        draft = users.with_suffix(".new")
        draft.write_text("".join(f"{address}:{{PLAIN}}{self.password}\n" for address in self.addresses))
        draft.chmod(0o644)
        draft.rename(users)

    def _make_mail_directory(self) -> tuple[int, int]:
        """Where mail is kept, and as whom: Dovecot refuses to keep it as root."""
        assert self._place
        mail = self._place / "mail"
        mail.mkdir()
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        os.chown(mail, owner.pw_uid, owner.pw_gid)
        return owner.pw_uid, owner.pw_gid
