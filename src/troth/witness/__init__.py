"""Watching a log from outside: whoever distrusts the company that keeps it needs only this room.

`audit` follows a log, remembers its last head and says when history was rewritten; `server` cosigns heads for logs it knows, and
never one that takes back another. Any log that speaks C2SP's tlog-tiles will do. It knows no Django, no settings and no database of
ours: an auditor runs it far away from all three.
"""
