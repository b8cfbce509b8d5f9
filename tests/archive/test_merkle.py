"""The tree of hashes, beside its definition and beside sha256sum."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.archive.merkle import Step, leaf, node, path, root, root_from

LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n")), min_size=1)


def naive(leaves: list[str]) -> str:
    """RFC 6962, 2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node(naive(leaves[:k]), naive(leaves[k:]))


@given(LINES)
def test_the_root_is_that_of_the_definition(lines):
    leaves = [leaf(line) for line in lines]
    assert root(leaves) == naive(leaves)


@given(LINES, st.data())
def test_a_path_leads_from_its_leaf_to_the_root_and_from_no_other(lines, data):
    leaves = [leaf(line) for line in lines]
    place = data.draw(st.integers(0, len(leaves) - 1))
    steps = path(leaves, place)
    assert len(steps) <= (len(leaves) - 1).bit_length()
    assert root_from(leaves[place], steps) == root(leaves)
    assert root_from(leaf(f"{lines[place]} "), steps) != root(leaves)


def test_a_path_names_the_neighbours_from_below():
    a, b, c = map(leaf, "abc")
    assert path([a, b, c], 1) == [Step("left", a), Step("right", c)]
    assert path([a, b, c], 2) == [Step("left", node(a, b))]
    assert path([a], 0) == []


def test_sha256sum_says_the_same():
    def sum_of(text: str) -> str:
        done = subprocess.run(["sha256sum"], input=text, capture_output=True, text=True, check=True)
        return done.stdout[:64]

    one, two = sum_of("leaf 渡口\n"), sum_of("leaf 通航\n")
    assert root([leaf("渡口"), leaf("通航")]) == sum_of(f"node {one} {two}\n")


@pytest.mark.parametrize("place", [-1, 2])
def test_a_leaf_that_is_not_there_has_no_path(place):
    with pytest.raises(ValueError, match="no leaf"):
        path([leaf("a"), leaf("b")], place)


def test_no_leaves_are_no_tree():
    with pytest.raises(ValueError, match="needs a leaf"):
        root([])
