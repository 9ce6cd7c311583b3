"""A folder is an office: its documents are read; what cannot be read is named, and keeps back nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.documents.reading import KINDS
from knowledge.entry import Entry, EntryKind
from knowledge.errors import SourceError
from knowledge.sources import DEFAULTS, Knowledge, read_folder
from knowledge.sources.guide import chinese, read_guide
from knowledge.sources.terms import Term
from knowledge.sources.yaml_file import YamlFile

EMBEDDED = Path(__file__).parents[2] / "knowledge" / "zhoushang"

REPORT = """本报告由洲上乡人民政府根据《条例》编制，统计期限自{year}年1月1日至{year}年12月31日。
一、概述
公开信息{year}条。
二、预决算公开
公开了{year}年预算。
"""


@pytest.fixture(scope="module")
def embedded() -> Knowledge:
    return read_folder(EMBEDDED, {})


def write_report(folder: Path, year: int, name: str = "") -> None:
    (folder / (name or f"{year}.txt")).write_text(REPORT.format(year=year), encoding="utf-8")


def by_id(knowledge: Knowledge) -> dict[str, Entry]:
    return {entry.entry_id: entry for entry in knowledge.entries}


# ---- the embedded folder


def test_embedded_folder(embedded: Knowledge) -> None:
    """The embedded base is whole: report, catalogue, guide, terms, nothing twice."""
    assert (embedded.agency, [report.year for report in embedded.reports]) == ("洲上乡人民政府", [2018])
    kinds = {kind: sum(entry.kind == kind for entry in embedded.entries) for kind in EntryKind}
    assert kinds[EntryKind.REPORT_SECTION] == 26
    assert kinds[EntryKind.ITEM] >= 17
    assert kinds[EntryKind.GUIDE] >= 25
    assert len(embedded.terms) >= 120
    assert len(by_id(embedded)) == len(embedded.entries)


def test_embedded_items_come_from_the_report(embedded: Knowledge) -> None:
    """Every item quotes a section of the report, cites it and is grouped with it; nothing is invented."""
    entries = by_id(embedded)
    items = [entry for entry in embedded.entries if entry.kind == EntryKind.ITEM]
    assert items
    for item in items:
        section = entries[item.parent_id]
        assert item.text in section.text
        assert item.citation == section.citation
        assert [label for label, _ in item.fields] == ["名称"]


def test_embedded_guide_shows_no_blanks(embedded: Knowledge) -> None:
    """Without settings no line shows a bare name, and entries that are nothing but settings are left out."""
    guide = [entry for entry in embedded.entries if entry.kind == EntryKind.GUIDE]
    assert all("{" not in entry.text and entry.text for entry in guide)
    assert "guide:office-hours" not in by_id(embedded)


def test_embedded_guide_with_settings() -> None:
    """A configured office is shown where it belongs."""
    entries = by_id(read_folder(EMBEDDED, {"office_phone": "0796-1234567", "office_hours": ""}))
    assert entries["guide:office-hours"].text == "电话：0796-1234567"
    assert "机关：洲上乡人民政府" in entries["guide:where-to-send"].text


@pytest.mark.parametrize(
    ("entry_id", "words"),
    [
        ("guide:what-to-write", ["身份证明", "联系方式"]),
        ("guide:how-long", ["20 个工作日", "延长一次"]),
        ("guide:unclear-request", ["7 个工作日", "补正", "一次"]),
        ("guide:third-party", ["15 个工作日"]),
        ("guide:cost", ["100 元", "不收"]),
        ("guide:no-answer-in-time", ["工作日", "投诉", "行政复议"]),
        ("guide:which-channel", ["12345", "信访"]),
        ("guide:help-for-applicants", ["帮"]),
        ("guide:record-correction", ["更正"]),
    ],
)
def test_embedded_guide_states_the_law(embedded: Knowledge, entry_id: str, words: list[str]) -> None:
    """The numbers of the Regulations stand in the entries that explain them."""
    text = by_id(embedded)[entry_id].text
    assert [word for word in words if word not in text] == []


def test_embedded_phrasings_are_unique(embedded: Knowledge) -> None:
    """One way to ask leads to one entry."""
    phrasings = [phrasing for entry in embedded.entries for phrasing in entry.phrasings]
    assert len(phrasings) > 200
    assert sorted(phrasings) == sorted(set(phrasings))


def test_order_of_the_catalogue(embedded: Knowledge) -> None:
    """Items stand first, in the order of their categories, then the report, then the guide."""
    categories = list(dict.fromkeys(entry.category for entry in embedded.entries if entry.category))
    listed = [text.value for text in YamlFile.read(EMBEDDED / "items.yaml").top.texts("categories")]
    assert categories == [*listed, "2018年年度报告", "公开指南"]


# ---- other folders


def test_reports_of_several_years(tmp_path: Path) -> None:
    """Reports live side by side, newest first; the same section of two years shares a key."""
    for year in (2018, 2020, 2019):
        write_report(tmp_path, year)
    knowledge = read_folder(tmp_path, {})
    assert [report.year for report in knowledge.reports] == [2020, 2019, 2018]
    versions = [entry for entry in knowledge.entries if entry.version_of == "report:洲上乡:预决算公开"]
    assert [entry.entry_id for entry in versions] == ["report-2020:二", "report-2019:二", "report-2018:二"]


def own(knowledge: Knowledge) -> list[Entry]:
    """The entries of the folder, without what every office shares."""
    return [entry for entry in knowledge.entries if entry.kind is not EntryKind.GUIDE]


def test_two_agencies_of_one_year(tmp_path: Path) -> None:
    """A county's folder: each agency's report has ids, versions and a source of its own."""
    write_report(tmp_path, 2019, "洲上乡.txt")
    other = REPORT.format(year=2019).replace("洲上乡", "白石镇")
    (tmp_path / "白石镇.txt").write_text(other, encoding="utf-8")
    knowledge = read_folder(tmp_path, {})
    assert knowledge.problems == ()
    assert set(knowledge.agencies) == {"洲上乡人民政府", "白石镇人民政府"}
    found = {entry.entry_id: (entry.agency, entry.source) for entry in own(knowledge) if entry.path == "一"}
    assert found == {
        "report-洲上乡-2019:一": ("洲上乡人民政府", "洲上乡.txt"),
        "report-白石镇-2019:一": ("白石镇人民政府", "白石镇.txt"),
    }
    assert len({entry.version_of for entry in own(knowledge) if entry.path == "一"}) == 2


def test_the_same_report_twice(tmp_path: Path) -> None:
    """Two files of one report are both read, and told apart."""
    write_report(tmp_path, 2019, "a.txt")
    write_report(tmp_path, 2019, "b.txt")
    ids = [entry.entry_id for entry in own(read_folder(tmp_path, {}))]
    assert len(ids) == len(set(ids)) == 6
    assert "report-2019~b.txt:一" in ids


def test_one_agency_by_two_names(tmp_path: Path) -> None:
    """A county that calls itself with and without its city is one agency."""
    write_report(tmp_path, 2019)
    longer = REPORT.format(year=2020).replace("洲上乡", "云山县洲上乡")
    (tmp_path / "2020.txt").write_text(longer, encoding="utf-8")
    knowledge = read_folder(tmp_path, {})
    assert knowledge.agencies == ("云山县洲上乡人民政府",)
    assert len({entry.version_of for entry in own(knowledge) if entry.path == "二"}) == 1


def test_a_plain_document(tmp_path: Path) -> None:
    """A document that is no report becomes entries by its outline, cited by its own title."""
    text = "关于修路的通知\n各村：\n村口要修路。\n一、时间\n三月开工。\n洲上乡人民政府\n2020年2月1日\n"
    (tmp_path / "修路.txt").write_text(text, encoding="utf-8")
    first, second = own(read_folder(tmp_path, {}))
    assert (first.entry_id, first.title) == ("document:修路.txt:0", "关于修路的通知")
    assert first.text == "各村：\n村口要修路。"
    assert (second.kind, second.title, second.category) == (EntryKind.ITEM, "时间", "公开文件")
    assert second.text == "一、时间\n三月开工。"
    assert str(second.citation) == "《关于修路的通知》，一、时间，洲上乡人民政府，2020年2月1日"


def test_one_bad_file_keeps_back_no_other(tmp_path: Path) -> None:
    """One look shows all that is wrong in a folder, file by file; the rest of it is read."""
    shutil.copy(EMBEDDED / "report_2018.txt", tmp_path)
    (tmp_path / "guide.yaml").write_text("guide:\n  - id：a\n", encoding="utf-8")
    (tmp_path / "terms.yaml").write_text("问话:\n  - 几多\n", encoding="utf-8")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF")
    knowledge = read_folder(tmp_path, {})
    assert [(problem.file, problem.line, problem.reason) for problem in knowledge.problems] == [
        ("坏.pdf", None, "文件打不开，可能已损坏或有密码"),
        ("guide.yaml", 2, "用了全角冒号“：”"),
        ("terms.yaml", 2, "“几多”看不懂"),
    ]
    assert knowledge.unread == {"坏.pdf", "guide.yaml", "terms.yaml"}
    assert len(knowledge.reports) == 1
    assert by_id(knowledge)["guide:how-to-request"]


def test_subfolders_are_read_and_everything_else_is_named(tmp_path: Path) -> None:
    """No file is passed over in silence."""
    below = tmp_path / "2019" / "年报"
    below.mkdir(parents=True)
    write_report(below, 2019)
    (tmp_path / "_草稿").mkdir()
    (tmp_path / "_草稿" / "x.txt").write_text("x", encoding="utf-8")
    for name in (".items.yaml.swp", "~$2019.docx", "_draft.txt", "README.md", "photo.jpg", "item.yaml"):
        (tmp_path / name).write_bytes(b"\xff")
    knowledge = read_folder(tmp_path, {})
    assert knowledge.files == ("2019/年报/2019.txt",)
    assert {skipped.file: skipped.is_mistaken for skipped in knowledge.skipped} == {
        ".items.yaml.swp": False,
        "~$2019.docx": False,
        "_draft.txt": False,
        "README.md": False,
        "photo.jpg": False,
        "item.yaml": True,
        "_草稿/": False,
    }
    assert all(skipped.reason for skipped in knowledge.skipped)


def test_a_name_cannot_look_like_another(tmp_path: Path) -> None:
    """A line end makes two names of one, a mark for right to left turns the suffix round: both are shown."""
    for name in ("通知\n第二行.txt", "公告\u202etxt.docx\u202c.txt"):
        (tmp_path / name).write_text("关于停水的通知\n明天停水。\n", encoding="utf-8")
    shown = {paper.file for paper in read_folder(tmp_path, {}).papers}
    assert shown == {"通知\\u000a第二行.txt", "公告\\u202etxt.docx\\u202c.txt"}


def test_a_name_of_any_bytes(tmp_path: Path) -> None:
    """A file name that is no UTF-8 is read, and can be shown."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb1\xa8.txt"))
    path.write_text(REPORT.format(year=2019), encoding="utf-8")
    knowledge = read_folder(tmp_path, {})
    assert knowledge.files == ("\\xb1\\xa8.txt",)
    assert "".join(knowledge.files).encode()


