"""Addresses and child processes that leave nothing behind and get in nobody's way."""

import ctypes
import os
import signal
import socket
import subprocess

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def own_address(port):
    """An address of 127.0.0.0/8 on which the port is free. Recordings that run at the same time
    draw different ones, so that all can use the same ports."""
    while True:
        a, b, c = os.urandom(3)
        address = f"127.{a}.{b}.{max(1, min(c, 254))}"
        if address.startswith("127.0."):
            continue
        with socket.socket() as probe:
            try:
                probe.bind((address, port))
            except OSError:
                continue
            return address


def free_udp_port():
    """A port of 127.0.0.1, for daemons that listen only on addresses that an interface has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ends_with_parent():
    """For Popen's preexec_fn: the child is told to end if its parent is killed."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def end_process(process):
    """Ends a child, by force if it has not within 10 s."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
