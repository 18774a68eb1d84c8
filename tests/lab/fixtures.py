"""The laboratory as fixtures, for tests anywhere in the house."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.mail import MailLab
from tests.lab.smtp import FaultSmtp


@pytest.fixture(scope="session")
def mail_servers(request: pytest.FixtureRequest) -> Iterator[MailLab]:
    """The servers, one set for each worker of the run."""
    lab = MailLab()
    lab.start()
    if lab.note:
        reporter = request.config.pluginmanager.get_plugin("terminalreporter")
        if reporter:
            reporter.write_line(lab.note)
    yield lab
    lab.stop()


@pytest.fixture
def mail_lab(mail_servers: MailLab) -> MailLab:
    """The servers with every mailbox empty."""
    mail_servers.empty()
    return mail_servers


@pytest.fixture
def fault_smtp() -> Iterator[FaultSmtp]:
    """An SMTP server that fails as it is told."""
    server = FaultSmtp()
    server.start()
    yield server
    server.stop()
