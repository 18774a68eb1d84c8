"""Request Tracker out of Debian's packages, unpacked beside what is installed here: nothing of the system is changed.

It needs Debian, with its own Perl and package lists that are fresh (`apt-get update`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

PACKAGES = ("request-tracker5", "rt5-db-postgresql")
#: What the system has itself, and what only draws and prints.
LEFT_OUT = ("perl", "perl-base", "perl-doc", "graphviz", "libgvc6", "libgvpr2")
#: Where the packages believe themselves to be, and where that is in the folder they are unpacked in.
MOVED = {
    "'/usr/share/request-tracker5": "usr/share/request-tracker5",
    "'/usr/local/share/request-tracker5": "local",
    "'/etc/request-tracker5": "etc/request-tracker5",
    "'/var/lib/request-tracker5": "var/lib",
    "'/var/cache/request-tracker5": "var/cache",
}
CONFIG = """\
Set($rtname, 'desk');
Set($Organization, 'parcel.example');
Set($CorrespondAddress, 'support@parcel.example');
Set($CommentAddress, 'comment@parcel.example');
Set($WebDomain, 'localhost');
Set($WebPort, 8000);
Set($DatabaseType, 'Pg');
Set($DatabaseHost, $ENV{RT_DB_HOST});
Set($DatabasePort, $ENV{RT_DB_PORT});
Set($DatabaseRTHost, '');
Set($DatabaseName, $ENV{RT_DB_NAME});
Set($DatabaseUser, $ENV{RT_DB_USER});
Set($DatabasePassword, $ENV{RT_DB_PASSWORD});
Set($MailCommand, 'testfile');  # letters are made, and go into a file nobody reads
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'critical');
1;
"""


def unpacked(place: Path) -> Path:
    """The folder that holds it, filled the first time."""
    root = place / "root"
    if (place / "done").exists():
        return root
    shutil.rmtree(place, ignore_errors=True)
    packages = place / "packages"
    packages.mkdir(parents=True)
    root.mkdir()
    plan = _ran(["apt-get", "install", "--simulate", "--no-install-recommends", *PACKAGES])
    wanted = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    wanted = [
        name for name in wanted if name not in LEFT_OUT and not name.startswith(("fonts-", "libperl", "perl-modules"))
    ]
    _ran(["apt-get", "download", "-qq", *wanted], cwd=packages)
    for package in packages.glob("*.deb"):
        _ran(["dpkg", "-x", str(package), str(root)])
    generated = root / "usr/share/request-tracker5/lib/RT/Generated.pm"
    text = generated.read_text()
    for before, after in MOVED.items():
        text = text.replace(before, f"'{root / after}")
    generated.write_text(text)
    for folder in ("var/lib", "var/cache/mason_data", "var/cache/session_data", "local"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "etc/request-tracker5/RT_SiteConfig.pm").write_text(CONFIG)
    shutil.rmtree(packages)
    (place / "done").touch()
    return root


def environment(root: Path, url: str) -> dict[str, str]:
    """Where Perl finds it, and it its database."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    perl = ("usr/share/request-tracker5/lib", "usr/share/perl5", *_compiled(root))
    return {
        "PERL5LIB": ":".join(str(root / one) for one in perl),
        "LD_LIBRARY_PATH": ":".join(str(one) for one in root.glob("usr/lib/*-linux-gnu")),
        "RT_DB_NAME": parts.path.strip("/"),
        "RT_DB_HOST": unquote(parts.hostname or "") or asked.get("host", [""])[0],
        "RT_DB_PORT": str(parts.port or asked.get("port", ["5432"])[0]),
        "RT_DB_USER": unquote(parts.username or ""),
        "RT_DB_PASSWORD": unquote(parts.password or ""),
    }


def _compiled(root: Path) -> list[str]:
    return [str(one.relative_to(root)) for one in root.glob("usr/lib/*-linux-gnu/perl5/5.*")]


def _ran(command: list[str], *, cwd: Path | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}: {done.stderr.strip()[-300:]}")
    return done.stdout
