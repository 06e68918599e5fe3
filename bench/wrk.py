"""wrk, the load generator: Debian's package, unpacked below var/ where the machine has none, and never installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "var" / "bench" / "wrk"
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


class WrkMissing(Exception):
    """wrk cannot be had here; the message says why."""


@dataclass(frozen=True, slots=True)
class Load:
    """What many requests for one address were like: requests a second, milliseconds, MB/s."""

    requests: int
    rate: float
    median: float
    p99: float
    throughput: float


def find() -> tuple[str, dict[str, str]]:
    """The program and the environment it needs; raises WrkMissing."""
    if found := shutil.which("wrk"):
        return found, dict(os.environ)
    unpacked = KEPT / "files"
    program = unpacked / "usr/bin/wrk"
    if not program.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(["apt-get", "-q", "download", *PACKAGES], cwd=KEPT, check=True, capture_output=True)
            for package in KEPT.glob("*.deb"):
                subprocess.run(["dpkg", "-x", str(package), str(unpacked)], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise WrkMissing(f"wrk: {type(error).__name__}") from error
    libraries = ":".join(str(path) for path in (unpacked / "usr/lib").glob("*-linux-gnu*"))
    return str(program), os.environ | {"LD_LIBRARY_PATH": libraries}


def load(url: str, *, connections: int, seconds: float, **headers: str) -> Load:
    """Ask for `url` over so many connections for so long. Raises RuntimeError unless every answer was 2xx or 3xx.

    An underscore in the name of a header stands for a hyphen.
    """
    program, environment = find()
    command = [
        program,
        "-t",
        str(min(connections, os.cpu_count() or 1)),
        "-c",
        str(connections),
        "-d",
        f"{seconds:.0f}s",
    ]
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
