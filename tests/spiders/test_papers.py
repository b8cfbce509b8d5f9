"""Every newspaper's spider is a declaration, named like its file, and listed for readers."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

import newscrawl.spiders
from newscrawl.platforms.edition import EditionSpider
from tests.secrets import PROJECT

PAPERS = sorted(module.name for module in pkgutil.iter_modules(newscrawl.spiders.__path__))
MOST_LINES = 20


def spiders(paper: str) -> list[type[EditionSpider]]:
    """The spiders that a paper's module declares itself."""
    module = importlib.import_module(f"newscrawl.spiders.{paper}")
    members = inspect.getmembers(module, inspect.isclass)
    return [made for _name, made in members if made.__module__ == module.__name__]


def test_there_are_papers_and_scrapy_knows_them():
    assert "hangzhou_daily" in PAPERS
    assert sorted(SpiderLoader.from_settings(get_project_settings()).list()) == PAPERS


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_is_one_declaration_named_like_its_file(paper):
    [spider] = spiders(paper)
    assert issubclass(spider, EditionSpider)
    assert spider.name == paper
    assert re.search(r"[\u4e00-\u9fff]", spider.title)
    assert spider.home_site.startswith("https://")
    assert (
        len(inspect.getsource(importlib.import_module(spider.__module__)).splitlines())
        <= MOST_LINES
    )


def test_no_two_papers_share_a_title():
    titles = [spider.title for paper in PAPERS for spider in spiders(paper)]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_a_paper_is_listed_for_readers(paper, readme):
    text = Path(PROJECT, readme).read_text(encoding="utf-8")
    [spider] = spiders(paper)
    assert f"| `{paper}` | {spider.title} |" in text
