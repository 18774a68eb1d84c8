"""Cases for other programs: listed, read, changed, put aside, noted in, answered, made good, and many changed together."""

from __future__ import annotations

from troth.cases.api import answering, attending, cases, making_good, many, said

#: In the order in which the description tells of them.
ROUTERS = (cases.router, attending.router, said.router, answering.router, making_good.router, many.router)

__all__ = ["ROUTERS"]
