"""The methods of the Bot API that the bot may call, with the checks and refusals of the real server."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import File, InlineKeyboardMarkup, Message, User

from . import refusals
from .forum import Forum
from .limits import Limits
from .markup import parse_html, utf16
from .signatures import checked
from .wire import Request
from .world import Chat, World

Handler = Callable[[Request], Awaitable[Any]]
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


class Methods(Forum):
    """State of one bot on the server.  `call(name)` gives the handler, None for a method we do not fake."""

    def __init__(self, world: World, limits: Limits, query_lifetime: float = 30.0) -> None:
        super().__init__(world, limits)
        self.query_lifetime = query_lifetime
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}  # (scope as JSON, language)
        self.webhook_url = ""
        self.webhook_secret = ""
        self.calls: list[tuple[str, dict[str, str]]] = []

    def handler(self, method: str) -> Handler | None:
        found: Handler | None = getattr(self, f"on_{method}", None)
        return found

    async def on_getMe(self, request: Request) -> Any:
        about = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }
        return checked(User, {**self.world.bot, **about})

    async def on_getUpdates(self, request: Request) -> Any:
        if self.webhook_url:
            raise refusals.conflict_webhook()
        fields = request.fields
        allowed = json.loads(fields["allowed_updates"]) if "allowed_updates" in fields else None
        limit = int(fields.get("limit", "100"))
        if not 1 <= limit <= 100:
            raise refusals.bad_request("limit must be 1-100")
        offset = int(fields.get("offset", "0"))
        self.world.queue.confirm(offset)
        async with self.world.changed:
            self.world.changed.notify_all()
        return await self.world.queue.get(limit, float(fields.get("timeout", "0")), allowed)

    async def on_deleteWebhook(self, request: Request) -> Any:
        self.webhook_url = ""
        return True

    async def on_setWebhook(self, request: Request) -> Any:
        url, secret = request.fields.get("url", ""), request.fields.get("secret_token", "")
        if url and not url.startswith("https://"):
            raise refusals.bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise refusals.bad_request("secret token contains unallowed characters")
        self.webhook_url, self.webhook_secret = url, secret
        if "allowed_updates" in request.fields:
            self.world.queue.allow(json.loads(request.fields["allowed_updates"]))
        return True

    async def on_getWebhookInfo(self, request: Request) -> Any:
        waiting = len(self.world.queue.unconfirmed)
        return {
            "url": self.webhook_url,
            "has_custom_certificate": False,
            "pending_update_count": waiting,
        }

    async def on_sendMessage(self, request: Request) -> Any:
        chat = self._chat(request)
        text, entities = _text_of(request, "text")
        if not text:
            raise refusals.bad_request("message text is empty")
        if utf16(text) > 4096:
            raise refusals.bad_request("message is too long")
        content = self._content(request, chat, text, entities, "text", "entities")
        self._may_write(chat)
        message = self.world.new_message(chat, self.world.bot, **content)
        await self.world.show(chat, message)
        return message

    async def on_editMessageText(self, request: Request) -> Any:
        chat = self._chat(request)
        old = chat.messages.get(int(request.fields.get("message_id", "0")))
        text, entities = _text_of(request, "text")
        if old is None:
            raise refusals.bad_request("message to edit not found")
        if old.get("from", {}).get("id") != self.world.bot["id"]:
            raise refusals.bad_request("message can't be edited")
        if not text:
            raise refusals.bad_request("message text is empty")
        if utf16(text) > 4096:
            raise refusals.bad_request("MESSAGE_TOO_LONG")
        self._may_write(chat)
        new = {k: v for k, v in old.items() if k not in ("reply_markup", "entities", "edit_date")}
        new.update(self._content(request, chat, text, entities, "text", "entities"))
        if new == {k: v for k, v in old.items() if k != "edit_date"}:
            raise refusals.not_modified()
        new["edit_date"] = int(time.time())
        chat.messages[new["message_id"]] = checked(Message, new)
        await self.world.show(chat, new)
        return new

    async def on_editMessageReplyMarkup(self, request: Request) -> Any:
        chat = self._chat(request)
        old = chat.messages.get(int(request.fields.get("message_id", "0")))
        if old is None:
            raise refusals.bad_request("message to edit not found")
        markup = _keyboard(request)
        if old.get("reply_markup", {}).get("inline_keyboard", []) == (markup or {}).get(
            "inline_keyboard", []
        ):
            raise refusals.not_modified()
        new = {k: v for k, v in old.items() if k != "reply_markup"}
        if markup:
            new["reply_markup"] = markup
        chat.messages[new["message_id"]] = checked(Message, new)
        async with self.world.changed:
            self.world.changed.notify_all()
        return new

    async def on_sendDocument(self, request: Request) -> Any:
        chat = self._chat(request)
        if "document" not in request.files:
            raise refusals.bad_request("there is no document in the request")
        filename, content = request.files["document"]
        if not content:
            raise refusals.bad_request("file must be non-empty")
        caption, entities = _text_of(request, "caption")
        if utf16(caption) > 1024:
            raise refusals.bad_request("message caption is too long")
        body = self._content(request, chat, caption, entities, "caption", "caption_entities")
        body["document"] = {
            "file_id": f"file{len(chat.messages)}",
            "file_unique_id": f"unique{len(chat.messages)}",
            "file_name": filename,
            "file_size": len(content),
        }
        self._may_write(chat)
        message = self.world.new_message(chat, self.world.bot, **body)
        await self.world.show(chat, message, (filename, content))
        return message

    async def on_getFile(self, request: Request) -> Any:
        file_id = request.fields.get("file_id", "")
        content = self.world.files.get(file_id)
        if content is None:
            raise refusals.bad_request("invalid file_id")
        if len(content) > 20 * 1024 * 1024:
            raise refusals.bad_request("file is too big")
        about = {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": len(content),
            "file_path": f"documents/{file_id}",
        }
        return checked(File, about)

    async def on_sendChatAction(self, request: Request) -> Any:
        chat = self._chat(request)
        if chat.refusal is not None:
            raise chat.refusal
        if request.fields.get("action") not in {"typing", "upload_document", "upload_photo"}:
            raise refusals.bad_request("wrong parameter action in request")
        return True

    async def on_answerCallbackQuery(self, request: Request) -> Any:
        query = request.fields.get("callback_query_id", "")
        asked_at = self.world.queries.pop(query, None)
        if asked_at is None or time.monotonic() - asked_at > self.query_lifetime:
            raise refusals.query_too_old()
        if utf16(request.fields.get("text", "")) > 200:
            raise refusals.bad_request("MESSAGE_TOO_LONG")
        self.world.answers[query] = request.fields.get("text", "")
        async with self.world.changed:
            self.world.changed.notify_all()
        return True

    async def on_answerInlineQuery(self, request: Request) -> Any:
        query = request.fields.get("inline_query_id", "")
        asked_at = self.world.queries.pop(query, None)
        if asked_at is None or time.monotonic() - asked_at > self.query_lifetime:
            raise refusals.query_too_old()
        results = json.loads(request.fields["results"])
        if len(results) > 50 or len({result["id"] for result in results}) < len(results):
            raise refusals.bad_request("RESULT_ID_DUPLICATE")
        for result in results:
            content = result["input_message_content"]
            text, _ = parse_html(content["message_text"])
            if not 1 <= len(result["id"].encode()) <= 64 or not text or utf16(text) > 4096:
                raise refusals.bad_request("RESULT_INVALID")
        self.world.inline_answers[query] = results
        async with self.world.changed:
            self.world.changed.notify_all()
        return True

    async def on_setMyCommands(self, request: Request) -> Any:
        commands = json.loads(request.fields["commands"])
        language = request.fields.get("language_code", "")
        if language and len(language) != 2:
            raise refusals.bad_request("invalid language code specified")
        if len(commands) > 100:
            raise refusals.bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not _COMMAND.fullmatch(command["command"]):
                raise refusals.bad_request("BOT_COMMAND_INVALID")
            if not 1 <= utf16(command["description"]) <= 256:
                raise refusals.bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        scope = json.loads(request.fields.get("scope", '{"type": "default"}'))
        if "chat_id" in scope and int(scope["chat_id"]) not in self.world.chats:
            raise refusals.chat_not_found()
        self.commands[json.dumps(scope, sort_keys=True), language] = commands
        return True

    async def on_deleteMyCommands(self, request: Request) -> Any:
        scope = json.loads(request.fields.get("scope", '{"type": "default"}'))
        self.commands.pop((json.dumps(scope, sort_keys=True), request.fields.get("language_code", "")), None)
        return True

    def _chat(self, request: Request) -> Chat:
        chat = self.world.chats.get(int(request.fields.get("chat_id") or "0"))
        if chat is None:
            raise refusals.chat_not_found()
        return chat

    def _may_write(self, chat: Chat) -> None:
        """Last of all checks: what is refused for its content does not count against the limits."""
        if chat.refusal is not None:
            raise chat.refusal
        self.limits.admit(chat.id, time.monotonic())

    def _content(
        self,
        request: Request,
        chat: Chat,
        text: str,
        entities: list[dict[str, Any]],
        text_name: str,
        entities_name: str,
    ) -> dict[str, Any]:
        content: dict[str, Any] = {}
        if text:
            content[text_name] = text
        if entities:
            content[entities_name] = entities
        if markup := _keyboard(request):
            content["reply_markup"] = markup
        content |= self.place_in(chat, request)
        if reply := json.loads(request.fields.get("reply_parameters", "null")):
            original = chat.messages.get(int(reply["message_id"]))
            if original is None and not reply.get("allow_sending_without_reply"):
                raise refusals.bad_request("message to be replied not found")
            if original is not None:
                content["reply_to_message"] = {
                    k: v for k, v in original.items() if k not in ("reply_to_message", "reply_markup")
                }
        return content


def _text_of(request: Request, name: str) -> tuple[str, list[dict[str, Any]]]:
    source = request.fields.get(name, "")
    mode = request.fields.get("parse_mode", "")
    if mode.upper() == "HTML":
        return parse_html(source)
    if mode:
        raise refusals.bad_request("unsupported parse_mode")
    return source.strip(), []


def _keyboard(request: Request) -> dict[str, Any] | None:
    if "reply_markup" not in request.fields:
        return None
    markup = json.loads(request.fields["reply_markup"])
    if "inline_keyboard" not in markup:
        raise refusals.bad_request("object expected as reply markup")
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    for button in buttons:
        data = button.get("callback_data", "")
        if not button.get("text"):
            raise refusals.bad_request("text buttons are unallowed in the inline keyboard")
        if "url" not in button and not 1 <= len(data.encode()) <= 64:
            raise refusals.bad_request("BUTTON_DATA_INVALID")
    if len(buttons) > 100 or any(len(row) > 8 for row in markup["inline_keyboard"]):
        raise refusals.bad_request("REPLY_MARKUP_TOO_LONG")
    return checked(InlineKeyboardMarkup, markup) if buttons else None
