"""Strike the system in every way there is, and write down what was lost.

python -m faults                  everything, one after the other
python -m faults R1 R5            the faults of these goals
python -m faults kill:take_in     one fault
python -m faults --list           what there is

Each runs in a process of its own. The table in docs/reliability.md keeps the rows that were not tried again.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from faults.registry import FAULTS, Fault, Outcome
from faults.table import PAGE, merged, rendered, row

#: No fault takes longer.
SECONDS_MOST = 3600


def main(words: list[str]) -> int:
    if words[:1] == ["--list"]:
        for fault in FAULTS:
            print(f"{fault.goal:4} {fault.where:20} {fault.title}")
        return 0
    if words[:1] == ["--here"]:
        outcome = next(fault for fault in FAULTS if fault.where == words[1]).run()
        Path(words[2]).write_text(json.dumps(asdict(outcome)))
        return 0
    wanted = [fault for fault in FAULTS if not words or {fault.goal, fault.where} & set(words)]
    unknown = set(words) - {name for fault in wanted for name in (fault.goal, fault.where)}
    if unknown:
        print(f"There is no fault {', '.join(sorted(unknown))}: `python -m faults --list` says what there is.")
        return 2
    rows, clean = [], True
    for fault in wanted:
        outcome = apart(fault)
        clean = clean and outcome.is_clean
        rows.append(row(fault, outcome, day=datetime.now(UTC).date().isoformat()))
        PAGE.write_text(merged(PAGE.read_text(), rows[-1:], known=FAULTS))  # what is known is kept, whatever comes next
    print(f"\n{rendered(rows)}")
    return 0 if clean else 1


def apart(fault: Fault) -> Outcome:
    """Run *fault* in a process of its own; one that does not end well counts as stuck."""
    print(f"{fault.goal} {fault.title} …", flush=True)
    began = time.monotonic()
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "faults", "--here", fault.where, file.name], check=False, timeout=SECONDS_MOST
            )
            said = Path(file.name).read_text()
        except subprocess.TimeoutExpired:
            done, said = None, ""
        if said:
            outcome = Outcome(**json.loads(said))
        else:
            ended = f"ended with {done.returncode}" if done else f"took more than {SECONDS_MOST} s"
            outcome = Outcome(points=1, stuck=1, notes=f"the laboratory itself {ended}")
    print(f"   {outcome}  in {time.monotonic() - began:.0f} s", flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
