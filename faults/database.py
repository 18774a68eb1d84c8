"""R3: PostgreSQL killed, stopped at once and shut down at random moments, under load, and brought back by the product itself."""

from __future__ import annotations

import random
import signal
import time

from tests.lab.product import Product, wait_until

from faults.registry import Outcome
from faults.traffic import Traffic, busy_product

STRIKES = {
    "killed": signal.SIGKILL,
    "stopped at once": signal.SIGQUIT,
    "shut down": signal.SIGINT,
    "one of its own processes killed": signal.SIGKILL,
}
BACK_WITHIN_SECONDS = 15


def dies() -> Outcome:
    with busy_product() as traffic:
        return strike_often(traffic, strikes=50, longest_wait=4) + traffic.outcome(seconds=90)


def strike_often(traffic: Traffic, *, strikes: int, longest_wait: float, seed: int = 3) -> Outcome:
    """Strike at random moments; after each, pages answer within *BACK_WITHIN_SECONDS*, and no process of ours has ended."""
    product, chance = traffic.product, random.Random(seed)
    wait_until(lambda: len(product.processes("worker")) == product.workers, seconds=60, what="the workers")
    processes = set(product.processes("worker") + product.processes("web"))
    late, longest = 0, 0.0
    for number in range(strikes):
        time.sleep(chance.uniform(0.2, longest_wait))
        strike(product, list(STRIKES)[number % len(STRIKES)], chance)
        seconds = wait_until(product.answers, seconds=90, what="the product to be back", hint=product.log)
        longest = max(longest, seconds)
        late += seconds > BACK_WITHIN_SECONDS
    ended = len(processes - set(product.processes("worker") + product.processes("web")))
    notes = f"pages back after {longest:.1f} s at most; {ended} of {len(processes)} other processes ended"
    return Outcome(points=strikes, stuck=late + ended, notes=notes)


def strike(product: Product, how: str, chance: random.Random) -> None:
    postmaster = product.postmaster()
    assert postmaster
    victim = postmaster
    if how == "one of its own processes killed":
        (victim,) = chance.choice(product.rows("SELECT pid FROM pg_stat_activity WHERE datname = 'troth'"))
    product.kill(victim, STRIKES[how])
    if victim == postmaster:
        wait_until(lambda: product.postmaster() != postmaster, seconds=70, what="PostgreSQL to end", every=0.02)
