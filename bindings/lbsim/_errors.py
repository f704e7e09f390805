"""What was wrong with a scenario, a flag or a file: all mistakes at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Mistake(NamedTuple):
    """One mistake. `line` and `column` count from 1; 0: it has none (a dict, a keyword)."""

    file: str
    line: int
    column: int
    field: str
    message: str
    hint: str
    text: str
    """As the command line prints it: "FILE:LINE:COL: error: FIELD: MESSAGE", then the hint."""


class ScenarioError(ValueError):
    """The input was wrong. `mistakes` has all of them, in order of file, line and column; `file`,
    `line`, `column`, `field`, `message` and `hint` are those of the first."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(mistake.text for mistake in mistakes))
        self.mistakes: tuple[Mistake, ...] = tuple(mistakes)
        first = self.mistakes[0]
        self.file = first.file
        self.line = first.line
        self.column = first.column
        self.field = first.field
        self.message = first.message
        self.hint = first.hint

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Mistake, ...]]]:
        return ScenarioError, (self.mistakes,)
