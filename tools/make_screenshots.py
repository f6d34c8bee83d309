# SPDX-License-Identifier: Apache-2.0
"""Takes the pictures of the console that the guides show, from a demonstration it starts and ends itself.

Usage: python tools/make_screenshots.py [--lang uz|uz-Cyrl|ru|en] [--after SECONDS] [--into FOLDER]
                                        [--at URL --email EMAIL --password PASSWORD]

With --at a demonstration that runs already is pictured, and left running.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
# What is pictured: width of the picture's name, and the window.
SIZES = {"1920": (1920, 1080), "1366": (1366, 768), "390": (390, 844)}
WHO = "operator.iib@demo.local"
# The jam, the silent order and the lost child of the evening have happened by then.
AFTER_S = 100.0
STARTS_WITHIN_S = 180.0
PICTURE_MAX = 400_000
COLOURS = (256, 192, 128, 96, 64)
PATIENCE_MS = 30_000  # with a busy machine

Entrance = tuple[str, str, str]


@contextmanager
def demonstration(language: str) -> Iterator[Entrance]:
    """Starts a demonstration; gives its address, and the account of the operator with its password."""
    with tempfile.NamedTemporaryFile("w+", suffix=".log") as log:
        command = [
            str(Path(sys.executable).with_name("hamkor")),
            "demo",
            "--port",
            "8970",
            "--lang",
            language,
        ]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT)
        try:
            yield entrance(Path(log.name), process)
        finally:
            process.terminate()
            process.wait(60)


def entrance(log: Path, process: subprocess.Popen[bytes]) -> Entrance:
    """Waits until a demonstration serves, and reads from what it says where and for whom."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        said = log.read_text(encoding="utf-8")
        address = re.search(r"^\S.*?(http://127\.0\.0\.1:\d+) \(", said, re.MULTILINE)
        password = re.search(rf"^\s*{re.escape(WHO)}\s+(\S+)$", said, re.MULTILINE)
        if address and password:
            return address[1], WHO, password[1]
        time.sleep(0.5)
    raise SystemExit(log.read_text(encoding="utf-8") + "\nThe demonstration has not started.")


def sign_in(page: Page, given: Entrance) -> str:
    """Signs in by the form, and returns the address of the console of the event that runs."""
    url, email, password = given
    page.goto(f"{url}/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("form [type=submit], form button.primary").first.click()
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto(f"{url}/")
    paths = page.locator("a[href*='/events/']").evaluate_all("(links) => links.map((link) => link.pathname)")
    found = (re.match(r"/events/[0-9a-f-]{36}/", path) for path in paths)
    for event in dict.fromkeys(match[0] for match in found if match):
        page.goto(f"{url}{event}centre/")
        expect(page.locator("body")).to_have_attribute("data-freshness", "live")
        if page.locator("#drill:not([hidden])").count():
            return f"{url}{event}centre/"
    raise SystemExit("No event of the demonstration is running.")


def take(browser: Browser, given: Entrance, into: Path, *, after_s: float, language: str) -> None:
    """Takes every picture, once the evening has gone on for a while."""
    begun = time.monotonic()
    context = browser.new_context(color_scheme="dark", reduced_motion="reduce")
    context.add_cookies([{"name": "hamkor_language", "value": language, "url": given[0]}])
    page = context.new_page()
    address = sign_in(page, given)
    page.wait_for_timeout(max(0.0, after_s - (time.monotonic() - begun)) * 1000)
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(address)
        expect(page.locator("body")).to_have_attribute("data-freshness", "live")
        expect(page.locator("#incident-list .row-button").first).to_be_visible()
        if width > 1000:
            expect(page.locator("#map canvas").first).to_be_visible()
        page.wait_for_timeout(
            8_000
        )  # until the map has drawn its last tile, and charts have fetched their hour
        path = into / f"centre-{name}.png"
        path.write_bytes(small(page.screenshot(caret="hide")))
        print(f"written: {path} ({path.stat().st_size // 1000} KB)")
    context.close()


def small(picture: bytes) -> bytes:
    """Returns a picture with a palette: as many colours as a file of a sensible size has room for."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        image.quantize(colours, kmeans=3, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= PICTURE_MAX:
            break
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Writes the pictures; returns 0."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--lang", default="uz", choices=["uz", "uz-Cyrl", "ru", "en"])
    asked.add_argument("--after", type=float, default=AFTER_S)
    asked.add_argument("--into", type=Path, default=ROOT / "docs" / "images")
    asked.add_argument("--at")
    asked.add_argument("--email", default=WHO)
    asked.add_argument("--password", default="")
    given = asked.parse_args(arguments)
    expect.set_options(timeout=PATIENCE_MS)
    given.into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        if given.at:
            found = (given.at.rstrip("/"), given.email, given.password)
            take(browser, found, given.into, after_s=0.0, language=given.lang)
        else:
            with demonstration(given.lang) as found:
                take(browser, found, given.into, after_s=given.after, language=given.lang)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
