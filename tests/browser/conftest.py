# SPDX-License-Identifier: Apache-2.0
"""What tests in a browser share: a live server on the database of the tests, people with roles, watched pages.

The server is a process of its own, so what a test prepares has to be committed. Every test makes its own event and its
own people; nothing is cleaned away, and these tests come last, when nobody else looks at the tables.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desk": (1440, 900), "phone": (390, 844), "zoomed": (720, 450), "wall": (1920, 1080)}
# What an account of these tests signs in with by the form.
PASSWORD = "gilos daryo tepalik kitob"  # noqa: S105 - lives for one run
PATIENCE_S = 60.0
expect.set_options(timeout=20_000)  # of machines with more to do than these tests


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets these tests reach this machine only, and puts them behind all others."""
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))
        item.add_marker(pytest.mark.django_db)  # so that the database is made, also when only these are run
    items[:] = [item for item in items if HERE not in item.path.parents] + ours


@pytest.fixture
def _django_db_helper() -> None:
    """Opens no transaction: it would hide from the server what a test prepares."""


@pytest.fixture(scope="session")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[..., Any]]:
    """Runs a function where what it writes is committed: in a thread, for Playwright keeps a loop in this one."""
    from django.db import connections

    with ThreadPoolExecutor(1) as thread:

        def inside(function: Callable[..., Any], *values: Any, **named: Any) -> Any:
            with django_db_blocker.unblock():
                return function(*values, **named)

        yield lambda function, *values, **named: thread.submit(inside, function, *values, **named).result()
        thread.submit(inside, connections.close_all).result()


