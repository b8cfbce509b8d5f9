"""A proof is checked by the procedure that the documentation has, and a changed one is not."""

from __future__ import annotations

import gzip
import re
import subprocess
from base64 import b64decode, b64encode
from contextlib import closing
from datetime import timedelta
from hashlib import sha256

import pytest

from newscrawl.archive import manifests as kept
from newscrawl.archive.errors import DamagedArchive
from newscrawl.archive.layout import archive_files
from newscrawl.archive.manifests import DamagedManifest
from newscrawl.archive.records import encode_snapshot
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops.proving import NotProven, prove
from newscrawl.ops.sealing import seal
from tests.archive.samples import snapshot
from tests.crawls import PROJECT, Newsroom
from tests.homes import small_home
from tests.ops.test_sealing import TOMORROW, more
from tests.ops.test_verification import execute

ALLOWED = {"sha256sum", "base64", "sed", "awk", "openssl", "cut", "tail", "sh"}
ARTICLE = "hangzhou_daily/2023-12-15/A01/2"


def procedure() -> str:
    """The first block of shell in docs/proof.md that begins like a script."""
    text = (PROJECT / "docs" / "proof.md").read_text(encoding="utf-8")
    [found] = re.findall(r"```sh\n(set -eu\n.*?)```", text, re.DOTALL)
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Three days sealed; the articles are of the second."""
    home = small_home(tmp_path_factory.mktemp("proof") / "家", articles=3)
    more(home, days_ago=3)
    seal(home, TOMORROW)
    more(home, 8)
    seal(home, TOMORROW + timedelta(days=1))
    return home


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    """A directory with the tools that the procedure may use, and no others."""
    folder = tmp_path_factory.mktemp("tools")
    for name in ALLOWED:
        found = subprocess.run(["which", name], capture_output=True, text=True, check=True)
        (folder / name).symlink_to(found.stdout.strip())
    return folder


@pytest.fixture(scope="module")
def text(home):
    done = Newsroom(home.root).run("newscrawl", "proof", ARTICLE)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def check(tools, tmp_path):
    def run(content, *more):
        proof, script = tmp_path / "proof.txt", tmp_path / "check.sh"
        proof.write_text(content)
        script.write_text(procedure())
        return subprocess.run(
            [tools / "sh", script, proof, *more],
            env={"PATH": str(tools)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def ended(content):
    """A proof whose last line fits what stands above, whatever that is."""
    body = content[: content.rindex("end ")]
    return f"{body}end {sha256(body.encode()).hexdigest()}\n"


def test_the_procedure_is_short():
    assert len(procedure().splitlines()) <= 30


def test_a_proof_is_checked_by_the_documented_procedure(text, check):
    done = check(text)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"newest {done.stdout}" in text


def test_a_file_that_is_not_there_is_not_called_changed(tools, tmp_path):
    (script := tmp_path / "check.sh").write_text(procedure())
    done = subprocess.run(
        [tools / "sh", script, tmp_path / "none.txt"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, f"{tmp_path / 'none.txt'}: cannot be read\n")


def test_a_page_that_the_site_has_packed_is_unpacked_as_documented(tmp_path):
    page = "<h1>渡口今晨通航</h1>\n\n<p>停航两天。</p>\n".encode() * 40
    taken = snapshot(body=gzip.compress(page), headers=[(b"Content-Encoding", b"gzip")])
    made = encode_snapshot(taken)
    member = made.members[: made.length]
    (tmp_path / "proof.txt").write_text(f"member {b64encode(member).decode()}\n")
    text = (PROJECT / "docs" / "proof.md").read_text(encoding="utf-8")
    steps = [each for each in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "page." in each]
    for step in steps:
        subprocess.run(
            ["sh", "-c", step], cwd=tmp_path, check=step == steps[0], capture_output=True
        )
    assert (tmp_path / "page.html").read_bytes() == page


def test_a_proof_holds_the_record_itself(text, home):
    member = b"".join(b64decode(row) for row in re.findall("^member (.*)$", text, re.MULTILINE))
    assert any(member in path.read_bytes() for path in archive_files(home.snapshots))
    assert sha256(member).hexdigest() in text


def test_f15_a_proof_with_one_changed_character_is_refused(text, check):
    kinds: dict[str, int] = {}
    place = 0
    for row in text.splitlines(keepends=True):
        name = row.split(" ")[0]
        kinds[name] = place + len(row) // 2
        kinds[f"{name}, its first"] = place
        kinds[f"{name}, its line break"] = place + len(row) - 1
        place += len(row)
    assert {"line", "left", "right", "root", "day", "before", "later", "member", "end"} <= set(
        kinds
    )
    for name, at in kinds.items():
        other = "0" if text[at] != "0" else "1"
        done = check(text[:at] + other + text[at + 1 :])
        assert done.returncode != 0, name


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("line", "another record|path does not lead"),
        ("left", "path does not lead"),
        ("right", "path does not lead"),
        ("root", "path does not lead"),
        ("day", "not lead to the head of its day"),
        ("before", "not lead to the head of its day"),
        ("head", "not lead to the head of its day"),
        ("later", "not lead to the newest"),
        ("newest", "not lead to the newest"),
        ("member", "another record"),
    ],
)
def test_a_proof_that_was_forged_is_refused(text, check, line, what):
    at = text.index(f"\n{line} ") + len(line) + 8
    other = "0" if text[at] != "0" else "1"
    done = check(ended(text[:at] + other + text[at + 1 :]))
    assert done.returncode == 1
    assert re.search(what, done.stderr)


def test_another_version_and_a_record_are_proven(home, tmp_path):
    target = tmp_path / "proof.txt"
    newsroom = Newsroom(home.root)
    done = newsroom.run("newscrawl", "proof", ARTICLE, "--version", "1", "-o", str(target))
    assert (done.returncode, done.stdout) == (0, "")
    record_id = target.read_text().split(" ")[4]
    assert newsroom.run("newscrawl", "proof", record_id).stdout == target.read_text()
    refused = newsroom.run("newscrawl", "proof", ARTICLE, "--version", "2")
    assert (refused.returncode, refused.stderr) == (
        2,
        "--version 2: must be a number from 1 to 1\n",
    )
    unknown = newsroom.run("newscrawl", "proof", "<urn:uuid:x>")
    assert (unknown.returncode, unknown.stdout) == (1, "")


@pytest.mark.parametrize("kind", ["request", "warcinfo", "response"])
def test_every_record_of_a_manifest_is_proven(home, check, kind):
    rows = (home.manifests / f"{kept.days(home.manifests)[1]}.txt").read_text().splitlines()
    lines = [row for row in rows if row.split(" ")[0::2][:2] == ["record", kind]]
    assert lines
    done = Newsroom(home.root).run("newscrawl", "proof", lines[-1].split(" ")[1])
    assert done.returncode == 0, done.stderr
    assert f"line {lines[-1]}\n" in done.stdout
    assert check(done.stdout).returncode == 0


def test_the_request_for_what_is_taken_down_is_not_proven(tmp_path):
    home = small_home(tmp_path / "家", articles=2)
    seal(home, TOMORROW)
    newsroom, [day] = Newsroom(home.root), kept.days(home.manifests)
    rows = (home.manifests / f"{day}.txt").read_text().splitlines()
    requests = [
        row.split(" ")[1] for row in rows if row.startswith("record ") and " request " in row
    ]
    hidden = newsroom.run("newscrawl", "takedown", ARTICLE, "--scope", "hide", "--reason", "x")
    assert hidden.returncode == 0, hidden.stderr
    done = [newsroom.run("newscrawl", "proof", each) for each in requests]
    assert sorted(each.returncode for each in done) == [0, 4]
    assert any("taken down" in each.stderr for each in done)


@pytest.fixture
def own(tmp_path):
    return small_home(tmp_path / "家", articles=2)


def record_of(home, row=1):
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.read() as view:
        return view.exec_driver_sql(f"SELECT record_id FROM snapshots WHERE id = {row}").scalar()


def proof(home):
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        return prove(home, catalogue, record_of(home))


def test_what_is_not_sealed_has_no_proof_yet(own):
    with pytest.raises(NotProven, match="not sealed yet"):
        proof(own)


def test_what_was_changed_since_has_no_proof(own):
    seal(own, TOMORROW)
    [path] = archive_files(own.snapshots)
    content = path.read_bytes()
    path.write_bytes(content.replace(content[900:920], bytes(20)))
    with pytest.raises(DamagedArchive, match="not those that were sealed"):
        proof(own)
    path.write_bytes(content)
    execute(own, "UPDATE manifests SET head = ?", "0" * 64)
    with pytest.raises(DamagedManifest, match="another head"):
        proof(own)


def test_a_record_alone_in_its_manifest_and_first_is_proven(own, check):
    seal(own, TOMORROW)
    made = proof(own)
    assert (made.before, made.later, made.newest) == (None, [], made.head)
    assert check(made.text).returncode == 0
