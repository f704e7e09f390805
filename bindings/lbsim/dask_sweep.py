"""Runs of lbsim on the workers of a Dask cluster.

`lbsim sweep --dask ADDRESS` starts this file with the work on standard input, and reads one line of
JSON for each run that has ended: {"index", "json"}, or {"error", "hint"}. Workers call the program
and read the scenario by the same paths as here, so machines share a folder. A worker that dies
takes nothing along: Dask gives its runs to others, and the same run gives the same bytes anywhere.
"""

import ctypes
import json
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run_once(program, arguments, folder):
    """What one run writes, and its exit code and messages."""
    done = subprocess.run(
        [program, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        preexec_fn=die_with_parent,
    )
    return done.returncode, done.stdout, done.stderr


def run_all(client, work):
    """Yields (index, json) of the runs in the order of their ends. Raises RuntimeError with what
    lbsim said if one fails. `work` is {"program", "folder", "runs": [{"index", "arguments"}]}."""
    from distributed import as_completed

    index_of = {}
    for run in work["runs"]:
        future = client.submit(
            run_once, work["program"], run["arguments"], work["folder"], pure=False, retries=3
        )
        index_of[future] = run["index"]
    for future in as_completed(list(index_of)):
        code, text, said = future.result()
        if code != 0:
            raise RuntimeError(f"a worker's lbsim ended with {code}: {said.strip()}")
        yield index_of.pop(future), text


def tell(**line):
    print(json.dumps(line), flush=True)


def main():
    work = json.load(sys.stdin)
    try:
        from distributed import Client
    except ImportError as error:
        return tell(error=f"this Python has no Dask: {error}", hint="install python3-distributed")
    try:
        client = Client(work["address"], timeout=10)
    except (OSError, ValueError, TypeError) as error:
        hint = "start `dask-scheduler`, and name what it prints: tcp://HOST:8786"
        return tell(error=f"no scheduler answers at {work['address']}: {error}", hint=hint)
    with client:
        # Sent by value: workers need not have this file.
        import cloudpickle

        cloudpickle.register_pickle_by_value(sys.modules[__name__])
        try:
            for index, text in run_all(client, work):
                tell(index=index, json=text)
        except Exception as error:  # whatever Dask raises is for the user to read
            tell(error=str(error) or repr(error), hint="")


if __name__ == "__main__":
    main()
