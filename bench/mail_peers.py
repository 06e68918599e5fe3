"""The peers of `bench.mail`: postfix' smtp-sink and smtp-source, django-newsletter and wagtail-birdsong.

Postfix is Debian's package, unpacked below var/ and never installed or started as a service. The other two live in
environments of their own. What cannot be had (no network) is left out, and said.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cms.demo.processes import Child
from cms.demo.valkey import free_port

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "var" / "bench" / "mail"
PACKAGES = {
    "newsletter": ("django-newsletter==1.2.1", "Django<5.3", "sorl-thumbnail", "setuptools<81"),
    "birdsong": ("wagtail-birdsong==2.0.0", "wagtail<8.1"),
}


class PeerMissing(Exception):
    """A peer cannot be had here; the message says why."""


def postfix() -> Path:
    """The directory of the unpacked package; raises PeerMissing."""
    unpacked = KEPT / "postfix"
    if not (unpacked / "usr/sbin/smtp-sink").exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(["apt-get", "-q", "download", "postfix"], cwd=KEPT, check=True, capture_output=True)
            package = next(KEPT.glob("postfix_*.deb"))
            subprocess.run(["dpkg", "-x", str(package), str(unpacked)], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError, StopIteration) as error:
            raise PeerMissing(f"postfix: {type(error).__name__}") from error
    return unpacked


def _environment(unpacked: Path) -> dict[str, str]:
    return os.environ | {"LD_LIBRARY_PATH": str(unpacked / "usr/lib/postfix")}


@contextmanager
def sink() -> Iterator[int]:
    """A running smtp-sink; yields its port."""
    unpacked, port = postfix(), free_port()
    command = [str(unpacked / "usr/sbin/smtp-sink")]
    if os.geteuid() == 0:
        command += ["-u", "nobody"]
    server = Child("smtp-sink", [*command, f"127.0.0.1:{port}", "1000"], run=KEPT, log=KEPT)
    server.start(_environment(unpacked))
    try:
        time.sleep(0.5)
        server.require()
        yield port
    finally:
        server.stop()


def raw(port: int, number: int, length: int) -> float:
    """Mails a second of smtp-source with 10 sessions that are kept."""
    unpacked = postfix()
    command = [str(unpacked / "usr/sbin/smtp-source"), "-d", "-s", "10", "-m", str(number), "-l", str(length)]
    begun = time.perf_counter()
    subprocess.run([*command, f"127.0.0.1:{port}"], env=_environment(unpacked), check=True, stdout=subprocess.DEVNULL)
    return number / (time.perf_counter() - begun)


def rate(name: str, port: int, number: int) -> float:
    """Mails a second of another newsletter program; raises PeerMissing."""
    environment = KEPT / name
    python = environment / "bin" / "python"
    if not (environment / "complete").exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True, capture_output=True)
            subprocess.run(
                [python, "-m", "pip", "install", "-q", *PACKAGES[name]], check=True, capture_output=True, timeout=600
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise PeerMissing(f"{PACKAGES[name][0]}: {type(error).__name__}") from error
        (environment / "complete").touch()
    script = ROOT / "bench" / f"peer_{name}.py"
    run = subprocess.run(
        [python, "-W", "ignore", str(script), str(port), str(number)], cwd=KEPT, stdout=subprocess.PIPE, text=True,
        check=False,
    )  # fmt: skip
    if run.returncode:
        raise PeerMissing(f"{PACKAGES[name][0]}: exit status {run.returncode}")
    return float(json.loads(run.stdout.splitlines()[-1])["rate"])
