"""What files are called by those who mean harm: hidden, backwards, elsewhere, endless, or somebody else's header."""

from __future__ import annotations

ENDS = [
    "html",
    "htm",
    "xhtml",
    "svg",
    "xml",
    "js",
    "mjs",
    "php",
    "pht",
    "phtml",
    "phar",
    "cgi",
    "sh",
    "exe",
    "bat",
    "lnk",
    "hta",
    "mht",
]
ZWSP, RTL, LRE, BOM, SHY = "\u200b", "\u202e", "\u202a", "\ufeff", "\u00ad"
NAMES = [
    *(f"invoice.{end}" for end in ENDS),
    *(f"invoice.pdf.{end}" for end in ENDS),
    *(f"invoice{RTL}fdp.{end}" for end in ENDS),
    *(f"{ZWSP}.{end}" for end in ENDS),
    *(f"invoice.{end} " for end in ENDS[:6]), *(f"invoice.{end}." for end in ENDS[:6]), *(f"invoice.{end}::$DATA" for end in ENDS[:6]),
    ".htaccess", f"{ZWSP}.htaccess", f".{ZWSP}htaccess", f".ht{ZWSP}access", f"{BOM}.htaccess", f"{SHY}.htaccess", "..htaccess", ". .htaccess",
    ".user.ini", "web.config", ".env", ".bashrc", ".git/config", "../.htaccess", "..\\.htaccess", f"..{ZWSP}/.htaccess",
    "../../../../etc/passwd", "..\\..\\..\\windows\\win.ini", "/etc/passwd", "C:\\boot.ini", "\\\\server\\share\\x", "file:///etc/passwd",
    "....//....//x", "..;/x", "%2e%2e%2fx", "..%c0%afx", "..%252fx", "..", ".", "...", "/", "\\", "~/x", "~root", "-rf", "--help", "|id", ";id",
    "`id`", "$(id)", "a\x00.txt", "\x00", "a.txt\x00.html", "a\r\nX-Evil: 1", "a\nSet-Cookie: a=b", "a\rb", 'a"; filename="b.html', 'a"\r\n\r\n<script>',
    "a; filename*=UTF-8''b.html", "a\u2028b", "a\u2029b", "a\x85b", "a\x0bb", "a\tb", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>.png",
    "'\"><svg/onload=alert(1)>", "javascript:alert(1)", "{{7*7}}", "${7*7}", "%(x)s", "%n%n%n", "=cmd|'/c calc'!A0", "@SUM(1)", "x" * 4096,
    "é" * 4096, "😀" * 1024, "x" * 250 + ".html", f"{LRE}a", f"a{RTL}", f"{RTL}{RTL}{RTL}", "\u2066a\u2069", "\u200e.html", "a\u0301\u0301.txt", "ﬁle.txt",
    "．．／x", "a\uff0fb", "a\u2215b", "a\u2044b", "CON", "NUL", "COM1.txt", "aux.html", "desktop.ini", "Thumbs.db", " ", "", "\u3000", "\ufffd",
    "\ud800", "a\udcffb", "=?utf-8?q?a=0d=0aX-Evil:_1?=", "=?utf-8?b?Li4vLmh0YWNjZXNz?=", "=?utf-8?q?=2Ehtaccess?=", "%0d%0aX-Evil: 1", "a%00.html",
]  # fmt: skip
