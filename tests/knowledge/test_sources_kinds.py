"""Kinds of official documents as offices type them: red head, 文号, joint agencies, dates, spelt years."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from knowledge.base import Base, build_base
from knowledge.documents.document import Block, BlockKind, Document, Table
from knowledge.entry import Answer, Suggest
from knowledge.sources import Paper, read_folder
from knowledge.sources.paper import read_paper
from knowledge.text.numerals import days_in_digits, in_digits
from tests.dialogue.stage import wide


def paper_of(folder: Path, text: str) -> Paper:
    (folder / "文.txt").write_text(text, encoding="utf-8")
    (paper,) = read_folder(folder, {}).papers
    return paper


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("青石镇人民政府关于加强消防工作的意见", "意见"),
        ("青石镇人民政府关于征求殡葬改革意见的函", "函"),
        ("2025年第3次党政联席会议纪要", "会议纪要"),
        ("青石镇人民政府关于表彰先进的决定", "决定"),
        ("青石镇浴室管理实施细则", "实施细则"),
    ],
)
def test_red_head_and_number_are_no_title(tmp_path: Path, title: str, kind: str) -> None:
    """`…人民政府文件` and the 文号 stand above; signature and day stand on one line, remarks behind."""
    paper = paper_of(
        tmp_path,
        f"青石镇人民政府文件\n\n青政发〔2025〕3号\n\n{title}\n\n各村委会：\n一、目标\n年底前完成。\n"
        "　　　　青石镇人民政府　　2025年3月1日\n（联系人：王明，电话：0790-6431234）\n抄送：县政府办。\n",
    )
    assert (paper.title, paper.kind) == (title, kind)
    assert (paper.agency, paper.number, paper.signed_on) == (
        "青石镇人民政府",
        "青政发〔2025〕3号",
        date(2025, 3, 1),
    )


def test_two_agencies_together(tmp_path: Path) -> None:
    both = "青石镇人民政府　青石镇财政所"
    text = f"{both}\n关于惠农补贴的联合通告\n一、时间\n四月。\n{both}\n二○二五年四月二日\n"
    paper = paper_of(tmp_path, text)
    assert (paper.agency, paper.signed_on) == ("青石镇人民政府、青石镇财政所", date(2025, 4, 2))


@pytest.mark.parametrize("day", ["2025.4.2", "2025-04-02", "2025年4月2日", "二〇二五年四月二日"])
def test_signature_of_a_short_notice_is_no_furniture(tmp_path: Path, day: str) -> None:
    """However the day is written; a date above the text is the page's."""
    paper = paper_of(
        tmp_path, f"关于停水的通知\n2025-04-03\n各位村民：\n明日停水一天。\n青石镇人民政府\n{day}\n"
    )
    assert (paper.agency, paper.signed_on) == ("青石镇人民政府", date(2025, 4, 2))
    assert paper.left_out == ("2025-04-03",)
    assert all("青石镇人民政府" not in entry.text for entry in paper.entries)


def test_report_written_by_an_office_is_its_governments(tmp_path: Path) -> None:
    text = "青石镇2022年度政府信息公开工作报告\n本报告由青石镇党政办编制。\n一、基本情况\n公开31条。\n"
    assert paper_of(tmp_path, text).agency == "青石镇"


@pytest.mark.parametrize(
    ("first", "agency"),
    [
        ("根据《条例》，我镇编制了《青石镇2021年政府信息公开工作年度报告》。", "青石镇"),
        (
            "本年度报告根据《条例》要求，汇总2021年度青石镇人民政府的政务公开年度报告编制而成。",
            "青石镇人民政府",
        ),
        (
            "本年度报告根据《条例》编制。如有疑问，请与青山县青石镇人民政府党政办公室联系（电话：0790-5770001）。",
            "青山县青石镇人民政府",
        ),
        ("本年度报告根据《条例》编制。如有疑问，请与我镇党政办公室联系。", ""),
    ],
)
def test_report_without_a_title_says_whose_it_is(tmp_path: Path, first: str, agency: str) -> None:
    text = f"{first}所列数据的统计期限自2021年1月1日起至12月31日止。\n一、总体情况\n公开政府信息88条。\n"
    paper = paper_of(tmp_path, text)
    assert (paper.is_report, paper.agency, paper.year) == (True, agency, 2021)


