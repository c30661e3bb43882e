"""The resident process: listens, checks who asks, and lets one worker answer."""

from __future__ import annotations

import fcntl
import os
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from api.resident.protocol import (
    LOCK,
    SOCKET,
    Lines,
    address,
    identity,
    is_own_peer,
    open_folder,
    send,
)
from rag.reading.manifest import WEIGHTS_FOLDER

__all__ = ["CodeState", "Resident", "Run", "only_one"]

Run = Callable[[Sequence[str], Mapping[str, Any]], dict[str, Any] | None]

_REQUEST_SECONDS: Final = 2.0
_SIGN_SECONDS: Final = 1.0
# At once, the one that is answered included; more are answered where they are asked.
_MOST_CONNECTIONS: Final = 4


@contextmanager
def only_one(folder: str) -> Iterator[int | None]:
    """Make the folder of the socket and take its lock; yields the open folder, or ``None`` where
    another process has the lock or the folder is not ours alone. Raises ``OSError``."""
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = open_folder(folder)
    if descriptor is None:
        yield None
        return
    lock = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600, dir_fd=descriptor)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield descriptor
    finally:
        os.close(lock)
        os.close(descriptor)


class CodeState:
    """The files that this process was loaded from, with their times of change and sizes when this
    was made."""

    def __init__(self) -> None:
        files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
        files |= {str(path) for path in WEIGHTS_FOLDER.glob("*.json")}
        self._stamps = {file: _stamp(file) for file in files if isinstance(file, str)}

    def is_current(self) -> bool:
        """Whether each of them still has the time of change and the size that it had then."""
        return all(_stamp(file) == stamp for file, stamp in self._stamps.items())


def _stamp(file: str) -> tuple[int, int] | None:
    try:
        status = Path(file).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


class Resident:
    """Answers over a socket until nobody has asked for a while.

    folder: an open descriptor of the socket's folder, whose lock is held.
    run: does a command, given its arguments and the terminal of whoever asked; returns what is to
        be sent back, ``None`` for a command that has to be done by who asked. Always called in the
        same thread.
    idle: seconds without a question after which it ends.
    warm: called in that thread before anything is listened to; what it raises is raised.
    """

    def __init__(self, folder: int, run: Run, idle: float, warm: Callable[[], None]) -> None:
        self._folder = folder
        self._run = run
        self._idle = idle
        self._identity = identity(os.environ)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="resident")
        self._worker.submit(warm).result()
        self._code = CodeState()
        self._places = threading.Semaphore(_MOST_CONNECTIONS)
        self._waker, self._woken = socket.socketpair()
        self._began = self._last = time.monotonic()
        self._open = self._answered = 0
        self._mutex = threading.Lock()

    def stop(self) -> None:
        """Stop listening; what is being answered still is."""
        with suppress(OSError):
            self._waker.send(b"x")

    def serve(self) -> None:
        """Listen until stopped or idle. Raises ``OSError`` when that cannot be done."""
        with suppress(FileNotFoundError):
            # Left behind by one that was killed: who has the lock is alone.
            os.unlink(SOCKET, dir_fd=self._folder)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            mask = os.umask(0o177)
            try:
                listener.bind(address(self._folder))
            finally:
                os.umask(mask)
            listener.listen(_MOST_CONNECTIONS)
            try:
                self._accept(listener)
            finally:
                with suppress(OSError):
                    os.unlink(SOCKET, dir_fd=self._folder)
        self._worker.shutdown()
        self._waker.close()
        self._woken.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            with self._mutex:
                remaining = self._idle - (time.monotonic() - self._last)
                is_idle = not self._open
            if is_idle and remaining <= 0:
                return
            ready, _, _ = select.select([listener, self._woken], [], [], max(remaining, 1.0))
            if self._woken in ready:
                return
            if listener in ready:
                connection, _ = listener.accept()
                threading.Thread(target=self._attend, args=(connection,), daemon=True).start()

    def _attend(self, connection: socket.socket) -> None:
        with self._mutex:
            self._open += 1
        try:
            # RuntimeError: the worker takes nothing more, as the process is ending.
            with connection, suppress(OSError, ValueError, KeyError, TypeError, RuntimeError):
                connection.settimeout(_REQUEST_SECONDS)
                if is_own_peer(connection):
                    self._converse(connection)
        finally:
            with self._mutex:
                self._open -= 1

    def _converse(self, connection: socket.socket) -> None:
        request = Lines(connection).next()
        if "control" in request:
            send(connection, self._status())
            if request["control"] == "stop":
                self.stop()
            return
        if not self._code.is_current():
            # Newer code is there: who asks next starts a process of it.
            send(connection, {"declined": "code"})
            self.stop()
            return
        if request["identity"] != self._identity:
            send(connection, {"declined": "settings"})
            return
        if not self._places.acquire(blocking=False):
            send(connection, {"declined": "busy"})
            return
        try:
            future = self._worker.submit(self._run, request["arguments"], request["terminal"])
            send(connection, {"alive": True})
            reply = self._await(connection, future) or {"declined": "command"}
            # Before who asked knows of it, and may ask how many there were.
            with self._mutex:
                self._last = time.monotonic()
                self._answered += 1
            send(connection, reply)
        finally:
            self._places.release()

    def _await(
        self, connection: socket.socket, future: Future[dict[str, Any] | None]
    ) -> dict[str, Any] | None:
        """Wait for the answer, with signs of life; who has gone is not answered."""
        while not wait([future], _SIGN_SECONDS).done:
            try:
                send(connection, {"alive": True})
            except OSError:
                future.cancel()
                raise
        return None if future.exception() else future.result()

    def _status(self) -> dict[str, Any]:
        now = time.monotonic()
        with self._mutex:
            return {
                "pid": os.getpid(),
                "answered": self._answered,
                "age": round(now - self._began),
                "ends_in": max(0, round(self._idle - (now - self._last))),
            }
