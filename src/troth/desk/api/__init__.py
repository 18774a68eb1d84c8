"""What gathers several rooms, for other programs: the ledger, who is away and what they handed over, the lead's figures."""

from __future__ import annotations

from troth.desk.api import away, events, figures

#: In the order in which the description tells of them.
ROUTERS = (away.router, figures.router, events.router)

__all__ = ["ROUTERS"]
