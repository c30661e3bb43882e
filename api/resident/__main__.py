"""``python -m api.resident SECONDS`` answers questions of the command line until nobody has asked
for so long."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

from api.resident.protocol import IDLE_SECONDS, is_supported, resident_folder


def main() -> int:
    """Serve, unless another process does. Returns the exit code: 1 when that cannot be done."""
    if not is_supported():
        return 1
    idle = float(sys.argv[1]) if len(sys.argv) > 1 else IDLE_SECONDS
    from api.resident.server import Resident, only_one

    with suppress(OSError), only_one(resident_folder(os.environ)) as folder:
        if folder is None:
            return 0
        # Late: whoever is second need not import it.
        from index.telemetry import switch_off_tracing

        switch_off_tracing()
        from api.resident.worker import CommandWorker
        from index.errors import PullquoteError
        from rag import Settings

        try:
            worker = CommandWorker(Settings.from_environment())
            resident = Resident(folder, worker.run, idle, warm=worker.warm)
        except PullquoteError:
            return 1
        signal.signal(signal.SIGTERM, lambda *_: resident.stop())
        resident.serve()
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
