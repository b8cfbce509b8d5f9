"""A user's own items, dicts or dataclasses, go the same way."""

from __future__ import annotations

import subprocess
import sys
import textwrap

from tests.crawls import PROJECT, Newsroom, demo

SPIDER = """
import sys
from dataclasses import dataclass
import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

@dataclass
class Mine:
    url: str
    headline: str
    paragraphs: list
    edition: str

class Own(scrapy.Spider):
    name = "own_paper"
    title = "自己的报"
    async def start(self):
        yield scrapy.Request(sys.argv[1] + "/hzrb/2023/12/15/article_detail_1_20231215A011.html")
    def parse(self, response):
        yield {"url": response.url, "headline": "字典来稿", "paragraphs": ["甲。"],
               "edition": "2023-12-15", "colour": "red"}
        yield Mine(response.url + "?2", "类来稿", ["乙。"], "2023-12-15")
        yield Mine(response.url, "没有日期", ["丙。"], "someday")

process = AsyncCrawlerProcess(get_project_settings())
process.crawl(Own)
process.start()
"""


def test_dicts_and_dataclasses_are_recorded_and_found(tmp_path):
    script = tmp_path / "own.py"
    script.write_text(textwrap.dedent(SPIDER), encoding="utf-8")
    (tmp_path / "home" / "run").mkdir(parents=True)
    for name in ("indexes", "snapshots", "logs", "cache"):
        (tmp_path / "home" / name).mkdir()
    with demo(tmp_path / "home") as (newsroom, _site, server):
        done = subprocess.run(
            [sys.executable, str(script), server.url],
            env={**newsroom.variables(), "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"},
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    room = Newsroom(tmp_path / "home")
    assert room.run("newscrawl", "reindex").returncode == 0
    result = room.search("字典来稿")
    assert result["total"] == 1, done.stderr
    assert result["results"][0]["paper"] == "own_paper"
    assert room.search("没有日期")["total"] == 0
    assert "someday" in done.stderr
    assert "no snapshot of it in the archive" in done.stderr
