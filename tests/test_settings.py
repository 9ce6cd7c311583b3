"""Settings: every mistake is named at start, and the example file documents every setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.settings import PREFIX, Settings, SettingsError, load_settings

EXAMPLE = Path(__file__).parent.parent / "deploy" / "settings.example.yaml"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of the machine that runs the tests must not show."""
    import os

    for variable in list(os.environ):
        if variable.startswith(PREFIX):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path))
    return tmp_path


def test_defaults_load(own_home: Path) -> None:
    """Without a file and without variables the program runs on the embedded knowledge."""
    settings = load_settings()
    assert settings.home == own_home
    assert (settings.knowledge / "report_2018.txt").exists()
    assert settings.ledger_place == own_home / "ledger.db"


def test_environment_wins_over_file(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable overrides the same setting in the file; the file overrides the default."""
    (own_home / "settings.yaml").write_text(
        "staff: [telegram:1, telegram:2]\noffice_phone: '1'\n", encoding="utf-8"
    )
    monkeypatch.setenv("DISCLOSURE_STAFF", "telegram:7")
    settings = load_settings()
    assert settings.staff == ("telegram:7",)
    assert settings.office_phone == "1"


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("DISCLOSURE_STAFF", "telegram:1, foo", "staff (DISCLOSURE_STAFF): 'telegram:1, foo' is not allowed"),
        ("DISCLOSURE_TIMEZONE", "Mars", "not a time zone such as Asia/Shanghai"),
        (
            "DISCLOSURE_ANNOUNCED_CHANNEL",
            "perhaps",
            "announced_channel (DISCLOSURE_ANNOUNCED_CHANNEL): 'perhaps'",
        ),
        ("DISCLOSURE_TELEGRAM_BASE_URL", "ftp://x", "not of the form http(s)://host[:port]"),
        ("DISCLOSURE_TELEGRM_TOKEN", "x", "did you mean DISCLOSURE_TELEGRAM_TOKEN?"),
        ("DISCLOSURE_KNOWLEDGE", "/nowhere/at/all", "is no folder"),
        ("DISCLOSURE_SETTINGS", "/nowhere/settings.yaml", "cannot be read"),
    ],
    ids=["address", "timezone", "boolean", "url", "misspelt", "no-folder", "no-file"],
)
def test_wrong_value_is_named(
    variable: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the setting, the value and what is allowed."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=re.escape(expected)):
        load_settings()


def test_unknown_name_in_file(own_home: Path) -> None:
    """A misspelt name in the file is an error that lists the right ones."""
    (own_home / "settings.yaml").write_text("stuff: [telegram:1]\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"stuff: no such setting.*staff"):
        load_settings()


def test_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither repr nor an error shows the bot token."""
    monkeypatch.setenv("DISCLOSURE_TELEGRAM_TOKEN", "123:SECRET")
    assert "SECRET" not in repr(load_settings())


def test_review_is_on_where_two_people_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Art. 17: a leader counts as staff, so one officer and one leader are two people."""
    assert load_settings().needs_review is False
    monkeypatch.setenv("DISCLOSURE_LEADERS", "telegram:9")
    assert load_settings().needs_review is True


def test_chat_service_needs_an_online_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """复议法 22(2): decisions are served in chat only where a review can be applied for online too."""
    monkeypatch.setenv("DISCLOSURE_SERVE_IN_CHAT", "true")
    with pytest.raises(SettingsError, match=r"serve_in_chat .*set reconsideration_online first"):
        load_settings()
    monkeypatch.setenv("DISCLOSURE_RECONSIDERATION_ONLINE", "https://fuyi.example.gov.cn")
    assert load_settings().serve_in_chat


def test_example_documents_every_setting() -> None:
    """The example names every setting, no other, and is valid when uncommented."""
    named = re.findall(r"^# ([a-z_]+): ", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert named, "found no setting in the example"
    assert sorted(named) == sorted(Settings.model_fields)
    lines = [
        line.removeprefix("# ")
        for line in EXAMPLE.read_text(encoding="utf-8").splitlines()
        if re.match(r"# [a-z_]+: ", line)
    ]
    Settings(**yaml.safe_load("\n".join(lines)))