def test_year_that_is_compared_with_is_not_the_year(tmp_path: Path) -> None:
    """与2023年相比减少 is said of the year of the document."""
    text = (
        "青石镇2024年“三公”经费情况说明\n2024年支出6.2万元。\n与2023年相比减少0.8万元，较2022年减少1万元。\n"
    )
    facts = [entry for entry in paper_of(tmp_path, text).entries if "相比" in entry.text]
    assert {fact.year for fact in facts} == {2024}


@pytest.mark.parametrize("year", ["二○二四", "二〇二四", "二零二四", "二O二四", "二\uff2f二四", wide("2024")])
def test_spelt_year_is_the_year(tmp_path: Path, year: str) -> None:
    """With whatever stands for its zero; quoted as it was written."""
    paper = paper_of(tmp_path, f"青石镇人民政府{year}年政府信息公开年度报告\n一、概述\n{year}年公开56条。\n")
    assert (paper.agency, paper.year) == ("青石镇人民政府", 2024)
    assert days_in_digits(f"{year}年") == "2024年"
    assert any(f"{year}年公开56条" in entry.text for entry in paper.entries)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("廿五万元", "250000元"),
        ("卅户", "30户"),
        ("一点二亿元", "120000000元"),
        ("壹拾贰万元整", "120000元整"),
        ("百分之三十五", "35%"),
        ("百分之零点五", "0.5%"),
        ("百分之12.5", "12.5%"),
        ("下午一点五分开会", "下午一点五分开会"),
        ("壹号楼", "壹号楼"),
    ],
)
def test_amounts_however_they_are_written(written: str, digits: str) -> None:
    """Both sides of a comparison; twice is once."""
    assert in_digits(written) == digits
    assert in_digits(digits) == digits


def test_letters_stay_letters() -> None:
    assert in_digits("维生素C和O型血一万元") == "维生素C和O型血10000元"


def test_topic_is_no_agency(tmp_path: Path) -> None:
    """`关于青石镇…` names what it is about, `城乡居民…` is no place."""
    text = "关于青石镇2023年危房改造对象的公示\n拟将8户列入，现予公示。\n青石镇人民政府\n2023年4月9日\n"
    assert paper_of(tmp_path, text).agency == "青石镇人民政府"
    assert paper_of(tmp_path, "城乡居民医保2023年参保办事指南\n一、地点\n便民服务中心。\n").agency == ""


def test_place_in_the_title_where_the_text_speaks_of_its_government(tmp_path: Path) -> None:
    text = "青石镇公益岗位管理细则\n（2022年3月15日青石镇人民政府常务会议通过）\n第一条 每村八个。\n"
    paper = paper_of(tmp_path, text)
    assert (paper.agency, paper.signed_on, paper.year) == ("青石镇", date(2022, 3, 15), 2022)


def test_title_that_is_said_again_whole(tmp_path: Path) -> None:
    """A web page cuts its heading off; the text begins with all of it, the agencies twice."""
    paper = paper_of(
        tmp_path,
        "青石县医疗保障局青石县财政局\n青石县医疗保障局 青石县财政局 青石县医疗保障局 青石县财政局"
        "关于延长参保缴费期的通知 青医保〔2020〕14号 各乡镇： 为保障待遇，现通知如下："
        + "各单位要认真落实。" * 8
        + "\n",
    )
    assert paper.title == "青石县医疗保障局青石县财政局关于延长参保缴费期的通知"
    assert (paper.kind, paper.number) == ("通知", "青医保〔2020〕14号")


