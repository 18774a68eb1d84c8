"""Addresses that lead inside, or that two readers read in two ways. None of them may be reached, not even looked up."""

from __future__ import annotations

HOSTILE = [
    # Not HTTPS.
    "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "dict://127.0.0.1:11211/",
    "javascript:alert(1)", "//example.org/", "example.org", "https:example.org", "https:///example.org", "",
    # This machine.
    "https://localhost/", "https://LOCALHOST/", "https://a.localhost/", "https://127.0.0.1/", "https://127.255.255.254/",
    "https://0.0.0.0/", "https://[::1]/", "https://[::]/", "https://[0:0:0:0:0:0:0:1]/",
    # The same in other spellings.
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://017700000001/",
    "https://127.1/", "https://127.0.1/", "https://0/", "https://0x/", "https://127.0.0.1./", "https://localhost./",
    "https://127.0.0.01/", "https://127.0.0.256/", "https://1.2.3.4.5/", "https://example.0x7f/",
    "https://①②⑦.⓪.⓪.①/", "https://ⓛocalhost/", "https://127。0。0。1/", "https://%6c%6f%63alhost/", "https://127%2e0%2e0%2e1/",
    # An IPv4 address inside another.
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::169.254.169.254]/", "https://[64:ff9b:1::7f00:1]/", "https://[2002:7f00:1::]/", "https://[2002:a9fe:a9fe::1]/",
    "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    # Our networks, and where clouds keep their secrets.
    "https://10.0.0.1/", "https://172.16.5.4/", "https://192.168.0.1/", "https://100.64.0.1/", "https://169.254.169.254/latest/meta-data/",
    "https://198.18.0.1/", "https://192.0.0.192/", "https://224.0.0.1/", "https://255.255.255.255/", "https://[fd00:ec2::254]/",
    "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[ff02::1]/", "https://[fec0::1]/", "https://[2001:db8::1]/",
    "https://metadata.google.internal/", "https://router.lan/", "https://printer.local/", "https://intranet/", "https://db.home.arpa/",
    # Two readers, two answers.
    "https://example.org@127.0.0.1/", "https://user:word@example.org/", "https://127.0.0.1#@example.org/",
    "https://example.org\\@127.0.0.1/", "https://example.org\\.127.0.0.1/", 
    "https://127.0.0.1\\@example.org/", "https://exam ple.org/",
    "https://\u212aelvin.org/", "https://\u017fafe.org/",
    "https://example.org\t/", "https://example.org/\r\nHost: 127.0.0.1", "https://example.org\x00.evil/", " https://example.org/",
    "https://example.org:443@127.0.0.1/", "https://[::1]@example.org/", "https://[::1/", "https://example.org]/", "https://-a.org/",
    "https://a..org/", "https://example.org/#x", "https://example.org/<x>",
    # Ports of others.
    "https://example.org:22/", "https://example.org:25/", "https://example.org:80/", "https://example.org:0/", "https://example.org:65536/",
    "https://example.org:/", "https://example.org:0443/", "https://example.org:+443/", "https://example.org:99999999/",
    "https://" + "a" * 2000 + ".org/", "https://" + "a" * 64 + ".org/",
]  # fmt: skip
