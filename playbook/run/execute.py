"""One notebook through papermill: a copy with parameters, executed, with progress.

papermill runs each notebook in a kernel of its own. The engine here is papermill's,
with two additions: it tells how far it is, and its kernel can be stopped from
another thread.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playbook.errors import PlaybookError
from playbook.text import gettext as _
from playbook.text.notebooks import Notebook

ENGINE = "playbook"


@dataclass(frozen=True)
class Failure:
    """Where and why a notebook stopped.

    Attributes:
        cell: Number of the cell, counted from 1 over all cells.
        source: The code of that cell.
        message: What went wrong, in one or a few lines.
        is_defect: Whether it is an error of ours rather than of the inputs.
        traceback: The traceback of a defect; empty otherwise.
    """

    cell: int
    source: str
    message: str
    is_defect: bool
    traceback: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook.

    Attributes:
        seconds: Wall time.
        failure: ``None`` when all cells ran.
    """

    seconds: float
    failure: Failure | None = None


class Kernels:
    """The kernels that are running now, so that Ctrl-C can end them."""

    def __init__(self) -> None:
        self._clients: set[Any] = set()
        self._lock = threading.Lock()
        self.is_stopped = False

    def add(self, client: Any) -> None:  # noqa: ANN401 - papermill has no types
        """A kernel is about to start."""
        with self._lock:
            self._clients.add(client)

    def remove(self, client: Any) -> None:  # noqa: ANN401 - papermill has no types
        """A kernel has ended."""
        with self._lock:
            self._clients.discard(client)

    def stop(self) -> None:
        """End every kernel at once and start no more."""
        self.is_stopped = True
        with self._lock:
            processes = [_process_of(client) for client in self._clients]
        for process in filter(None, processes):
            process.kill()


def _process_of(client: Any) -> Any:  # noqa: ANN401 - papermill has no types
    return getattr(getattr(client.km, "provisioner", None), "process", None)


def execute(
    notebook: Notebook,
    *,
    target: Path,
    parameters: Mapping[str, Any],
    environment: Mapping[str, str],
    kernels: Kernels,
    on_cell: Callable[[int, int], None],
) -> Outcome:
    """Execute a copy of ``notebook`` into ``target``, which is saved after every cell.

    Args:
        notebook: A notebook that nothing else uses; it is not changed.
        target: Where the executed copy is kept, whole or half-run.
        parameters: Values that override the cell tagged ``parameters``.
        environment: Variables of the kernel beside those of this process.
        kernels: Where the kernel is listed while it runs.
        on_cell: Called with the number of cells done and of all cells.
    """
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError

    _register_engine()
    begun = time.perf_counter()
    failure = None
    try:
        papermill.execute_notebook(
            nbformat.from_dict(notebook),
            str(target).replace("{", "{{").replace("}", "}}"),
            parameters=dict(parameters),
            engine_name=ENGINE,
            kernel_name="python3",
            progress_bar=False,
            kernels=kernels,
            on_cell=on_cell,
            environment=dict(os.environ) | dict(environment),
        )
    except PapermillExecutionError as error:
        failure = _failure(error, target)
    except Exception:
        if kernels.is_stopped:
            raise KeyboardInterrupt from None
        raise
    if kernels.is_stopped:
        raise KeyboardInterrupt
    return Outcome(seconds=time.perf_counter() - begun, failure=failure)


def _failure(error: Any, target: Path) -> Failure:  # noqa: ANN401 - papermill has no types
    """Read the failing cell back from the half-run copy.

    A ``PlaybookError`` shows itself as its message; whatever has a traceback is a defect.
    """
    cells = json.loads(target.read_text(encoding="utf-8"))["cells"]
    own = [cell for cell in cells if not _is_of_papermill(cell)]
    failed = next((n for n, cell in enumerate(own) if _status(cell) == "failed"), 0)
    traceback = "\n".join(error.traceback)
    is_defect = traceback.strip() != error.evalue.strip()
    return Failure(
        cell=failed + 1,
        source="".join(own[failed]["source"]),
        message=f"{error.ename}: {error.evalue}" if is_defect else error.evalue,
        is_defect=is_defect,
        traceback=traceback if is_defect else "",
    )


def _is_of_papermill(cell: dict[str, Any]) -> bool:
    """Whether papermill put the cell in: the values of parameters, the banner of an error."""
    tags = set(cell.get("metadata", {}).get("tags", []))
    return bool(tags & {"injected-parameters", "papermill-error-cell-tag"})


def _status(cell: dict[str, Any]) -> str:
    return str(cell.get("metadata", {}).get("papermill", {}).get("status", ""))


def _register_engine() -> None:
    """Make our engine known to papermill, once."""
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines

    if ENGINE in papermill_engines._engines:
        return

    class Engine(NBClientEngine):  # type: ignore[misc]
        """papermill's engine with progress and a kernel that can be stopped."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:  # noqa: ANN401 - papermill has no types
            kernels, on_cell = options["kernels"], options["on_cell"]
            if kernels.is_stopped:
                raise KeyboardInterrupt
            _tell_progress(nb_man, on_cell)
            with tempfile.TemporaryDirectory(prefix="playbook-") as folder:
                client = PapermillNotebookClient(
                    nb_man,
                    kernel_name=kernel_name,
                    startup_timeout=120,
                    timeout=None,
                    config=_private_kernel(folder),
                )
                kernels.add(client)
                try:
                    return client.execute(env=options["environment"], stderr=subprocess.DEVNULL)
                finally:
                    kernels.remove(client)

    papermill_engines.register(ENGINE, Engine)


def _private_kernel(folder: str) -> Any:  # noqa: ANN401 - traitlets has no types
    """Sockets of its own in ``folder``, which only this account can open."""
    from traitlets.config import Config

    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})


def _tell_progress(nb_man: Any, on_cell: Callable[[int, int], None]) -> None:  # noqa: ANN401
    total = len(nb_man.nb.cells)
    complete = nb_man.cell_complete

    def told(cell: Any, cell_index: int, **rest: Any) -> None:  # noqa: ANN401
        complete(cell, cell_index=cell_index, **rest)
        on_cell(cell_index + 1, total)

    nb_man.cell_complete = told


def unreadable(path: Path, problem: Exception) -> PlaybookError:
    """A notebook that is not one."""
    return PlaybookError(
        _("{file} cannot be read as a notebook.").format(file=path.name),
        problems=[str(problem)],
        advice=_("Open it in JupyterLab, or restore it from the package."),
    )
