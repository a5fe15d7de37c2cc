"""A run: every notebook in the order of what it needs, several at a time, only what changed.

A notebook is not run again when its text, its parameters, the language, the code of the
package and everything it read the last time are the same. Executed copies, pages and a
manifest go to ``runs/<time>/`` of the engagement; the record keeps what became of each.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from playbook.engagement import Engagement
from playbook.engagement.record import canonical
from playbook.engagement.results import code_version
from playbook.run import places, reads
from playbook.run.catalogue import StepInfo
from playbook.run.execute import Failure, Kernels, execute, unreadable
from playbook.run.export import to_html
from playbook.text import in_language, language
from playbook.text.notebooks import Notebook, translated

State = Literal["finished", "unchanged", "failed", "blocked", "stopped"]


@dataclass(frozen=True)
class Done:
    """What became of one notebook in a run.

    Attributes:
        step: Its id, such as ``03_segmentation``.
        state: ``finished``, ``unchanged`` (not run again), ``failed``, ``blocked`` (a
            notebook that it needs failed) or ``stopped``.
        seconds: Wall time of the execution; of the earlier one when unchanged.
        folder: The run that holds the executed copy, relative to ``runs/``.
        failure: Where and why it stopped.
        blocked_by: Ids of the failed notebooks that it needs.
    """

    step: str
    state: State
    seconds: float = 0.0
    folder: str = ""
    failure: Failure | None = None
    blocked_by: tuple[str, ...] = ()


@dataclass
class Watcher:
    """What is told while a run goes on; the default tells nobody."""

    on_start: Callable[[str], None] = lambda _step: None
    on_cell: Callable[[str, int, int], None] = lambda _step, _done, _total: None
    on_done: Callable[[Done], None] = lambda _done: None


@dataclass
class Run:
    """One run of some notebooks of an engagement.

    Attributes:
        engagement: Whose notebooks these are.
        steps: What to run, in the order of the method.
        parameters: Step id to the values that override its parameters cell.
        lang: Language of the copies, ``en`` or ``ru``.
        jobs: Notebooks at a time; two fit the memory of a laptop.
        is_forced: Whether unchanged notebooks run too.
    """

    engagement: Engagement
    steps: Sequence[StepInfo]
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    lang: str = "en"
    jobs: int = 2
    is_forced: bool = False
    watcher: Watcher = field(default_factory=Watcher)

    def __post_init__(self) -> None:
        self.kernels = Kernels()
        self.started = datetime.now().astimezone()
        self.folder = _new_folder(self.engagement.folder / "runs", self.started)
        self.done: dict[str, Done] = {}
        self._code = code_version()

    def go(self) -> list[Done]:
        """Run, and return what became of every notebook in the order of the method.

        Ctrl-C ends the kernels, keeps what is finished and raises again.
        """
        try:
            self._loop()
        except KeyboardInterrupt:
            self.kernels.stop()
            raise
        finally:
            for step in self.steps:
                self.done.setdefault(step.id, Done(step=step.id, state="stopped"))
            self._conclude()
        return [self.done[step.id] for step in self.steps]

    def _loop(self) -> None:
        waiting = list(self.steps)
        running: dict[Future[Done], str] = {}
        with ThreadPoolExecutor(self.jobs, thread_name_prefix="notebook") as pool:
            try:
                while waiting or running:
                    for step in [s for s in waiting if self._is_ready(s, waiting, running)]:
                        waiting.remove(step)
                        running[pool.submit(self._one, step)] = step.id
                    finished, _still = wait(running, return_when=FIRST_COMPLETED)
                    for future in finished:
                        running.pop(future)
                        self._note(future.result())
            except KeyboardInterrupt:
                self.kernels.stop()
                pool.shutdown(cancel_futures=True)
                for future in (f for f in running if f.done() and not f.cancelled()):
                    if future.exception() is None:
                        self._note(future.result())
                raise

    @staticmethod
    def _is_ready(
        step: StepInfo, waiting: Sequence[StepInfo], running: Mapping[Future[Done], str]
    ) -> bool:
        ahead = {other.id for other in waiting} | set(running.values())
        return not ahead & set(step.needs)

    def _note(self, done: Done) -> None:
        self.done[done.step] = done
        self.watcher.on_done(done)

    def _one(self, step: StepInfo) -> Done:
        """Run one notebook, or find that it need not or cannot run."""
        with in_language(self.lang):
            failed = [
                need
                for need in step.needs
                if need in self.done and self.done[need].state in ("failed", "blocked")
            ]
            if failed:
                return Done(step=step.id, state="blocked", blocked_by=tuple(failed))
            notebook = load(step)
            key = self._key(step, notebook)
            if not self.is_forced and (past := self._unchanged(step, key)):
                return past
            return self._executed(step, notebook, key)

    def _key(self, step: StepInfo, notebook: Notebook) -> str:
        """Everything that makes a difference beside what the notebook reads."""
        facts = [notebook["cells"], self._values(step), self.lang, self._code]
        return sha256(canonical(facts).encode()).hexdigest()

    def _values(self, step: StepInfo) -> dict[str, Any]:
        own = dict(self.parameters.get(step.id, {}))
        return {"engagement": self.engagement.name, "lang": self.lang} | own

    def _unchanged(self, step: StepInfo, key: str) -> Done | None:
        event = self.engagement.record.last(f"run/{step.id}")
        if event is None or event.type != "finished" or event.payload["key"] != key:
            return None
        folder = self.engagement.folder / "runs" / event.payload["folder"]
        if not (folder / page_name(step)).exists():
            return None
        if reads.versions(self.engagement, event.payload["reads"]) != event.payload["reads"]:
            return None
        return Done(
            step=step.id,
            state="unchanged",
            seconds=event.payload["seconds"],
            folder=event.payload["folder"],
        )

    def _executed(self, step: StepInfo, notebook: Notebook, key: str) -> Done:
        self.watcher.on_start(step.id)
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / copy_name(step)
        noted = target.with_suffix(".reads")
        outcome = execute(
            translated(notebook, self.lang),
            target=target,
            parameters=self._values(step),
            environment={
                "PLAYBOOK_STATIC": "1",
                "PLAYBOOK_LANG": self.lang,
                "PLAYBOOK_HOME": str(self.engagement.folder.parent.parent),
                reads.VARIABLE: str(noted),
            },
            kernels=self.kernels,
            on_cell=lambda done, total: self.watcher.on_cell(step.id, done, total),
        )
        _without_paths(target)
        if outcome.failure is None:
            page = to_html(target, language=self.lang)
            (self.folder / page_name(step)).write_text(page, encoding="utf-8")
        state: State = "failed" if outcome.failure else "finished"
        done = Done(
            step=step.id,
            state=state,
            seconds=round(outcome.seconds, 2),
            folder=self.folder.name,
            failure=outcome.failure,
        )
        self._record(step, done, key=key, read=reads.noted(noted))
        noted.unlink(missing_ok=True)
        return done

    def _record(self, step: StepInfo, done: Done, *, key: str, read: Mapping[str, str]) -> None:
        payload = {
            "key": key,
            "reads": dict(read),
            "folder": done.folder,
            "seconds": done.seconds,
            "lang": self.lang,
            "parameters": dict(self.parameters.get(step.id, {})),
        }
        if done.failure:
            payload |= {"cell": done.failure.cell, "message": done.failure.message}
        self.engagement.record.append(f"run/{step.id}", done.state, payload)

    def _conclude(self) -> None:
        """Complete the folder with the unchanged copies, and write the manifest."""
        if not self.folder.exists():
            return
        for step in self.steps:
            done = self.done[step.id]
            if done.state == "unchanged":
                _bring(step, self.folder.parent / done.folder, self.folder)
        manifest = {
            "engagement": self.engagement.name,
            "started": self.started.isoformat(timespec="seconds"),
            "lang": self.lang,
            "code": self._code,
            "notebooks": [_without_source(self.done[step.id]) for step in self.steps],
        }
        draft = self.folder / ".manifest.json"
        draft.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(self.folder / "manifest.json")


def load(step: StepInfo) -> Notebook:
    """The notebook of a step as it is shipped."""
    path = places.notebooks() / step.notebook
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        return {**notebook, "cells": list(notebook["cells"])}
    except (ValueError, KeyError, TypeError) as problem:
        raise unreadable(path, problem) from None


def copy_name(step: StepInfo) -> str:
    """File name of the executed copy of a step."""
    return step.id.replace("/", "_") + ".ipynb"


def page_name(step: StepInfo) -> str:
    """File name of the page of a step."""
    return step.id.replace("/", "_") + ".html"


def _new_folder(runs: Path, started: datetime) -> Path:
    """A folder named by the moment; a second run in the same second gets a number."""
    stamp = started.strftime("%Y-%m-%dT%H-%M-%S")
    candidates = [runs / stamp, *(runs / f"{stamp}-{n}" for n in range(2, 1000))]
    return next(folder for folder in candidates if not folder.exists())


def _bring(step: StepInfo, source: Path, target: Path) -> None:
    """Put the earlier copy of a step into this run, without a second set of bytes."""
    for name in (copy_name(step), page_name(step)):
        try:
            os.link(source / name, target / name)
        except OSError:
            shutil.copy2(source / name, target / name)


def _without_paths(executed: Path) -> None:
    """Take the paths of this machine out of an executed copy."""
    notebook = json.loads(executed.read_text(encoding="utf-8"))
    facts = notebook["metadata"].get("papermill", {})
    facts["input_path"], facts["output_path"] = executed.name, executed.name
    facts.pop("environment_variables", None)
    draft = executed.with_name("." + executed.name)
    draft.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(executed)


def _without_source(done: Done) -> dict[str, Any]:
    facts = asdict(done)
    if done.failure:
        facts["failure"] = {"cell": done.failure.cell, "message": done.failure.message}
    return facts


def language_of(engagement: Engagement, wanted: str | None) -> str:
    """The language of a run: as asked, else the engagement's, else the environment's."""
    return wanted or engagement.lang or language()
