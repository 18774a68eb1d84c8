"""`python -m fuzz mail 600`: one target for so many seconds. What it finds is written to `fuzz/found/<target>/`."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["troth", "email", "mailparser_reply", "nh3", "markdown_it"]):
    from fuzz.targets import TARGETS

HERE = Path(__file__).parent
#: One input may take this long; above it the fuzzer calls it a find.
SECONDS_MAX = 5


def main() -> None:
    name, seconds = sys.argv[1], sys.argv[2]
    learnt = HERE.parent / ".fuzz" / name
    learnt.mkdir(parents=True, exist_ok=True)
    found = HERE / "found" / name
    found.mkdir(parents=True, exist_ok=True)
    words = HERE / "words" / f"{name}.dict"
    atheris.Setup(
        [
            f"fuzz {name}",
            f"-max_total_time={seconds}",
            f"-timeout={SECONDS_MAX}",
            "-rss_limit_mb=1024",
            "-max_len=8192",
            f"-artifact_prefix={found}/",
            *([f"-dict={words}"] if words.exists() else []),
            *sys.argv[3:],
            str(learnt),
            str(HERE / "seeds" / name),
        ],
        TARGETS[name],
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
