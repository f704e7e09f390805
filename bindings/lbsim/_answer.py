"""What all answers of verbs have in common."""

from __future__ import annotations

import json
from typing import Any


class Answer:
    """Prints as the verb of the command line does."""

    def __init__(self, content: str, text: str) -> None:
        self._json = content
        self._text = text

    def to_json(self) -> str:
        """The same bytes as `--json` of the verb."""
        return self._json

    def to_dict(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._json)
        return content

    def __str__(self) -> str:
        return self._text
