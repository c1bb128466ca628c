"""One run: every resource read, a few at once, going on where a run that was cut short stopped."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ingest.delivery import Kind, SourceError
from ingest.progress import Progress
from ingest.sources.fint_api.client import Client, NotOfferedError
from ingest.sources.fint_api.connection import Connection, Secrets
from ingest.sources.fint_api.ids import distinct, packed
from ingest.sources.fint_api.kept import Done, Run, RunFolder
from ingest.sources.fint_api.memory import Known, Memory
from ingest.sources.fint_api.paging import ResourceReader
from ingest.sources.fint_api.resources import REQUIRED, changing_with, paths_of
from ingest.sources.fint_api.skim import Skimmer
from ingest.sources.fint_api.vault import Vault
from ingest.sources.fint_api.waiting import Clock, StoppedError

_FEW = 100
_WHY_ABSENT = {403: "refused to this client (403)", 404: "not offered (404)"}

log = logging.getLogger("timerett")


@dataclass(frozen=True)
class Download:
    """Everything there is to land, on disk and sealed."""

    run: Run
    folder: RunFolder
    memory: Memory | None


def download(
    connection: Connection,
    secrets: Secrets,
    vault: Vault,
    *,
    kind: Kind,
    memory: Memory | None,
    progress: Progress | None,
) -> Download:
    clock = Clock()
    client = Client(connection, secrets, clock)
    try:
        return _Downloading(
            connection, client, clock, vault=vault, kind=kind, memory=memory, progress=progress
        ).run()
    finally:
        client.close()


class _Downloading:
    def __init__(
        self,
        connection: Connection,
        client: Client,
        clock: Clock,
        *,
        vault: Vault,
        kind: Kind,
        memory: Memory | None,
        progress: Progress | None,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._client = client
        self._progress = progress
        self._lock = threading.Lock()
        self._folder = RunFolder(vault)
        self._memory = memory
        if kind == "delta" and self._memory is None:
            log.info("FINT: no earlier run to go on from, so everything is read.")
        self._reader = ResourceReader(
            client, self._folder, Skimmer(vault.key_of_ids), connection.paging, self._tell_read
        )
        self._run = self._resumed(kind)

    def run(self) -> Download:
        paths = paths_of(self._connection)
        jobs = self._jobs([path for path in paths if path not in self._run.done])
        if self._progress:
            known = self._memory.resources.values() if self._memory else ()
            self._progress.start("Reading FINT", sum(one.entries for one in known) or None)
        self._read_all(jobs)
        if self._progress:
            self._progress.finish()
        self._tell_absent()
        return Download(self._run, self._folder, self._memory)

    def _read_all(self, jobs: list[list[str]]) -> None:
        with ThreadPoolExecutor(self._connection.pace.at_once) as pool:
            futures = [pool.submit(self._read, job) for job in jobs]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
            finally:
                # All are done, or one has failed, or somebody has had enough: then the others end too.
                if not all(future.done() and future.exception() is None for future in futures):
                    self._clock.stop()
        faults = [fault for future in futures if (fault := future.exception())]
        if faults:
            raise next((one for one in faults if not isinstance(one, StoppedError)), faults[0])

    def _resumed(self, kind: Kind) -> Run:
        """The run under way on disk, if it is this one and fresh enough; else a new one."""
        found = self._folder.record()
        basis = self._memory.started_at.isoformat() if self._memory else ""
        now, limit = datetime.now(UTC), timedelta(hours=self._connection.resume_within_hours)
        if found and (found.kind, found.basis) == (kind, basis) and abs(now - found.begun_here) < limit:
            log.info("FINT: going on with the run of %s.", f"{found.started_at:%Y-%m-%d %H:%M} UTC")
            return found
        if found:
            log.info("FINT: what an earlier run left is too old or of another kind, and is read again.")
        self._folder.clear()
        self._reader.last_updated(REQUIRED[0])
        begun = Run(started_at=self._client.first_answer or now, begun_here=now, kind=kind, basis=basis)
        self._folder.write_record(begun)
        return begun

    def _jobs(self, paths: list[str]) -> list[list[str]]:
        """The largest first, and together what must come the same way."""
        groups: dict[object, list[str]] = {}
        for path in paths:
            groups.setdefault(changing_with(path) or path, []).append(path)
        return sorted(groups.values(), key=lambda job: -sum(map(self._entries_known, job)))

    def _read(self, job: list[str]) -> None:
        """Read the resources of a job: as changes if that is asked for and enough, else whole."""
        new = [path for path in job if self._known(path) is None]
        for path in new:
            self._whole(path)
        known = [path for path in job if path not in new]
        if known and self._as_changes(known, others_whole=any(path in self._run.done for path in new)):
            return
        for path in known:
            self._whole(path)

    def _as_changes(self, paths: list[str], *, others_whole: bool) -> bool:
        if self._run.kind == "full" or others_whole or not changing_with(paths[0]):
            return False
        found = {path: self._changes(path) for path in paths}
        if any(done is None for done in found.values()):
            log.info("FINT: entries of %s have gone, so it is read whole.", " and ".join(paths))
            return False
        for path, done in found.items():
            if done is not None:
                self._keep(path, done)
        return True

    def _changes(self, path: str) -> Done | None:
        """The changes, or None where they cannot be all: FINT does not tell what has been deleted."""
        known = self._known(path)
        if known is None or known.go_on_from is None:
            return None
        unchanged = self._reader.last_updated(path) == known.go_on_from
        if unchanged and self._reader.size(path) == known.entries:
            return Done("delta", known.go_on_from, [], [], 0, packed(distinct([])))
        try:
            done = self._reader.changes(path, known.go_on_from, self._connection.overlap_seconds * 1000)
        except NotOfferedError as refusal:
            raise self._lost(path, refusal) from None
        return done if self._reader.size(path) == len(known.with_changes(done)) else None

    def _whole(self, path: str) -> None:
        try:
            done = self._reader.whole(path)
        except NotOfferedError as refusal:
            if path in REQUIRED or self._known(path) is not None:
                raise self._lost(path, refusal) from None
            with self._lock:
                self._run.absent[path] = refusal.status
            return
        self._must_not_have_shrunk(path, done.entries)
        self._keep(path, done)

    def _keep(self, path: str, done: Done) -> None:
        with self._lock:
            self._run.done[path] = done
            self._folder.write_record(self._run)

    def _must_not_have_shrunk(self, path: str, entries: int) -> None:
        before, most = self._entries_known(path), self._connection.largest_drop_percent
        if path in REQUIRED and entries == 0:
            raise SourceError(
                f"{path}: FINT has no entries. It may be filling its memory after a restart; nothing landed. "
                "Run again later; if it stays so, ask whoever delivers to FINT."
            )
        if before >= _FEW and entries < before * (100 - most) / 100:
            raise SourceError(
                f"{path}: {entries} entries, and {before} last time. FINT may be filling its memory after a "
                f"restart; nothing landed. Run again later; if it is right, set largest_drop_percent (now "
                f"{most}) to 100 in the connection file for one run."
            )

    def _lost(self, path: str, refusal: NotOfferedError) -> SourceError:
        was = "read last time and is now" if self._known(path) else "needed and is"
        return SourceError(
            f"{path}: {was} {_WHY_ABSENT[refusal.status]}. Nothing landed. Give the client access in FINT's "
            f'customer portal, correct paths, or leave it out with skip = ["{path}"].'
        )

    def _tell_absent(self) -> None:
        for path, status in sorted(self._run.absent.items()):
            log.info("FINT: %s is %s; nothing is known of it.", path, _WHY_ABSENT[status])

    def _tell_read(self, entries: int) -> None:
        if self._progress:
            with self._lock:
                self._progress.advance(entries)

    def _known(self, path: str) -> Known | None:
        return self._memory.resources.get(path) if self._memory else None

    def _entries_known(self, path: str) -> int:
        known = self._known(path)
        return known.entries if known else 0