def test_documents_yaml(tmp_path: Path) -> None:
    """What the text does not tell is said there; a file can be left out; a name that is not there is told."""
    (tmp_path / "旧.txt").write_text("政府信息公开年度报告\n一、概述\n公开三条。\n", encoding="utf-8")
    (tmp_path / "废.txt").write_text("停用的通知\n一、甲\n乙。\n", encoding="utf-8")
    (tmp_path / "documents.yaml").write_text(
        "documents:\n  - {file: 旧.txt, agency: 白石镇人民政府, year: 2017}\n"
        "  - {file: 废.txt, leave_out: 是}\n  - {file: 没有.txt, year: 2016}\n",
        encoding="utf-8",
    )
    knowledge = read_folder(tmp_path, {})
    assert [(paper.file, paper.agency, paper.year) for paper in knowledge.papers] == [
        ("旧.txt", "白石镇人民政府", 2017)
    ]
    assert [problem.reason for problem in knowledge.problems] == ["没有“没有.txt”这个文件"]


def test_documents_yaml_takes_away_what_every_office_shares(tmp_path: Path) -> None:
    """By the id in the guide; one that is not there is told with its line."""
    before = {entry.entry_id for entry in read_folder(tmp_path, {}).entries}
    assert "guide:cost" in before
    (tmp_path / "documents.yaml").write_text(
        "leave_out:\n  - {guide: cost}\n  - {guide: no-such}\n  - {small_talk: small_talk}\n",
        encoding="utf-8",
    )
    knowledge = read_folder(tmp_path, {})
    assert {entry.entry_id for entry in knowledge.entries} == before - {"guide:cost"}
    (problem,) = knowledge.problems
    assert (problem.file, problem.line) == ("documents.yaml", 3)
    assert "no-such" in problem.reason


