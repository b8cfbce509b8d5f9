"""What a secret looks like, and which files are the project's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1]
OURS = (".ci", "benchmarks", "docs", "newscrawl", "requirements", "tests", "tools")
"""The folders that belong to the project; data lies beside them, in folders git ignores."""
KINDS = {
    "private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----",
    "cloud access key": r"\b(?:AKIA|ASIA|LTAI)[0-9A-Za-z]{16,20}\b",
    "forge token": r"\b(?:gh[pousr]_\w{36}|github_pat_\w{22,}|glpat-[\w-]{20})",
    "model or chat token": r"\b(?:sk-[\w-]{20,}|xox[abprs]-[\w-]{10,}|AIza[\w-]{35})",
    "signed token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
    "webhook": r"(?:access_token=|/webhook/send\?key=|/bot/v2/hook/)[0-9A-Fa-f-]{16,}",
    "password in a URL": r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"'<>]+:[^\s/@\"'<>{}]+@[\w.-]+",
    "assigned secret": (
        r"(?i)\b(?:password|passwd|secret|api_?key|access_?token)\b['\"]?\s*[:=]\s*"
        r"['\"][^'\"\s]{12,}['\"]"
    ),
}
_SECRETS = {kind: re.compile(pattern) for kind, pattern in KINDS.items()}


def files() -> Iterator[Path]:
    """Every file of the project: those at its top, and those in its folders."""
    yield from (path for path in PROJECT.iterdir() if path.is_file())
    for folder in OURS:
        for path in (PROJECT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def secrets(content: bytes) -> list[str]:
    """The kinds of secrets that stand in a file."""
    text = content.decode("utf-8", "replace")
    return [kind for kind, pattern in _SECRETS.items() if pattern.search(text)]
