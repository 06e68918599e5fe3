"""What tests find in their database: made once a process instead of once a test.

A fixture marked `made_once` fills a copy of the migrated database, when a test first asks for it. Whoever asks for the
same fixture begins there, changes it within a transaction that is rolled back, and gets its objects read anew. After a
test with real transactions the copy is dropped, and whoever asks next gets a new one. So no test sees what another did.

A test that asks for several of them begins with the one that builds on most; others are made within its transaction.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Make = Callable[..., Any]
# A function and, in the same way, what each of its parameters stands for.
Key = tuple[Any, ...]
# With these fixtures the files of the site lie somewhere else.
ELSEWHERE = {"bucket", "place_of_files"}
# Each takes 4 MB of memory on SQLite, 15 MB of a disk and a connection on PostgreSQL; few are asked for again later.
MOST = 10


def made_once(make: Make) -> Any:
    """A fixture that returns what `make` puts into the database: an object, or objects in a collection.

    It may ask for other such fixtures only, and must not depend on a setting that some test changes.
    """

    def fixture(contents: Contents, db: None, **given: Any) -> Any:
        return contents.found(make) if contents.has(make) else _read_anew(make(**given))

    fixture.__doc__, fixture.__name__, fixture.__module__ = make.__doc__, make.__name__, make.__module__
    parameters = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in ("contents", "db", *_needs(make))]
    fixture.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    fixture.make = make  # type: ignore[attr-defined]
    return pytest.fixture(fixture)


@dataclass
class Content:
    """One database, with the objects that were made for it and the files that belong to them."""

    database: str
    made: dict[Make, Any] = field(default_factory=dict)
    files: dict[Path, bytes] = field(default_factory=dict)
    # The open connection to it while another one is in use.
    connection: Any = None


class Contents:
    """The databases of this process. Django keeps its one connection object, and gets another database under it."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._django = connection
        # No test uses the migrated database: it is what the others are copied from.
        self._migrated = self._current = Content(str(connection.settings_dict["NAME"]))
        self._known: dict[Key, Content] = {}
        self._number = 0
        self._version = connection.get_database_version()

    def begin(self, item: pytest.Item) -> None:
        """Let a test find the richest content that its fixtures stand for; without any, a copy of the migrated one."""
        if self._django.in_atomic_block:
            self._forget_broken()
        fixtures = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
        makes = {name: found[-1].func.make for name, found in fixtures.items() if hasattr(found[-1].func, "make")}
        wanted = () if ELSEWHERE & fixtures.keys() else filter(None, (_key(name, makes) for name in makes))
        self._begin(max(wanted, key=_size, default=()))

    def has(self, make: Make) -> bool:
        """Whether the database in use began with what `make` makes."""
        return make in self._current.made

    def found(self, make: Make) -> Any:
        """What `make` returned for the database in use, as it is there now."""
        return _read_anew(self._current.made[make])

    def discard(self) -> None:
        """Drop the database in use: it was changed for good."""
        for key in [key for key, content in self._known.items() if content is self._current]:
            self._drop(key)

    def end(self) -> None:
        """Leave nothing but the migrated database."""
        for key in list(self._known):
            self._drop(key)
        self._enter(self._migrated)

    def _begin(self, key: Key) -> None:
        if key not in self._known:
            self._make(key)
        # The last one is the one used last.
        self._known[key] = self._known.pop(key)
        self._enter(self._known[key])
        for path, written in self._current.files.items():
            if not path.exists() or path.stat().st_size != len(written):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(written)

    def _make(self, key: Key) -> None:
        if time_machine.escape_hatch.is_travelling():
            raise RuntimeError("what is made for all tests is made now, but a fixture has changed the time before")
        source = self._migrated
        if key[1:]:
            self._begin(max(key[1:], key=_size))
            source = self._current
        self._number += 1
        content = self._copied(source)
        if key:
            before = set(_files())
            with transaction.atomic():
                self._value(key)
                # What waits for a commit never comes to it in a test either.
                self._django.run_on_commit.clear()
            content.files |= {path: path.read_bytes() for path in _files() if path not in before}
            cache.clear()
        self._known[key] = content
        while len(self._known) > MOST:
            self._drop(next(iter(self._known)))

    def _drop(self, key: Key) -> None:
        content = self._known.pop(key)
        if content is self._current:
            self._enter(self._migrated)
        self._close(content)
        if self._django.vendor == "postgresql":
            # A thread of a test server ends some time after its last browser.
            self._on_server(f"DROP DATABASE {self._quoted(content)} WITH (FORCE)")

    def _value(self, key: Key) -> Any:
        make = key[0]
        if not self.has(make):
            self._current.made[make] = make(**dict(zip(_needs(make), map(self._value, key[1:]), strict=True)))
        return self.found(make)

    def _copied(self, source: Content) -> Content:
        """A new database like `source`, which is in use from now on."""
        content = Content("", dict(source.made), dict(source.files))
        self._enter(source)
        if self._django.vendor == "postgresql":
            content.database = f"{self._migrated.database}_{self._number}"
            self._enter(self._migrated)
            self._close(source)
            # Since PostgreSQL 15 it logs all pages instead, which takes twice as long for databases as small as these.
            strategy = "STRATEGY FILE_COPY" if self._version >= (15,) else ""
            self._on_server(f"CREATE DATABASE {self._quoted(content)} TEMPLATE {self._quoted(source)} {strategy}")
            self._enter(content)
        else:
            content.database = f"file:content-{self._number}?mode=memory&cache=shared"
            self._enter(content)
            self._django.ensure_connection()
            source.connection.backup(self._django.connection)
        return content

    def _forget_broken(self) -> None:
        """A test has closed its connection, and with it lost the transaction that was to be rolled back."""
        self._django.in_atomic_block = self._django.needs_rollback = self._django.closed_in_transaction = False
        self._django.savepoint_ids, self._django.atomic_blocks = [], []
        self.discard()

    def _enter(self, content: Content) -> None:
        self._current.connection = self._django.connection
        self._current = content
        # A thread that opens a connection of its own finds the name here.
        self._django.settings_dict["NAME"] = content.database
        self._django.connection = content.connection
        # No transaction is open now; a test may have closed the connection before within one.
        self._django.autocommit = content.connection is not None
        self._django.closed_in_transaction = False

    def _close(self, content: Content) -> None:
        if content is self._current:
            self._current.connection, self._django.connection = self._django.connection, None
        if content.connection is not None:
            content.connection.close()
            content.connection = None

    def _quoted(self, content: Content) -> str:
        return self._django.ops.quote_name(content.database)

    def _on_server(self, statement: str) -> None:
        with self._django._nodb_cursor() as cursor:
            cursor.execute(statement)