@pytest.mark.parametrize(
    ("first", "title", "number"),
    [
        ("（关于暂停婚姻登记的公告）", "关于暂停婚姻登记的公告", ""),
        (
            "青府办发〔2020〕5号青石镇人民政府关于复工的通知",
            "青石镇人民政府关于复工的通知",
            "青府办发〔2020〕5号",
        ),
    ],
)
def test_what_is_glued_to_a_title(tmp_path: Path, first: str, title: str, number: str) -> None:
    paper = paper_of(tmp_path, f"{first}\n因工作需要，自明日起执行。\n")
    assert (paper.title, paper.number) == (title, number)


def test_number_and_signature_of_minutes(tmp_path: Path) -> None:
    paper = paper_of(
        tmp_path,
        "青石镇镇长办公会议纪要\n〔2024〕第6期\n青石镇人民政府办公室　　2024年6月18日\n"
        "会议研究了防汛工作。\n一、经费\n安排9万元。\n",
    )
    assert (paper.number, paper.signed_on) == ("〔2024〕第6期", date(2024, 6, 18))
    assert "第6期" not in paper.entries[0].text


def test_signature_above_what_is_attached(tmp_path: Path) -> None:
    paper = paper_of(
        tmp_path,
        "青石镇人民政府关于印发《加装电梯细则》的通知\n各村：\n现印发给你们。\n青石镇人民政府\n2023年9月1日\n"
        "加装电梯细则\n一、条件\n四层以上。\n",
    )
    assert paper.signed_on == date(2023, 9, 1)


def test_signature_below_a_table_is_no_furniture(tmp_path: Path) -> None:
    (tmp_path / "表.html").write_text(
        "<h1>青石镇补偿公示</h1><table><tr><td>户主</td><td>金额</td></tr><tr><td>王大</td><td>24</td></tr></table>"
        "<p>青石镇人民政府</p><p>2024年11月20日</p>",
        encoding="utf-8",
    )
    (paper,) = read_folder(tmp_path, {}).papers
    assert (paper.agency, paper.signed_on) == ("青石镇人民政府", date(2024, 11, 20))


def test_name_of_an_agency_over_two_lines(tmp_path: Path) -> None:
    text = "关于返岗防控的通告\n即日起登记。\n青石县疫情\n防控工作领导小组指挥部\n2020年2月8日\n"
    assert paper_of(tmp_path, text).agency == "青石县疫情防控工作领导小组指挥部"


@pytest.mark.parametrize(
    ("signed", "agency"),
    [
        ("青石县防汛抗旱森林防火\n指挥部", "青石县防汛抗旱森林防火指挥部"),
        ("青石县人民政府\n办公室", "青石县人民政府办公室"),
        ("青石县应急管理和消防\n市场监管组", "青石县应急管理和消防市场监管组"),
        ("青石县财政局\n青石县民政局\n青石县乡村振兴局", "青石县财政局、青石县民政局、青石县乡村振兴局"),
        ("青石县财政局青石县民政局", "青石县财政局、青石县民政局"),
        ("青石县商务局　中国农业银行青石县支行", "青石县商务局、中国农业银行青石县支行"),
        ("国家税务总局青石县税务局", "国家税务总局青石县税务局"),
    ],
)
def test_who_signed(tmp_path: Path, signed: str, agency: str) -> None:
    """A name over two lines is one agency; several stand below or beside each other, or run together."""
    text = f"关于发放补贴的通知\n各村委会：\n一、时间\n四月发放。\n{signed}\n2025年4月2日\n"
    paper = paper_of(tmp_path, text)
    assert (paper.agency, paper.signed_on) == (agency, date(2025, 4, 2))
    assert all(signed.split("\n")[0] not in entry.text for entry in paper.entries)


def test_signature_set_far_to_the_right_in_one_paragraph(tmp_path: Path) -> None:
    far = "\xa0 " * 60
    text = f"各村民：{'为方便群众办事，' * 20}自即日起暂停办理。{far}青石镇民政所{far}2025年4月2日"
    assert paper_of(tmp_path, f"关于暂停办理的公告\n{text}\n").agency == "青石镇民政所"


