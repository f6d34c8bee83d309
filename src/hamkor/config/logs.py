# SPDX-License-Identifier: Apache-2.0
"""What the processes write down: JSON for programs, readable lines on a terminal; never names, addresses or bodies."""

from __future__ import annotations

import logging
import sys
from typing import Any

from pythonjsonlogger.json import JsonFormatter

# Of a request only what `pages.middleware.RequestLog` chose is written, never the request itself.
_WITHHELD = ("request", "taskName", "color_message", "scope")
_SHOWN_OF_REQUEST = ("method", "path", "status", "seconds", "request_id")


class RequestId(logging.Filter):
    """Adds the id of the request to what Django says about it, so that the page of a fault leads to its line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Adds the id; lets everything pass."""
        request = getattr(record, "request", None)
        meta = getattr(request, "META", None)
        if isinstance(meta, dict) and "hamkor.request_id" in meta:
            record.request_id = meta["hamkor.request_id"]
        for name in _WITHHELD:
            record.__dict__.pop(name, None)
        return True


class JsonLines(JsonFormatter):
    """One JSON object for each line."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(process)d %(message)s",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger", "process": "pid"},
            datefmt="%Y-%m-%dT%H:%M:%S%z",
        )


class Readable(logging.Formatter):
    """A line for people."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", datefmt="%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line, with the figures of a request behind it."""
        values = [str(getattr(record, name)) for name in _SHOWN_OF_REQUEST if hasattr(record, name)]
        return " ".join([super().format(record), *values])


def logging_settings() -> dict[str, Any]:
    """Returns the settings of logging for a process of the server: everything goes to standard error."""
    formatter = "hamkor.config.logs.Readable" if sys.stderr.isatty() else "hamkor.config.logs.JsonLines"
    quiet = {name: {"level": "WARNING"} for name in ("procrastinate", "uvicorn", "asyncio", "httpx", "PIL")}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "hamkor.config.logs.RequestId"}},
        "formatters": {"line": {"()": formatter}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}
        },
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            **quiet,
            "django": {"level": "WARNING", "handlers": [], "propagate": True},
            "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
            # Hosts that are not ours are asked for by robots all day.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
