"""Commands and their words, deep links, browsing, languages."""

from __future__ import annotations

from bot.dialogue.resident import welcome
from bot.dialogue.routing.commands import COMMANDS, Who
from bot.messages import OutcomeKind
from knowledge.entry import token_of
from tests.dialogue.stage import ADMIN, CLERK, LEADER, WANG, Stage, wide

EVENTS = {
    "start": "welcome",
    "help": "help",
    "catalogue": "catalogue",
    "guide": "guide",
    "request": "form_kind",
    "status": "nothing_filed",
    "due": "nothing_filed",
    "record_correction": "form_kind",
    "cancel": "nothing_to_cancel",
    "privacy": "privacy",
    "language": "languages",
    "mydata": "my_data",
    "subscribe": "subscriptions_none",
    "large": "large_on",
    "normal": "large_off",
    "queue": "queue_empty",
    "intake": "record_intake",
    "record_intake": "record_applicant_kind",
    "handover": "handover_nothing",
    "annual": "annual_report",
    "grant": "roles",
    "revoke": "roles",
    "reload": "reload_begun",
    "check": "check_begun",
    "rollback": "roll_back_begun",
    "stats": "stats",
    "unanswered": "unanswered_none",
}
SPELLINGS = [
    (command.name, spelling)
    for command in COMMANDS
    for spelling in (
        f"/{command.name}",
        f"/{command.name}@洲上_bot",
        *command.words,
        f"{wide('/')}{command.words[0]}。",
    )
]


def test_command_in_every_spelling(stage: Stage) -> None:
    """Slash, Chinese word, full width, with punctuation: one command."""
    whose = {
        command.name: {Who.STAFF: CLERK, Who.ADMIN: ADMIN, Who.LEADER: LEADER}.get(command.who, WANG)
        for command in COMMANDS
    }
    stage.restart(leaders=(LEADER,))
    for name, spelling in SPELLINGS:
        who = whose[name]
        stage.says(who, "/cancel")
        assert stage.says(who, spelling).outgoing[0].event == EVENTS[name], spelling


def test_traditional_words(stage: Stage) -> None:
    """The words work in traditional characters and with any ending."""
    for text in ("幫助", "目錄！", "申請", "進度。", "隱私", "取消~"):
        assert stage.says(WANG, text).outgoing[0].event in {*EVENTS.values(), "cancelled"}, text


def test_word_inside_a_question_is_no_command(stage: Stage) -> None:
    """A Chinese word is a command only when it is the whole message."""
    assert stage.says(WANG, "指南针在哪里买").outgoing[0].event != "guide"


def test_request_with_words_after_it(stage: Stage) -> None:
    """/request TEXT fills the wish in."""
    stage.says(WANG, "/request 2025年低保名单")
    for text in ("个人", "王小明", "362227199001011234", "13800138000"):
        stage.says(WANG, text)
    assert "2025年低保名单" in stage.last(WANG).text


def test_deep_links(stage: Stage) -> None:
    """An entry, a category; anything else is a greeting."""
    category = stage.base.categories()[0][0]
    entry = stage.base.browse(category)[0]
    assert stage.says(WANG, f"/start {welcome.link_to_entry(entry.entry_id)}").entries[0].title == entry.title
    assert stage.says(WANG, f"/start {welcome.link_to_category(category)}").outgoing[0].event == "category"
    assert stage.says(WANG, "/start whatever").outgoing[0].event == "welcome"
    links = (
        welcome.link_to_entry("报告:三/(二)/4"),
        welcome.link_to_category("x"),
        welcome.link_to_request("2026-0001"),
    )
    assert all(len(link) <= 64 and link.replace("_", "").replace("-", "").isalnum() for link in links)


def test_catalogue_is_browsed(stage: Stage) -> None:
    """Every category opens, every entry of it can be read, and pages edit one message."""
    stage.says(WANG, "目录")
    listed = stage.last(WANG).labels
    assert len(listed) == len(stage.base.categories())
    for name, count in stage.base.categories():
        turn = stage.presses_data(WANG, f"cc:{token_of(name)}:0")
        assert f"共 {count} 条" in turn.outgoing[0].text
        first = turn.outgoing[0].buttons[0][0]
        assert stage.presses_data(WANG, first.data).entries[0].title.startswith(first.label.rstrip("…"))


def test_pages_of_a_category(stage: Stage) -> None:
    """Next and previous page, as an edit of the message that was pressed."""
    name = next(name for name, count in stage.base.categories() if count > 6)
    turn = stage.presses_data(WANG, f"cc:{token_of(name)}:0")
    assert "下一页" in turn.outgoing[0].labels
    assert "上一页" not in turn.outgoing[0].labels
    turn = stage.presses(WANG, "下一页")
    assert "上一页" in turn.outgoing[0].labels


def test_guide_has_its_topics(stage: Stage) -> None:
    """Every topic of the guide list exists in the guide, and leads to the form."""
    turn = stage.says(WANG, "指南")
    assert turn.outcome is OutcomeKind.GUIDE
    assert turn.offers_filing
    assert len(turn.outgoing[0].labels) == 10


def test_unknown_command(stage: Stage) -> None:
    """An unknown command is said to be one."""
    assert stage.says(WANG, "/没有这个").outgoing[0].event == "unknown_command"


def test_language_stays(stage: Stage) -> None:
    """A chosen language stays, whatever is typed, also for what the bot says on its own account."""
    stage.says(WANG, "语言")
    stage.presses(WANG, "English")
    assert stage.says(WANG, "你好").outgoing[0].text.startswith("Hello!")
    number = stage.file_request_in_english(WANG)
    stage.reply_to(number)
    assert "has been replied to" in stage.last(WANG).text
    assert "公开申请" in stage.seen[CLERK][0].text


def test_stats_count(stage: Stage) -> None:
    """The admin's figures and the list of what was not found."""
    stage.says(WANG, "村口桥加固花了多少钱")
    stage.says(WANG, "村口桥加固花了多少钱")
    assert "提问 2 次" in stage.says(ADMIN, "统计").outgoing[0].text
    assert stage.says(ADMIN, "未答问题").outgoing[0].labels == ["村口桥加固花了多少钱（2 次）"]
