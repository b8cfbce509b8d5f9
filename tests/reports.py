"""Reports of our own that are long enough to be reprinted, and ways of reprinting them."""

from __future__ import annotations

FERRY = [
    (
        "停航三个月的临江渡口昨天清晨恢复通航，首班渡船载着128名乘客驶向对岸，江面上薄雾未散，"
        "汽笛声引来不少早起的居民在岸边观看。"
    ),
    (
        "渡口管理处负责人介绍，停航期间更换了两座趸船，加固了引桥，并为老年人增设了扶手和候船座椅。"
        "新渡船可载客200人，比原来多出60个座位，航行时间由15分钟缩短到9分钟。"
    ),
    (
        "家住对岸的菜农陈阿婆说，以前绕道大桥进城要一个半小时，如今带着两筐青菜也赶得上早市。"
        "管理处同时宣布，今年年底前对65岁以上老人和学生免收渡费。"
    ),
    (
        "按照计划，临江渡口将实行早六点到晚九点的班次，高峰时段每12分钟一班，遇大风大雾停航时，"
        "会在候船厅和岸边的电子屏上提前公布。"
    ),
]
LIBRARY = [
    (
        "城北新图书馆本周六起向读者试开放，馆内藏书46万册，设阅览座位1350个，地下一层是全市最大的"
        "少儿阅览区，二楼的地方文献室首次集中展出清代以来的县志。"
    ),
    (
        "馆长苏晓棠告诉记者，试开放期间每天限额3000人，读者可以凭身份证直接入馆，无需预约。"
        "夜间阅览室开放到晚上十点，自助借还机全天可用。"
    ),
    (
        "新馆由旧纺织厂房改建而来，设计师保留了锯齿形屋顶和两根烟囱，白天不开灯也足够明亮。"
        "许多当年的纺织女工带着孙辈前来，在老车间的位置合影留念。"
    ),
]
MARKET = [
    (
        "白塔农贸市场改造后昨天重新开张，310个摊位全部装上了电子秤和溯源屏，顾客扫一扫就能看到"
        "蔬菜的产地和检测结果，价格也由市场统一公示。"
    ),
    (
        "市场管理方表示，改造投入两千六百万元，排水沟全部改为暗渠，水产区抬高了地面，"
        "夏天不再有积水和异味。老摊主全部按原租金回迁，三年之内不涨租。"
    ),
    (
        "卖了二十年豆腐的周师傅说，最怕的是老顾客找不到新摊位，所以开张前一天就挨个打了电话。"
        "开张当天上午，市场客流超过一万两千人次。"
    ),
]
REPORTS = (FERRY, LIBRARY, MARKET)

HEADER = "据新华社杭州12月14日电（记者林知远）"


def cut(report: list[str]) -> list[str]:
    """Its first half, under an agency's header."""
    kept = report[: (len(report) + 1) // 2]
    return [HEADER + kept[0], *kept[1:]]


def edited(report: list[str]) -> list[str]:
    """A few words changed, the last sentence left out."""
    changed = [text.replace("昨天", "日前").replace("介绍", "告诉本报记者") for text in report]
    return [*changed[:-1], changed[-1].rpartition("，")[0] + "。"]


def led(report: list[str]) -> list[str]:
    """With a paragraph of the paper's own in front."""
    return ["连日来不少读者来电询问此事，本报记者为此走访了现场。", *report]


def weather(day: int, low: int, high: int) -> list[str]:
    """A form: every day the same frame."""
    return [
        (
            f"市气象台{day}日发布天气预报：今天夜里多云，明天晴到多云，气温{low}到{high}℃，"
            f"东北风{low // 2}到{low // 2 + 1}级。请市民注意添减衣物，外出带好雨具。"
        )
    ]
