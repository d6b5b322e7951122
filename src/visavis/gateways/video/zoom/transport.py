"""One HTTP exchange with Zoom, bounded in time; the HTTP library's errors end here."""

import time
from dataclasses import dataclass
from typing import Any

import httpx2

from visavis.gateways.video import Fault, TryLater

LEAST_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds we wait for a connection, and for a call with its repetitions."""

    connect: float = 3.0
    total: float = 5.0


ORDINARY = Patience()


class TimeLeft(dict[str, float]):
    """The time-outs of a call, all drawing on the same stock of seconds.

    httpx2 has time-outs per step but none for the whole. It looks them up before each step,
    and here finds what is left by then.
    """

    def __init__(self, patience: Patience) -> None:
        # It must not be empty, or it would count as absent.
        super().__init__(connect=patience.connect)
        self._connect = patience.connect
        self._ends = time.monotonic() + patience.total

    @property
    def seconds(self) -> float:
        """Return what is left, never quite nothing so that a step may at least be tried."""
        return max(self._ends - time.monotonic(), LEAST_SECONDS)

    def allows(self, pause: float) -> bool:
        """Return whether there is time for a pause of so many seconds and another try."""
        return time.monotonic() + pause + LEAST_SECONDS <= self._ends

    def get(self, step: str, _default: object = None) -> float:
        """Return the time-out in seconds for a step of the HTTP library."""
        return min(self._connect, self.seconds) if step == "connect" else self.seconds


def http_client() -> httpx2.Client:
    """Return an HTTP client to share within a process; it is safe to use from many threads."""
    return httpx2.Client(headers={"accept": "application/json", "user-agent": "visavis"})


def send(
    http: httpx2.Client, method: str, url: str, time_left: TimeLeft, **content: Any
) -> httpx2.Response:
    """Make one exchange and return the answer, whatever its status.

    Raises TryLater if there was none.
    """
    try:
        return http.request(method, url, extensions={"timeout": time_left}, **content)
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
        raise TryLater(Fault.UNREACHABLE, f"no connection ({type(error).__name__})") from error
    except (httpx2.RequestError, httpx2.InvalidURL) as error:
        raise TryLater(
            Fault.UNREACHABLE, f"no answer ({type(error).__name__})", answer_lost=True
        ) from error
