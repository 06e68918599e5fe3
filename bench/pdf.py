"""The PDF of a documentation of 10, 50 and 200 pages: processor time and memory, and what others take for the same.

Every figure is from a process of its own. "Stock WeasyPrint" gets the same HTML, style sheet, fonts, images and options
and writes the same kind of file, but without our tags, claims, fetcher and checks.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import peers, steps
from bench.figures import Figure
from bench.peers import PeerMissing

ROOT = Path(__file__).parents[1]
# Chapters that give about 10, 50 and 200 pages.
SIZES = {10: 5, 50: 37, 200: 160}
RUNS = 3
TYPST = "typst==0.15.2"
MOST_OVER_STOCK, MOST_WARM_SECONDS, MOST_GROWTH = 1.15, 1.0, 1.2


def measure() -> list[Figure]:
    """Time and memory of each size, ratios to stock WeasyPrint, Chromium and Typst, growth, the warm worker."""
    return list(_figures())


def _figures() -> Iterator[Figure]:
    def figure(what: str, value: float, unit: str, bound: float | None = None, name: str = "gefordert") -> Figure:
        return Figure("pdf", what, value, unit, bound, name if bound else "")

    ours = {size: _child("ours", size) for size in SIZES}
    for size, found in ours.items():
        label = f"{found['pages']} Seiten"
        stock, plain = _child("stock", size), _child("plain", size)
        chromium = _child("chromium", size)
        typst = _child("typst", size)
        yield figure(f"{label}, warm", found["cpu"], "s CPU", MOST_WARM_SECONDS if size == 10 else None)
        yield figure(f"{label}, höchster Speicher", found["peak"], "MB")
        yield figure(f"{label}, zu WeasyPrint von der Stange", found["cpu"] / stock["cpu"], "×", MOST_OVER_STOCK)
        yield figure(f"{label}, zu WeasyPrint ohne Tags und PDF/A", found["cpu"] / plain["cpu"], "×")
        for name, other in (("Chromium", chromium), ("Typst", typst)):
            if other.get("missing"):
                print(f"pdf: ohne {name}: {other['missing']}", file=sys.stderr)
                continue
            yield figure(f"{label}, zu {name} ({other['pages']} Seiten)", found["cpu"] / other["cpu"], "×")
            yield figure(f"{label}, höchster Speicher von {name}", other["peak"], "MB")
    each = {size: found["cpu"] / found["pages"] * 1000 for size, found in ours.items()}
    yield figure("je Seite bei 200 Seiten", each[200], "ms CPU")
    yield figure("je Seite bei 200 Seiten zu der bei 50", each[200] / each[50], "×", MOST_GROWTH)
    worker = _child("worker", 10)
    yield figure("warmer Worker, 10 Seiten, mit Übergabe", worker["wall"], "s", MOST_WARM_SECONDS)
    yield figure("kalter Worker, 10 Seiten, mit Übergabe", worker["cold"], "s")


def _child(step: str, size: int) -> dict[str, Any]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings", "DATABASE_URL": "sqlite://:memory:"}
    found: dict[str, Any] = steps.run("-m", "bench.pdf", step, size, environment=environment)
    return found


def _least_cpu(work: Callable[[], Any]) -> float:
    """Seconds of processor time of the fastest of some runs, after one that warms up."""
    work()
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def _megabytes(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def _ours(size: int) -> dict[str, Any]:
    from bench.papers import source
    from home.rendering.writer import write_pdf

    paper = source(SIZES[size])
    cpu = _least_cpu(lambda: write_pdf(paper))
    return {"cpu": cpu, "pages": _pages(write_pdf(paper)), "peak": _megabytes(resource.RUSAGE_SELF)}


def _weasyprint(size: int, *, tagged: bool) -> dict[str, Any]:
    import weasyprint

    from bench.papers import source
    from home.rendering.fetcher import DocumentFetcher
    from home.rendering.writer import colour_profile, font_configuration

    paper = source(SIZES[size])
    archival = {"pdf_variant": "pdf/a-3a", "output_intent": "--srgb"} if tagged else {}

    def work() -> bytes:
        fetcher, fonts = DocumentFetcher(paper.resources), font_configuration()
        html = weasyprint.HTML(string=paper.html, url_fetcher=fetcher)
        css = weasyprint.CSS(string=paper.stylesheet, url_fetcher=fetcher, font_config=fonts)
        options = {"optimize_images": True, "jpeg_quality": 80, "dpi": 150, "cache": {}, **archival}
        profiles = {"--srgb": colour_profile()} if tagged else None
        document = html.render(font_config=fonts, color_profiles=profiles, stylesheets=[css], **options)
        content: bytes = document.write_pdf(**options)
        return content

    cpu = _least_cpu(work)
    return {"cpu": cpu, "pages": _pages(work()), "peak": _megabytes(resource.RUSAGE_SELF)}


def _chromium(size: int) -> dict[str, Any]:
    from bench.papers import PHOTO, source
    from tests.browser.demo_site import CHROMIUM_FLAGS

    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return {"missing": "kein Programm „chromium“"}
    paper = source(SIZES[size])
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        (place / "photo.jpg").write_bytes(paper.resources[PHOTO].content)
        html = paper.html.replace("</head>", f"<style>{paper.stylesheet}</style></head>").replace(PHOTO, "photo.jpg")
        (place / "in.html").write_text(html)
        target = place / "out.pdf"
        options = [f"--user-data-dir={place / 'profile'}", "--no-pdf-header-footer", f"--print-to-pdf={target}"]
        return _foreign([program, *CHROMIUM_FLAGS, *options, str(place / "in.html")], target)


def _typst(size: int) -> dict[str, Any]:
    from bench.papers import photo, typst

    try:
        python = peers.python("typst", TYPST)
    except PeerMissing as missing:
        return {"missing": str(missing)}
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        (place / "photo.jpg").write_bytes(photo())
        (place / "in.typ").write_text(typst(SIZES[size]))
        target = place / "out.pdf"
        script = (
            "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], font_paths=[sys.argv[3]], "
            "pdf_standards=['ua-1'])"
        )
        fonts = str(ROOT / "home" / "static" / "fonts" / "print")
        return _foreign([str(python), "-c", script, str(place / "in.typ"), str(target), fonts], target)


def _foreign(command: list[str], target: Path) -> dict[str, Any]:
    """The fastest of some runs of a program, its start included: it knows no other way."""
    times = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=300)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    pages = _pages(target.read_bytes())
    return {"cpu": min(times), "pages": pages, "peak": _megabytes(resource.RUSAGE_CHILDREN)}


def _worker(size: int) -> dict[str, Any]:
    from bench.papers import source
    from home.rendering.limits import Renderer

    paper, renderer = source(SIZES[size]), Renderer()
    times = []
    try:
        for _ in range(2 * RUNS):
            started = time.perf_counter()
            renderer.write(paper)
            times.append(time.perf_counter() - started)
    finally:
        renderer.close()
    return {"cold": times[0], "wall": min(times[1:])}


def _pages(content: bytes) -> int:
    from archive.documentation.checking import count_pages

    return count_pages(content)


_STEPS: dict[str, Callable[[int], dict[str, Any]]] = {
    "ours": _ours,
    "stock": lambda size: _weasyprint(size, tagged=True),
    "plain": lambda size: _weasyprint(size, tagged=False),
    "chromium": _chromium,
    "typst": _typst,
    "worker": _worker,
}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_STEPS[sys.argv[1]](int(sys.argv[2]))))