def _needs(make: Make) -> list[str]:
    return list(inspect.signature(make).parameters)


def _key(name: str, makes: dict[str, Make]) -> Key:
    """What makes the fixture of this name; empty if one that it needs is another kind of fixture here."""
    if name not in makes:
        return ()
    needs = [_key(need, makes) for need in _needs(makes[name])]
    return (makes[name], *needs) if all(needs) else ()


def _size(key: Key) -> tuple[int, str]:
    """How many other functions it needs; of those that need as many, the names decide."""
    makes = set(_makes(key))
    return len(makes), ",".join(sorted(f"{make.__module__}.{make.__name__}" for make in makes))


def _makes(key: Key) -> Iterator[Make]:
    if key:
        yield key[0]
        for need in key[1:]:
            yield from _makes(need)


def _files() -> list[Path]:
    return [path for path in Path(settings.VAR_DIR).rglob("*") if path.is_file()]


def _read_anew(value: Any) -> Any:
    if isinstance(value, models.Model):
        return type(value)._base_manager.get(pk=value.pk)
    if isinstance(value, dict):
        return {name: _read_anew(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_read_anew, value))
    if dataclasses.is_dataclass(value):
        names = [one.name for one in dataclasses.fields(value)]
        return dataclasses.replace(value, **{name: _read_anew(getattr(value, name)) for name in names})
    if value is None:
        return None
    raise TypeError(f"cannot be read from the database again: {value!r}")
