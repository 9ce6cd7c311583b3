"""Hello, help, privacy, languages, and where a deep link leads."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.desk.model import Status
from bot.dialogue.handling import handles
from bot.dialogue.office import agency, office_lines
from bot.dialogue.payload import Act, Payload
from bot.dialogue.progress import about, request_line
from bot.dialogue.resident import asking, catalogue, large, my_requests
from bot.dialogue.resident.my_data import terms_in_words
from bot.dialogue.roles.grants import menu_of
from bot.dialogue.visit import Visit, turn
from bot.messages import Button, Language, OutcomeKind, Part, Style, Turn
from knowledge.entry import token_of

EXAMPLES = ("example_1", "example_2", "example_3")
_LINK_TO_ENTRY = re.compile(r"e_([0-9a-f]{10})")
_LINK_TO_CATEGORY = re.compile(r"c_([0-9a-f]{10})")
_LINK_TO_REQUEST = re.compile(r"r_([A-Z]{0,2}[0-9]{4}-[0-9]{1,8})")


def show(visit: Visit) -> Turn:
    """/start: who this is, what it can do, three questions to try."""
    voice = visit.voice
    rows: list[list[Button]] = [
        [voice.button(example, Act.EXAMPLE, number)] for number, example in enumerate(EXAMPLES, 1)
    ]
    rows += [*main_rows(visit), [large.toggle(visit)] if visit.is_private else []]
    groups = menu_of(visit.settings, visit.person)
    # Who was granted a role before the first word to the bot gets the menu now.
    menu = groups if visit.is_private and len(groups) > 1 else ()
    waiting, ways = _waiting(visit)
    return turn(
        replace(
            voice.message("welcome", before=waiting, agency=agency(visit), buttons=[*ways, *rows]), menu=menu
        ),
        outcome=OutcomeKind.GUIDE,
        offers_filing=True,
    )


_WAITS_FOR_APPLICANT = (Status.CORRECTION_ASKED, Status.REASONS_ASKED, Status.FEE_NOTICED)


def _waiting(visit: Visit) -> tuple[list[Part], list[list[Button]]]:
    """What waits for this person comes before everything else: a line and a button each."""
    if not visit.is_private:
        return [], []
    requests = [each for each in my_requests.of(visit) if each.status in _WAITS_FOR_APPLICANT]
    if not requests:
        return [], []
    voice = visit.voice
    lines = [voice.word("waiting_for_you"), *(request_line(voice, each, visit.today) for each in requests)]
    rows = [
        [
            voice.button(
                "button_numbered",
                Act.MY_REQUEST,
                each.number,
                number=each.number,
                about=about(each.content, 14),
            )
        ]
        for each in requests
    ]
    return [Part("\n".join(lines), Style.STRONG)], rows


def main_rows(visit: Visit) -> list[list[Button]]:
    """The ways into everything."""
    voice = visit.voice
    return [
        [voice.button("button_catalogue", Act.CATALOGUE), voice.button("button_guide", Act.GUIDE)],
        [voice.button("button_file", Act.FILE_REQUEST, 0), voice.button("button_progress", Act.MINE)],
    ]


def start(visit: Visit, link: str = "") -> Turn:
    """/start with what a deep link carries; anything that is not ours leads to the greeting."""
    if matched := _LINK_TO_ENTRY.fullmatch(link):
        return catalogue.show_entry(visit, matched[1], 0)
    if matched := _LINK_TO_CATEGORY.fullmatch(link):
        return catalogue.show_category(visit, matched[1])
    if matched := _LINK_TO_REQUEST.fullmatch(link):
        return my_requests.show(visit, matched[1])
    return show(visit)


def link_to_entry(entry_id: str) -> str:
    """The payload of a deep link to an entry, for a poster."""
    return f"e_{token_of(entry_id)}"


def link_to_category(category: str) -> str:
    return f"c_{token_of(category)}"


def link_to_request(number: str) -> str:
    """It only names the request; whose it is decides what is shown."""
    return f"r_{number}"


@handles(Act.WELCOME)
def press_welcome(visit: Visit, payload: Payload) -> Turn:
    return show(visit)


@handles(Act.EXAMPLE)
def press_example(visit: Visit, payload: Payload) -> Turn:
    """An example question, asked as if it had been typed."""
    ordinal = int(payload.arguments[0])
    if not 1 <= ordinal <= len(EXAMPLES):
        return turn(visit.voice.message("button_expired"))
    question = visit.services.words.say(EXAMPLES[ordinal - 1], Language.SIMPLIFIED)
    shown = asking.ask_base(visit, question)
    asked = visit.voice.message("example_asked", question=visit.voice.word(EXAMPLES[ordinal - 1]))
    first, *rest = shown.outgoing
    return turn(
        replace(first, parts=(*asked.parts, *first.parts)),
        *rest,
        outcome=shown.outcome,
        entries=shown.entries,
        offers_filing=shown.offers_filing,
    )


def show_help(visit: Visit) -> Turn:
    """/help: what can be typed.  Staff and admins see their commands; nobody else learns of them."""
    voice = visit.voice
    extra = []
    if visit.is_staff:
        extra.append(Part(voice.word("help_staff")))
    if visit.is_admin:
        extra.append(Part(voice.word("help_admin")))
    if visit.is_leader and (visit.is_private or visit.in_staff_chat):
        extra.append(Part(voice.word("help_leader")))
    rows = [*main_rows(visit), _languages(visit), [large.toggle(visit)] if visit.is_private else []]
    return turn(voice.message("help", *extra, buttons=rows), outcome=OutcomeKind.GUIDE, offers_filing=True)


def _languages(visit: Visit) -> list[Button]:
    return [
        visit.voice.button(f"language_{name}", Act.LANGUAGE, language.value)
        for name, language in (
            ("simplified", Language.SIMPLIFIED),
            ("traditional", Language.TRADITIONAL),
            ("english", Language.ENGLISH),
        )
    ]


@handles(Act.HELP)
def press_help(visit: Visit, payload: Payload) -> Turn:
    return show_help(visit)


def show_privacy(visit: Visit) -> Turn:
    """/privacy: what is kept, and what is not."""
    return turn(visit.voice.message("privacy", **terms_in_words(visit.voice, visit.settings)))


@handles(Act.PRIVACY)
def press_privacy(visit: Visit, payload: Payload) -> Turn:
    return show_privacy(visit)


def show_languages(visit: Visit) -> Turn:
    """语言: the choice."""
    return turn(visit.voice.message("languages", buttons=[_languages(visit), [large.toggle(visit)]]))


@handles(Act.LANGUAGE)
def press_language(visit: Visit, payload: Payload) -> Turn:
    """From now on in this language, whatever is typed."""
    try:
        language = Language(payload.arguments[0])
    except ValueError:
        return turn(visit.voice.message("button_expired"))
    visit.memory.language, visit.memory.language_chosen = language.value, True
    visit.voice = replace(visit.voice, language=language, chosen=True)
    return turn(visit.voice.message("language_changed"))


def oral_help(visit: Visit) -> Turn:
    """Art. 29 and 43: who finds writing hard may ask orally, and the office fills the form."""
    voice = visit.voice
    return turn(
        voice.message(
            "oral_help",
            Part(office_lines(visit)),
            buttons=[
                [voice.button("button_resume", Act.RESUME)] if visit.memory.step else [],
                [voice.button("button_inquire", Act.FILE_INQUIRY, 0)],
            ],
        ),
        outcome=OutcomeKind.GUIDE,
    )


def way_to_a_person(visit: Visit) -> Turn:
    """An inquiry with what was asked last, the telephone, the hours."""
    asked = visit.memory.questions[-1][0] if visit.memory.questions else 0
    rows = [[visit.voice.button("button_inquire", Act.FILE_INQUIRY, asked)]]
    return turn(visit.voice.message("way_to_a_person", Part(office_lines(visit)), buttons=rows))


@handles(Act.PERSON)
def press_person(visit: Visit, payload: Payload) -> Turn:
    return way_to_a_person(visit)


@handles(Act.ORAL_HELP)
def press_oral_help(visit: Visit, payload: Payload) -> Turn:
    return oral_help(visit)
