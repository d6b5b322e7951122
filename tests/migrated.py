"""A database with all tables and nothing in them: made once in a run, then copied."""

import fcntl

from journeys.stack import drop_database, migrate, new_database


def make_once(folder):
    """Return the address of the one in this folder; whoever asks first makes it."""
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        note = folder / "migrated.url"
        if not note.exists():
            url = new_database(folder)
            migrate(url)
            note.write_text(url)
        return note.read_text()


def forget(folder):
    """Take it away again."""
    note = folder / "migrated.url"
    if note.exists():
        drop_database(note.read_text())
