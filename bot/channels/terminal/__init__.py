"""The terminal: the whole program on one machine, without a token, from as many terminals as you like."""

from .chat import run_chat

__all__ = ["run_chat"]
