"""The package alone: installed elsewhere, without a checkout and without npm, it works."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "HOME", "LANG", "PYTHONPYCACHEPREFIX")
UV = shutil.which("uv") or str(ROOT / ".tools" / "uv" / "bin" / "uv")
VISIT = """
import json, re
import django
django.setup()
from django.core.management import call_command
from django.templatetags.static import static
from django.test import Client
import visavis
from visavis.companies.models import Company
call_command("collectstatic", "--noinput", verbosity=0)
Company.objects.create(slug="willow", name="Willow Practice", time_zone="UTC", published=True)
browser = Client(headers={"host": "book.example.org"})
page = browser.get("/willow/", secure=True)
files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.content.decode())
files += [static(f"vendor/event-calendar/event-calendar.min.{kind}") for kind in ("css", "js")]
answers = {file: browser.get(file, secure=True).status_code for file in files}
print(json.dumps({"code": visavis.__file__, "page": page.status_code, "files": answers}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [file] = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def place(wheel, tmp_path_factory):
    """A folder with the package in it. What it depends on is the tests' own."""
    place = tmp_path_factory.mktemp("place")
    install = [UV, "pip", "install", "--quiet", "--offline", "--no-deps", "--target", str(place)]
    install += ["--python", sys.executable, str(wheel)]
    subprocess.run(install, check=True)
    return place


@pytest.fixture
def run(place, tmp_path):
    """Run something with the installed package, as a production installation does."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    (tmp_path / "home").mkdir()
    environment = kept | {
        "PYTHONPATH": str(place),
        "DJANGO_SETTINGS_MODULE": "visavis.config.settings",
        "VISAVIS_HOME": str(tmp_path / "home"),
        "VISAVIS_SECRET_KEY": "x" * 50,
        "VISAVIS_BASE_URL": "https://book.example.org",
        "VISAVIS_SMTP_URL": "smtps://user:word@mail.example.org",
        "VISAVIS_MAIL_FROM": "bookings@example.org",
    }

    def run(*command, **more):
        return subprocess.run(
            command,
            check=False,
            cwd=tmp_path,
            env=environment | more,
            capture_output=True,
            text=True,
        )

    return run


def test_an_installed_package_serves_pages_with_all_their_files(run, place):
    done = run(str(place / "bin" / "visavis"), "migrate", "--verbosity=0")
    assert done.returncode == 0, done.stderr

    done = run(sys.executable, "-W", "ignore", "-c", VISIT)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["code"].startswith(str(place))
    assert found["page"] == 200
    assert any("htmx" in file for file in found["files"])
    assert {file: status for file, status in found["files"].items() if status != 200} == {}


def test_it_brings_every_icon_that_a_template_names(place):
    package = place / "visavis"
    icons = {file.stem for file in (package / "browser_libraries").glob("lucide-static/icons/*")}
    named = set()
    for template in package.rglob("*.html"):
        for part in template.read_text().split('{% icon "')[1:]:
            named.add(part.split('"')[0])

    assert len(named) > 50
    assert named - icons == set()


def test_without_the_browser_libraries_the_start_says_what_to_do(run, place, tmp_path):
    done = run(str(place / "bin" / "visavis"), "check", VISAVIS_NODE_MODULES=str(tmp_path))

    assert done.returncode == 1
    [line] = [line for line in done.stderr.splitlines() if "visavis." in line]
    assert f"The browser libraries are not in {tmp_path}: run `npm ci --omit=dev`" in line
