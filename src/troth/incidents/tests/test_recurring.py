"""Whether a complaint may be the same failing once more: each kind of evidence, and what speaks against it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from troth.incidents.rules import causes
from troth.incidents.rules.causes import Lack
from troth.incidents.rules.recurring import ALIKE, VERY_ALIKE, Found, Heard, Reason, Watched, found, most_alike, names

CAUSE, PRODUCT, PLACE, SIMILAR = Reason.CAUSE, Reason.PRODUCT, Reason.PLACE, Reason.SIMILAR
LATE = Heard(causes=frozenset({"late"}), text="Where is my order?", is_sure=True)
BOTH = Watched(cause="late", product="Oak bench", place="Leeds")
ANY = Watched(cause="late")


@pytest.mark.parametrize(
    ("watched", "heard", "expected"),
    [
        # The cause alone is half of all complaints: enough to be listed where nothing narrower is watched for.
        (ANY, LATE, Found((CAUSE,), is_strong=False)),
        (BOTH, LATE, None),
        (ANY, replace(LATE, causes=frozenset({"hidden_fee"})), None),
        # The product is named, or was ordered; so is the place.
        (BOTH, replace(LATE, text="My OAK  bench is late"), Found((CAUSE, PRODUCT), is_strong=True)),
        (BOTH, replace(LATE, products=frozenset({"oak bench", "Vase"})), Found((CAUSE, PRODUCT), is_strong=True)),
        (BOTH, replace(LATE, places=frozenset({"Leeds"})), Found((CAUSE, PLACE), is_strong=True)),
        # Known to be another: whatever else it has in common, it is not this.
        (BOTH, replace(LATE, products=frozenset({"Vase"}), likeness=0.99), None),
        (BOTH, replace(LATE, products=frozenset({"Oak bench"}), places=frozenset({"York"})), None),
        (
            BOTH,
            replace(LATE, products=frozenset({"Vase"}), text="the oak bench"),
            Found((CAUSE, PRODUCT), is_strong=True),
        ),
        # A name inside another word is not the name.
        (replace(BOTH, product="oak"), replace(LATE, text="It is soaked"), None),
        # How like the words are decides where neither is known.
        (BOTH, replace(LATE, likeness=ALIKE), Found((CAUSE, SIMILAR), is_strong=False)),
        (BOTH, replace(LATE, likeness=VERY_ALIKE), Found((CAUSE, SIMILAR), is_strong=True)),
        (BOTH, replace(LATE, likeness=ALIKE - 0.01), None),
        # What was not read surely is asked of nobody at once.
        (BOTH, replace(LATE, text="oak bench", is_sure=False), Found((CAUSE, PRODUCT), is_strong=False)),
        # Without a cause that can come twice the words have to say it, and that is never strong.
        (Watched(cause="other"), replace(LATE, likeness=0.9), Found((SIMILAR,), is_strong=False)),
        (Watched(product="Oak bench"), replace(LATE, text="oak bench"), None),
        (Watched(), LATE, None),
    ],
)
def test_evidence_is_weighed(watched: Watched, heard: Heard, expected: Found | None) -> None:
    assert found(watched, heard) == expected


def test_likeness_is_that_of_the_nearest_and_unknown_where_nothing_can_be_compared() -> None:
    assert most_alike((1.0, 0.0), [(0.0, 1.0), (0.6, 0.8)]) == pytest.approx(0.6)
    assert most_alike((1.0, 0.0), [(-1.0, 0.0)]) == 0.0
    assert most_alike((), [(1.0,)]) is None
    assert most_alike((1.0,), [(0.6, 0.8)]) is None


def test_names_are_found_however_they_are_written_and_with_signs_in_them() -> None:
    assert names("Lamp (E27)", "my lamp  (e27) is broken")
    assert not names("lamp", "lampshade")


@pytest.mark.parametrize(
    ("plain", "words", "expected"),
    [
        (causes.whys(["The van broke down", "It was not serviced"]), "Nobody owned the servicing.", []),
        (causes.whys(["", "It was not serviced"]), "Nobody did.", [Lack.FIRST_WHY]),
        (causes.whys(["The van broke down"]), "Nobody did.", [Lack.SECOND_WHY]),
        (causes.whys(["a", "", "c"]), "Nobody did.", [Lack.GAP]),
        (causes.whys([]), " ", [Lack.FIRST_WHY, Lack.NO_WORDS]),
        (causes.fishbone({"tool": "The scanner was off", "colour": "red"}), "Nobody looked.", []),
        (causes.fishbone({"people": "  "}), "Nobody looked.", [Lack.NO_BRANCH]),
        (causes.fishbone({"tool": "x" * 2001}), "Nobody looked.", [Lack.TOO_LONG]),
    ],
)
def test_a_root_cause_is_whole_or_says_what_it_lacks(plain: dict, words: str, expected: list[Lack]) -> None:
    assert causes.lacks(plain, words) == expected


def test_what_is_kept_of_a_fishbone_are_its_own_branches() -> None:
    assert causes.fishbone({"tool": " off ", "colour": "red", "people": ""}) == {"branches": {"tool": "off"}}
    assert causes.whys(["a", " b  c ", "", "", ""]) == {"whys": ["a", "b c"]}
