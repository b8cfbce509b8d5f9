"""Sentences of our own that stand for a corpus."""

from __future__ import annotations

from benchmarks.enlarged import Source, taken_apart
from tests.makers import article

SUBJECTS = ("轮渡", "桥梁", "学校", "医院", "车站", "公园", "图书馆", "菜场", "社区", "码头")
DEEDS = ("恢复通航", "完成改造", "迎来客流高峰", "公布新的时刻表", "增设服务窗口", "举行开放日")


def real(number: int) -> Source:
    subject, other = SUBJECTS[number % 10], SUBJECTS[(number * 7 + 3) % 10]
    deed, later = DEEDS[number % 6], DEEDS[(number * 5 + 1) % 6]
    return taken_apart(
        article(
            headline=f"沿江{subject}{deed} 第{number}批市民受益",
            paragraphs=[
                f"沿江{subject}昨日{deed}，{number}人到场。附近的{other}也将{later}。",
                f"市长王小明在{other}看到，{subject}管理办公室安排了{number * 3}名员工。",
                f"居民说：“{subject}离家近，{number}分钟就到。”{other}管理局表示，年底前{later}。",
            ],
        )
    )
