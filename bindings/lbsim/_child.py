"""Runs of the SimGrid kernel: its engine is one for each process, so each run has its own."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from lbsim import _core

Tell = Callable[[float, float, int, int], bool]


class ChildTraceback(Exception):
    """The traceback of what was raised in another process, as its cause here."""

    def __str__(self) -> str:
        return "\n" + str(self.args[0])


def _as_raised(error: BaseException) -> tuple[str, Any]:
    text = traceback.format_exc()
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
    return "raised", (error, text)


def _work(pipe: Connection, document: _core.Document, request: dict[str, Any]) -> None:
    def tell(simulated_s: float, window_s: float, ended: int, in_flight: int) -> bool:
        pipe.send(("progress", (simulated_s, window_s, ended, in_flight)))
        return bool(pipe.recv())

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    try:
        outcome = "result", _core.run(document, request, tell)
    except BaseException as error:
        outcome = _as_raised(error)
    try:
        pipe.send(outcome)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the parent has gone


def run(document: _core.Document, request: dict[str, Any], tell: Tell) -> Any:
    """As `_core.run`, in a child process that has a copy of all of this one's classes."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=_work, args=(there, document, request), daemon=True)
    child.start()
    there.close()
    try:
        while True:
            kind, content = here.recv()
            if kind == "progress":
                here.send(tell(*content))
            elif kind == "result":
                return content
            else:
                error, text = content
                raise error from ChildTraceback(text)
    except EOFError:
        child.join()
        code = child.exitcode or 0
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise RuntimeError(f"the process of the run ended with {how}") from None
    finally:
        here.close()
        if child.is_alive() and child.pid is not None and child.pid != os.getpid():
            child.join(timeout=1)
            child.kill()
        child.join()
