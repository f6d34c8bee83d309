# SPDX-License-Identifier: Apache-2.0
"""The console of a large event in a browser: when its first picture is there, and whether it ever stands still.

Server, writer and Chromium are processes of their own, as in service. The floor is a page that shows the same map with
nothing on it: the same drawing over the same library, from the same server, in the same minutes.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.live import EXAMPLE, _Ground, _Program, _web
from benchmarks.measuring import Measure
from hamkor.config.embedded_postgres import EmbeddedPostgres
from hamkor.telemetry import postgres as telemetry

FEATURES, UNITS, INCIDENTS, ZONES = 5_000, 1_000, 200, 200
PICTURE_LIMIT = 2
LONG_TASK_MS = 200
SECONDS, PER_S = 30, 20
PERIODS = 3
ROUNDS = 5
PATIENCE_MS = 120_000
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SIZE = {"width": 1920, "height": 1080}
# The middle of the invented quarter around the venue, and one metre there.
LONGITUDE_DEG, LATITUDE_DEG = 69.33, 41.37
DEG_PER_M = 1 / 111_320
BLOCK_M, BLOCKS_PER_ROW = 12.0, 60

# Says when the first picture is there: the map is drawn with its units, and the lists hold what they must.
PICTURE = """
globalThis.pictureAt = 0;
const hasInk = (canvas) => canvas?.width > 0 && canvas.height > 0
  && new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer).some(Boolean);
