"""The columns, their documents, and the same for programs."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import lxml.etree
import pytest
import yaml

from bot.channels.web.machines import _harmless
from bot.channels.web.pages import ROOM
from bot.dialogue.words import placeholders
from knowledge.base import Base
from knowledge.entry import EntryKind
from tests.channels.web.conftest import Office, office_at

ATOM = "{http://www.w3.org/2005/Atom}"


def test_five_columns(open_office: Office) -> None:
    page = open_office.browser().open("/")
    for name in (
        "政府信息公开指南",
        "政府信息公开制度",
        "法定主动公开内容",
        "政府信息公开年报",
        "依申请公开",
    ):
        assert name in page


def test_every_entry_has_its_place(open_office: Office) -> None:
    """Whatever can be quoted can be opened in its document, at its place."""
    browser = open_office.browser()
    for entry in open_office.program.base.entries():
        browser.open(f"/e/{entry.token}")
        assert browser.status == 200, entry.entry_id
        assert browser.tree.get_element_by_id(f"e-{entry.token}") is not None


def test_document_shows_its_text_and_page_tags(open_office: Office) -> None:
    browser = open_office.browser()
    browser.open("/c/reports")
    link = next(each for each in browser.tree.iter("a") if "/d/" in (each.get("href") or ""))
    page = browser.open(link.get("href") or "")
    assert "2017年度部门财政决算信息" in page
    tags = {each.get("name"): each.get("content") for each in browser.tree.iter("meta")}
    assert tags["SiteName"] == "洲上乡人民政府 政府信息公开"
    assert tags["ColumnName"] == "政府信息公开年报"
    assert "2018年政府信息公开年度报告" in str(tags["ArticleTitle"])


def test_filters_stand_in_the_address(open_office: Office) -> None:
    browser = open_office.browser()
    assert "没有找到" in browser.open("/c/reports?year=1999")
    assert "2018年" in browser.open("/c/reports?year=2018")
    assert "没有找到" in browser.open("/c/disclosed?q=没有这样的标题")


def test_catalogue_is_narrowed_by_words_of_the_text_kind_and_category(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "water.md").write_text("# 饮水工程公告\n\n自来水主管道六月通到湾里。\n", encoding="utf-8")
    office.program.base.reload(folder)
    browser = office.browser()
    assert "饮水工程公告" in browser.open("/c/disclosed?q=主管道")
    assert "饮水工程公告" in browser.open("/c/disclosed?q=主管道&kind=item")
    assert "没有找到" in browser.open("/c/disclosed?q=主管道&kind=published_reply")
    assert "没有找到" in browser.open("/c/disclosed?category=没有这一类")
    found = browser.client.get("/api/search", params={"q": "主管道"}).json()
    assert [each["title"] for each in found] == ["饮水工程公告"]


def test_a_passage_of_the_guide_is_opened_where_it_is_quoted(open_office: Office) -> None:
    """The page of the guide folds its passages; the one that a source leads to stands open."""
    browser = open_office.browser()
    entries = open_office.program.base.entries()
    token = next(each.token for each in entries if each.kind is EntryKind.GUIDE)
    browser.open(f"/e/{token}")
    assert [each.get("id") for each in browser.tree.xpath("//details[@open]")] == [f"e-{token}"]


def test_data_that_did_not_change_is_not_sent_again(open_office: Office) -> None:
    client = open_office.browser().client
    for path in ("/atom.xml", "/catalogue.json", "/catalogue.csv", "/facts.csv", "/openapi.json"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["etag"] == first.headers["etag"]
        head = client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


def test_feed_holds_the_full_text(open_office: Office) -> None:
    browser = open_office.browser()
    browser.open("/atom.xml")
    feed = lxml.etree.fromstring(browser.html.encode())
    contents = [each.text or "" for each in feed.iter(f"{ATOM}content")]
    assert any("2017年度部门财政决算信息" in text for text in contents)
    ids = [each.text for each in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))


def test_sitemap_leads_to_pages(open_office: Office) -> None:
    browser = open_office.browser()
    browser.open("/sitemap.xml")
    for place in lxml.etree.fromstring(browser.html.encode()).iter("{*}loc"):
        browser.open(place.text or "")
        assert browser.status == 200, place.text


def test_catalogue_as_data(open_office: Office) -> None:
    browser = open_office.browser()
    listed = browser.client.get("/catalogue.json").json()
    assert {each["column"] for each in listed} >= {"guide", "reports", "disclosed"}
    text = browser.client.get("/catalogue.csv").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == len(listed) + 1
    assert browser.client.get("/catalogue.csv").content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert _harmless(cell) == f"'{cell}"


def test_api_answers_as_the_chat_does(open_office: Office) -> None:
    answer = open_office.browser().client.get("/api/ask", params={"q": "公开了哪一年的部门决算信息"}).json()
    assert answer["outcome"] == "answer"
    assert "2017年度部门财政决算信息" in answer["entries"][0]["quoted"]
    assert open_office.browser().client.get("/api/ask").status_code == 400


def test_openapi_says_what_is_answered(open_office: Office) -> None:
    """Each path of the file is there, and each answer has exactly the fields that its schema names."""
    client = open_office.browser().client
    file = client.get("/openapi.json").json()
    assert file["openapi"] == "3.1.0"
    assert set(file) >= {"info", "servers", "paths", "components"}
    schemas = file["components"]["schemas"]
    asked: dict[str, dict[str, str]] = {
        "/api/ask": {"q": "公开了哪一年的部门决算信息"},
        "/api/search": {"q": "报告"},
    }
    operations = []
    for path, methods in file["paths"].items():
        for method, operation in methods.items():
            operations.append(operation["operationId"])
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            if method == "post":  # of a request: tested where there is one
                assert client.post(path).status_code == 404
                continue
            fits(client.get(path, params=asked.get(path, {})).json(), schema, schemas)
            if "400" in operation["responses"]:
                refused = client.get(path)
                assert refused.status_code == 400
                fits(refused.json(), {"$ref": "#/components/schemas/Error"}, schemas)
    assert sorted(operations) == ["ask", "catalogue", "search", "status"]


def fits(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    """As much of JSON Schema as the file uses."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    kinds: dict[str, Any] = {
        "string": str,
        "number": (int, float),
        "integer": int,
        "boolean": bool,
        "array": list,
    }
    kinds |= {"object": dict, "null": type(None)}
    told = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, kinds[each]) for each in told), (value, schema)
    if "object" in told:
        assert set(value) == set(schema["properties"]) == set(schema["required"])
        for name, each in schema["properties"].items():
            fits(value[name], each, schemas)
    if "array" in told:
        for each in value:
            fits(each, schema["items"], schemas)
    assert value in schema.get("enum", [value])


