"""A missing system library leads to the very command that installs it."""

import pytest

from cms.demo import libraries


@pytest.fixture
def without_pango(monkeypatch):
    """A machine whose linker does not find Pango, seen as a user who is not root."""
    monkeypatch.setattr(
        libraries, "LIBRARIES", (("nothing-like-pango", "libnothing-like-pango.so.0", "libpango-1.0-0"),)
    )
    monkeypatch.setattr(libraries.os, "geteuid", lambda: 1000)


def test_this_machine_has_all_libraries():
    assert libraries.missing_packages() == []


def test_user_is_told_what_to_type(without_pango, monkeypatch, capsys):
    monkeypatch.setattr(libraries.shutil, "which", lambda name: f"/usr/bin/{name}")

    status = libraries.main()

    assert status == 1
    assert capsys.readouterr().err == (
        "Für die PDF-Ausgabe fehlen Systembibliotheken. Bitte eingeben: "
        "sudo apt-get update && sudo apt-get install -y libpango-1.0-0\n"
    )


def test_machine_without_apt_is_told_what_is_missing(without_pango, monkeypatch, capsys):
    monkeypatch.setattr(libraries.shutil, "which", lambda name: None)

    status = libraries.main()

    assert status == 1
    assert "Systembibliotheken (Debian-Pakete: libpango-1.0-0)" in capsys.readouterr().err
