"""How variables are read: from a file too, without the end of a line, and an empty one is none."""

import pytest

from cms import environment


@pytest.fixture
def variable(monkeypatch):
    """Sets variables; what was read from files before is forgotten."""
    environment.env.ENVIRON.files_cache.clear()
    yield monkeypatch.setenv
    environment.env.ENVIRON.files_cache.clear()


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_value_of_a_file_has_no_line_end(variable, tmp_path, end):
    (tmp_path / "key").write_text(f"geheim, aber sicher{end}", newline="")
    variable("TEST_KEY_FILE", str(tmp_path / "key"))

    assert environment.read("TEST_KEY", environment.env.str, "", "a text") == "geheim, aber sicher"


def test_file_wins_over_value(variable, tmp_path):
    (tmp_path / "key").write_text("aus der Datei")
    variable("TEST_KEY_FILE", str(tmp_path / "key"))
    variable("TEST_KEY", "aus der Umgebung")

    assert environment.env.str("TEST_KEY") == "aus der Datei"


@pytest.mark.parametrize("name", ["TEST_KEY", "TEST_KEY_FILE"])
def test_empty_variable_is_none(variable, name):
    variable(name, "")

    assert environment.env.list("TEST_KEY", default=["Vorgabe"]) == ["Vorgabe"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_file_that_cannot_be_read_is_named_and_ends_the_process(variable, tmp_path, content):
    if content:
        (tmp_path / "key").write_bytes(content)
    variable("TEST_KEY_FILE", str(tmp_path / "key"))

    with pytest.raises(SystemExit, match=r"TEST_KEY_FILE: expected the path"):
        environment.env.str("TEST_KEY")