@contextmanager
def child(
    module: str, *arguments: str, log: Path, pass_fds: tuple[int, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs one of our processes on the database and with the key of the tests, and ends it."""
    from django.conf import settings
    from django.db import connections

    given = connections["default"].settings_dict
    url = f"postgresql://{given['USER']}@/{given['NAME']}?host={given['HOST']}"
    if given["PASSWORD"]:
        url = f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env={**os.environ, "DATABASE_URL": url, "HAMKOR_DATA_DIR": str(settings.ENVIRONMENT.data_dir)},
            stdout=out,
            stderr=out,
            pass_fds=pass_fds,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the live server writes what it does."""
    return tmp_path_factory.mktemp("server") / "web.log"


@pytest.fixture(scope="session")
def live_url(committed: Callable[..., Any], server_log: Path) -> Iterator[str]:
    """Address of a server that answers from the database of the tests."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        listening.set_inheritable(True)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        descriptor = listening.fileno()
        with child("hamkor.config.serving.web", str(descriptor), log=server_log, pass_fds=(descriptor,)):
            _wait_for(url, server_log)
            yield url


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:  # noqa: S310 - loopback
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def worker(live_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A process that does the work nobody waits for in front of a page, such as printing."""
    with child("hamkor.config.serving.worker", log=tmp_path_factory.mktemp("worker") / "worker.log"):
        yield


@pytest.fixture(scope="session")
def make_event(committed: Callable[..., Any]) -> Callable[..., UUID]:
    """Makes an event that holds an example: `make_event()`, `make_event("navruz-2027", at_most=5)` of each list."""
    from hamkor.common.ids import new_id
    from hamkor.folder.queries import read_folder
    from hamkor.journal.rules import Envelope
    from hamkor.plans.commands import record_plan
    from hamkor.plans.rules.plan import PARTS
    from hamkor.workspace.stores import journals

    def make(example: str = "navruz-2027", *, at_most: int | None = None) -> UUID:
        from datetime import UTC, datetime

        now = datetime.now(UTC)
        envelope = Envelope(stream=new_id(now), command_id=new_id(now), at=now, by="rule:test", agency="iib")
        plan = read_folder(HERE.parent.parent / "examples" / example)
        lists = {part.name: getattr(plan, part.name) for part in PARTS if part.is_list}
        cut = {name: items and items[:at_most] for name, items in lists.items()}
        committed(record_plan, journals(), envelope, plan=msgspec.structs.replace(plan, **cut))
        return UUID(str(envelope.stream))

    return make


@pytest.fixture
def event(make_event: Callable[..., UUID]) -> UUID:
    """An event of this test alone, which holds the example Navruz 2027."""
    return make_event()


@pytest.fixture(scope="session")
def make_person(committed: Callable[..., Any]) -> Callable[..., Any]:
    """Makes an account: `make_person("liaison", agency="tty", stream=event)`."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    from hamkor.agencies.models import Body, EventRole, User

    def make(role: str | None = None, *, agency: str = "iib", stream: Any = None, **fields: Any) -> User:
        body, _ = Body.objects.get_or_create(agency=agency, level="organisation", names={"uz": agency})
        name = f"{role or 'nobody'}-{agency}-{uuid4().hex[:8]}"
        # The slow hash of a real installation, which the server expects, only for those who sign in by the form.
        password = PBKDF2PasswordHasher().encode(PASSWORD, "salt") if fields.pop("signs_in", False) else "!"
        user = User.objects.create(
            email=f"{name}@example.org", name=name, body=body, password=password, **fields
        )
        if role is not None and stream is not None:
            EventRole.objects.create(stream=stream, user=user, role=role, agency=agency)
        return user

    return lambda *values, **named: committed(make, *values, **named)


class Watched:
    """What went wrong in the browser during one test.

    Args:
        faults: One line each: console errors, refused policies, errors of scripts, answers and requests that failed.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._expected: list[str] = []

    def expect(self, pattern: str) -> None:
        """Takes faults that match for part of the test, as when the network is cut on purpose."""
        self._expected.append(pattern)

    def watch(self, context: BrowserContext) -> None:
        """Listens to every page of a context."""
        context.on(
            "console", lambda said: self._note(f"console: {said.text}", said.type in {"error", "warning"})
        )
        context.on("weberror", lambda error: self._note(f"script: {error.error}"))
        context.on("requestfailed", lambda request: self._note(f"request: {request.url} {request.failure}"))
        context.on(
            "response",
            lambda answer: self._note(f"answer: {answer.status} {answer.url}", answer.status >= 400),
        )

    @property
    def unexpected(self) -> list[str]:
        """The faults no pattern speaks of."""
        return [fault for fault in self.faults if not any(re.search(each, fault) for each in self._expected)]

    def _note(self, fault: str, is_fault: bool = True) -> None:
        # A stream or request that ends because its page was left is no fault.
        if is_fault and "net::ERR_ABORTED" not in fault:
            self.faults.append(fault)


@pytest.fixture
def watched() -> Iterator[Watched]:
    """Fails the test for everything that went wrong in its browsers and was not expected."""
    made = Watched()
    yield made
    assert made.unexpected == []


@pytest.fixture(scope="session")
def browser(live_url: str) -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def browser_context(
    browser: Browser,
    live_url: str,
    make_person: Callable[..., Any],
    committed: Callable[..., Any],
    watched: Watched,
) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser for a person: `browser_context("liaison", agency="tty", stream=event, size="phone")`.

    Without a role nobody is signed in; `user=` signs in an account made before.
    """
    opened: list[BrowserContext] = []

    def make(
        role: str | None = None,
        *,
        agency: str = "iib",
        stream: Any = None,
        user: Any = None,
        size: str = "desk",
        scheme: Any = "light",
        language: str = "en",
    ) -> BrowserContext:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=live_url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        watched.watch(context)
        cookies = [{"name": "hamkor_language", "value": language, "url": live_url}]
        if role is not None:
            user = make_person(role, agency=agency, stream=stream)
        if user is not None:
            cookies.append({"name": "sessionid", "value": committed(_sign_in, user), "url": live_url})
        context.add_cookies(cookies)
        return context

    yield make
    for context in opened:
        context.close()


def _sign_in(user: Any) -> str:
    """Returns the key of a session of the person."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@pytest.fixture
def page(browser_context: Callable[..., BrowserContext], event: UUID) -> Page:
    """The coordinator's desk, at the overview of the event of this test."""
    opened = browser_context("coordinator", stream=event).new_page()
    opened.goto(f"/events/{event}/")
    return opened


@pytest.fixture
def history_of() -> Callable[[UUID], list[Any]]:
    """Returns the entries of an event, oldest first."""
    from hamkor.journal.queries import list_entries
    from hamkor.workspace.stores import journals

    return lambda stream: list(list_entries(journals(), stream))
