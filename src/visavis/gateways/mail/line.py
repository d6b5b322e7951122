"""A line to a mail server on which everything together ends in time, however it answers.

The timeout of a socket counts anew for each byte that comes, and names are looked up without
any. Here each step gets what is left, so that a server which drips holds nobody up for long.
"""

import io
import smtplib
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import Any, TypeVar, cast

Answer = TypeVar("Answer")

# One record of TLS: what is sent at a time, each part with the time that is left.
PART = 16 * 1024
NAME_SECONDS = 2.0


@dataclass
class Deadline:
    """No step takes longer than `step` seconds, and all of them end at `ends` (monotonic)."""

    step: float
    ends: float

    def left(self) -> float:
        """Return for how long the next step may take. Raises TimeoutError if no time is left."""
        left = self.ends - monotonic()
        if left <= 0:
            raise TimeoutError("all in all it took too long")
        return min(self.step, left)


def look_up(host: str, port: int, seconds: float) -> list[str]:
    """Return the addresses of a host, each once. A resolver that hangs is not waited for.

    Raises OSError, and UnicodeError for a name that can be none.
    """
    found = _in_time(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), seconds)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def dial(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Return a connection to the first address that takes one. Raises as `look_up`."""
    *others, last = look_up(host, port, deadline.left())
    for address in others:
        with suppress(OSError):
            return _connected(address, port, deadline)
    return _connected(last, port, deadline)


def _connected(address: str, port: int, deadline: Deadline) -> socket.socket:
    made = socket.create_connection((address, port), timeout=deadline.left())
    # A mail leaves in parts. Else the last of them would wait until the others are acknowledged,
    # which a server that waits for the last does late: 40 ms for each mail.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


class Line(smtplib.SMTP):
    """smtplib's conversation, each of whose steps keeps to a deadline.

    With a `context` it is encrypted from the start.
    """

    def __init__(
        self,
        host: str,
        port: int,
        local_hostname: str | None,
        *,
        deadline: Deadline,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._deadline, self._context, self._name = deadline, context, host
        own = local_hostname or _own_name(deadline)
        super().__init__(host, port, own, timeout=deadline.left())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = dial(host, port, self._deadline)
        if self._context is None:
            return made
        try:
            return _Encrypting(self._context, self._deadline).wrap_socket(made, self._name)
        except BaseException:
            made.close()
            raise

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Encrypt from here on (STARTTLS)."""
        self.starttls(context=cast("ssl.SSLContext", _Encrypting(context, self._deadline)))

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Incoming(self.sock, self._deadline))
        return super().getreply()

    def send(self, s: Any) -> None:
        content = s.encode(self.command_encoding) if isinstance(s, str) else s
        for begin in range(0, len(content), PART):
            if self.sock is not None:
                self.sock.settimeout(self._deadline.left())
            super().send(content[begin : begin + PART])


class _Incoming(io.RawIOBase):
    """What comes over a line; each look at it waits only for what is left of the time."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


@dataclass(frozen=True, slots=True)
class _Encrypting:
    """The part of a TLS context that smtplib uses, in what is left of the time."""

    context: ssl.SSLContext
    deadline: Deadline

    def wrap_socket(self, sock: socket.socket, server_hostname: str) -> ssl.SSLSocket:
        sock.settimeout(self.deadline.left())
        return self.context.wrap_socket(sock, server_hostname=server_hostname)


def _own_name(deadline: Deadline) -> str:
    """Return what this machine calls itself; servers want a whole name, or an address."""
    try:
        name = _in_time(socket.getfqdn, min(NAME_SECONDS, deadline.left()))
    except TimeoutError:
        name = ""
    return name if "." in name else "[127.0.0.1]"


def _in_time(ask: Callable[[], Answer], seconds: float) -> Answer:
    """Return an answer of the system, which may hang. Raises TimeoutError, and what it raises."""
    answer: Future[Answer] = Future()

    def wait() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 it is raised where the answer is awaited
            answer.set_exception(error)

    # A daemon: one that hangs keeps no worker from ending.
    Thread(target=wait, daemon=True).start()
    return answer.result(timeout=seconds)