def test_a_broken_documents_yaml_lets_nothing_out(tmp_path: Path) -> None:
    """What it names may have been left out on purpose: not read until it can be read; the others are."""
    write_report(tmp_path, 2019)
    (tmp_path / "废.txt").write_text("停用的通知\n一、甲\n乙。\n", encoding="utf-8")
    (tmp_path / "documents.yaml").write_text(
        "documents：\n  - {file: 废.txt, leave_out: 是}\n", encoding="utf-8"
    )
    knowledge = read_folder(tmp_path, {})
    assert knowledge.files == ("2019.txt",)
    assert {"废.txt", "documents.yaml"} <= knowledge.unread


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        pytest.param("三/(二)/4", "三/(二)/9", "section", "2018 年的报告里没有“三/(二)/9”", id="section"),
        pytest.param("report: 2018", "report: 2017", "report", "没有 2017 年的年度报告", id="year"),
        pytest.param("公开相关财政", "公开全部财政", "quote", "这句话不在报告的“三/(二)/4”里", id="quote"),
    ],
)
def test_an_item_that_is_not_in_the_report(
    tmp_path: Path, old: str, new: str, field: str, reason: str
) -> None:
    """A quotation that the report does not hold is refused."""
    shutil.copy(EMBEDDED / "report_2018.txt", tmp_path)
    items = (EMBEDDED / "items.yaml").read_text(encoding="utf-8")
    assert old in items
    body = items.index("\nitems:")
    (tmp_path / "items.yaml").write_text(items[:body] + items[body:].replace(old, new), encoding="utf-8")
    knowledge = read_folder(tmp_path, {})
    assert {(problem.field, problem.reason) for problem in knowledge.problems} == {(field, reason)}


