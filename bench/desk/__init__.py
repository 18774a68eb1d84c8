"""The desk beside other desks, on the same PostgreSQL."""
