from __future__ import annotations

import pytest

from newscrawl.catalogue import policies
from newscrawl.catalogue.policies import FULL, METADATA, OTHERS, UNDECIDED, Policy
from newscrawl.errors import UsageError
from tests.makers import catalogue


@pytest.mark.parametrize("name", ["full", "metadata", "excerpt-1", "excerpt-100000"])
def test_a_policy_is_known_by_its_name(name):
    assert Policy.named(name).name == name


def test_an_excerpt_without_a_number_is_of_200_characters():
    assert Policy.named("excerpt").name == "excerpt-200"


@pytest.mark.parametrize("name", ["", "all", "excerpt-0", "excerpt-", "excerpt-100001", "Full"])
def test_any_other_name_is_refused(name):
    with pytest.raises(UsageError, match="must be full, metadata"):
        Policy.named(name)


@pytest.mark.parametrize(
    ("one", "other", "narrower"),
    [
        (FULL, None, FULL),
        (FULL, FULL, FULL),
        (FULL, METADATA, METADATA),
        (METADATA, FULL, METADATA),
        (Policy(50), Policy(80), Policy(50)),
        (Policy(80), Policy(50), Policy(50)),
        (Policy(50), METADATA, METADATA),
    ],
)
def test_of_two_the_narrower_holds(one, other, narrower):
    assert one.within(other) == narrower


def test_what_is_decided_holds_for_a_paper_and_for_all_others(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    with made.write() as tx:
        assert policies.stored(tx).of("hangzhou_daily") == UNDECIDED
        policies.decide(tx, [OTHERS], METADATA)
        policies.decide(tx, ["hangzhou_daily"], Policy(80))
        policies.decide(tx, ["hangzhou_daily"], FULL)
    with made.read() as connection:
        held = policies.stored(connection)
    assert (held.of("hangzhou_daily"), held.of("metro_express")) == (FULL, METADATA)
    with made.write() as tx:
        policies.withdraw(tx, ["hangzhou_daily"])
        assert policies.stored(tx).of("hangzhou_daily") == METADATA
        policies.withdraw(tx, [OTHERS])
        assert policies.stored(tx).of("hangzhou_daily") == UNDECIDED
    made.close()
