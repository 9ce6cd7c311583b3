"""What programs can ask over HTTP, as OpenAPI 3.1 says it; a test compares it with the answers."""

from __future__ import annotations

from collections.abc import Mapping

LONGEST_QUESTION = 500
Json = dict[str, object]

_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "number"}
_TEXTS: Json = {"type": "array", "items": _TEXT}


def _object(properties: Mapping[str, object]) -> Json:
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def _list_of(name: str) -> Json:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


_SCHEMAS: Json = {
    "Entry": _object(
        {
            "path": _TEXT,
            "title": _TEXT,
            "text": _TEXT,
            "score": _NUMBER,
            "citation": _TEXT,
            "quoted": {**_TEXT, "description": "Of the text, what is shown"},
            "source": {**_TEXT, "description": "The file it was read from, empty for a published reply"},
        }
    ),
    "Answer": _object(
        {
            "outcome": {
                **_TEXT,
                "enum": ["answer", "suggest", "route", "redirect", "smalltalk", "guide", "other"],
            },
            "text": _TEXT,
            "entries": _list_of("Entry"),
            "offers_filing": {"type": "boolean"},
        }
    ),
    "Document": _object(
        {
            "title": _TEXT,
            "column": _TEXT,
            "agency": _TEXT,
            "document_number": _TEXT,
            "published_on": {**_TEXT, "description": "A day, empty when the document does not say"},
            "year": {"type": ["integer", "null"]},
            "url": _TEXT,
            "sections": _TEXTS,
        }
    ),
    "State": _object(
        {
            "number": _TEXT,
            "status": _TEXT,
            "told": {**_TEXT, "description": "The status in words"},
            "received_on": {**_TEXT, "description": "When the clock of law began, empty before"},
            "due_on": {**_TEXT, "description": "The last day of the reply, empty while no clock runs"},
            "provisional": {
                "type": "boolean",
                "description": "Whether due_on rests on holidays not published yet",
            },
            "outcome": {**_TEXT, "description": "Its code in table 3 of the annual report, empty before"},
            "letters": _TEXTS,
        }
    ),
    "Error": _object({"error": _TEXT}),
}
_QUESTION: Json = {
    "name": "q",
    "in": "query",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_QUESTION},
}
_CODE: Json = {
    "required": True,
    "content": {"application/x-www-form-urlencoded": {"schema": _object({"number": _TEXT, "code": _TEXT})}},
}


def _answers(schema: Json, **errors: str) -> Json:
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        "200": {"description": "Found", "content": {"application/json": {"schema": schema}}},
        **{code.lstrip("_"): {"description": told, "content": refused} for code, told in errors.items()},
    }


def described(root: str) -> Json:
    """The whole file, for pages that lie at `root`."""
    of_question = {"parameters": [_QUESTION]}
    paths = {
        "/api/ask": {
            "get": {
                "operationId": "ask",
                "summary": "What a resident is answered; nothing is kept",
                **of_question,
                "responses": _answers({"$ref": "#/components/schemas/Answer"}, _400="q is missing"),
            }
        },
        "/api/search": {
            "get": {
                "operationId": "search",
                "summary": "Documents by what they say",
                **of_question,
                "responses": _answers(_list_of("Document"), _400="q is missing"),
            }
        },
        "/api/status": {
            "post": {
                "operationId": "status",
                "summary": "Where a request is, for who has its access code",
                "requestBody": _CODE,
                "responses": _answers(
                    {"$ref": "#/components/schemas/State"}, _404="Number and code do not match"
                ),
            }
        },
        "/catalogue.json": {
            "get": {
                "operationId": "catalogue",
                "summary": "All documents",
                "responses": _answers(_list_of("Document")),
            }
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "disclosure-bot", "version": "1"},
        "servers": [{"url": root}],
        "paths": paths,
        "components": {"schemas": _SCHEMAS},
    }
