"""Puts the browser libraries into wheels, so that an installed package needs no npm.

Only the files that pages use: `npm ci` brings ten times as many. A source archive carries them
too, since wheels are also made from it, where there is no npm either.
"""

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIBRARIES = (
    "htmx.org/dist/htmx.min.js",
    "htmx.org/package.json",
    "htmx.org/LICENSE",
    "@event-calendar/build/dist/event-calendar.min.css",
    "@event-calendar/build/dist/event-calendar.min.js",
    # Gathering static files fails without what a script points to.
    "@event-calendar/build/dist/event-calendar.min.js.map",
    "@event-calendar/build/package.json",
    "lucide-static/package.json",
    "lucide-static/LICENSE",
)
ICONS = "lucide-static/icons"
# Where settings.py looks for them.
PLACES = {"wheel": "visavis/browser_libraries", "sdist": "node_modules"}


class BrowserLibraries(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        source = Path(self.root) / "node_modules"
        # An editable installation takes them from where they are.
        if version == "editable":
            return
        if not source.is_dir():
            self.app.display_warning("Without `npm ci` before, this lacks the browser libraries.")
            return
        icons = [f"{ICONS}/{name}.svg" for name in sorted(self._icons(source / ICONS))]
        for file in (*LIBRARIES, *icons):
            build_data["force_include"][str(source / file)] = f"{PLACES[self.target_name]}/{file}"

    def _icons(self, folder: Path) -> set[str]:
        """Return the icons that any of our files may mean: a few too many do no harm."""
        words: set[str] = set()
        for file in (Path(self.root) / "src" / "visavis").rglob("*"):
            if file.suffix in {".html", ".py"}:
                words.update(re.findall(r"""["']([a-z0-9-]+)["']""", file.read_text("utf-8")))
        return words & {file.stem for file in folder.glob("*.svg")}
