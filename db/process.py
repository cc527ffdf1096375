"""Who is writing: an identity of a process, and whether the process that bears it still lives.

Number and start alone would do on one machine that never restarts. The machine's boot and the
process's view of process numbers (containers each have their own) tell apart the rest. The start is
counted in ticks since the boot, so a clock that is set does not matter.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

NEVER = -1


@dataclass(frozen=True)
class Holder:
    """One process. Its text form is stored with what the process holds."""

    host: str
    machine: str
    """Boot and process namespace: numbers of processes mean something within it only."""
    pid: int
    born: int
    """Ticks since the boot (proc(5)); 0 where the system does not tell."""

    def __str__(self) -> str:
        return f"{self.host}/{self.machine}/{self.pid}/{self.born}"

    @classmethod
    def parse(cls, text: str) -> Holder | None:
        """Read the text form; None for what is none."""
        parts = text.rsplit("/", 3)
        if len(parts) != 4 or not (parts[2].isdecimal() and parts[3].isdecimal()):
            return None
        return cls(parts[0], parts[1], int(parts[2]), int(parts[3]))

    @property
    def number(self) -> int:
        """A signed number of 64 bits, as PostgreSQL's advisory locks are named by."""
        digest = blake2b(str(self).encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)


def this_process() -> Holder:
    """The identity of the process that asks."""
    return process(os.getpid())


def process(pid: int) -> Holder:
    """The identity of a live process of this machine."""
    return Holder(socket.gethostname(), _machine(), pid, _born(pid) or 0)


def alive(holder: Holder) -> bool | None:
    """Whether a process lives; None where it cannot be told from here."""
    if (holder.host, holder.machine) != (socket.gethostname(), _machine()):
        return None
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _born(holder.pid) in {holder.born, None}


def _born(pid: int) -> int | None:
    """Ticks since the boot, NEVER for a zombie, None where the system does not tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        return NEVER if fields[0] in {"Z", "X"} else int(fields[19])
    except (OSError, ValueError, IndexError):
        return None


def _machine() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        namespace = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        return ""
    return f"{boot}-{namespace}"
