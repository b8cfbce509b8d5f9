"""What the READMEs say can be done: commands, spiders, settings, targets and files exist."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from newscrawl import settings
from newscrawl.cli import COMMANDS
from newscrawl.cli.papers import known_papers
from newscrawl.platforms.arguments import NAMES
from tests.secrets import PROJECT

READMES = ("README.md", "README.zh.md")
pytestmark = pytest.mark.parametrize("name", READMES)


def read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def code(name: str) -> str:
    """What stands in code blocks and between back-ticks."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", read(name), re.DOTALL))


def rows(name: str, first: str) -> dict[str, str]:
    """The tables' rows that begin with a back-ticked `first`: that cell and the next."""
    return dict(re.findall(rf"^\| `({first})` \| ?(.*?) ?\|", read(name), re.MULTILINE))


def test_every_command_named_exists_and_every_command_is_named(name):
    named = set(re.findall(r"\bnewscrawl ([a-z]+)\b", code(name)))
    assert named == set(COMMANDS)


def test_every_paper_named_exists_and_every_paper_is_named(name):
    assert set(re.findall(r"scrapy crawl ([a-z_]+)", code(name))) <= set(known_papers())
    assert set(rows(name, "[a-z_]+")) == set(known_papers())


def test_every_argument_of_a_spider_is_named(name):
    assert set(re.findall(r"-a ([a-z]+)=", code(name))) == set(NAMES)


def test_every_target_of_make_that_is_named_exists(name):
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z-]+)", code(name)))
    assert named
    assert named <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_every_setting_named_exists_and_has_the_default_that_is_named(name):
    listed = rows(name, "NEWSCRAWL_[A-Z_]+")
    assert len(listed) > 5
    assert set(re.findall(r"NEWSCRAWL_[A-Z_]{2,}", read(name))) <= listed.keys()
    for variable, default in listed.items():
        setting = variable.removeprefix("NEWSCRAWL_")
        given = re.fullmatch(r"`(.*)`|", default)
        if given:
            text, known = given[1] or "", getattr(settings, setting)
            assert settings.overridden({setting: known}, {variable: text}) == {setting: known}


def test_every_file_linked_exists(name):
    links = re.findall(r"\]\(([^)#:]+)\)", read(name))
    assert links
    assert [link for link in links if not (PROJECT / link).exists()] == []


def test_nothing_is_said_twice(name):
    """As where two changes of one paragraph are both left in it."""
    prose = re.sub(r"```.*?```", "", read(name), flags=re.DOTALL)
    paragraphs = [" ".join(each.split()) for each in re.split(r"\n\s*\n", prose)]
    said = [part for each in paragraphs for part in re.split(r"(?<=[.;。；])", each)]
    long = [part.strip() for part in said if len(part) > 20]
    assert [part for part, times in Counter(long).items() if times > 1] == []


def test_the_address_of_a_webhook_is_shown(name):
    assert re.search(r"newscrawl subscribe .*--to json://\S+/", code(name))


def test_both_languages_name_the_same_things(name):
    def told(text: str) -> set[str]:
        return set(re.findall(r"NEWSCRAWL_\w+|--[a-z]+|-a \w+|make [a-z]+", text))

    assert told(read(name)) == told(read(READMES[0]))
