"""The project around the code: what it depends on, what it keeps to itself, what tests reach."""

from __future__ import annotations

import ast
import gzip
import json
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from tests.fence.fence import MESSAGE, is_near
from tests.secrets import KINDS, PROJECT, files, secrets

REQUIREMENTS = sorted((PROJECT / "requirements").glob("*.txt"))
BY_HAND = {"scrapy-playwright"}
"""Used by whoever declares a paper whose pages need a browser, not by our own code."""
OUTSIDE = "192.0.2.1"


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*, extra: str | None = None) -> dict[str, str]:
    """What pyproject.toml asks for: canonical name to the rest of the line."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    parts = (re.fullmatch(r"([\w.-]+)(.*)", line) for line in lines)
    return {canonical(part[1]): part[2] for part in parts if part}


def locked(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """`(name, version, hashes)` of every requirement of a lock file."""
    text = path.read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            head, *options = line.split(" --")
            name, _, version = head.split(";")[0].strip().partition("==")
            yield canonical(name), version.strip(), [each.strip() for each in options]


def imported(folder: str) -> set[str]:
    """The distributions that the modules of a folder import themselves."""
    homes = metadata.packages_distributions()
    tops = {
        name.partition(".")[0]
        for path in (PROJECT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }
    foreign = tops - sys.stdlib_module_names - {"newscrawl", "tests", "benchmarks", "fence"}
    return {canonical(home) for top in foreign for home in homes.get(top, [top])}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.stem)
def test_j1_every_requirement_is_pinned_and_hashed_and_names_no_host(path):
    requirements = list(locked(path))
    assert requirements
    for name, version, hashes in requirements:
        assert re.fullmatch(r"[\w.!+-]+", version), name
        assert hashes, name
        assert all(re.fullmatch(r"hash=sha256:[0-9a-f]{64}", each) for each in hashes), name
    assert not re.search(r"://|^\s*-(?!-hash)|\s@\s", path.read_text(), re.MULTILINE)


@pytest.mark.parametrize(("extra", "lock"), [(None, "base"), (None, "dev"), ("dev", "dev")])
def test_j1_what_is_declared_is_locked(extra, lock):
    versions = {name: version for name, version, _hashes in locked(_lock(lock))}
    for name, wanted in declared(extra=extra).items():
        assert name in versions
        assert not wanted.startswith("==") or versions[name] == wanted[2:]


def test_j1_both_locks_agree():
    base, dev = (
        {name: version for name, version, _hashes in locked(_lock(lock))}
        for lock in ("base", "dev")
    )
    assert base.items() <= dev.items()


def test_j1_what_is_installed_fits_what_is_declared():
    done = subprocess.run(
        [sys.executable, "-m", "pip", "check", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_what_is_imported_is_declared_and_the_reverse():
    optional = declared(extra="tantivy").keys() | declared(extra="parquet").keys()
    assert imported("newscrawl") == (declared().keys() | optional) - BY_HAND


@pytest.mark.parametrize("folder", ["tests", "benchmarks"])
def test_the_tests_import_only_what_is_declared(folder):
    known = (declared(extra=extra).keys() for extra in (None, "dev", "parquet"))
    assert imported(folder) <= set().union(*known)


def test_j2_whoosh_is_the_one_we_chose():
    import whoosh

    assert metadata.packages_distributions()["whoosh"] == ["Whoosh"]
    assert metadata.version("whoosh") == "2.7.4"
    assert declared()["whoosh"] == "==2.7.4"
    assert whoosh.__version__ == (2, 7, 4)
    held = {file.locate() for file in metadata.files("whoosh") or ()}
    assert Path(whoosh.__file__ or "") in held


def test_j2_the_decision_is_written_down():
    text = (PROJECT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert "whoosh==2.7.4" in text
    assert "whoosh3" in text


def test_j4_nothing_makes_jieba_install_or_fetch():
    """`enable_paddle` runs pip; a dictionary from elsewhere would change what a search finds."""
    for path in (PROJECT / "newscrawl").rglob("*.py"):
        names = {
            node.attr if isinstance(node, ast.Attribute) else node.id
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute | ast.Name)
        }
        assert not names & {"enable_paddle", "load_userdict", "set_dictionary"}, path


def canary(kind: str) -> bytes:
    """A secret of a kind, put together here so that no file holds one."""
    made = {
        "private key": ("-----BEGIN ", "RSA PRIVATE KEY-----"),
        "cloud access key": ("AKIA", "0123456789ABCDEF"),
        "forge token": ("ghp_", "a" * 36),
        "model or chat token": ("sk-", "a" * 24),
        "signed token": ("eyJ" + "a" * 9, ".eyJ" + "b" * 9 + "." + "c" * 9),
        "webhook": ("https://example.com/robot?access", "_token=" + "0a" * 16),
        "password in a URL": ("postgresql://news:", "hunter2@db.example.com/news"),
        "assigned secret": ("password", ' = "correct-horse-battery"'),
    }
    return "".join(made[kind]).encode()


@pytest.mark.parametrize("kind", KINDS)
def test_j6_the_scanner_finds_a_canary(kind):
    assert kind in secrets(b"\xff\x00 first line\n" + canary(kind) + b"\n")


def test_j6_no_file_of_the_project_holds_a_secret():
    scanned = {path: secrets(path.read_bytes()) for path in files()}
    assert len(scanned) > 200
    assert {path: found for path, found in scanned.items() if found} == {}


def test_j9_the_golden_pages_are_ours_and_hold_no_script():
    golden = PROJECT / "tests" / "golden"
    assert "written for newscrawl" in (golden / "NOTICE.md").read_text(encoding="utf-8")
    pages = [path for path in golden.rglob("*") if path.is_file()]
    for path in pages:
        content = path.read_bytes()
        opened = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        assert path.name == "NOTICE.md" or b"<script" not in opened.lower(), path
    assert sum(path.stat().st_size for path in pages) < 2_000_000


def test_j9_a_test_that_reaches_outside_fails():
    with socket.socket() as probe, pytest.raises(OSError, match=MESSAGE):
        probe.connect((OUTSIDE, 80))
    with socket.socket() as probe:
        assert probe.connect_ex((OUTSIDE, 80)) != 0
    with pytest.raises(socket.gaierror, match=MESSAGE):
        socket.getaddrinfo("example.com", 80)


def test_j9_a_command_that_a_test_starts_reaches_no_further():
    program = (
        "import json, socket\n"
        "said = []\n"
        f"for place in (({OUTSIDE!r}, 80), ('example.com', 80)):\n"
        "    try: socket.create_connection(place, 5)\n"
        "    except OSError as error: said.append(str(error))\n"
        "print(json.dumps(said))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    said = json.loads(done.stdout)
    assert len(said) == 2
    assert all(MESSAGE in each for each in said)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "0x7f.1", "::1", b"127.9.9.9"])
def test_j9_loopback_is_near_in_every_spelling(host):
    assert is_near(host)


@pytest.mark.parametrize(
    "host", [OUTSIDE, "0.0.0.0", "2130706433.example.com", "fe80::1", "a" * 70]
)
def test_j9_nothing_else_is_near(host):
    assert not is_near(host)


def test_j9_loopback_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), 5).close()


def _lock(name: str) -> Path:
    return PROJECT / "requirements" / f"{name}.txt"