@pytest.mark.parametrize(
    ("title", "agency"),
    [
        ("县市场监管委印发关于服务企业第三批措施的通知", "县市场监管委"),
        ("青石县发展改革委印发《项目管理办法》的通知", "青石县发展改革委"),
        ("县政府关于支持春耕的意见", "县政府"),
        ("青石县财政局、青石县民政局关于提高低保标准的通知", "青石县财政局、青石县民政局"),
        ("青石县财政局青石县民政局青石县残联关于提高标准的通知", "青石县财政局、青石县民政局、青石县残联"),
        ("青石县财政局国家税务总局青石县税务局关于减税的公告", "青石县财政局、国家税务总局青石县税务局"),
        ("各县关于春耕的意见", ""),
    ],
)
def test_who_issues_by_its_title(tmp_path: Path, title: str, agency: str) -> None:
    assert paper_of(tmp_path, f"{title}\n一、时间\n四月。\n").agency == agency


def test_budget_that_begins_with_its_contents(tmp_path: Path) -> None:
    """监督索引号 is the page's, 目录 and what it lists are no title; the first part says whose it is."""
    first = "第一部分 青石县双溪乡人民政府概况\n一、主要职能\n"
    second = "第二部分 2022年度部门决算情况说明\n一、收入情况说明\n"
    listed = f"监督索引号53092400800101000\n目 錄\n{first}{second}"
    text = f"{listed}{first}负责乡村建设。\n{second}收入合计1802.33万元。\n"
    paper = paper_of(tmp_path, text)
    assert (paper.title, paper.agency) == ("文", "青石县双溪乡人民政府")
    assert paper.left_out == ("监督索引号53092400800101000",)
    assert [entry.title for entry in paper.entries if "监督" in entry.text or "目录" in entry.text] == []
    assert any(entry.text.endswith("收入合计1802.33万元。") for entry in paper.entries)


def test_year_of_a_text_without_a_title(tmp_path: Path) -> None:
    text = (
        "经汇总，2024年三公经费预算为9万元。与2023年预算相比增长2万元，2024年新增公车维护，不超过2023年。\n"
    )
    assert paper_of(tmp_path, text).year == 2024


def test_one_name_stands_for_another_only_where_it_is_one_place(tmp_path: Path) -> None:
    """`市商务局` is not that of the one city whose full name is there, nor one of several that sign."""
    for name, agency in (("甲", "市商务局"), ("乙", "青州市商务局"), ("丙", "省财政厅、市商务局")):
        text = f"关于{name}事项的通知\n照办。\n{agency.replace('、', '　')}\n2023年5月1日\n"
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    agencies = {paper.file: paper.agency for paper in read_folder(tmp_path, {}).papers}
    assert agencies == {"甲.txt": "市商务局", "乙.txt": "青州市商务局", "丙.txt": "省财政厅、市商务局"}


def test_table_of_labels_is_no_table(tmp_path: Path) -> None:
    """索引号, 发布机构 … in a table are what the page says of it; the box around all is no table."""
    (tmp_path / "页.htm").write_text(
        "<table><tr><td><table><tr><td>索 引 号：</td><td>QS/2022-31</td>"
        "<td>公开目录：</td><td>应急</td></tr><tr><td>发布机构：</td><td>青石镇</td><td>发布日期：</td><td>2022年06月03日</td></tr>"
        "<tr><td>名　　称：</td><td colspan=3>青石镇2022年防汛预案</td></tr>"
        "<tr><td>文　　号：</td><td>青政办〔2022〕7号</td><td>有效性：</td><td>有效</td></tr></table>"
        "</td></tr>"
        "<tr><td><h2>青石镇2022年防汛预案</h2></td></tr><tr><td><p>一、总则</p><p>有效防御山洪灾害。</p>"
        "<p>二、值班</p><p>值班电话0738-8812345，全天有人接听。</p></td></tr></table>",
        encoding="gb18030",
    )
    (paper,) = read_folder(tmp_path, {}).papers
    assert (paper.title, paper.number, paper.tables) == ("青石镇2022年防汛预案", "青政办〔2022〕7号", 0)
    assert [entry.text for entry in paper.entries if entry.path.endswith("二")] == [
        "二、值班\n值班电话0738-8812345，全天有人接听。"
    ]


