"""The laboratory: real mail servers on loopback, private to one run, from which nothing can leave.

`MailLab` is what most tests want; `Dovecot`, `Postfix`, `Relay` and `FaultSmtp` are its parts. All work outside pytest.
"""