def test_unreadable_report_blames_only_itself(tmp_path: Path) -> None:
    """While a report cannot be read, the items that quote it are not blamed."""
    (tmp_path / "report.docx").write_bytes(b"no docx")
    shutil.copy(EMBEDDED / "items.yaml", tmp_path)
    knowledge = read_folder(tmp_path, {})
    assert [problem.file for problem in knowledge.problems] == ["report.docx"]
    assert len(knowledge.held) >= 17


ITEM = """categories: [财政]
items:
  - id: budget-2020
    title: 2020年预算
    category: 财政
    text: 收入三百万元。
    index_number: X-1
    publisher: 洲上乡人民政府
    document_number: 洲府字2020第3号
    created_on: 2020-03-01
    published_on: 2020-03-05
    link: https://example.org/budget
    version_of: budget
"""


def test_an_item_of_the_clerk(tmp_path: Path) -> None:
    """An item without a report is its own source and shows what is known of it, in the order of art. 12."""
    (tmp_path / "items.yaml").write_text(ITEM, encoding="utf-8")
    [item] = own(read_folder(tmp_path, {}))
    assert item.fields == (
        ("索引号", "X-1"),
        ("名称", "2020年预算"),
        ("发布机构", "洲上乡人民政府"),
        ("文号", "洲府字2020第3号"),
        ("生成日期", "2020年3月1日"),
        ("发布日期", "2020年3月5日"),
        ("链接", "https://example.org/budget"),
    )
    assert str(item.citation) == (
        "《2020年预算》，洲府字2020第3号，洲上乡人民政府，2020年3月5日，https://example.org/budget"
    )
    assert (item.text, item.parent_id, item.version_of) == ("收入三百万元。", "", "budget")


