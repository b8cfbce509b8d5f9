"""Keys, what is sealed with them, and who may read them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from newscrawl import settings
from newscrawl.alerts.secrets import Secrets, SecretsError, digest, new_token
from newscrawl.home import Home

KEY = "0123456789abcdef" * 4
CANARY = "ntfy://example.com/canary-a8f3"


@pytest.fixture
def file(tmp_path):
    return Home(tmp_path).secret_key


def test_what_is_sealed_is_opened_with_the_same_key_only(file):
    mine, theirs = Secrets.of(KEY, file), Secrets.of(KEY[::-1], file)
    sealed = mine.seal(CANARY)
    assert "canary" not in sealed
    assert sealed != mine.seal(CANARY)
    assert Secrets.of(KEY, file).opened(sealed) == CANARY
    with pytest.raises(SecretsError) as refusal:
        theirs.opened(sealed)
    assert "\n" not in str(refusal.value)
    assert "NEWSCRAWL_SECRET_KEY" in str(refusal.value)
    with pytest.raises(SecretsError):
        mine.opened(sealed[:-5] + "AAAA=")
    assert not file.exists()


def test_a_fingerprint_tells_two_apart_and_is_of_its_key(file):
    mine = Secrets.of(KEY, file)
    assert mine.fingerprint(CANARY) == Secrets.of(KEY, file).fingerprint(CANARY)
    assert mine.fingerprint(CANARY) != mine.fingerprint(CANARY + "x")
    assert mine.fingerprint(CANARY) != Secrets.of(KEY[::-1], file).fingerprint(CANARY)
    assert len(mine.fingerprint("")) == 32


def test_the_file_is_made_once_and_for_its_owner(file):
    with pytest.raises(SecretsError, match="missing"):
        Secrets.of("", file)
    made = Secrets.of("", file, fresh=True)
    assert file.stat().st_mode & 0o777 == 0o600
    sealed = made.seal(CANARY)
    assert Secrets.of("", file).opened(sealed) == CANARY
    assert Secrets.of("", file, fresh=True).opened(sealed) == CANARY
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_two_that_need_a_key_at_once_have_the_same(file):
    code = (
        "import sys, pathlib; from newscrawl.alerts.secrets import Secrets; "
        "print(Secrets.of('', pathlib.Path(sys.argv[1]), fresh=True).fingerprint('x'))"
    )
    command = [sys.executable, "-c", code, str(file)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    assert len({each.communicate()[0] for each in running}) == 1
    assert [each.returncode for each in running] == [0] * 4


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(file, mode):
    Secrets.of("", file, fresh=True)
    file.chmod(mode)
    with pytest.raises(SecretsError, match="chmod 600"):
        Secrets.of("", file)


@pytest.mark.parametrize("key", ["short", "x" * 31])
def test_a_key_that_can_be_guessed_is_refused_and_not_repeated(file, key):
    with pytest.raises(SecretsError) as refusal:
        Secrets.of(key, file)
    assert key not in str(refusal.value)
    file.write_text(key)
    file.chmod(0o600)
    with pytest.raises(SecretsError) as refusal:
        Secrets.of("", file)
    assert str(refusal.value).startswith(str(file))
    assert key not in str(refusal.value)


def test_what_is_no_text_is_no_key(file):
    file.write_bytes(b"\xff" * 64)
    file.chmod(0o600)
    with pytest.raises(SecretsError, match="cannot be read"):
        Secrets.of("", file)


def test_a_key_is_in_no_repr(file):
    made = Secrets.of(KEY, file)
    assert KEY not in repr(made)


def test_tokens_are_found_by_their_digest():
    one, other = new_token(), new_token()
    assert one != other
    assert len(one) == 43
    assert digest(one) == digest(one) != digest(other)
    assert one not in digest(one)


def test_the_key_of_the_environment_is_no_setting_that_is_printed(monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", KEY)
    assert settings.secret_key() == KEY
    given = settings.overridden(dict(vars(settings)), {"NEWSCRAWL_SECRET_KEY": KEY})
    assert given == {}
