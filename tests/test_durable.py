"""Keys are whole from the first moment on, and for their owner alone."""

from __future__ import annotations

from newscrawl import durable


def test_a_key_is_written_once_by_whoever_comes_first(tmp_path):
    path = tmp_path / "some.key"
    durable.keep_key(path, "first")
    durable.keep_key(path, "second")
    assert path.read_text() == "first"
    assert [each.name for each in tmp_path.iterdir()] == ["some.key"]
    assert durable.is_private(path)


def test_a_key_that_others_may_read_is_not_private(tmp_path):
    path = tmp_path / "some.key"
    durable.keep_key(path, "key")
    path.chmod(0o640)
    assert not durable.is_private(path)
