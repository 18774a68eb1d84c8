"""The public page of how things stand: components, places, what is wrong now, what was, and what is planned.

Its last copy is kept outside the database, and is served where the database is away.
"""