const look = () => {
  const isThere = document.body?.dataset.freshness === "live" && document.querySelector("#map[data-ready=yes]")
    && document.querySelectorAll(".incident-list li.incident").length >= %d
    && hasInk(document.querySelector("canvas.units"));
  if (isThere) pictureAt = performance.now(); else setTimeout(look, 20);
};
look();
globalThis.tasks = [];
const take = ({ startTime, duration }) => tasks.push([startTime, duration]);
new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type: "longtask", buffered: true });
"""
STATE = """() => [document.body.dataset.freshness, document.querySelector("#map")?.dataset.ready,
  document.querySelectorAll(".incident-list li.incident").length, document.body.innerText.slice(0, 200)]"""
IS_SHOWN = (
    "number => Number(document.querySelector('.shown-number').textContent.replace(/\\D/g, '')) >= number"
)
FLOOR = """<!doctype html><html><head><meta charset="utf-8"><title>Map</title>
<link rel="stylesheet" href="/static/hamkor/vendor/maplibre/maplibre-gl.css">
<style>html, body, #map { margin: 0; height: 100%; background: #0b1015 }</style></head><body><div id="map"></div>
<script type="module">
import { LngLatBounds, Map as Drawing, setWorkerUrl } from "/static/hamkor/vendor/maplibre/maplibre-gl.mjs";
setWorkerUrl("/static/hamkor/vendor/maplibre/maplibre-gl-worker.mjs");
const { features } = await (await fetch("reference")).json();
const bounds = new LngLatBounds();
for (const { geometry } of features.features) {
  const flat = geometry.coordinates.flat(Infinity);
  for (let i = 0; i < flat.length; i += 2) bounds.extend([flat[i], flat[i + 1]]);
}
const only = (shape) => ["==", ["geometry-type"], shape];
const layer = (id, type, shape, paint) => ({ id, type, source: "venue", paint, filter: only(shape) });
new Drawing({
  container: "map", bounds, fitBoundsOptions: { padding: 46 }, attributionControl: false, fadeDuration: 0,
  style: {
    version: 8, sources: { venue: { type: "geojson", data: features } },
    layers: [
      layer("areas", "fill", "Polygon", { "fill-color": "#1b2731", "fill-outline-color": "#6b7b89" }),
      layer("lines", "line", "LineString", { "line-color": "#6fd6a5", "line-width": 2 }),
      layer("points", "circle", "Point", { "circle-color": "#e6edf3", "circle-radius": 4 }),
    ],
  },
}).once("load", () => { globalThis.pictureAt = performance.now(); });
</script></body></html>"""


def run() -> list[Measure]:
    """Returns the ratios: name, ratio, limit, which way is better, conditions."""
    folder = Path(tempfile.mkdtemp(prefix="hamkor-bench-"))
    folder.chmod(0o711)
    try:
        with EmbeddedPostgres(folder / "data") as database:
            os.environ |= {
                "DATABASE_URL": database.url,
                "HAMKOR_DATA_DIR": str(folder / "installation"),
                "HAMKOR_HOSTS": "localhost,127.0.0.1",
                "HAMKOR_HTTPS": "no",
                "DJANGO_SETTINGS_MODULE": "hamkor.config.settings",
            }
            ground = _Ground(database.url)
            with psycopg.connect(database.url, autocommit=True) as connection:
                telemetry.prepare(connection)
            stream = _large_event(ground, folder / "event")
            with ExitStack() as stack:
                options = {
                    "url": database.url,
                    "stream": str(stream),
                    "person": ground.people[0][0].reference,
                    "zones": [f"part-{4 * number}" for number in range(ZONES)],
                }
                writer = _Program("benchmarks.console_writer", json.dumps(options))
                stack.callback(writer.end)
                port, _ = stack.enter_context(_web())
                return _in_browser(f"http://127.0.0.1:{port}", stream, ground.people[0][1], writer)
    finally:
        shutil.rmtree(folder)


def _in_browser(url: str, stream: UUID, session: str, writer: _Program) -> list[Measure]:
    from playwright.sync_api import sync_playwright

    address = f"{url}/events/{stream}/centre/"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        window = _Window(browser, url, session)
        writer.ask("1")  # every unit has a place
        pictures, floors = [], []
        for _ in range(ROUNDS):
            floors.append(window.first_picture(address, is_floor=True))
            pictures.append(window.first_picture(address))
        periods = [window.tasks(address, writer) for _ in range(PERIODS)]
        browser.close()
    ratio = median(pictures) / median(floors)
    told = f"{median(pictures):.0f} ms to {median(floors):.0f} ms of the same map empty; medians of {ROUNDS}, no cache"
    sizes = f"{FEATURES} features, {UNITS} units, {INCIDENTS} incidents"
    updates = (
        f"of {SECONDS} s with {PER_S} facts/s, all units moving twice a second; fewest of {PERIODS}; {sizes}"
    )
    by_clock, by_processor = (min(map(_long, each)) for each in zip(*periods, strict=True))
    return [
        ("console: picture", ratio, PICTURE_LIMIT, "lower", f"{told}; {sizes}"),
        (
            "console: long tasks",
            by_clock[0],
            0,
            "lower",
            f"over {LONG_TASK_MS} ms, longest {by_clock[1]:.0f} {updates}",
        ),
        (
            "console: busy tasks",
            by_processor[0],
            0,
            "lower",
            f"over {LONG_TASK_MS} ms of processor time, longest {by_processor[1]:.0f}; whatever else the machine does",
        ),
    ]


def _long(tasks: list[float]) -> tuple[int, float]:
    """Returns how many tasks are long, and the longest."""
    return sum(task > LONG_TASK_MS for task in tasks), max(tasks, default=0.0)


class _Window:
    """Opens pages in a browser that knows nothing of them.

    Args:
        browser: Chromium.
        url: Address of the server.
        session: Key of the session of an operator.
    """

    def __init__(self, browser: Any, url: str, session: str) -> None:
        self._browser = browser
        self._cookies = [
            {"name": "sessionid", "value": session, "url": url},
            {"name": "hamkor_language", "value": "en", "url": url},
        ]

    def first_picture(self, address: str, *, is_floor: bool = False) -> float:
        """Returns the milliseconds from the call of a page until its picture is there."""
        with self._context() as context:
            page = context.new_page()
            if is_floor:
                address += "floor"
                page.route("**/floor", lambda route: route.fulfill(body=FLOOR, content_type="text/html"))
            else:
                page.add_init_script(PICTURE % INCIDENTS)
            return self._picture_of(page, address)

    def tasks(self, address: str, writer: _Program) -> tuple[list[float], list[float]]:
        """Returns the tasks of the page's thread while updates come: by the clock if over 50 ms, by processor time."""
        with self._context() as context:
            page = context.new_page()
            page.add_init_script(PICTURE % INCIDENTS)
            self._picture_of(page, address)
            page.wait_for_timeout(3_000)
            self._browser.start_tracing(page=page, categories=["toplevel"])
            begun = page.evaluate("() => performance.now()")
            writer.tell(str(SECONDS))
            page.wait_for_timeout(SECONDS * 1_000)
            long = [duration for at, duration in page.evaluate("() => tasks") if at >= begun]
            busy = _busy(self._browser.stop_tracing())
            written = json.loads(writer.read())
            page.wait_for_function(IS_SHOWN, arg=written["number"], polling=100, timeout=PATIENCE_MS)
            if written["facts"] < 0.9 * SECONDS * PER_S:
                raise RuntimeError(
                    f"only {written['facts']} facts were written: this machine does too much else"
                )
            return long, busy

    def _context(self) -> Any:
        context = self._browser.new_context(viewport=SIZE, color_scheme="dark")
        context.add_cookies(self._cookies)
        return context

    @staticmethod
    def _picture_of(page: Any, address: str) -> float:
        from playwright.sync_api import TimeoutError as NotSeenError

        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(address)
        try:
            page.wait_for_function("() => globalThis.pictureAt > 0", polling=100, timeout=PATIENCE_MS)
        except NotSeenError as error:
            raise RuntimeError(f"no picture of {address}: {faults or page.evaluate(STATE)}") from error
        return float(page.evaluate("() => pictureAt"))


