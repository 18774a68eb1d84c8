"""The command `troth`: everything a host does with an installation.

Nothing of Django is imported before `DATABASE_URL` stands in the environment, for the settings read it once.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from troth import __version__
from troth.channels.imports.command import import_files
from troth.site import (
    commands,
    fsck_command,
    key_commands,
    learning_commands,
    log_commands,
    privacy_commands,
    reading_commands,
    receipt_commands,
    sealing,
    witness_commands,
)
from troth.site.folder import closed_folder
from troth.site.supervise import Child, Supervisor

if TYPE_CHECKING:
    from troth.site.postgres import Cluster

WEB_STARTS_WITHIN_SECONDS = 60
#: The worker gives a sign of life twice a second; paused or starved for this long it is started anew.
WORKER_PULSE_SECONDS = 30.0


@click.group()
@click.version_option(__version__, prog_name="troth")
def main() -> None:
    """Troth keeps your word to your customers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.site.settings")
    os.environ["TROTH_DATA"] = str(data_dir())


@main.command()
def run() -> None:
    """Serve everything: database, pages and worker, until Ctrl-C."""
    port = free_port_or_stop()
    with database(kept=True):
        welcome = prepare_database()
        children = [Child("web", troth_command("web"))]
        if installed("troth.site.worker"):
            children.append(Child("worker", troth_command("worker"), pulse_seconds=WORKER_PULSE_SECONDS))
        if sys.stdout.isatty():  # to the children it is a pipe
            os.environ.setdefault("TROTH_LOG_FORMAT", "text")
        threading.Thread(target=announce, args=(port, welcome), daemon=True).start()
        Supervisor(children).run()


@main.command()
def web() -> None:
    """Serve pages and the live channel alone."""
    port = port_wanted()
    with database():
        serve(port)


@main.command()
def worker() -> None:
    """Work off what waits: letters, readings, dates that come near."""
    with database():
        start_django()
        importlib.import_module("troth.site.worker").main()


@main.command()
def migrate() -> None:
    """Bring the database to this version's shape."""
    with database():
        bring_up_to_date()


@main.command()
def shell() -> None:
    """Open psql on the database."""
    with database(say_missing=False):
        cluster = cluster_in(cluster_dir())
        program = cluster.program("psql") if cluster.data.exists() else Path("psql")
        address, password = without_password(
            os.environ.get("DATABASE_URL") or Path(os.environ["DATABASE_URL_FILE"]).read_text().strip()
        )
        # Whoever lists the processes of this machine reads their words, but not their environment.
        env = os.environ | ({"PGPASSWORD": password} if password else {})
        env.pop("DATABASE_URL", None)
        sys.exit(subprocess.call([program, address], env=env))  # noqa: S603 - the host's own shell


@main.group()
def db() -> None:
    """The embedded database by itself."""


@db.command("start")
def db_start() -> None:
    """Start it and leave it running."""
    with sentences():
        click.echo(cluster_in(closed_folder(data_dir()) / "postgres").start(tied=False))


@db.command("stop")
def db_stop() -> None:
    """Stop it."""
    with sentences():
        cluster_in(cluster_dir()).stop()


@db.command("url")
def db_url() -> None:
    """Print its address, with the password in it."""
    cluster = cluster_in(cluster_dir())
    if not cluster.data.exists():
        raise click.ClickException(f"There is no database in {cluster.home} yet: `troth db start` makes one.")
    click.echo(cluster.url())


@main.command(hidden=True)
def prepare() -> None:
    """Migrate, make the sample company on the first start, print the welcome. Run by `run` in a process of its own."""
    bring_up_to_date()
    if installed("troth.site.sample"):
        sample = importlib.import_module("troth.site.sample")  # the apps must be ready first
        with contextlib.redirect_stdout(sys.stderr):
            sample.ensure_sample()
        if hasattr(sample, "welcome"):
            click.echo(sample.welcome())


# Rooms' own commands


def with_database(command: click.Command, *, as_it_is: bool = False) -> click.Command:
    """The same command, with the database up and, unless it shall stay *as_it_is*, at this version's shape around it."""
    inside = command.callback
    assert inside is not None

    @functools.wraps(inside)
    def outside(**values: object) -> None:
        with database(say_missing=False):
            if as_it_is:
                start_django()
            else:
                bring_up_to_date(verbosity=0)
            inside(**values)

    command.callback = outside
    return command


main.add_command(reading_commands.read)
main.add_command(reading_commands.eval_group)
main.add_command(witness_commands.audit)
main.add_command(receipt_commands.verify)
main.add_command(witness_commands.witness)
main.add_command(with_database(import_files))
main.add_command(with_database(commands.verify_state, as_it_is=True))
main.add_command(with_database(fsck_command.fsck, as_it_is=True))
main.add_command(with_database(learning_commands.reread))
for group in (
    commands.staff,
    commands.company,
    commands.mailbox,
    commands.sample,
    learning_commands.corrections,
    sealing.seal_group,
    log_commands.log,
    key_commands.key,
    privacy_commands.customers,
):
    for command in group.commands.values():
        with_database(command)
    main.add_command(group)


