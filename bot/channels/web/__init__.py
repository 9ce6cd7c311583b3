"""The web channel: the disclosure section for residents and the desk for staff, in the browser."""

from .service import WebChannel, serve_web

__all__ = ["WebChannel", "serve_web"]
