"""The peers of `bench.mail`: postfix' smtp-sink and smtp-source, django-newsletter and wagtail-birdsong.

Postfix is Debian's package, whose programs are run where they were unpacked. The other two live in environments of
their own. What cannot be had (no network) is left out, and said.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import peers, steps
from bench.peers import PeerMissing
from cms.demo.processes import Child
from cms.demo.valkey import free_port

KEPT = peers.KEPT / "mail"
PACKAGES = {
    "newsletter": ("django-newsletter==1.2.1", "Django<5.3", "sorl-thumbnail", "setuptools<81"),
    "birdsong": ("wagtail-birdsong==2.0.0", "wagtail<8.1"),
}


def postfix() -> Path:
    """The directory of the unpacked package; raises PeerMissing."""
    return peers.debian("postfix", "postfix")


def _environment(unpacked: Path) -> dict[str, str]:
    return os.environ | {"LD_LIBRARY_PATH": str(unpacked / "usr/lib/postfix")}


@contextmanager
def sink() -> Iterator[int]:
    """A running smtp-sink; yields its port."""
    unpacked, port = postfix(), free_port()
    KEPT.mkdir(parents=True, exist_ok=True)
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
    python = peers.python(name, *PACKAGES[name])
    script = Path(__file__).with_name(f"peer_{name}.py")
    try:
        found = steps.run(script, port, number, directory=KEPT, python=python)
    except subprocess.CalledProcessError as error:
        raise PeerMissing(f"{PACKAGES[name][0]}: exit status {error.returncode}") from error
    return float(found["rate"])
