"""`troth verify`: whether receipts hold. It needs no database, no settings and, unless asked to look, no network."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from troth.ledger.rules.note import Verifier
    from troth.ledger.rules.receipt_verify import LaterHead, Verdict

#: Gives the other head for the receipt that was made from a record of this size.
Later = Callable[[int], "LaterHead"]

HELD, WRONG, UNASKED = 0, 1, 2


class CannotBeAsked(click.ClickException):
    """A file or an address that was given cannot be used: nothing is said of any receipt."""

    exit_code = UNASKED


@click.command("verify")
@click.argument("files", nargs=-1, required=True, metavar="RECEIPT...", type=click.Path(allow_dash=True))
@click.option(
    "--key",
    "given",
    multiple=True,
    metavar="KEY|FILE",
    help="Take only what this key signed: the key itself, a file of keys, or an earlier receipt. May be given more than once.",
)
@click.option(
    "--checkpoint",
    metavar="FILE|URL",
    help="Hold the receipts against another head of the record: one in a file, or the newest, asked of the record at its address.",
)
@click.option("--json", "as_json", is_flag=True, help="Write what was found as JSON, for programs.")
def verify(files: Sequence[str], given: Sequence[str], checkpoint: str | None, as_json: bool) -> None:
    """Say whether receipts hold, and if one does not, what in it is wrong. `-` reads one from standard input.

    Ends with 0 if all hold, with 1 if one does not, and with 2 if a file or an address cannot be used.
    """
    from troth.ledger.rules.receipt_verify import verify as verdict_on  # `troth run` need not load it

    keys = [key for one in given for key in keys_of(one)]
    later = later_of(checkpoint) if checkpoint else None
    verdicts = []
    for file in files:
        written = read(file)
        verdict = verdict_on(written, keys=keys)
        if verdict.checkpoint and later:
            verdict = verdict_on(written, keys=keys, later=later(verdict.checkpoint.size))
        verdicts.append(verdict)
    click.echo(as_plain(files, verdicts) if as_json else as_words(files, verdicts), nl=False)
    raise SystemExit(HELD if all(one.holds for one in verdicts) else WRONG)


def as_words(files: Sequence[str], verdicts: Sequence[Verdict]) -> str:
    told = []
    for file, verdict in zip(files, verdicts, strict=True):
        named = "standard input" if file == "-" else file
        told.append(f"{named}: {'holds' if verdict.holds else 'DOES NOT HOLD'}\n")
        told += [f"  {sentence}\n" for sentence in verdict.said]
    return "".join(told)


def as_plain(files: Sequence[str], verdicts: Sequence[Verdict]) -> str:
    found: list[dict[str, Any]] = []
    for file, verdict in zip(files, verdicts, strict=True):
        plain: dict[str, Any] = {"file": file, "holds": verdict.holds, "code": verdict.code, "said": verdict.said}
        if verdict.opening and verdict.proof and verdict.checkpoint:
            plain |= {
                "record": verdict.checkpoint.origin,
                "entry": verdict.proof.index + 1,
                "size": verdict.checkpoint.size,
                "root": verdict.checkpoint.root.hex(),
                "fact": verdict.opening.fact,
                "words": verdict.opening.words,
            }
        found.append(plain)
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


# What is given


def read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise CannotBeAsked(f"{file} cannot be read: {error.strerror}.") from error


def keys_of(given: str) -> list[Verifier]:
    """The keys that were given so: one as it is, the lines of a file, or those that a receipt in a file names."""
    from troth.ledger.rules.note import NotAKey, Verifier
    from troth.ledger.rules.receipt_verify import keys_named, verify

    if "+" in given and not Path(given).exists():
        try:
            return [Verifier.from_text(given)]
        except NotAKey as error:
            raise CannotBeAsked(f"--key: {error}") from error
    written = read(given)
    if verify(written).holds:
        return keys_named(written)
    found = []
    for number, line in enumerate(written.decode("utf-8", "replace").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                found.append(Verifier.from_text(line.split()[0]))
            except NotAKey as error:
                raise CannotBeAsked(
                    f"{given} is no receipt that holds, and its line {number} is no key. {error}"
                ) from error
    if not found:
        raise CannotBeAsked(f"{given} holds no key.")
    return found


def later_of(given: str) -> Later:
    """The head in a file, the same for each receipt, or the newest of a record, with the proof that joins the two."""
    from troth.ledger.rules.receipt_verify import LaterHead

    if given.startswith(("http://", "https://")):
        return asked(given)
    note = read(given).decode("utf-8", "replace").replace("\r\n", "\n")
    return lambda size: LaterHead(note)


def asked(url: str) -> Later:
    """The newest head of the log at *url*, and for each size the proof that it begins with the record as it was then."""
    from troth.ledger.rules.receipt_verify import LaterHead
    from troth.ledger.rules.tree import ProofWrong, consistency_ranges, hashes_of, tiles_of
    from troth.witness.fetch import FetchFailed, NotAnAddress, Site
    from troth.witness.log import Log

    try:
        site = Site(url.removesuffix("/checkpoint"))
        click.get_current_context().call_on_close(site.close)
        log = Log(site)
        head = log.head()
    except (NotAnAddress, FetchFailed) as error:
        raise CannotBeAsked(str(error)) from error

    def later(size: int) -> LaterHead:
        path: list[bytes] | None = []
        if size < head.size:
            try:
                path = log.consistency(size, head.size)
                if path is None:  # a log that is not Troth's: it gives its tiles alone
                    ranges = consistency_ranges(size, head.size)
                    path = hashes_of(ranges, log.tiles(tiles_of(ranges), size=head.size))
            except (FetchFailed, ProofWrong) as error:
                raise CannotBeAsked(str(error)) from error
        return LaterHead(head.note.to_text(), path, live=True)

    return later
