"""Configuration: environment variables (prefix `DISCLOSURE_`) over an optional YAML file over defaults.

The file is `settings.yaml` in the home folder, or what `DISCLOSURE_SETTINGS` names.  Every field below is
documented for the operator in `deploy/settings.example.yaml`; a test keeps the two the same.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import yaml
from platformdirs import user_data_path
from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.desk.kinds import FILE_KINDS
from bot.desk.legible import legible, legible_within
from bot.messages import Address

PREFIX = "DISCLOSURE_"
_SECRET = ("token", "secret", "identity_key", "heartbeat_url")
EMBEDDED_KNOWLEDGE = Path(__file__).resolve().parent.parent / "knowledge" / "zhoushang"
# So that the example can be played through; an office of one's own names its own, or no letter is made.
EXAMPLE_REVIEWING_BODY, EXAMPLE_COURT = "示例县人民政府", "示例县人民法院"


class SettingsError(Exception):
    """A setting is wrong.  The text names the setting, its value and what is allowed, one a line."""


def _split_list(value: Any) -> Any:
    """Let a list come from an environment variable as `a, b, c`."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Addresses = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_list)]


class Settings(BaseSettings):
    """All settings.  Build it with `load_settings()`, which turns a mistake into a `SettingsError`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    home: Path = Field(
        default_factory=lambda: user_data_path("disclosure-bot"),
        description="The one folder that everything the program writes lives in.",
    )
    knowledge: Path = Field(EMBEDDED_KNOWLEDGE, description="The folder with the reports and YAML files.")
    ledger_url: str = Field(
        "", description='SQLAlchemy URL of the ledger; "" = ledger.db in the home folder.'
    )
    key_file: Path | None = Field(
        None, description="Key that encrypts identity data; empty = identity.key in the home folder."
    )
    identity_key: SecretStr = Field(
        SecretStr(""), description="The key itself instead of a file; several, newest first, with commas."
    )
    calendar: Path | None = Field(None, description="YAML with working days of a newly published notice.")

    telegram_token: SecretStr = Field(SecretStr(""), description="Bot token from BotFather.")
    telegram_base_url: str = Field(
        "https://api.telegram.org", description="Root of the Bot API server, http(s)://host[:port]."
    )

    webhook_url: str = Field(
        "", description='Public https address that Telegram calls, path included; "" = long polling.'
    )
    webhook_listen: str = Field("127.0.0.1", description="Address on which the reverse proxy reaches us.")
    webhook_port: int = Field(8080, ge=0, le=65535, description="Port on which the reverse proxy reaches us.")
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description='1-256 of A-Z a-z 0-9 _ - that Telegram must send along; "" = made from the token.',
    )
    web_port: int = Field(
        0, ge=0, le=65535, description="Port of the web pages for residents and staff; 0 = none."
    )
    web_listen: str = Field("127.0.0.1", description="Address on which the web pages are served.")
    web_path: str = Field("", description='Path under which a proxy mounts them, such as /xxgk; "" = /.')
    web_url: str = Field(
        "", description='Their public address, https://host/path, for links in feeds; "" = as called.'
    )
    web_proxies: Addresses = Field(
        (), description="Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."
    )
    web_pages_kept_days: int = Field(
        7, ge=1, le=366, description="Days that what was said on a web page stays on it."
    )
    health_port: int = Field(
        0, ge=0, le=65535, description="Loopback port of /health, /ready and /metrics; 0 = none."
    )
    meaning: bool = Field(
        True, description="Find questions by what they mean, too; off, by their words alone (less memory)."
    )
    meaning_seconds: float = Field(
        1200.0, ge=0, description="How long a reload may take to read new texts for their meaning."
    )
    hot_reload: bool = Field(
        False, description="Whether edited files go live by themselves, after they passed the examination."
    )
    examination_questions: int = Field(
        300, ge=0, description="How many past questions a new index is examined with; 0 = none."
    )
    heartbeat_url: SecretStr = Field(
        SecretStr(""),
        description='Address of a watcher, http(s)://, called each minute while all is well; "" = none.',
    )
    questions_per_minute: int = Field(
        60, ge=1, description="After so many questions of one person in a minute the bot asks to wait."
    )

    quiet_hours: str = Field(
        "21:00-08:00",
        description='When subscribers are told nothing, HH:MM-HH:MM of the office\'s day; "" = never quiet.',
    )

    staff: Addresses = Field(("terminal:staff",), description="People who handle requests, as channel:id.")
    leaders: Addresses = Field((), description="Staff who also approve (extension, review).")
    admins: Addresses = Field(("terminal:admin",), description="People who edit the knowledge.")
    names: dict[str, str] = Field(
        {}, description="How staff, leaders and admins are called in what people read, channel:id: name."
    )
    staff_chat: str = Field(
        "", description='Group that gets the cards, as channel:id; "" = each staff member.'
    )

    agency_name: str = Field("", description='Name of the agency; "" = as read from the newest report.')
    office_name: str = Field("", description="Name of the disclosure office.")
    office_address: str = Field("", description="Where it is; shown only when set.")
    office_phone: str = Field("", description="Its telephone; shown only when set.")
    office_hours: str = Field("", description="When it is open; shown only when set.")
    reconsideration_body: str = Field(
        "", description="Who reviews a decision (for a township: the county government)."
    )
    reconsideration_online: str = Field(
        "", description="Where to apply for reconsideration online: an address of a page or of e-mail."
    )
    court: str = Field("", description="The court for a suit against a decision.")

    fee_payment: str = Field(
        "", description="How a processing fee is paid (缴纳方式); without it no fee notice goes out."
    )

    document_number_form: str = Field(
        "依申请〔{year}〕{number}号", description="发文字号 of the letters, with {year} and {number}."
    )
    announced_channel: bool = Field(
        True, description="Whether the office has announced this bot as a channel for formal requests."
    )
    identity_on_chat: Addresses = Field(
        ("terminal", "web"),
        description="Channels whose forms ask for name and proof of identity. Telegram's servers are abroad "
        "(个人信息保护法 36): unless it is named here, the office takes them at the counter or by telephone.",
    )
    serve_in_chat: bool = Field(False, description="Whether a decision may be served in chat alone.")
    two_person_review: bool | None = Field(
        None, description="Whether a second person must review each reply; empty = when two staff are set."
    )
    reasons_time_counts: bool = Field(
        True, description="Whether the time for reasons under art. 35 counts towards the 20 working days."
    )
    excessive_requests_per_month: int = Field(
        10,
        ge=2,
        description="From how many requests of one person in a month on reasons may count (art. 35).",
    )
    correction_least_days: int = Field(
        5, ge=5, le=60, description="Working days that a correction notice gives the applicant at least."
    )
    deferral_working_days: int = Field(
        20, ge=1, le=250, description="Working days by which a reply may be put off under art. 35, at most."
    )
    identity_kept_days: int = Field(
        3653,
        ge=0,
        description="Days after archiving that name, id number and contact are kept; 0 = for ever.",
    )
    inquiries_kept_days: int = Field(
        730, ge=0, description="Days that an answered inquiry (咨询) is kept; 0 = for ever."
    )
    questions_kept_days: int = Field(
        730,
        ge=0,
        description="Days that the words of a question are kept, unless staff settled it; 0 = for ever.",
    )
    drafts_kept_days: int = Field(
        30, ge=0, description="Days that a form nobody goes on with is kept; 0 = for ever."
    )
    messages_kept_days: int = Field(
        365, ge=0, description="Days that the post book of messages is kept; 0 = for ever."
    )
    attachments_on: Addresses = Field(
        ("telegram", "terminal", "web"),
        description="Channels on which a reply, a request or a supplement may carry files; empty = none.",
    )
    attachment_kinds: Addresses = Field(
        FILE_KINDS,
        description="Kinds of files that are taken, of: pdf, docx, xlsx, jpg, png; known by content.",
    )
    attachment_megabytes: int = Field(
        10, ge=1, le=20, description="Megabytes that a file may have; Telegram lets a bot fetch 20."
    )
    attachments_each: int = Field(
        10, ge=1, le=30, description="Files that a reply, a request or a supplement may carry."
    )
    record_correction_goal_days: int = Field(
        20,
        ge=1,
        le=250,
        description="Working days in which the office wants to correct a record; its own goal.",
    )
    annual_report_by: str = Field(
        "01-31", description="Month and day (MM-DD) by which the county wants the annual report."
    )
    reading_seconds: float = Field(30, gt=0, le=600, description="Seconds within which a document is read.")
    reading_megabytes: int = Field(
        500, ge=200, le=16_000, description="Megabytes of memory that the reading of a document may use."
    )
    document_megabytes: int = Field(
        100, ge=1, le=2000, description="Megabytes that a file in the knowledge folder may have."
    )
    timezone: str = Field("Asia/Shanghai", description="Where the office is; days begin at its midnight.")

    @field_validator("serve_in_chat")
    @classmethod
    def _has_online_remedy(cls, value: bool, info: ValidationInfo) -> bool:
        """复议法 22(2): who serves decisions over the internet must take applications for review there."""
        if value and not info.data.get("reconsideration_online"):
            raise ValueError(
                "decisions served in chat need an online channel for reconsideration as well"
                " (行政复议法 art. 22(2)); set reconsideration_online first"
            )
        return value

    @field_validator("attachment_kinds")
    @classmethod
    def _are_kinds(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := sorted(set(value) - set(FILE_KINDS)):
            raise ValueError(f"{', '.join(unknown)} cannot be checked; known are {', '.join(FILE_KINDS)}")
        return value

    @field_validator("staff", "leaders", "admins")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            Address.parse(address)
        return value

    @field_validator("names")
    @classmethod
    def _are_named_addresses(cls, value: dict[str, str]) -> dict[str, str]:
        for address, name in value.items():
            Address.parse(address)
            if not 1 <= len(name.strip()) <= 20:
                raise ValueError(f"the name of {address} must have 1 to 20 characters")
        return {address: name.strip() for address, name in value.items()}

    @field_validator("staff_chat")
    @classmethod
    def _is_address_or_empty(cls, value: str) -> str:
        if value:
            Address.parse(value)
        return value

    @field_validator("telegram_base_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
            raise ValueError("not of the form http(s)://host[:port]")
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _is_https_or_empty(cls, value: str) -> str:
        if value and not re.fullmatch(r"https://[^\s/]+/\S+", value):
            raise ValueError("not of the form https://host/path")
        return value

    @field_validator("web_path")
    @classmethod
    def _is_path_or_empty(cls, value: str) -> str:
        if value and not re.fullmatch(r"(/[A-Za-z0-9_.~-]+)+", value):
            raise ValueError("not a path such as /xxgk (no slash at its end)")
        return value

    @field_validator("web_url")
    @classmethod
    def _is_public_address_or_empty(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/]+(/[^\s?#]*)?", value):
            raise ValueError("not of the form https://host/path")
        return value.rstrip("/")

    @field_validator("heartbeat_url")
    @classmethod
    def _is_watcher_or_empty(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"(https?://[^\s/]+(/\S*)?)?", value.get_secret_value()):
            raise ValueError("not of the form http(s)://host/path")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_header_value(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise ValueError("not 1-256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _are_hours(cls, value: str) -> str:
        if value and not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError('not of the form "21:00-08:00"')
        return value

    @field_validator("document_number_form")
    @classmethod
    def _has_year_and_number(cls, value: str) -> str:
        if sorted(re.findall(r"\{.*?\}", value)) != ["{number}", "{year}"] or len(value) > 60:
            raise ValueError("must hold {year} and {number} once each, as in 洲政公开〔{year}〕{number}号")
        return value

    @field_validator("annual_report_by")
    @classmethod
    def _is_day_of_any_year(cls, value: str) -> str:
        if not re.fullmatch(r"\d{2}-\d{2}", value):
            raise ValueError("not a month and a day such as 01-31")
        try:
            date.fromisoformat(f"2025-{value}")  # no leap year: the day must be there each year
        except ValueError as error:
            raise ValueError("not a month and a day such as 01-31") from error
        return value

    @field_validator("timezone")
    @classmethod
    def _is_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("not a time zone such as Asia/Shanghai") from error
        return value

    @field_validator("knowledge", "home", "key_file", "calendar")
    @classmethod
    def _expand(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser()

    @model_validator(mode="before")
    @classmethod
    def _example_office(cls, given: dict[str, Any]) -> dict[str, Any]:
        """The embedded knowledge is an example: with it, and only with it, remedies have names."""
        if Path(given.get("knowledge") or EMBEDDED_KNOWLEDGE) == EMBEDDED_KNOWLEDGE:
            names = {"reconsideration_body": EXAMPLE_REVIEWING_BODY, "court": EXAMPLE_COURT}
            return names | {name: value for name, value in given.items() if value or name not in names}
        return given

    @property
    def handlers(self) -> tuple[str, ...]:
        """Everybody who may handle requests: staff, and leaders, who are staff too."""
        return tuple(dict.fromkeys((*self.staff, *self.leaders)))

    def is_quiet(self, local: datetime) -> bool:
        """Whether subscribers are left alone at this time of the office's day."""
        if not self.quiet_hours:
            return False
        start, end = map(time.fromisoformat, self.quiet_hours.split("-"))
        at = local.time()
        return start <= at < end if start <= end else at >= start or at < end

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def ledger_place(self) -> str | Path:
        """The URL of a database, or the file of SQLite."""
        return self.ledger_url or self.home / "ledger.db"

    @property
    def index_path(self) -> Path:
        return self.home / "knowledge.db"

    @property
    def readings_path(self) -> Path:
        return self.home / "readings.db"

    @property
    def resolved_key_file(self) -> Path:
        return self.key_file or self.home / "identity.key"

    @property
    def resolved_webhook_secret(self) -> str:
        """What Telegram must send along: whoever does not know it cannot pretend to be Telegram."""
        chosen = self.webhook_secret.get_secret_value()
        return chosen or hashlib.sha256(self.telegram_token.get_secret_value().encode()).hexdigest()

    @property
    def needs_review(self) -> bool:
        """Art. 17: two persons, on by default where two staff are configured."""
        return len(self.handlers) >= 2 if self.two_person_review is None else self.two_person_review

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, whose values arrive as init arguments."""
        return env_settings, init_settings


def settings_file() -> Path | None:
    """The YAML file in use: DISCLOSURE_SETTINGS, else settings.yaml in the home folder if it exists."""
    named = os.environ.get(f"{PREFIX}SETTINGS")
    if named:
        return Path(named).expanduser()
    home = Path(os.environ.get(f"{PREFIX}HOME") or user_data_path("disclosure-bot")).expanduser()
    default = home / "settings.yaml"
    return default if default.exists() else None


def load_settings() -> Settings:
    """Read and check all settings.

    Raises SettingsError when the file cannot be read, a name is unknown or a value is not allowed.
    """
    _refuse_unknown_variables()
    path = settings_file()
    values: dict[str, Any] = {}
    if path is not None:
        values = _read_file(path)
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(detail) for detail in error.errors())) from error
    if settings.home.exists() and not settings.home.is_dir():
        raise SettingsError(f"home: {str(settings.home)!r} is a file; a folder is needed")
    if not settings.knowledge.is_dir():
        raise SettingsError(
            f"knowledge: {str(settings.knowledge)!r} is no folder; name one with the YAML files"
        )
    return settings


def _refuse_unknown_variables() -> None:
    """A misspelt variable would be ignored without a word, and the operator would search for hours."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {f"{PREFIX}SETTINGS"}
    for variable in sorted(os.environ):
        if variable.upper().startswith(PREFIX) and variable.upper() not in known:
            likely = difflib.get_close_matches(variable.upper(), sorted(known), n=1, cutoff=0)
            raise SettingsError(f"{variable}: no such setting; did you mean {likely[0]}?")


def _read_file(path: Path) -> dict[str, Any]:
    try:
        loaded = legible_within(yaml.safe_load(legible(path.read_text(encoding="utf-8"))))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"settings file {path}: cannot be read ({error})") from error
    except yaml.YAMLError as error:
        raise SettingsError(f"settings file {path}: not valid YAML ({error})") from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise SettingsError(
            f"settings file {path}: must be `name: value` lines, found a {type(loaded).__name__}"
        )
    return {str(name): value for name, value in loaded.items() if value is not None}


def _explain(detail: Any) -> str:
    """One line for one wrong setting: its name, its value, what is allowed."""
    name = str(detail["loc"][0]) if detail["loc"] else "settings"
    if detail["type"] == "extra_forbidden":
        return f"{name}: no such setting; the settings are {', '.join(Settings.model_fields)}"
    shown = "(hidden)" if any(word in name for word in _SECRET) else repr(detail["input"])
    allowed = Settings.model_fields[name].description if name in Settings.model_fields else ""
    reason = detail["msg"].removeprefix("Value error, ")
    return f"{name} ({PREFIX}{name.upper()}): {shown} is not allowed: {reason}. {allowed}"
