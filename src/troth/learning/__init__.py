"""How well messages are read, and how they are read better: the accuracy page, the review, the export, what is learned.

Measured on what this company's own people confirmed and corrected, and on nothing else. What they say, what was learned and
which messages are read anew is `cases`' own affair: it is what a case shows. Nothing here has a table.
"""
