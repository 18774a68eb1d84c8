"""E-mail: letters in by IMAP, letters out by SMTP.

Receiving keeps the raw letter in `inbox` and nothing more. Reading it is done by a child process that may die of it. Sending is
the carrier that `post` is given by name. What the letters mean is the business of `inbox` and `cases`.
"""