def _busy(trace: bytes) -> list[float]:
    """Returns the processor time of each task of the busiest page's thread in milliseconds."""
    events = json.loads(trace)["traceEvents"]
    pages = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    found: dict[tuple[int, int], list[float]] = {page: [] for page in pages}
    for event in events:
        if event["name"] == "ThreadControllerImpl::RunTask" and (event["pid"], event["tid"]) in pages:
            found[event["pid"], event["tid"]].append(event.get("tdur", 0) / 1_000)
    return max(found.values(), key=sum)


def _large_event(ground: _Ground, folder: Path) -> UUID:
    """Returns an event with a large drawing, many units and many open incidents."""
    from hamkor.agencies.models import EventRole
    from hamkor.agencies.rules import Grant, Viewer
    from hamkor.common.ids import new_id
    from hamkor.folder.queries import read_folder
    from hamkor.incidents.commands import report_incident
    from hamkor.journal.rules import Envelope
    from hamkor.operation.commands import open_operation
    from hamkor.operation.rules.places import Place
    from hamkor.plans.commands import record_plan
    from hamkor.units.commands import register_unit
    from hamkor.workspace.stores import journals

    _write_event(folder)
    user = ground.people[0][0]
    stream = new_id(datetime.now(UTC))
    EventRole.objects.create(stream=stream, user=user, role="operator", agency="iib")
    viewer = Viewer(person=user.reference, agency="iib", grants=(Grant(role="coordinator", agency="iib"),))

    def sent(by: str = user.reference) -> Any:
        now = datetime.now(UTC)
        return journals(), Envelope(stream=stream, command_id=new_id(now), at=now, by=by, agency="iib")

    record_plan(*sent("rule:bench"), plan=read_folder(folder))
    open_operation(*sent(), viewer=viewer, mode="real")
    for number in range(UNITS):
        named: dict[str, Any] = {
            "call_sign": f"U-{number}",
            "agency": ("iib", "tty", "fvv", "mg")[number % 4],
        }
        named["capabilities"] = (("patrol",), ("medic",), ("fire",), ("crowd",))[number % 4]
        register_unit(*sent(), viewer=viewer, home=Place(point=_at(number * 3, 5, 5)), **named)
    for number in range(INCIDENTS):
        about: dict[str, Any] = {"type": ("medical", "fight", "fall", "gate_blocked")[number % 4]}
        about["text"] = f"Report {number} from the stands: somebody asks for help"
        report_incident(*sent(), viewer=viewer, place=Place(point=_at(number * 11, 6, 6)), **about)
    return stream


def _write_event(folder: Path) -> None:
    shutil.copytree(EXAMPLE, folder)
    path = folder / "venue.geojson"
    drawing = json.loads(path.read_text(encoding="utf-8"))
    features = drawing["features"]
    features += _features(FEATURES - len(features))
    path.write_text(json.dumps(drawing), encoding="utf-8")


def _features(count: int) -> Iterator[dict[str, Any]]:
    """Yields blocks of seats with their gates, cameras and buildings between them."""
    for number in range(count):
        block, sort = divmod(number, 4)
        name = {"en": f"Part {number}", "uz": f"{number}-qism"}
        if sort < 2:
            ring = [_at(2 * block + sort, *corner) for corner in ((1, 1), (11, 1), (11, 11), (1, 11), (1, 1))]
            shape: dict[str, Any] = {"type": "Polygon", "coordinates": [ring]}
            about: dict[str, Any] = {
                "kind": "area",
                "use": "seating",
                "enclosed": True,
                "indoors": False,
                "seats": 40,
            }
        elif sort == 2:
            shape = {"type": "Point", "coordinates": _at(2 * block, 11, 6)}
            about = {
                "kind": "opening",
                "from": f"part-{4 * block}",
                "to": "outside",
                "clear_width_m": 2.4,
                "surface": "level",
            }
        else:
            shape = {"type": "Point", "coordinates": _at(2 * block + 1, 6, 3)}
            about = {"kind": "device", "device": "camera"}
        yield {
            "type": "Feature",
            "id": f"part-{number}",
            "geometry": shape,
            "properties": {**about, "name": name},
        }


def _at(block: int, east_m: float, north_m: float) -> tuple[float, float]:
    """Returns a place in one of the blocks, which stand in rows beside the venue."""
    row, column = divmod(block, BLOCKS_PER_ROW)
    east_m += (column - BLOCKS_PER_ROW / 2) * BLOCK_M
    north_m += row * BLOCK_M + 250
    wide = math.cos(math.radians(LATITUDE_DEG))
    return round(LONGITUDE_DEG + east_m * DEG_PER_M / wide, 7), round(LATITUDE_DEG + north_m * DEG_PER_M, 7)
