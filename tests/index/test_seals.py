"""What an index is sealed with, and what no seal is of."""

from __future__ import annotations

import hashlib
import hmac
import stat

import pytest

from newscrawl.index import seals
from newscrawl.index.damage import IndexHindered, IndexUnusable
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.store import Store
from tests.makers import article, indexed


@pytest.fixture
def key(tmp_path):
    return tmp_path / "key"


def test_a_seal_is_of_its_key_and_content(key, tmp_path):
    made = seals.seal(key, "content")
    assert seals.seal(key, "content") == made
    assert seals.fits(key, made, "content")
    assert not seals.fits(key, made, "another")
    assert not seals.fits(key, "印\ud800", "con\ud800tent")
    assert seals.seal(tmp_path / "other", "content") != made
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.parametrize("left", [None, b"", bytes(64)])
def test_j3_without_a_key_no_seal_fits(key, left):
    """Also none that was made without: a loss of power may leave nothing of a key."""
    if left is not None:
        key.write_bytes(left)
    for empty in (b"", left or b""):
        forged = hmac.new(empty, b"content", hashlib.sha256).hexdigest()
        assert not seals.fits(key, forged, "content")
    assert seals.fits(key, seals.seal(key, "content"), "content")
    assert len(key.read_bytes()) == 64


def test_a_key_that_cannot_be_read_is_a_hindrance(key):
    key.mkdir()
    with pytest.raises(IndexHindered, match=r"key: .*permissions"):
        seals.fits(key, "", "")


@pytest.mark.parametrize("left", [b"", bytes(64), b"0123"])
def test_f3_a_key_that_was_lost_asks_for_a_rebuild_which_makes_another(tmp_path, left):
    home, made = indexed(tmp_path, [article(1)])
    store = Store.of(home)
    store.key.write_bytes(left)
    with pytest.raises(IndexUnusable, match="`newscrawl reindex`"):
        store.current()
    rebuild(store, made)
    assert store.current().mark() == 1
    assert len(store.key.read_bytes()) == 64, "what is left of one could be guessed"
    made.close()
