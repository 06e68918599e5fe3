"""wrk, the load generator: that of the machine, or else Debian's package, which is run where it was unpacked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import peers

# The second and third are what the first loads.
PACKAGES = ("wrk", "libluajit-5.1-2", "libluajit-5.1-common")
# Called once at the end; times are in microseconds (wrk, SCRIPTING).
REPORT = """
done = function(summary, latency, requests)
    local e = summary.errors
    io.write(string.format('\\n{"requests":%d,"time":%d,"median":%d,"p99":%d,"bytes":%d,"status":%d,"failed":%d}\\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), summary.bytes,
        e.status, e.connect + e.read + e.write + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What many requests for one address were like: requests a second, milliseconds, MB/s."""

    requests: int
    rate: float
    median: float
    p99: float
    throughput: float


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, and the headers with which it is asked for."""

    url: str
    headers: Mapping[str, str]


def find() -> tuple[str, dict[str, str]]:
    """The program and the environment it needs; raises PeerMissing."""
    if found := shutil.which("wrk"):
        return found, dict(os.environ)
    unpacked = peers.debian("wrk", *PACKAGES)
    libraries = ":".join(str(path) for path in (unpacked / "usr/lib").glob("*-linux-gnu*"))
    return str(unpacked / "usr/bin/wrk"), os.environ | {"LD_LIBRARY_PATH": libraries}


def load(url: str, *, connections: int, seconds: float, **headers: str) -> Load:
    """Ask for `url` over so many connections for so long. Raises RuntimeError unless every answer was 2xx or 3xx.

    An underscore in the name of a header stands for a hyphen.
    """
    program, environment = find()
    threads = min(connections, os.cpu_count() or 1)
    command = [program, "-t", str(threads), "-c", str(connections), "-d", f"{seconds:.0f}s"]
    # A machine that does other things too is slow, not wrong.
    command += ["--timeout", "30s"]
    for name, value in headers.items():
        command += ["-H", f"{name.replace('_', '-')}: {value}"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(REPORT)
        script.flush()
        run = subprocess.run(
            [*command, "-s", script.name, url], env=environment, capture_output=True, text=True, check=False
        )
    if run.returncode:
        raise RuntimeError(f"wrk {url}: {run.stderr}")
    found = json.loads(run.stdout.strip().splitlines()[-1])
    if found["status"] or found["failed"] or not found["requests"]:
        raise RuntimeError(f"wrk {url}: {found}")
    taken = found["time"] / 1e6
    return Load(
        requests=found["requests"],
        rate=found["requests"] / taken,
        median=found["median"] / 1000,
        p99=found["p99"] / 1000,
        throughput=found["bytes"] / 1e6 / taken,
    )


def in_turn(addresses: Sequence[Asked], *, connections: int, seconds: float, rounds: int = 5) -> list[Load]:
    """`load` of each address, one after another and all of them several times; of each the median by its rate.

    For rates that are compared: what else the machine does, a cache that is still cold, a processor that slows down,
    meets all of them alike.
    """
    found: list[list[Load]] = [[] for _address in addresses]
    for _round in range(rounds):
        for loads, asked in zip(found, addresses, strict=True):
            loads.append(load(asked.url, connections=connections, seconds=seconds, **asked.headers))
    return [sorted(loads, key=lambda each: each.rate)[rounds // 2] for loads in found]
