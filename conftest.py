# SPDX-License-Identifier: Apache-2.0
"""What tests of the server share: a database of their own, an event in it, and people with every role."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# Before Django reads its settings: nothing of the tests goes to the folders of a real installation.
TEST_DIR = Path(tempfile.mkdtemp(prefix="hamkor-test-"))
TEST_DIR.chmod(0o711)
os.environ["HAMKOR_DATA_DIR"] = str(TEST_DIR / "data")
os.environ["HAMKOR_HOSTS"] = "localhost,127.0.0.1,testserver"
os.environ["HAMKOR_HTTPS"] = "no"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamkor.config.settings")

if TYPE_CHECKING:
    from django.test import Client

# Suites that several test files share: their asserts explain themselves, too.
pytest.register_assert_rewrite(
    "hamkor.journal.tests.store_suite",
    "hamkor.journal.tests.upkeep_suite",
    "hamkor.journal.tests.vault_suite",
)

PASSWORD = "correct-horse-battery-staple"  # noqa: S105 - of accounts that live for one test


def pytest_configure() -> None:
    """Sets Django up once, with the variables above."""
    import django

    django.setup()


def pytest_unconfigure() -> None:
    """Removes the folder of the tests."""
    shutil.rmtree(TEST_DIR, ignore_errors=True)


@pytest.fixture(autouse=True)
def _environment_stays() -> Iterator[None]:
    """Gives the next test the environment this one was given: commands run inside a test may change it."""
    before = dict(os.environ)
    yield
    if dict(os.environ) != before:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A PostgreSQL for this run: the one given as HAMKOR_TEST_DATABASE_URL, else our own."""
    given = os.environ.get("HAMKOR_TEST_DATABASE_URL")
    if given:
        yield given
        return
    from hamkor.config.embedded_postgres import EmbeddedPostgres

    with EmbeddedPostgres(TEST_DIR / "postgres") as server:
        yield server.url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url: str) -> None:
    """Points Django at the database of this run."""
    from django.conf import settings
    from django.db import connections

    from hamkor.config.settings import database_settings

    given = database_settings(database_url)
    del given["TEST"]  # Django has filled it in already
    given["OPTIONS"] = {key: value for key, value in given["OPTIONS"].items() if key != "pool"}
    connections["default"].settings_dict.update(given)
    # Slow on purpose in service; here it would only make tests slow.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Makes the tables of the journal beside Django's."""
    from hamkor.forecasts.postgres import prepare as prepare_forecasts
    from hamkor.telemetry.postgres import prepare
    from hamkor.workspace import stores

    with django_db_blocker.unblock():
        stores.journals().prepare()
        with stores.pool().connection() as connection:
            prepare(connection)
            prepare_forecasts(connection)
        yield
        stores.close()


@pytest.fixture
def make_user(db: None) -> Callable[..., Any]:
    """Makes an account: `make_user("coordinator", agency="iib", stream=...)` also gives the role."""
    from hamkor.agencies.models import Body, EventRole, User

    def make(role: str | None = None, *, agency: str = "iib", stream: Any = None, **fields: Any) -> User:
        body, _ = Body.objects.get_or_create(agency=agency, level="organisation", names={"uz": agency})
        number = User.objects.count()
        user = User.objects.create_user(
            f"{role or 'user'}.{agency}.{number}@example.org",
            PASSWORD,
            name=f"{role or 'user'} {agency} {number}",
            body=body,
            **fields,
        )
        if role is not None and stream is not None:
            EventRole.objects.create(stream=stream, user=user, role=role, agency=agency)
        return user

    return make


@pytest.fixture
def navruz(db: None) -> Any:
    """Returns the id of a fresh event that holds the example Navruz 2027, recorded by nobody in particular."""
    from datetime import UTC, datetime

    from hamkor.common.ids import new_id
    from hamkor.folder.queries import read_folder
    from hamkor.journal.rules import Envelope
    from hamkor.plans.commands import record_plan
    from hamkor.workspace.stores import journals

    now = datetime.now(UTC)
    stream = new_id(now)
    plan = read_folder(Path(__file__).parent / "examples" / "navruz-2027")
    envelope = Envelope(stream=stream, command_id=new_id(now), at=now, by="rule:test", agency="iib")
    record_plan(journals(), envelope, plan=plan)
    return stream


@pytest.fixture
def client_of(client: Client, make_user: Callable[..., Any]) -> Callable[..., Client]:
    """Returns a signed-in test client: `client_of("liaison", agency="tty", stream=navruz)`."""
    from django.test import Client as NewClient

    def signed_in(role: str | None, **values: Any) -> Client:
        made = NewClient()
        made.force_login(make_user(role, **values))
        return made

    return signed_in
