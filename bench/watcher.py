"""How fast the watcher warns, escalates, tells and judges: promises a second, on the database DATABASE_URL names.

    TROTH_DATA=/tmp/td DATABASE_URL=$(troth db url) python bench/watcher.py 10000

Makes a database of its own beside it and drops it again.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.site.settings")

import django

django.setup()  # models can be imported only after it

from django.test.utils import get_unique_databases_and_mirrors, setup_databases, teardown_databases  # noqa: E402

from troth.people.models import Calendar, Company, Customer, Handle, Staff  # noqa: E402
from troth.post.models import Letter  # noqa: E402
from troth.promises import watcher  # noqa: E402
from troth.promises.actions import unsaved  # noqa: E402
from troth.promises.models import Promise  # noqa: E402
from troth.words.hours import round_the_clock  # noqa: E402

NOW = datetime(2026, 11, 11, 10, tzinfo=UTC)
DUE = NOW + timedelta(days=4)


def fill(count: int) -> None:
    hours = round_the_clock("Europe/London")
    calendar = Calendar.objects.create(name="Always", plain=hours.to_plain())
    Company.objects.create(pk=1, name="Parcel & Co", calendar=calendar)
    owners = [
        Staff.objects.create(email=f"sam{number}@parcel.example", name="Sam", zone="Europe/London")
        for number in range(20)
    ]
    Staff.objects.create(email="lea@parcel.example", name="Lea", role="lead")
    people = Customer.objects.bulk_create(Customer(name="Ann", met_at=NOW) for _ in range(count))
    Handle.objects.bulk_create(
        Handle(customer=person, kind="email", address=f"ann{person.pk}@example.net") for person in people
    )
    Promise.objects.bulk_create(
        unsaved(
            what="send the parcel again",
            due=DUE,
            said_at=NOW,
            hours=hours,
            customer=person,
            owner=owners[number % 20],
        )
        for number, person in enumerate(people)
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    get_unique_databases_and_mirrors()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        fill(count)
        one = Promise.objects.earliest("pk")
        for name, at in [
            ("warn", one.warn_at),
            ("escalate", one.escalate_at),
            ("tell", one.heads_up_at),
            ("late", one.due),
            ("broken", one.broken_at),
        ]:
            looked, wall, cpu = 0, time.perf_counter(), time.process_time()
            while step := watcher.look_ahead(now=at, most=most):
                looked += step
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            print(
                f"{name:9} {looked:6} looked at in {wall:6.2f} s ({cpu:5.2f} s own CPU): {looked / wall:8.0f} a second"
            )
        idle = time.perf_counter()
        for _ in range(200):
            watcher.look_ahead(now=NOW)
        print(f"idle      {(time.perf_counter() - idle) / 200 * 1000:.2f} ms a look; {Letter.objects.count()} letters")
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
