"""A private Postfix: takes mail for the laboratory's domains, hands it to Dovecot, can send nothing anywhere else."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from tests.lab import servers

MASTER = "/usr/lib/postfix/sbin/master"

MAIN = """\
compatibility_level = 3.6
queue_directory = {place}/queue
data_directory = {place}/data
maillog_file = {place}/postfix.log
maillog_file_prefixes = {place}
myhostname = mx.troth.test
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
disable_dns_lookups = yes
recipient_delimiter = +
message_size_limit = 52428800
virtual_mailbox_domains = {domains}
virtual_alias_domains = {crowd}
virtual_alias_maps = regexp:{place}/etc/crowd
virtual_transport = lmtp:inet:127.0.0.1:{lmtp_port}
lmtp_destination_recipient_limit = 1
default_transport = error:5.4.4 no mail leaves the laboratory
relay_transport = error:5.4.4 no mail leaves the laboratory
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
in_flow_delay = 0
minimal_backoff_time = 2s
maximal_backoff_time = 4s
queue_run_delay = 2s
bounce_queue_lifetime = 1m
maximal_queue_lifetime = 1m
"""


class Postfix:
    """SMTP on a free loopback port for *domains*, delivering to the LMTP server on *lmtp_port*. Needs root."""

    host = "127.0.0.1"

    def __init__(self, *, lmtp_port: int, domains: tuple[str, ...], catch_all: tuple[str, str]) -> None:
        self.lmtp_port = lmtp_port
        self.domains = domains
        #: A domain, and the mailbox that gets all mail to it.
        self.crowd, self.mailbox_of_crowd = catch_all
        self.port = 0
        self._place: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = servers.program("postfix")
        self._place = place = servers.place("postfix")
        (self.port,) = servers.free_ports(1)
        etc = place / "etc"
        for directory in (etc, place / "queue", place / "data"):
            directory.mkdir(mode=0o755)
        owner = pwd.getpwnam("postfix")
        os.chown(place / "data", owner.pw_uid, owner.pw_gid)
        (etc / "main.cf").write_text(
            MAIN.format(place=place, domains=", ".join(self.domains), lmtp_port=self.lmtp_port, crowd=self.crowd)
        )
        (etc / "crowd").write_text(f"/@{self.crowd.replace('.', '[.]')}$/ {self.mailbox_of_crowd}\n")
        (etc / "master.cf").write_text(self._services())
        # `postfix start-fg` keeps a shell between us and the server, which outlives it; so we start it directly.
        ready = subprocess.run([program, "-c", str(etc), "check"], check=False, capture_output=True, text=True)
        if ready.returncode != 0:
            raise servers.NotStarted(f"postfix check: {ready.stdout}{ready.stderr}")
        self._process = servers.launch([MASTER, "-c", str(etc), "-s"], place / "start.log")
        self._guard = servers.guard(self._process)
        try:
            servers.wait_for_greeting(self._process, self.port, place / "postfix.log")
        except servers.NotStarted:
            self.stop()
            raise

    def stop(self) -> None:
        if self._process:
            servers.end(self._process)
        if self._guard:
            servers.end(self._guard)
        self._process = self._guard = None
        if self._place:
            shutil.rmtree(self._place, ignore_errors=True)
            self._place = None

    def is_quiet(self) -> bool:
        """Whether nothing is on its way: no dialogue going on, nothing in a queue."""
        assert self._place
        queues = ("maildrop", "incoming", "active", "deferred")
        return not is_talked_to(self.port) and not any(
            file.is_file() for queue in queues for file in (self._place / "queue" / queue).rglob("*")
        )

    def log(self) -> str:
        assert self._place
        return (self._place / "postfix.log").read_text()

    def _services(self) -> str:
        """Debian's own services, SMTP on our port, nothing in a chroot, the log to a file."""
        lines = []
        for line in Path("/usr/share/postfix/master.cf.dist").read_text().splitlines():
            words = line.split()
            if line.startswith(("#", " ", "\t")) or len(words) < 8:
                if not line.startswith("#"):
                    lines.append(line)
                continue
            if words[:2] == ["smtp", "inet"]:
                words[0] = f"127.0.0.1:{self.port}"
            if words[0] == "postlog":
                continue
            words[4] = "n"
            lines.append(" ".join(words))
        return "\n".join([*lines, "postlog unix-dgram n - n - 1 postlogd", ""])


def is_talked_to(port: int) -> bool:
    """Whether anybody has a connection to this port of ours that the server has not closed."""
    open_states = {"01", "08"}  # ESTABLISHED, CLOSE_WAIT; tcp(7) and the kernel's net/tcp_states.h
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return any(int(words[1].rpartition(":")[2], 16) == port and words[3] in open_states for words in lines)
