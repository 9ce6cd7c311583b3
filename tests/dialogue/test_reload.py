"""Reload in chat: an examination, told in words; a mistake is named; whatever happens, somebody answers."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.desk.tables import questions
from bot.dialogue import doing
from bot.dialogue.admin.reloading import reload
from bot.dialogue.questions import stored
from bot.dialogue.tables import errands, reloads
from bot.jobs.worker import Errands
from bot.ledger.ledger import Ledger
from bot.messages import OutcomeKind
from bot.program import Program
from bot.settings import EMBEDDED_KNOWLEDGE
from tests.dialogue.stage import ADMIN, CLERK, LI, WANG, Stage

PROJECTS = "重大建设项目信息公开了吗"
TITLE = "城乡低保政策"


def editable(stage: Stage, tmp_path: Path) -> Path:
    folder = tmp_path / "knowledge"
    shutil.copytree(EMBEDDED_KNOWLEDGE, folder)
    stage.restart(knowledge=folder)
    return folder


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def mislead(stage: Stage, tmp_path: Path) -> Path:
    """A resident calls the answer about projects useful; an edit gives his question to another entry."""
    stage.says(WANG, PROJECTS)
    stage.presses(WANG, "有用")
    items = editable(stage, tmp_path) / "items.yaml"
    replace_in(items, f"    title: {TITLE}\n", f"    title: {PROJECTS}\n")
    return items


def results(stage: Stage) -> list[tuple[str, str]]:
    """How the looks at the knowledge ended, and who asked for them."""
    with stage.ledger.reading() as connection:
        rows = connection.execute(sa.select(reloads).order_by(reloads.c.id)).all()
    return [(row.result, row.person) for row in rows]


def test_reload_tells_what_changed(stage: Stage, tmp_path: Path) -> None:
    """An entry that was taken out is named; /check says so before and changes nothing."""
    replace_in(editable(stage, tmp_path) / "items.yaml", f"title: {TITLE}", "title: 城乡低保新政策")
    before = stage.base.version
    assert stage.says(ADMIN, "/check").outgoing[0].event == "check_begun"
    assert "改动 1 条" in stage.last(ADMIN).text
    assert stage.base.version == before
    stage.presses(ADMIN, "现在更新")
    assert stage.last(ADMIN).event == "reloaded"
    assert "城乡低保新政策" in stage.last(ADMIN).text
    assert stage.base.version[:8] in stage.last(ADMIN).text
    assert stage.base.version != before


def test_broken_source_is_named(stage: Stage, tmp_path: Path) -> None:
    """File, line and what was expected, in Chinese; the others go live, and what was live of it stays."""
    folder = editable(stage, tmp_path)
    items = folder / "items.yaml"
    items.write_text(items.read_text(encoding="utf-8") + "\n  - idd: x\n", encoding="utf-8")
    (folder / "停水.txt").write_text("关于停水的通知\n一、停水时间\n八月三日。\n", encoding="utf-8")
    stage.says(ADMIN, "/reload")
    assert stage.last(ADMIN).event == "reloaded"
    assert "没有读成" in stage.last(ADMIN).text
    assert "items.yaml 第" in stage.last(ADMIN).text
    assert stage.says(WANG, "社会救助").outcome in (OutcomeKind.SUGGEST, OutcomeKind.ANSWER)
    assert any(entry.title == TITLE for entry in stage.base.browse("社会救助"))
    assert stage.base.entry("document:停水.txt:一") is not None


def test_what_was_live_of_an_unreadable_file_stays_until_it_is_removed(stage: Stage, tmp_path: Path) -> None:
    """A report that was damaged is still quoted; taken out of the folder, it is gone."""
    report = editable(stage, tmp_path) / "report_2018.txt"
    before = stage.base.entry("report-2018:三/(二)/4")
    assert before is not None
    report.write_bytes(b"\x00\x01" * 40)
    stage.says(ADMIN, "/reload")
    assert "report_2018.txt" in stage.last(ADMIN).text
    assert stage.base.entry("report-2018:三/(二)/4") == before
    assert any(entry.title == TITLE for entry in stage.base.browse("社会救助"))
    report.unlink()
    (report.parent / "items.yaml").unlink()
    stage.says(ADMIN, "/reload")
    if stage.last(ADMIN).event == "reload_worse":
        stage.presses(ADMIN, "仍然启用")
    assert stage.base.entry("report-2018:三/(二)/4") is None


def test_published_survives_a_reload(stage: Stage) -> None:
    """A published reply is part of every later index."""
    number = stage.file_request(WANG)
    stage.reply_to(number)
    stage.presses(CLERK, "公开这条")
    stage.presses(CLERK, "确认公开")
    assert stage.says(LI, "村口桥加固花了多少钱").outcome is OutcomeKind.ANSWER
    stage.says(ADMIN, "/reload")
    assert stage.says(WANG, "村口桥加固花了多少钱").outcome is OutcomeKind.ANSWER


def test_publication_takes_no_half_made_edit_along(stage: Stage, tmp_path: Path) -> None:
    """Files that an admin is still editing, even broken ones, neither hold it up nor go live with it."""
    items = editable(stage, tmp_path) / "items.yaml"
    number = stage.file_request(WANG)
    stage.reply_to(number)
    replace_in(items, f"title: {TITLE}", "titel: 写到一半")
    stage.presses(CLERK, "公开这条")
    stage.presses(CLERK, "确认公开")
    assert stage.says(LI, "村口桥加固花了多少钱").outcome is OutcomeKind.ANSWER
    assert any(entry.title == TITLE for entry in stage.base.browse("社会救助"))


def test_more_false_answers_are_refused(stage: Stage, tmp_path: Path) -> None:
    """The question is shown with both answers, and nothing goes live."""
    mislead(stage, tmp_path)
    before = stage.base.version
    stage.says(ADMIN, "/check")
    assert stage.last(ADMIN).event == "check_worse"
    stage.says(ADMIN, "/reload")
    told = stage.last(ADMIN)
    assert told.event == "reload_worse"
    assert f"· {PROJECTS}\n    《推进重大建设项目信息公开》 → 《{PROJECTS}》" in told.text
    assert stage.base.version == before
    assert results(stage) == [("refused", ADMIN)]


def test_forced_with_a_name(stage: Stage, tmp_path: Path) -> None:
    """仍然启用 goes live, and the record says who."""
    mislead(stage, tmp_path)
    stage.says(ADMIN, "/reload")
    stage.presses(ADMIN, "仍然启用")
    assert stage.last(ADMIN).event == "reloaded_forced"
    assert stage.base.by_token(stage.base.browse("社会救助")[0].token) is not None
    assert results(stage) == [("refused", ADMIN), ("forced", ADMIN)]


def test_force_is_for_what_was_seen(stage: Stage, tmp_path: Path) -> None:
    """After another edit the old button examines again, for nobody has seen what that leads to."""
    items = mislead(stage, tmp_path)
    stage.says(ADMIN, "/reload")
    items.write_text(items.read_text(encoding="utf-8") + "# 又改了\n", encoding="utf-8")
    stage.presses(ADMIN, "仍然启用")
    assert stage.last(ADMIN).event == "reload_worse"
    assert [result for result, _ in results(stage)] == ["refused", "refused"]


def test_mended_and_newly_answered_are_told(stage: Stage, tmp_path: Path) -> None:
    """What was not found and is now is told; it is no longer among the unanswered."""
    question = "自来水主管道哪个月通到湾里"
    stage.says(WANG, question)
    (editable(stage, tmp_path) / "water.md").write_text(
        "# 洲上乡饮水工程公告\n\n自来水主管道六月通到湾里。\n", encoding="utf-8"
    )
    stage.says(ADMIN, "/reload")
    assert f"新答上的：\n· {question}" in stage.last(ADMIN).text
    assert question not in stage.says(ADMIN, "/unanswered").outgoing[0].text


def test_more_than_a_screen_goes_into_a_file(stage: Stage, tmp_path: Path) -> None:
    """The first differences in the chat, all of them in the file."""
    folder = editable(stage, tmp_path)
    lines = [
        f"# 告示{n}\n\n{place}的广场舞活动每周六晚上举行。" for n, place in enumerate("甲乙丙丁戊己庚辛壬癸")
    ]
    for place in "甲乙丙丁戊己庚辛壬癸":
        stage.says(WANG, f"{place}的广场舞活动哪天晚上举行")
        stage.wait(minutes=1)
    (folder / "dance.md").write_text("\n\n".join(lines), encoding="utf-8")
    stage.says(ADMIN, "/reload")
    told, whole = stage.seen[ADMIN][-2:]
    assert told.event == "reloaded"
    assert len(told.text) < 1500
    assert whole.document is not None
    assert whole.document.content.decode().count("· ") == 10


def test_roll_back_and_forth(stage: Stage, tmp_path: Path) -> None:
    """The one before answers again, the files are untouched, and it can be undone."""
    replace_in(editable(stage, tmp_path) / "items.yaml", f"title: {TITLE}", "title: 城乡低保新政策")
    stage.says(ADMIN, "/reload")
    stage.presses(ADMIN, "退回上一版")
    assert stage.last(ADMIN).event == "rolled_back"
    assert any(entry.title == TITLE for entry in stage.base.browse("社会救助"))
    stage.presses(ADMIN, "不退了，恢复回来")
    assert any(entry.title == "城乡低保新政策" for entry in stage.base.browse("社会救助"))
    assert [result for result, _ in results(stage)] == ["live", "rolled_back", "rolled_back"]


def test_roll_back_keeps_what_became_public(stage: Stage, tmp_path: Path) -> None:
    """Art. 44: a reply that was published after the version that comes back stays to be found."""
    replace_in(editable(stage, tmp_path) / "items.yaml", f"title: {TITLE}", "title: 城乡低保新政策")
    stage.says(ADMIN, "/reload")
    number = stage.file_request(WANG)
    stage.reply_to(number)
    stage.presses(CLERK, "公开这条")
    stage.presses(CLERK, "确认公开")
    stage.says(ADMIN, "/rollback")
    assert any(entry.title == TITLE for entry in stage.base.browse("社会救助"))
    assert stage.says(LI, "村口桥加固花了多少钱").outcome is OutcomeKind.ANSWER


def test_old_roll_back_button_does_nothing(stage: Stage, tmp_path: Path) -> None:
    """It leads back from one version; when another is live by now, that is said."""
    items = editable(stage, tmp_path) / "items.yaml"
    replace_in(items, f"title: {TITLE}", "title: 城乡低保新政策")
    stage.says(ADMIN, "/reload")
    old = stage.last(ADMIN).buttons[0][0].data
    replace_in(items, "title: 城乡低保新政策", "title: 城乡低保再新政策")
    stage.says(ADMIN, "/reload")
    live = stage.base.version
    stage.presses_data(ADMIN, old)
    assert (stage.last(ADMIN).event, stage.base.version) == ("roll_back_stale", live)


def test_nothing_to_go_back_to(stage: Stage) -> None:
    """A fresh office has only one version."""
    stage.says(ADMIN, "/rollback")
    assert stage.last(ADMIN).event == "roll_back_impossible"


def test_refused_edit_is_not_taken_up_by_a_restart(stage: Stage, tmp_path: Path) -> None:
    """Neither the start after a refusal nor the one after a roll-back brings it live by itself."""
    items = mislead(stage, tmp_path)
    stage.says(ADMIN, "/reload")
    live = stage.base.version
    with Program.open(stage.settings) as program:
        assert program.base.version == live
    items.write_text(items.read_text(encoding="utf-8") + "# 又改了\n", encoding="utf-8")
    said: list[str] = []
    with Program.open(stage.settings, said.append) as program:
        assert program.base.version == live
    assert any("答错的会变多" in line for line in said)


def test_start_tells_admins_of_a_refused_edit(stage: Stage, tmp_path: Path) -> None:
    """Of a service nobody sees the screen: the admin hears in chat, once, and may put it live."""
    mislead(stage, tmp_path)
    for _ in range(2):
        with Program.open(stage.settings):
            pass
    stage.do_errands()
    assert stage.events(ADMIN) == ["reload_worse"]
    assert stage.labels(ADMIN) == ["仍然启用"]


def test_other_words_are_told(stage: Stage, tmp_path: Path) -> None:
    """A change of terms.yaml touches no entry and is a change all the same."""
    (editable(stage, tmp_path) / "terms.yaml").write_text("词:\n  - 穷补助 \uff1d 低保\n", encoding="utf-8")
    stage.says(ADMIN, "/reload")
    assert "说法对照（哪个词就是哪个词）有改动" in stage.last(ADMIN).text
    stage.says(ADMIN, "/reload")
    assert stage.last(ADMIN).event == "reload_nothing_new"


def test_others_write_while_it_examines(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resident is answered in the middle of a reload: nobody waits for it."""
    editable(stage, tmp_path)
    asked: list[OutcomeKind] = []

    def busy(*args: object, **options: object) -> object:
        with stage.ledger.transaction() as connection:
            incoming = stage._incoming(LI, text=PROJECTS)
            asked.append(stage.conversation.handle(connection, incoming, stage.now).outcome)
        return reload(*args, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(doing, "reload", busy)
    stage.says(ADMIN, "/reload")
    assert asked == [OutcomeKind.ANSWER]
    assert stage.last(ADMIN).event == "reload_nothing_new"


def test_killed_in_between_is_completed_by_the_next_start(stage: Stage, tmp_path: Path) -> None:
    """The new index is live and nothing is on record yet: done again, it ends the same."""
    replace_in(editable(stage, tmp_path) / "items.yaml", f"title: {TITLE}", "title: 城乡低保新政策")

    class Killed(Errands):
        def _end(self, *_: object, **__: object) -> None:
            raise KeyboardInterrupt

    with stage.ledger.transaction() as connection:
        stage.conversation.handle(connection, stage._incoming(ADMIN, text="/reload"), stage.now)
    with pytest.raises(KeyboardInterrupt):
        Killed(stage.ledger, stage.conversation, lambda: stage.now).do_all()
    assert results(stage) == []
    gone = _gone(stage)
    with stage.ledger.transaction() as connection:  # another process had taken it, and is no more
        connection.execute(sa.update(errands).values(taken_by=gone))
    stage.do_errands()
    assert stage.last(ADMIN).event == "reload_nothing_new"
    assert results(stage) == [("unchanged", ADMIN)]
    assert any(entry.title == "城乡低保新政策" for entry in stage.base.browse("社会救助"))


def _gone(stage: Stage) -> str:
    """A claim of a program at home in the same folder that has ended."""
    with Ledger.open(stage.settings.ledger_place) as other:
        return other.holder.name


def test_staff_outweigh_residents_and_the_newest_counts(stage: Stage) -> None:
    """What is known of a question that was asked several times."""
    values = {"asked_at": stage.now, "outcome": "answer", "entry_id": "a"}
    rows = (
        {"text_masked": "甲", **values, "feedback": "useful"},
        {"text_masked": "乙", **values, "feedback": "useless"},
        {"text_masked": "丙", **values, "settled": "confirmed", "right_entry_id": "b"},
        {"text_masked": "丙", **values, "feedback": "useful"},
        {"text_masked": "丁", **values, "outcome": "route", "settled": "declined"},
        {"text_masked": "戊", **values, "outcome": "redirect"},
        {"text_masked": "己", **values},
        {"text_masked": "庚", **values, "feedback": "useful"},
        {"text_masked": "庚", **values, "feedback": "useless"},  # one says so, one the contrary: nothing
    )
    with stage.ledger.transaction() as connection:
        for row in rows:
            connection.execute(questions.insert().values(**row))
        known = {each.text: (set(each.right), set(each.wrong), each.none) for each in stored(connection, 10)}
        assert len(stored(connection, 2)) == 2
    assert known == {
        "甲": ({"a"}, set(), False),
        "乙": (set(), {"a"}, False),
        "丙": ({"b"}, set(), False),
        "丁": (set(), set(), True),
        "己": (set(), set(), False),
        "庚": (set(), set(), False),
    }


def test_old_questions_are_erased(stage: Stage) -> None:
    """After the period of the setting, except what staff settled: that stays to examine with."""
    old = stage.now - timedelta(days=800)
    with stage.ledger.transaction() as connection:
        for text, at, settled in (("甲", old, None), ("乙", old, "confirmed"), ("丙", stage.now, None)):
            values = {"asked_at": at, "text_masked": text, "outcome": "route", "settled": settled}
            connection.execute(questions.insert().values(**values))
    stage.make_rounds()
    with stage.ledger.reading() as connection:
        assert sorted(each.text for each in stored(connection, 10)) == ["丙", "乙"]


def test_what_a_text_does_not_tell_is_asked(stage: Stage, tmp_path: Path) -> None:
    """A button for each guess; the answer is a line of documents.yaml, and holds from the next update on."""
    folder = editable(stage, tmp_path)
    (folder / "白石镇2020.txt").write_text("政府信息公开年度报告\n一、概述\n公开三条。\n", encoding="utf-8")
    stage.says(ADMIN, "/reload")
    assert stage.last(ADMIN).event == "document_asked"
    assert "白石镇2020.txt" in stage.last(ADMIN).text
    assert "白石镇" in stage.last(ADMIN).labels
    stage.presses(ADMIN, "白石镇")
    assert "- {file: 白石镇2020.txt, agency: 白石镇}" in (folder / "documents.yaml").read_text(
        encoding="utf-8"
    )
    stage.presses(ADMIN, "2020")
    assert stage.last(ADMIN).event == "documents_all_asked"
    stage.presses(ADMIN, "现在更新")
    assert stage.base.asks == []
    entry = stage.base.entry("report-白石镇-2020:一")
    assert entry is not None
    assert (entry.agency, entry.year, entry.citation.publisher) == ("白石镇", 2020, "白石镇")


def test_a_year_that_is_not_there_is_told(stage: Stage, tmp_path: Path) -> None:
    """With buttons for the years that are; one tap shows the figure."""
    folder = editable(stage, tmp_path)
    for year, permits in ((2022, 41), (2023, 550)):
        (folder / f"{year}.txt").write_text(
            f"洲上乡{year}年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（五）项\n信息内容\n"
            f"本年处理决定数量\n行政许可\n{permits}\n",
            encoding="utf-8",
        )
    stage.says(ADMIN, "/reload")
    told = stage.says(WANG, "2019年行政许可多少件")
    assert told.outcome is OutcomeKind.ROUTE
    assert "2019 年的没有查到，2023、2022 年的有" in told.outgoing[0].text
    stage.presses(WANG, "2022 年的")
    assert "41（件）" in stage.last(WANG).text
    newest = stage.says(WANG, "行政许可多少件")
    assert newest.outcome is OutcomeKind.ANSWER
    assert "550（件）" in newest.outgoing[0].text
    assert "2022 年的" in newest.outgoing[0].labels
