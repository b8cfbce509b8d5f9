"""The user's words, in a real catalogue."""

from __future__ import annotations

import pytest

from newscrawl.catalogue import dictionary
from newscrawl.errors import UsageError
from tests.makers import catalogue


@pytest.fixture
def made(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    yield made
    made.close()


def words(made):
    with made.read() as connection:
        return dictionary.words(connection)


def test_words_are_added_once(made):
    with made.write() as connection:
        assert dictionary.add(connection, ["周知行", "临空经济", "周知行"]) == [
            "临空经济",
            "周知行",
        ]
        assert dictionary.add(connection, ["周知行", "王䶮"]) == ["王䶮"]
    assert words(made) == sorted(["临空经济", "周知行", "王䶮"])


def test_only_what_was_there_is_removed(made):
    with made.write() as connection:
        dictionary.add(connection, ["临空经济", "周知行"])
        assert dictionary.remove(connection, ["周知行", "没有的"]) == ["周知行"]
        assert dictionary.remove(connection, []) == []
    assert words(made) == ["临空经济"]


def test_there_is_an_end_to_it(made):
    many = [f"第{number}号" for number in range(dictionary.MOST)]
    with made.write() as connection:
        assert len(dictionary.add(connection, many)) == dictionary.MOST
        with pytest.raises(UsageError, match="20000 at most"):
            dictionary.add(connection, ["周知行"])
        assert dictionary.add(connection, many[:3]) == []
