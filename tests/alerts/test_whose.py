"""Whose a subscription of a name is."""

from __future__ import annotations

from contextlib import closing

from newscrawl.alerts.whose import whose
from newscrawl.catalogue.connection import Catalogue
from tests.people import person, subscription


def test_of_many_who_have_a_subscription_of_a_name_a_few_are_named(tmp_path):
    with closing(Catalogue.open(tmp_path / "newscrawl.db")) as catalogue, catalogue.write() as tx:
        subscription(tx, person(tx, "甲"))
        assert whose(tx, "临空") == "甲 has one called 临空: --person 甲"
        for each in "乙丙丁":
            subscription(tx, person(tx, each))
        assert whose(tx, "临空") == "甲, 乙, 丙 and 1 more have one called 临空: --person NAME"
        assert whose(tx, "渡口") == ""
