"""`troth audit` and `troth witness`: the words. Neither needs an installation, a database or settings; both may run anywhere."""

from __future__ import annotations

import contextlib
import json
import logging
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from troth.ledger.rules.note import Verifier
    from troth.witness.follow import Report

#: As shells have it for Ctrl-C; 1 would say that the log contradicts itself.
INTERRUPTED = 130


@click.command("audit")
@click.argument("url", required=False)
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to remember what was seen; usually below ~/.local/state.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help="A key of the log, NAME+HASH+KEY, as the company told it to you.",
)
@click.option(
    "--witness", "witnesses", multiple=True, metavar="KEY", help="Say whether the witness with this key has cosigned."
)
@click.option(
    "--entries", is_flag=True, help="Read every entry, too, and compute the root anew; goes on where it stopped."
)
@click.option(
    "--receipt",
    "receipts",
    multiple=True,
    type=click.Path(exists=True, path_type=Path, dir_okay=False),
    help="Hold this receipt against the log.",
)
@click.option(
    "--every", type=click.IntRange(1), metavar="SECONDS", help="Look again and again, until something is wrong."
)
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON object a look.")
@click.option("--plain-http", is_flag=True, help="Also another machine may be asked without TLS.")
@click.option(
    "--evidence",
    type=click.Path(exists=True, path_type=Path, dir_okay=False),
    help="Ask no log: say whether this file proves what it says.",
)
def audit(
    url: str | None,
    state: Path | None,
    keys: tuple[str, ...],
    witnesses: tuple[str, ...],
    entries: bool,
    receipts: tuple[Path, ...],
    every: int | None,
    as_json: bool,
    plain_http: bool,
    evidence: Path | None,
) -> None:
    """Follow the log at URL: remember its head, and say whether what it shows now continues what it showed before.

    Any log that is served as c2sp.org/tlog-tiles says will do. Ends with 0 where all is well, 1 where the log contradicts
    itself, and 3 where something could not be looked at. docs/use/auditing.md tells what each finding means.
    """
    if evidence:
        raise SystemExit(_judge(evidence))
    if not url:
        raise click.UsageError("Say which log: troth audit https://example.org/record")
    from troth.witness import follow  # slow to load, and no other command needs it
    from troth.witness.fetch import NotAnAddress
    from troth.witness.state import StateNotRead, usual_place

    url = url.rstrip("/")
    wanted = follow.Wanted(
        url=url,
        state=state or usual_place(url),
        keys=[_key(text) for text in keys],
        witnesses=[_key(text) for text in witnesses],
        receipts=[(path.name, path.read_bytes()) for path in receipts],
        entries=entries,
        plain_http=plain_http,
    )
    try:
        while True:
            report = follow.look_once(wanted, now=datetime.now(UTC), tell=_progress(quiet=as_json))
            _say(report, as_json=as_json)
            if every is None or report.ends_with == follow.CONTRADICTED:
                raise SystemExit(report.ends_with)
            time.sleep(every)
    except (NotAnAddress, StateNotRead) as error:
        raise click.UsageError(str(error)) from error
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


@click.command("witness")
@click.option(
    "--log",
    "logs",
    multiple=True,
    metavar="KEY",
    help="A log to cosign, by its key; 'ORIGIN KEY' where the key is not named so.",
)
@click.option(
    "--logs",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of such lines.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder of its key and its memory.",
)
@click.option(
    "--name", help="What it is called, at the first start: an address of yours such as witness.example.org/w1."
)
@click.option("--bind", default="127.0.0.1", show_default=True, help="The address it listens on.")
@click.option("--port", default=8470, show_default=True, type=click.IntRange(0, 65535), help="The port it listens on.")
@click.option("--show-key", is_flag=True, help="Only print its key, which those who trust it need.")
def witness(
    logs: tuple[str, ...], lists: tuple[Path, ...], state: Path, name: str | None, bind: str, port: int, show_key: bool
) -> None:
    """Cosign the heads of logs, and never one that takes back another (c2sp.org/tlog-witness), until Ctrl-C.

    docs/run/witness.md tells how to run one for the company of a friend.
    """
    from troth.witness import server, store  # slow to load, and no other command needs it

    try:
        key = store.key_in(state, name=name)
        if show_key:
            return click.echo(key.verifier.to_text())
        known = _logs([*logs, *(line for path in lists for line in path.read_text().splitlines())])
        heads = store.Heads(state)
    except store.NotUsable as error:
        raise click.ClickException(str(error)) from error
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    try:
        serving = server.Server((bind, port), server.Witness(key, known, heads, state))
    except OSError as error:
        raise click.ClickException(f"{bind}:{port} cannot be listened on: {error.strerror}.") from error
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with serving, contextlib.suppress(KeyboardInterrupt):
        click.echo(key.verifier.to_text())
        click.echo(f"Listening at http://{bind}:{serving.server_address[1]}, for {', '.join(known)}.")
        sys.stdout.flush()
        serving.serve_forever(poll_interval=0.2)
    return None


def _logs(lines: list[str]) -> dict[str, tuple[Verifier, ...]]:
    """Each log's keys by its origin."""
    found: dict[str, tuple[Verifier, ...]] = {}
    for line in lines:
        words = line.split("#", 1)[0].split()
        if not words:
            continue
        key = _key(words[-1])
        origin = " ".join(words[:-1]) or key.name
        found[origin] = (*found.get(origin, ()), key)
    if not found:
        raise click.UsageError("Say whose heads to cosign: --log NAME+HASH+KEY.")
    return found


def _say(report: Report, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.to_plain(), ensure_ascii=False))
        return
    from troth.witness.rules.plain import plain  # as slow as `follow`

    what = f": {report.size} entries, root {report.root.hex()[:16]}…" if report.size is not None else ""
    click.echo(f"{report.at:%Y-%m-%d %H:%M:%S} UTC  {plain(report.origin) or report.url}{what}")
    for one in report.found:
        click.echo(f"  {'!!' if one.is_alarm else 'ok'}  {one.words}")
        if one.evidence:
            click.echo(f"      Both signed heads are kept in {one.evidence}: give it to whoever should know.")
    if report.not_checked:
        click.echo(f"  ??  Not everything could be looked at. {report.not_checked}")


def _progress(*, quiet: bool) -> Callable[[int, int], None]:
    """Tells on a terminal how many entries are read, twice a second at most."""
    told = 0.0

    def tell(done: int, of: int) -> None:
        nonlocal told
        if not quiet and sys.stderr.isatty() and (done == of or time.monotonic() - told > 0.5):
            told = time.monotonic()
            click.echo(f"\r{done} of {of} entries read", nl=done == of, err=True)

    return tell


def _judge(path: Path) -> int:
    from troth.witness.evidence import Evidence, NotEvidence  # as slow as `follow`
    from troth.witness.rules.plain import plain

    try:
        found = Evidence.from_text(path.read_bytes().decode(errors="replace"))
        found.check()
    except NotEvidence as error:
        click.echo(f"This proves nothing by itself. {error}")
        return 1
    click.echo(
        f"This proves that {plain(found.before.origin)} signed two histories: {found.before} and {found.after}.\n"
        "Compare the keys it names with those the company is known by:"
    )
    for key in found.keys:
        click.echo(f"  {key.to_text()}")
    return 0


def _key(text: str) -> Verifier:
    from troth.ledger.rules.note import NotAKey, Verifier  # as slow as `follow`

    try:
        return Verifier.from_text(text)
    except NotAKey as error:
        raise click.UsageError(f"{text}: {error}") from error
