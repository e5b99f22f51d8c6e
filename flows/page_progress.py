"""A run's progress on its page in Prefect's UI."""

import time
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

# Each update is a request to the server.
SECONDS_BETWEEN_UPDATES = 5.0


class PageProgress:
    """How far a stage is, as a bar on the run's page in Prefect's UI. For use in a flow, from one thread."""

    def __init__(self, key: str, stage: str, total: int, unit: str = "batches") -> None:
        self._stage, self._total, self._unit, self._done = stage, total, unit, 0
        # Called from a thread without an event loop, the library does it at once, though its types allow for one.
        self._artifact_id = cast(
            UUID, create_progress_artifact(0.0 if total else 100.0, key=key, description=self._describe())
        )
        self._updated_at = time.monotonic()

    def advance(self) -> None:
        """Counts one more that is done; the page is told of the last one, and of others now and then."""
        self._done += 1
        if self._done < self._total and time.monotonic() - self._updated_at < SECONDS_BETWEEN_UPDATES:
            return
        self._updated_at = time.monotonic()
        update_progress_artifact(self._artifact_id, 100.0 * self._done / self._total, description=self._describe())

    def _describe(self) -> str:
        return f"{self._stage}: {self._done} of {self._total} {self._unit}"
