"""Progress bars, and Ctrl-C as a wish and not as an exception."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Union

Progress = Union[bool, None, Callable[[float, float, int, int], object]]
"""None: a bar in a terminal or notebook; True, False: always, never; or a function that is called
with the seconds simulated, the seconds to simulate, the requests ended and those in flight."""


def in_notebook() -> bool:
    shell = sys.modules.get("IPython")
    return shell is not None and type(shell.get_ipython()).__name__ == "ZMQInteractiveShell"


def _bar(wanted: bool | None, total: float, unit: str, title: str) -> Any:
    """A tqdm bar, or None if none is wanted or there is no tqdm."""
    if wanted is False or (wanted is None and not (sys.stderr.isatty() or in_notebook())):
        return None
    try:
        from tqdm import tqdm  # type: ignore[import]
    except ImportError:
        return None
    return tqdm(total=total, unit=unit, desc=title, leave=wanted is True, dynamic_ncols=True,
                delay=0 if wanted else 0.5,
                bar_format="{l_bar}{bar}| {n:.0f}/{total:.0f} {unit} [{elapsed}<{remaining}]")


class Interruption:
    """While it is entered, the first Ctrl-C only sets `wanted`; the second raises
    KeyboardInterrupt. Does nothing outside the main thread, where Python has no signals."""

    def __init__(self) -> None:
        self.wanted = False
        self._before: Any = None

    def __enter__(self) -> Interruption:
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.wanted = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)


class Bar:
    """Shows how far a run is, and hands on what the caller wants to know."""

    def __init__(self, wanted: Progress, title: str, unit: str = "s") -> None:
        self._tell = wanted if callable(wanted) else None
        self._wanted = None if callable(wanted) else wanted
        if self._tell is not None:
            self._wanted = False
        self._title = title
        self._unit = unit
        self._bar: Any = None
        self._opened = False

    def update(self, done: float, of: float, ended: int = 0, in_flight: int = 0) -> None:
        if not self._opened:
            self._bar = _bar(self._wanted, of, self._unit, self._title)
            self._opened = True
        if self._bar is not None:
            self._bar.update(min(done, of) - self._bar.n)
        if self._tell is not None:
            self._tell(done, of, ended, in_flight)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
