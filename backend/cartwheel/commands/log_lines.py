"""What our processes write to standard error: one line per event, for people or for programs.

Secrets in use in this process are taken out of every line by their value, however they got there.
"""

import logging
import sys
import time
from typing import Any

import orjson

from cartwheel.outbound.redaction import clean_line
from cartwheel.settings import Settings

_QUIET = ("arq", "asyncio", "httpx", "uvicorn")


class _Line(logging.Formatter):
    """Keeps a record on one line and without secrets; `fields` are what it says in figures."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = getattr(record, "fields", {})
        return clean_line(self.line(record, fields))

    def line(self, record: logging.LogRecord, fields: dict[str, Any]) -> str:
        """The record as one line."""
        raise NotImplementedError


class TextLine(_Line):
    """Time, level, who, what; a traceback stays on the line of the event it belongs to."""

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")

    def line(self, record: logging.LogRecord, fields: dict[str, Any]) -> str:
        said = logging.Formatter.format(self, record).replace("\n", " ⏎ ")
        return " ".join([said, *(f"{name}={value}" for name, value in fields.items())])


class JsonLine(_Line):
    """A JSON object: `time` (RFC 3339), `level`, `process`, `logger`, `message`, then the fields,
    and `error` with the traceback where there is one."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def line(self, record: logging.LogRecord, fields: dict[str, Any]) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        said = {
            "time": f"{moment}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": record.getMessage(),
            **fields,
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return orjson.dumps(said, default=str).decode()


def write_logs(settings: Settings, process: str) -> None:
    """Send this process's log to standard error, as the owner of the installation wants it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine(process) if settings.log == "json" else TextLine())
    level = settings.log_level.upper()
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
