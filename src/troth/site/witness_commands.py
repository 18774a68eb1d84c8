"""`troth audit` and `troth witness`: the words. Neither needs an installation, a database or settings; both may run anywhere."""

from __future__ import annotations

import json
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
        receipts=[(path.name, path.read_bytes().decode(errors="replace")) for path in receipts],
        entries=entries,
        plain_http=plain_http,
    )
    while True:
        try:
            report = follow.look_once(wanted, now=datetime.now(UTC), tell=_progress(quiet=as_json))
        except (NotAnAddress, StateNotRead) as error:
            raise click.UsageError(str(error)) from error
        _say(report, as_json=as_json)
        if every is None or report.ends_with == follow.CONTRADICTED:
            raise SystemExit(report.ends_with)
        time.sleep(every)


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