# The database


@contextlib.contextmanager
def database(*, say_missing: bool = True, kept: bool = False) -> Iterator[None]:
    """`DATABASE_URL` in the environment: the host's own, else the embedded cluster's, started here unless it runs.

    *kept*: a server started here is started again whenever it ends without being asked.
    """
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        yield
        return
    from troth.site.keeper import Keeper  # slow, with the database's driver behind it

    cluster = cluster_in(closed_folder(data_dir()) / "postgres")
    with sentences():
        os.environ["DATABASE_URL"] = cluster.start()
        missing = cluster.missing_extensions() if say_missing else []
    if missing:
        click.echo(f"This PostgreSQL lacks {', '.join(missing)}: what builds on them stays off.", err=True)
    keeper = Keeper(cluster) if kept and cluster.started_here else None
    if keeper:
        keeper.start()
    started_here = cluster.started_here
    try:
        yield
    finally:
        if keeper:
            keeper.stop()
        if started_here:
            cluster.stop()


def prepare_database() -> str:
    """Run `prepare`, so that the supervisor itself stays small; what it printed."""
    done = subprocess.run(troth_command("prepare"), stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode != 0:
        raise click.ClickException("The database could not be made ready; the reason stands above.")
    return done.stdout.strip("\n")


def bring_up_to_date(verbosity: int = 1) -> None:
    start_django()
    from django.core.management import call_command  # the settings must be in the environment first

    with contextlib.redirect_stdout(sys.stderr):
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("createcachetable", verbosity=0)


def start_django() -> None:
    (closed_folder(data_dir()) / "static").mkdir(exist_ok=True)  # WhiteNoise warns without it
    import django  # the settings must be in the environment first

    django.setup()


# Serving


def serve(port: int) -> None:
    """Granian in this process, until it is told to stop."""
    from granian.cli import cli as granian  # slow, and only the web process needs it

    words = [
        "troth.site.server:build", "--factory", "--interface", "asgi", "--host", host(), "--port", str(port), "--no-ws",
        # Open event streams would hold the door for twenty seconds and more.
        "--workers-kill-timeout", "3",
        "--log-level", "warning",
    ]  # fmt: skip
    granian(words, standalone_mode=False)


def announce(port: int, welcome: str) -> None:
    """Say where to go once the pages answer."""
    until = time.monotonic() + WEB_STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((reachable_host(), port), timeout=1):
            click.echo(framed(welcome or f"Troth is at {os.environ.get('TROTH_URL') or f'http://localhost:{port}'}"))
            return
        time.sleep(0.1)


def framed(text: str) -> str:
    """*text* in a frame, unless it brought its own."""
    lines = text.splitlines()
    if lines[0][:1] in "┌╭╔+":
        return text
    width = max(len(line) for line in lines)
    inside = [f"│ {line.ljust(width)} │" for line in lines]
    return "\n".join([f"┌{'─' * (width + 2)}┐", *inside, f"└{'─' * (width + 2)}┘"])


def free_port_or_stop() -> int:
    port = port_wanted()
    if is_free(port):
        return port
    other = next((candidate for candidate in range(port + 1, min(port + 100, 65536)) if is_free(candidate)), None)
    hint = f"try PORT={other}" if other else "choose another with PORT="
    raise click.ClickException(f"Port {port} is already in use by another program: {hint}.")


def port_wanted() -> int:
    given = os.environ.get("PORT") or "8000"
    if given.isdigit() and 0 < int(given) < 65536:
        return int(given)
    raise click.ClickException(f"PORT is {given!r}: write a number from 1 to 65535.")


def is_free(port: int) -> bool:
    family = socket.AF_INET6 if ":" in host() else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host(), port))
        except PermissionError as error:
            raise click.ClickException(f"Port {port} needs more rights than you have: try PORT=8000.") from error
        except OSError:
            return False
    return True


# Small things


def without_password(address: str) -> tuple[str, str]:
    """The database's address as psql takes it, and the password that was in it."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # slow, and only psql needs it

    parts: dict[str, Any] = dict(conninfo_to_dict(address))
    password = parts.pop("password", None)
    return make_conninfo(**parts), str(password or "")


def host() -> str:
    return os.environ.get("TROTH_BIND") or "127.0.0.1"


def reachable_host() -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host(), host())  # noqa: S104 - compared, not bound


def data_dir() -> Path:
    return Path(os.environ.get("TROTH_DATA") or ".troth").absolute()


def cluster_dir() -> Path:
    return data_dir() / "postgres"


def cluster_in(folder: Path) -> Cluster:
    from troth.site.postgres import Cluster  # slow: the database's driver, which `troth read` can do without

    return Cluster(folder)


def troth_command(word: str) -> list[str]:
    return [sys.executable, "-m", "troth.site.cli", word]


def installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


@contextlib.contextmanager
def sentences() -> Iterator[None]:
    """A fault of the cluster is told as a sentence, not as a traceback."""
    from troth.site.postgres import ClusterError  # as slow as `cluster_in`

    try:
        yield
    except ClusterError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
