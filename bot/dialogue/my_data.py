"""我的数据: what is kept of a person, and forgetting what no law obliges us to keep."""

from __future__ import annotations

from bot.dialogue import subscriptions
from bot.dialogue.documents import own_data
from bot.dialogue.memory import Memory
from bot.dialogue.messages import Turn
from bot.dialogue.payload import Act, Payload
from bot.dialogue.visit import Press, Visit, turn


def show(visit: Visit) -> Turn:
    """A summary, and everything as a file."""
    data = visit.register.data_of(visit.connection, visit.person)
    return turn(
        visit.voice.message(
            "my_data",
            requests=len(data["requests"]),
            inquiries=len(data["inquiries"]),
            questions=len(visit.memory.questions),
            subscriptions=len(subscriptions.categories_of(visit.connection, visit.person)),
            document=own_data(visit),
            buttons=[[visit.voice.button("button_forget", Act.FORGET)]],
        )
    )


def press_forget(visit: Visit, payload: Payload) -> Turn:
    """Forms, recent questions and subscriptions are deleted; requests are the office's record (art. 45)."""
    kept = Memory(language=visit.memory.language, language_chosen=visit.memory.language_chosen)
    for name in Memory.__dataclass_fields__:
        setattr(visit.memory, name, getattr(kept, name))
    subscriptions.cancel(visit.connection, visit.person)
    return turn(visit.voice.message("forgotten"))


PRESSES: dict[Act, Press] = {Act.FORGET: press_forget}
