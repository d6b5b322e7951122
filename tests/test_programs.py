"""On a machine that lacks something, `make` says so in one clear line."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A PATH with nothing on it but what is put there."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(name, script="exit 0"):
        file = folder / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
        return str(file)

    for name in ("dirname", "cut", "python3"):
        (folder / name).symlink_to(shutil.which(name, path="/usr/local/bin:/usr/bin:/bin"))
    return put


@pytest.fixture
def programs(path, monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("programs", ROOT / "bin" / "programs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "LOG", tmp_path / "reports" / "install.log")
    # A server that this machine has by chance.
    path("initdb")
    return module


def setup():
    return subprocess.run(
        ["/bin/sh", str(ROOT / "bin" / "setup")], check=False, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("echo v16.20.2", "Node.js 18 or newer is needed; this is v16.20.2.\n"),
        ("echo v8.0.0", "Node.js 18 or newer is needed; this is v8.0.0.\n"),
        ("exit 127", "Node.js 18 or newer is needed.\n"),
    ],
)
def test_an_old_node_is_one_clear_line(path, version, said):
    path("npm")
    path("node", version)

    done = setup()

    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_a_missing_npm_is_one_clear_line(path):
    done = setup()

    assert done.returncode == 1
    assert done.stderr == "npm is missing: please install Node.js 18 or newer.\n"


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_is_found_under_each_of_its_names(programs, path, name):
    assert "chromium" in programs.missing()

    found = path(name)

    assert programs.chromium() == found
    assert "chromium" not in programs.missing()


def test_an_ordinary_user_is_told_which_packages_to_ask_for(programs, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit) as told:
        programs.install()

    assert told.value.code == "Please have these packages installed: chromium gettext"


def test_packages_that_cannot_be_installed_are_one_clear_line(programs, path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    path("apt-get", "echo much ado; echo E: no network >&2; exit 100")

    with pytest.raises(SystemExit) as told:
        programs.install()

    log = programs.LOG
    wanted = f"chromium gettext could not be installed: is there a network? See {log}."
    assert told.value.code == wanted
    assert log.read_text() == "much ado\nE: no network\n"


def test_root_installs_what_is_missing_and_nothing_else(programs, path, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    path("chromium")
    folder = os.environ["PATH"]
    path(
        "apt-get", f'case "$*" in *gettext*) : >{folder}/xgettext; /bin/chmod +x {folder}/*;; esac'
    )

    programs.install()
    programs.install()

    assert capsys.readouterr().out == "Installing gettext\n"