def test_an_empty_folder_is_an_office(tmp_path: Path) -> None:
    """The guide and the terms of every office are there, filled in from the settings; items: [] is fine."""
    (tmp_path / "items.yaml").write_text("items: []\n", encoding="utf-8")
    knowledge = read_folder(tmp_path, {"office_phone": "0796-1234567"})
    assert knowledge.problems == ()
    assert by_id(knowledge)["guide:office-hours"].text == "电话：0796-1234567"
    assert len(knowledge.terms) >= 120


def test_a_folder_that_is_away(tmp_path: Path) -> None:
    """A missing folder is refused, so that no empty index replaces a good one."""
    with pytest.raises(SourceError, match="文件夹打不开"):
        read_folder(tmp_path / "missing", {})


def test_an_office_adds_to_the_guide_and_overrides_it(tmp_path: Path) -> None:
    """By id; a way to ask that the office has taken for its own entry leads there alone."""
    default = read_guide(DEFAULTS / "guide.yaml", {})
    taken = default[0].phrasings[0]
    (tmp_path / "guide.yaml").write_text(
        f"guide:\n  - id: cost\n    title: 收费\n    lines: [本镇不收费。]\n"
        f"  - id: bus\n    title: 怎么坐车来\n    lines: [坐 3 路车。]\n    phrasings: [{taken}]\n",
        encoding="utf-8",
    )
    entries = by_id(read_folder(tmp_path, {}))
    assert entries["guide:cost"].text == "本镇不收费。"
    assert entries["guide:bus"].phrasings == (taken,)
    assert taken not in entries[default[0].entry_id].phrasings


def test_terms(tmp_path: Path) -> None:
    """A line of terms is two lists of words."""
    write_report(tmp_path, 2019)
    (tmp_path / "terms.yaml").write_text("问话:\n  - 几多、 几何,好多 = 多少\n", encoding="utf-8")
    assert read_folder(tmp_path, {}).terms[-1] == Term(("几多", "几何", "好多"), ("多少",))


@pytest.mark.parametrize(
    ("number", "expected"), [(1, "一"), (10, "十"), (12, "十二"), (30, "三十"), (42, "四十二")]
)
def test_article_numbers(number: int, expected: str) -> None:
    """Articles are counted in Chinese."""
    assert chinese(number) == expected


_ANYTHING = st.tuples(
    st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04"]),
    st.binary(max_size=80),
    st.sampled_from(sorted(KINDS)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=10)
@given(st.lists(_ANYTHING, min_size=10, max_size=10))
def test_any_document_at_all(tmp_path: Path, contents: list[tuple[bytes, bytes, str]]) -> None:
    """Whatever bytes are dropped into the folder, each file is read or refused with a reason."""
    folder = tmp_path / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    dropped = set()
    for number, (beginning, content, suffix) in enumerate(contents):
        dropped.add(f"any{number}{suffix}")
        (folder / f"any{number}{suffix}").write_bytes(beginning + content)
    knowledge = read_folder(folder, {})
    refused = {problem.file: problem.reason for problem in knowledge.problems}
    assert set(knowledge.files) | set(refused) == dropped
    assert all(refused.values())


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    """公告.txt -> /etc/passwd would be read out to anybody; a link inside the folder is an ordinary file."""
    folder, secret = tmp_path / "knowledge", tmp_path / "secret.txt"
    folder.mkdir()
    secret.write_text("关于机密的公告\n\n不该给别人看的内容。\n", encoding="utf-8")
    (folder / "通知.txt").write_text("关于修路的通知\n\n村口的路九月修好。\n", encoding="utf-8")
    (folder / "又一份.txt").symlink_to(folder / "通知.txt")
    (folder / "公告.txt").symlink_to(secret)
    knowledge = read_folder(folder, {})
    refused = [(each.file, each.is_mistaken) for each in knowledge.skipped if each.file == "公告.txt"]
    assert (refused, sorted(knowledge.files)) == ([("公告.txt", True)], ["又一份.txt", "通知.txt"])
    assert not any("机密" in entry.title + entry.text for entry in knowledge.entries)
