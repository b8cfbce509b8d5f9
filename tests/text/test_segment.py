import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import jieba
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import newscrawl
from newscrawl.errors import UsageError
from newscrawl.query.needles import needle
from newscrawl.text import segment as room
from newscrawl.text.fold import fold
from newscrawl.text.runs import Kind, runs
from newscrawl.text.segment import DICTIONARY, Segmenter, segment, use_cache, user_word

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


@pytest.mark.parametrize("cut", [segment, Segmenter(["示范区", "5g手机"])])
@given(
    texts=st.lists(
        st.lists(
            st.sampled_from(
                [*TEXTS, "𠮷㛃", "\u9fd6", "〇", "new york", "5g手机", "。", "\n", "\0"]
            )
            | st.text()
        ).map("".join)
    )
)
@example(texts=[])
@example(texts=["", "王", "", "\0", "a\ud800b"])
def test_lines_have_the_words_of_their_texts(cut: Segmenter, texts: list[str]) -> None:
    folded = [fold(text) for text in texts]
    lines = cut.lines(folded)
    assert [sorted(line.split(" ")) if line else [] for line in lines] == [
        sorted(cut(text)) for text in folded
    ]


def test_a_users_word_is_cut_out_with_the_words_inside_it() -> None:
    cut = Segmenter(["临空经济示范区"])
    words = cut("杭州临空经济示范区挂牌")
    assert words[0] == "杭州"
    assert words[-1] == "挂牌"
    assert {"临空经济示范区", "经济", "示范区"} <= set(words)
    assert words.count("临空经济示范区") == 1


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_without_a_users_word_is_cut_as_without_a_dictionary(text: str) -> None:
    assert Segmenter(["钱塘江大桥", "5g消息"])(fold(text)) == segment(fold(text))


def test_nested_and_crossing_words_are_words_too() -> None:
    words = Segmenter(["城西科创", "科创大走廊", "大走廊", "走廊"])("城西科创大走廊")
    assert {"城西科创", "科创大走廊", "大走廊", "走廊"} <= set(words)


def test_of_words_that_begin_together_the_longest_is_cut_out() -> None:
    words = Segmenter(["周知", "周知行"])("周知行说周知")
    assert words.count("周知") == 2
    assert words.count("周知行") == 1
    assert "说" in words


@pytest.mark.parametrize(
    ("text", "there"),
    [("5g消息来了", True), ("发5g消息", True), ("15g消息", False), ("a5g消息", False)],
)
def test_a_users_word_of_two_scripts_cuts_no_latin_word(text: str, there: bool) -> None:
    assert ("5g消息" in Segmenter(["5g消息"])(text)) == there


def test_a_users_word_may_have_characters_that_jieba_does_not_know() -> None:
    words = Segmenter(["王䶮𠮷"])("记者王䶮𠮷报道")
    assert words[0] == "记者"
    assert words[-1] == "报道"
    assert "王䶮𠮷" in words


@given(st.lists(st.text("临空经济示范区a5", min_size=2, max_size=4), max_size=4), st.data())
def test_every_users_word_of_a_text_is_one_of_its_words(written: list[str], data: Any) -> None:
    text = data.draw(st.text("临空经济示范区a5，", max_size=30))
    words = [word for word in written if any(each >= "\u4e00" for each in word)]
    cut = Segmenter(words)(text)
    for kind, start, end in runs(text):
        assert all(any(each in word for word in cut) for each in text[start:end]), kind
    assert {word for word in words if list(needle(word).spans(text))} <= set(cut)


def test_the_name_of_a_dictionary_is_that_of_its_words() -> None:
    assert Segmenter().dictionary == Segmenter([]).dictionary == DICTIONARY
    assert Segmenter(["甲乙", "丙丁"]).dictionary == Segmenter(["丙丁", "甲乙"]).dictionary
    assert Segmenter(["甲乙"]).dictionary not in (DICTIONARY, Segmenter(["甲丙"]).dictionary)


@pytest.mark.parametrize(
    ("written", "word"),
    [("臨空經濟", "临空经济"), (" 周知行 ", "周知行"), ("５Ｇ消息", "5g消息"), ("王　伟", "王伟")],
)
def test_a_users_word_is_kept_as_it_is_searched(written: str, word: str) -> None:
    assert user_word(written) == word


@pytest.mark.parametrize(
    "written",
    ["", "临", "临空,经济", "临空 经济", "阿里·巴巴", "*", "iphone", "临" * 41, "临\n空a b"],
)
def test_what_cannot_be_a_word_is_refused_with_the_reason(written: str) -> None:
    with pytest.raises(UsageError) as refusal:
        user_word(written)
    assert "\n" not in str(refusal.value)


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
    shared, private = tmp_path / "shared", tmp_path / "jieba"
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


@pytest.mark.parametrize("place", ["file/cache", "typo/cache"])
def test_without_a_place_for_its_cache_jieba_cuts_all_the_same(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    before = sorted(tmp_path.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, tmp_path / place],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    assert (json.loads(done.stdout)[0], done.stderr) == ("杭州", b"")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_cache_that_others_may_read_is_made_private(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir(mode=0o755)
    subprocess.run([sys.executable, "-c", CHILD, tmp_path / "cache"], check=True)
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


def test_j4_paddle_is_nowhere_enabled() -> None:
    sources = list(Path(newscrawl.__file__).parent.rglob("*.py"))
    assert len(sources) > 20
    assert [file for file in sources if "enable_paddle" in file.read_text("utf-8")] == []
