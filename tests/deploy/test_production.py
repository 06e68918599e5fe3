"""A site that is set up as the manual says has nothing that Django warns of."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

from tests.deploy.composition import ROOT, environment_of


def test_deployment_check_is_clean_with_what_the_compose_file_gives(tmp_path):
    files = {"SECRET_KEY": secrets.token_urlsafe(64), "EMAIL_URL": "smtp+tls://ikoe:geheim@mail.example.org:587"}
    for name, value in files.items():
        (tmp_path / name).write_text(f"{value}\n")
    chosen = {f"{name}_FILE": str(tmp_path / name) for name in files}
    # The one that the container of PostgreSQL writes is not there.
    chosen |= {"BASE_URL": "https://www.example.org", "DATABASE_URL_FILE": ""}
    environment = environment_of("web", **chosen) | {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "VAR_DIR": str(tmp_path / "var"),
    }

    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout
    assert "geheim" not in done.stdout
