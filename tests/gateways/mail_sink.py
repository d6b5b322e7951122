"""A mail server that takes everything, writes down when and under which Message-ID, and no more.

A program of its own, and as little as a mail server can do: what is measured is not the sink.
"""

import asyncio
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Arrived:
    """One message as the sink took it."""

    at: float
    message_id: str


@dataclass(frozen=True)
class Sink:
    """Where mail goes, and where it is written down."""

    port: int
    ledger: Path

    def hold(self, on):
        """Take messages and answer none of them, or answer again."""
        held = self.ledger.with_name("held")
        held.touch() if on else held.unlink(missing_ok=True)

    def taken(self):
        """Return a number that grows with each message that comes."""
        return self.ledger.stat().st_size if self.ledger.exists() else 0

    def arrived(self):
        """Return what came so far, in order."""
        lines = self.ledger.read_text().splitlines() if self.ledger.exists() else []
        return [Arrived(int(at) / 1e9, name) for at, name in (line.split() for line in lines)]


@contextmanager
def running(folder):
    """Run a sink that keeps its ledger in a folder."""
    ledger = folder / "ledger"
    process = subprocess.Popen(
        [sys.executable, __file__, str(ledger)], stdout=subprocess.PIPE, text=True
    )
    try:
        yield Sink(int(process.stdout.readline()), ledger)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class Conversation(asyncio.Protocol):
    """One client's line: commands one by one, then a message up to its lonely dot."""

    def __init__(self, ledger):
        self.ledger, self.rest, self.in_message = ledger.open("ab", buffering=0), b"", False
        self.held = ledger.with_name("held")

    def connection_made(self, transport):
        self.line = transport
        self.line.write(b"220 sink\r\n")

    def connection_lost(self, exc):
        self.ledger.close()

    def data_received(self, data):
        self.rest += data
        while True:
            end = b"\r\n.\r\n" if self.in_message else b"\r\n"
            part, found, rest = self.rest.partition(end)
            if not found:
                return
            self.rest = rest
            self.line.write(self._took(part) if self.in_message else self._answer(part))

    def _took(self, message):
        self.in_message = False
        name = MESSAGE_ID.search(message)
        # One write appends whole lines, also from several lines at once.
        self.ledger.write(b"%d %s\n" % (time.time_ns(), name[1] if name else b"-"))
        return b"" if self.held.exists() else b"250 kept\r\n"

    def _answer(self, command):
        match command[:4].upper():
            case b"EHLO":
                return b"250-sink\r\n250 8BITMIME\r\n"
            case b"DATA":
                self.in_message = True
                return b"354 go on\r\n"
            case b"QUIT":
                return b"221 bye\r\n"
            case _:
                return b"250 fine\r\n"


async def serve(ledger):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Conversation(ledger), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
