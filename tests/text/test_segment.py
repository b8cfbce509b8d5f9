import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newscrawl
from newscrawl.text import segment as room
from newscrawl.text.fold import fold
from newscrawl.text.runs import Kind, runs
from newscrawl.text.segment import DICTIONARY, segment, use_cache

TEXTS = (
    "杭州临空经济示范区推出“办事不出示范区”，企业服务中心主任周知行说，窗口每天受理一百二十件。",
    "良渚古城外围水利系统又有新发现，五千年前的草裹泥仍看得出一层一层的纹理。",
    "记者从市气象台获悉，冷空气前锋今夜抵达，最低气温五摄氏度，PM2.5浓度回落。",
    "女篮客场险胜，最后七秒的假传球让全场起立；解说员连喊三声漂亮。",
    "南京市长江大桥下，研究生命起源的学者和服务员聊起了结婚的和尚未结婚的。",
    "王䶮和林㛃是表姐弟，𠮷田先生住在鿆江路，身份证上的字终于打印出来了。",
    "宋韵文化节上，点茶、挂画、焚香、插花四般闲事一一复原，观众排起长队。",
    "S-300、BA.5和5G手机在同一篇稿子里出现，Wi-Fi 7路由器也来凑热闹。",
    "二〇二三年冬，拱墅区把闲置的冷库改成社区食堂，午餐十二元管饱。",
    "乒乓球拍卖完了，羽毛球拍还有；发展中国家用电器下乡补贴继续。",
)


@pytest.fixture(scope="module")
def other_cutter(tmp_path_factory: pytest.TempPathFactory) -> room.Cut:
    use_cache(tmp_path_factory.mktemp("jieba"))
    return room._jieba_cutter()


@pytest.mark.parametrize("text", TEXTS)
def test_both_segmenters_give_the_same_words(
    text: str, other_cutter: room.Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rjieba")
    fast = segment(fold(text))
    monkeypatch.setattr(room, "_cutter", lambda: other_cutter)
    assert segment(fold(text)) == fast


def test_long_words_come_with_the_words_inside_them() -> None:
    words = segment("经济示范区")
    assert {"示范", "示范区"} <= set(words)


def test_latin_runs_are_one_word_each() -> None:
    assert segment(fold("ＰＭ2.5、S-300")) == ["pm2", "5", "s", "300"]


@pytest.mark.parametrize("text", [*TEXTS, "䶮", "𠮷野家", "王㛃、李𠮷", "\u9fd6\u9fd7"])
def test_no_character_is_dropped(text: str) -> None:
    folded = fold(text)
    words = segment(folded)
    for kind, start, end in runs(folded):
        if kind is Kind.HAN:
            assert all(any(each in word for word in words) for each in folded[start:end])


def test_characters_without_a_dictionary_are_words() -> None:
    assert segment("王䶮和𠮷㛃") == ["王", "䶮", "和", "𠮷", "㛃"]


@given(st.lists(st.sampled_from([*TEXTS, "𠮷㛃", "\u9fd6", "〇", "new york", "5G", "。", "\n"])))
def test_every_run_is_cut_by_itself(pieces: list[str]) -> None:
    text = fold("".join(pieces))
    by_run = [segment(text[start:end]) for _kind, start, end in runs(text)]
    assert segment(text) == [word for words in by_run for word in words]


def test_the_named_dictionary_is_the_installed_one() -> None:
    assert f"jieba-{jieba.__version__}" == DICTIONARY


def test_importing_loads_nothing() -> None:
    code = (
        "import sys, newscrawl.text.segment; sys.exit(bool({'jieba', 'rjieba'} & {*sys.modules}))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


CHILD = """
import json, sys
from pathlib import Path
from newscrawl.text import segment
segment.use_cache(Path(sys.argv[1]))
print(json.dumps(segment._jieba_cutter()("杭州临空经济示范区")))
"""


def test_g6_two_processes_build_the_private_cache_at_once(tmp_path: Path) -> None:
    shared, private = tmp_path / "shared", tmp_path / "private" / "jieba"
    shared.mkdir()
    environment = {**os.environ, "TMPDIR": str(shared)}
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, private],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    said = [child.communicate() for child in children]
    assert [child.returncode for child in children] == [0, 0]
    assert [errors for _, errors in said] == [b"", b""]
    assert json.loads(said[0][0]) == json.loads(said[1][0])
    assert list(shared.iterdir()) == []
    assert [file.name for file in private.iterdir()] == ["jieba.cache"]
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_j4_paddle_is_nowhere_enabled() -> None:
    sources = list(Path(newscrawl.__file__).parent.rglob("*.py"))
    assert len(sources) > 20
    assert [file for file in sources if "enable_paddle" in file.read_text("utf-8")] == []