def test_report_with_spaces_beside_its_figures(tmp_path: Path) -> None:
    """As the text of a PDF has it: `2023 年`."""
    paper = paper_of(
        tmp_path,
        "青石区人民政府\n2023 年政府信息公开工作年度报告\n一、总体情况\n2023 年公开信息 36 条。\n",
    )
    assert (paper.is_report, paper.agency, paper.year) == (True, "青石区人民政府", 2023)


def test_title_that_is_said_twice(tmp_path: Path) -> None:
    title = "青石乡2024年政府信息公开工作年度报告\n"
    paper = paper_of(tmp_path, title + title + "一、总体情况\n2024年公开信息36条。\n")
    assert (paper.agency, paper.year, paper.title) == ("青石乡", 2024, title.strip())
    assert [entry.path for entry in paper.entries] == ["一"]


@pytest.mark.parametrize("asked", ["八十五万元", "85万元", "850,000元"])
def test_amount_is_found_however_it_is_asked(tmp_path: Path, asked: str) -> None:
    """It is quoted as it is written."""
    folder = tmp_path / "资料"
    folder.mkdir()
    (folder / "文.txt").write_text(
        "青石镇桥梁补助办法\n一、新建\n每座桥补助八十五万元。\n二、维修\n每座桥补助九万元。\n",
        encoding="utf-8",
    )
    build_base(folder, tmp_path / "knowledge.db")
    with Base.open(tmp_path / "knowledge.db") as base:
        found = base.ask(f"哪些桥每座补助{asked}")
        assert isinstance(found, Answer | Suggest)
        assert "每座桥补助八十五万元。" in found.hits[0].passage.text


_REPEATED = [
    "-",
    "![",
    "[",
    "（",
    "|",
    "…",
    "1",
    " ",
    "第",
    "一、",
    "1,",
    "《",
    "局 ",
    "关于",
    "首页>",
    "注：",
    "2020年",
]


@pytest.mark.parametrize("repeated", _REPEATED, ids=range(len(_REPEATED)))
def test_time_grows_with_the_text(repeated: str) -> None:
    """No pattern takes more than linear time: 30,000 characters of one kind, wherever they stand."""
    text = repeated * (30_000 // len(repeated))
    parts = ["青石镇人民政府2024年政府信息公开年度报告", "二、主动公开政府信息情况", text, "三、其他", text]
    blocks = [Block(BlockKind.PARAGRAPH, part) for part in (text, *parts)]
    blocks.append(Block(BlockKind.TABLE, table=Table(((text, "甲"), ("乙", text)))))
    began = time.process_time()
    read_paper(Document("文.txt", tuple(blocks)))
    assert time.process_time() - began < 5


def test_day_of_a_notice_above_its_attachments(tmp_path: Path) -> None:
    paper = paper_of(
        tmp_path,
        "青石镇人民政府关于公布服务点的公告\n现公布如下。\n青石镇人民政府\n2024年5月20日\n附件1\n服务点名单\n东村、西村。\n",
    )
    assert (paper.signed_on, paper.left_out) == (date(2024, 5, 20), ())


def test_day_among_the_tools_of_a_page_is_furniture(tmp_path: Path) -> None:
    paper = paper_of(
        tmp_path,
        "关于公布服务点的公告\n青石镇人民政府\n2024年5月20日\n字体：大 中 小\n服务点在东村，每天开放。\n",
    )
    assert paper.entries[0].text == "服务点在东村，每天开放。"
