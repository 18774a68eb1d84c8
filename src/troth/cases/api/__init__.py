"""Cases for other programs: listed, read, changed, put aside, noted in, answered, and many changed together."""

from __future__ import annotations

from troth.cases.api import answering, attending, cases, many, said

#: In the order in which the description tells of them.
ROUTERS = (cases.router, attending.router, said.router, answering.router, many.router)

__all__ = ["ROUTERS"]
