"""The command `zoom-simulator`."""

import argparse
import asyncio
import json
import logging
import signal
import socket
import sys
from pathlib import Path

import uvicorn
import uvloop

from zoom_simulator.dropping import CuttableProtocol
from zoom_simulator.models import JSON
from zoom_simulator.seed import DEMO, BadSeedError, plant
from zoom_simulator.simulator import Options, Simulator
from zoom_simulator.web import build


def main(arguments: list[str] | None = None) -> int:
    """Run the simulator until told to stop. Return the exit code."""
    given = _parser().parse_args(arguments)
    try:
        seed = _seed(given)
        listener = _listener(given.host, given.port)
    except (OSError, ValueError) as problem:
        print(f"zoom-simulator: {problem}", file=sys.stderr)
        return 1
    address = f"http://{given.host}:{listener.getsockname()[1]}"
    sim = Simulator(
        Options(base_url=given.base_url or address, seed=seed, rate_limits=not given.no_rate_limits)
    )
    try:
        plant(sim, seed)
    except BadSeedError as problem:
        print(f"zoom-simulator: {problem}", file=sys.stderr)
        return 1
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(sim, listener, address))
    return 0


class _Server(uvicorn.Server):
    """uvicorn, which says one line when it is ready."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self.address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"zoom-simulator ready on {self.address}", flush=True)


class _WithoutCancellations(logging.Filter):
    """Keeps calls which were cut off by stopping out of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, asyncio.CancelledError)


async def _serve(sim: Simulator, listener: socket.socket, address: str) -> None:
    config = uvicorn.Config(
        build(sim),
        http=CuttableProtocol,
        log_level="error",
        access_log=False,
        # A call which is being kept waiting on purpose must not keep the process alive.
        timeout_graceful_shutdown=1,
    )
    server = _Server(config, address)
    logging.getLogger("uvicorn.error").addFilter(_WithoutCancellations())

    def stop() -> None:
        server.should_exit = True
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        for task in list(server.server_state.tasks):
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    # Not `serve`, which would replace these handlers and die of the signal in the end.
    await server._serve([listener])


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer takes 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as problem:
        listener.close()
        raise OSError(f"cannot listen on {host}:{port}: {problem.strerror}") from problem
    return listener


def _seed(given: argparse.Namespace) -> JSON:
    seed: JSON = DEMO
    if given.seed:
        try:
            seed = json.loads(Path(given.seed).read_text())
        except ValueError as problem:
            raise ValueError(f"{given.seed} is not JSON: {problem}") from problem
    changes = {
        "client_id": given.client_id,
        "client_secret": given.client_secret,
        "webhook_secret": given.webhook_secret,
        "event_url": given.webhook_url,
        "deauthorization_url": given.webhook_url,
        "redirect_uris": given.redirect_uri,
    }
    seed = json.loads(json.dumps(seed))
    for app in seed.get("apps", [])[:1]:
        app.update({name: value for name, value in changes.items() if value})
    return seed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("zoom-simulator", description="A stand-in for Zoom.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9001, help="0 picks a free one")
    parser.add_argument("--base-url", help="how others reach this server, if not by host and port")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--seed", metavar="FILE.json", help="start with this data")
    source.add_argument("--demo", action="store_true", help="start with the demo data (default)")
    parser.add_argument("--redirect-uri", action="append", help="allowed for the first app")
    parser.add_argument("--webhook-url", help="where the first app receives events")
    parser.add_argument("--client-id", help="of the first app")
    parser.add_argument("--client-secret", help="of the first app")
    parser.add_argument("--webhook-secret", help="of the first app")
    parser.add_argument("--no-rate-limits", action="store_true", help="count, but never refuse")
    return parser


if __name__ == "__main__":
    sys.exit(main())
