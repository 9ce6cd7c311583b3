"""Passkeys: what the browser is asked to sign, and whether it did (WebAuthn, through py_webauthn).

A challenge belongs to one browser (the token of its cookie), counts once and for five minutes; it lives in
this process, so that a restart in between asks for a second try.
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bot.desk.legible import legible
from bot.desk.web_access import Passkey

_LIVES = 300.0  # seconds
_REMEMBERED = 2_000
_NO_ANSWERS = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError)


class NotVerified(Exception):
    """The browser's answer does not prove what it should; the person tries again or uses a code."""


@dataclass(frozen=True)
class Site:
    """Whose passkeys: the host without port, and the origin that the browser reports."""

    host: str
    origin: str

    @classmethod
    def of(cls, request: Request, web_url: str) -> Site:
        """As the operator says (`web_url`), else as this request came."""
        told = urlsplit(web_url)
        if told.hostname:
            return cls(told.hostname, f"{told.scheme}://{told.netloc}")
        netloc = request.headers.get("host", "")
        return cls(urlsplit(f"//{netloc}").hostname or "", f"{request.url.scheme}://{netloc}")

    @property
    def takes_passkeys(self) -> bool:
        """A passkey belongs to a name with https, or to localhost; never to a bare address."""
        try:
            ip_address(self.host)
        except ValueError:
            return self.origin.startswith("https://") or self.host == "localhost"
        return False


@dataclass(frozen=True)
class NewKey:
    credential: str  # base64url
    public_key: str  # base64url
    sign_count: int


class Challenges:
    """Thread-safe; one open challenge a browser and purpose."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[str, str], tuple[bytes, float]] = OrderedDict()

    def _put(self, token: str, purpose: str, challenge: bytes) -> None:
        with self._lock:
            self._open[token, purpose] = challenge, time.monotonic() + _LIVES
            if len(self._open) > _REMEMBERED:
                self._open.popitem(last=False)

    def _take(self, token: str, purpose: str) -> bytes:
        with self._lock:
            challenge, until = self._open.pop((token, purpose), (b"", 0.0))
        if time.monotonic() > until:
            raise NotVerified
        return challenge

    # ---- a new one ----------------------------------------------------------------------------------------
    def to_enrol(
        self, token: str, site: Site, office: str, visitor: str, name: str, known: Sequence[Passkey]
    ) -> str:
        """What the browser needs to make a passkey, as JSON."""
        options = generate_registration_options(
            rp_id=site.host,
            rp_name=office,
            user_id=visitor.encode(),
            user_name=name,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential)) for each in known
            ],
        )
        self._put(token, "enrol", options.challenge)
        return str(options_to_json(options))

    def enrolled(self, token: str, site: Site, answer: str) -> NewKey:
        """Raises NotVerified."""
        challenge = self._take(token, "enrol")
        try:
            found = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except _NO_ANSWERS as error:
            raise NotVerified from error
        return NewKey(
            bytes_to_base64url(found.credential_id),
            bytes_to_base64url(found.credential_public_key),
            found.sign_count,
        )

    # ---- coming in ----------------------------------------------------------------------------------------
    def to_come_in(self, token: str, site: Site) -> str:
        """What the browser needs to sign, as JSON; it offers the passkeys that it has for this site."""
        options = generate_authentication_options(
            rp_id=site.host, user_verification=UserVerificationRequirement.REQUIRED
        )
        self._put(token, "come in", options.challenge)
        return str(options_to_json(options))

    def signed(self, token: str, site: Site, answer: str, known: Passkey) -> int:
        """The key's new count of signatures.  Raises NotVerified."""
        challenge = self._take(token, "come in")
        try:
            found = verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                credential_public_key=base64url_to_bytes(known.public_key),
                credential_current_sign_count=known.sign_count,
                require_user_verification=True,
            )
        except _NO_ANSWERS as error:
            raise NotVerified from error
        return found.new_sign_count


def credential_in(answer: str) -> str:
    """The id of the credential that an answer names, "" for one that is none."""
    try:
        named = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    found = named.get("id") if isinstance(named, dict) else None
    return legible(found) if isinstance(found, str) else ""  # JSON can name half a surrogate pair
