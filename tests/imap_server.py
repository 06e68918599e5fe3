"""A real IMAP server for tests: Dovecot on the loopback interface, started as a process of the test."""

from __future__ import annotations

import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "p/ss:wort@1"

CONFIGURATION = """
base_dir = {home}/base
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{home}/mail/%n
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """Every user is known and has an empty mailbox at first."""

    port: int
    user: str = "rueckmail"

    @property
    def url(self) -> str:
        """What BOUNCE_IMAP_URL expects."""
        return f"imap://{self.user}%40example.org:p%2Fss%3Awort%401@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port) as client:
            client.login(f"{self.user}@example.org", PASSWORD)
            yield client

    def put(self, *messages: bytes, folder: str = "INBOX", at: float | None = None) -> None:
        """Deliver messages, with an arrival time if one is given."""
        when = imaplib.Time2Internaldate(at) if at else None
        with self.client() as client:
            for message in messages:
                client.append(folder, None, when, message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def count(self, folder: str = "INBOX") -> int:
        """How many messages a folder has, 0 if there is none of the name."""
        with self.client() as client:
            status, data = client.select(f'"{folder}"', readonly=True)
            return int(data[0] or 0) if status == "OK" else 0


@contextmanager
def imap_server(executable: str) -> Iterator[ImapServer]:
    """Run a server; as root it uses an account without rights, as Dovecot demands."""
    home = Path(tempfile.mkdtemp(prefix="ikoe-imap-"))
    root = os.geteuid() == 0
    user, group = ("nobody", "nogroup") if root else (str(os.geteuid()), str(os.getegid()))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    home.chmod(0o755)
    (home / "mail").mkdir()
    if root:
        shutil.chown(home / "mail", user, group)
    values = {"home": home, "user": user, "group": group, "port": port, "password": PASSWORD}
    (home / "dovecot.conf").write_text(CONFIGURATION.format(**values))
    process = subprocess.Popen([executable, "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.PIPE)
    server = ImapServer(port)
    try:
        for _attempt in range(100):
            try:
                with server.client():
                    break
            except OSError:
                assert process.poll() is None, process.communicate()[1].decode()
                time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=20)
        shutil.rmtree(home, ignore_errors=True)