def test_feed_is_valid_atom(open_office: Office) -> None:
    """RFC 4287: what a feed and its entries must have, once each, and days that are instants."""
    browser = open_office.browser()
    browser.open("/atom.xml")
    assert browser.response.headers["content-type"].startswith("application/atom+xml")
    feed = lxml.etree.fromstring(browser.response.content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) > 3
    assert len(feed.findall(f"{ATOM}author")) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert (element.findtext(f"{ATOM}id") or "").startswith("http")
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo is not None
    contents = [each for entry in entries for each in entry.iter(f"{ATOM}content")]
    assert [each.get("type") for each in contents] == ["text"] * len(entries)


def test_qr_of_an_entry(open_office: Office) -> None:
    """A link beside each passage of a document leads to it."""
    entry = next(each for each in open_office.program.base.entries() if each.kind is EntryKind.REPORT_SECTION)
    browser = open_office.browser()
    browser.open(f"/e/{entry.token}")
    section = browser.tree.get_element_by_id(f"e-{entry.token}")
    assert [each.get("href") for each in section.find_class("to-code")] == [f"/qr/{entry.token}.svg"]
    answer = browser.client.get(f"/qr/{entry.token}.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert b"<svg" in answer.content


def test_pages_under_a_path(built: Path, tmp_path: Path) -> None:
    """A proxy passes the path on; every link, form and cookie keeps to it."""
    with office_at(built, tmp_path / "home", web_path="/xxgk") as office:
        browser = office.browser()
        browser.open("/xxgk/")
        assert "Path=/xxgk/" in browser.response.headers["set-cookie"]
        inner = [each.get("href") or "" for each in browser.tree.iter("a", "link")]
        assert all(each.startswith(("/xxgk/", "#", "data:")) for each in inner), inner
        assert "来源" in browser.say("公开了哪一年的部门决算信息")
        assert browser.client.get("/").status_code == 404


YEARS = """# 清水乡人民政府{year}年政府信息公开工作年度报告

## 一、总体情况

{year}年，清水乡主动公开信息{count}条。

## 三、收到和处理政府信息公开申请情况

| 本列数据的勾稽关系 | 自然人 | 总计 |
|---|---|---|
| 一、本年新收政府信息公开申请数量 | {count} | {count} |
| 二、上年结转政府信息公开申请数量 | 0 | 0 |
"""


def test_years_stand_side_by_side(built: Path, tmp_path: Path) -> None:
    """Figures as published, in a table and a chart; each opens in its document; the file can be had."""
    folder = tmp_path / "knowledge"
    folder.mkdir()
    for year, count in ((2023, 12), (2024, 30)):
        text = YEARS.format(year=year, count=count)
        (folder / f"{year}年报.md").write_text(text, encoding="utf-8")
    names = {"reconsideration_body": "清水县人民政府", "court": "清水县人民法院"}
    with office_at(
        built, tmp_path / "home", knowledge=folder, agency_name="清水乡人民政府", **names
    ) as office:
        office.program.base.reload(folder)
        browser = office.browser()
        browser.open("/years")
        rows = [[cell.text_content() for cell in row] for row in browser.tree.iter("tr")]
        assert rows[0][1:] == ["2023", "2024"]
        assert ["本年新收政府信息公开申请数量，总计", "12（件）", "30（件）"] in rows
        assert ["上年结转政府信息公开申请数量，总计", "0（件）", "0（件）"] in rows
        heights = [int(bar.get("height")) for bar in browser.tree.find_class("bar")]
        assert len(heights) == 2
        assert abs(heights[0] / heights[1] - 12 / 30) < 0.01
        other = next(
            each
            for each in browser.tree.iter("a")
            if each.text_content() == "上年结转政府信息公开申请数量，总计"
        )
        browser.open(other.get("href") or "")
        assert browser.tree.find("*//figcaption").text_content() == "上年结转政府信息公开申请数量，总计"
        assert [bar.get("height") for bar in browser.tree.find_class("bar")] == ["0", "0"]
        browser.open("/c/reports?year=2024")
        link = next(each.get("href") for each in browser.tree.iter("a") if "/d/" in (each.get("href") or ""))
        assert link is not None
        browser.open(link)
        cells = [[cell.text_content() for cell in row] for row in browser.tree.iter("tr")]
        assert ["本年新收政府信息公开申请数量，总计", "30（件）"] in cells
        original = browser.client.get(f"{link}/file")
        assert original.content == (folder / "2024年报.md").read_bytes()
        (folder / "2024年报.md").unlink()
        (folder / "2024年报.md").symlink_to("/etc/hostname")
        assert browser.client.get(f"{link}/file").status_code == 404


def test_a_reload_is_seen_at_once(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "water.md").write_text("# 饮水工程公告\n\n自来水主管道六月通到湾里。\n", encoding="utf-8")
    browser = office.browser()
    assert "饮水工程公告" not in browser.open("/c/disclosed")
    base: Base = office.program.base
    base.reload(folder)
    assert "饮水工程公告" in browser.open("/c/disclosed")


def _words(name: str) -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load((ROOM / "words" / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def test_words_are_the_same_in_both_languages_and_all_used() -> None:
    chinese, english = _words("zh-Hans"), _words("en")
    assert list(chinese) == list(english)
    assert {key: placeholders(text) for key, text in chinese.items()} == {
        key: placeholders(text) for key, text in english.items()
    }
    used = "".join(
        path.read_text(encoding="utf-8") for path in ROOM.rglob("*") if path.suffix in (".html", ".py")
    )
    of_forms = ("apply_", "column_", "size_", "follow_", "document_")
    prefixes = (
        *of_forms,
        "list_kind_",
        "desk_",
        "tool_",
        "knowledge_",
        "lists_",
        "figures_",
        "retention_",
        "phrase",
    )
    unused = [
        key
        for key in chinese
        if f'"{key}"' not in used and f"'{key}'" not in used and not key.startswith(prefixes)
    ]
    assert not unused
