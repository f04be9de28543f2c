"""Several cameras in one process: a thread each, one network session for the same model."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event as Flag
from threading import Thread

from sightline.camera.camera import Camera
from sightline.camera.outputs import Outputs
from sightline.errors import ConfigError, SightlineError
from sightline.twin.config import CameraConfig


class Running:
    """One camera at work. `error` is what ended it, if it did not end by itself."""

    def __init__(self, config: CameraConfig, others: int) -> None:
        self.camera = Camera(config, others=others)
        self.outputs = Outputs(self.camera)
        self.error: BaseException | None = None
        # Asked instead of the thread: a Ctrl-C while joining a thread makes Python 3.11
        # believe that it has ended.
        self.ended = Flag()
        self.thread = Thread(target=self._work, name=config.name, daemon=True)

    def _work(self) -> None:
        try:
            with self.outputs as outputs:
                for readout in self.camera.run():
                    outputs.write(readout)
        except BaseException as error:
            self.error = error
        finally:
            self.ended.set()


class Together:
    """`with Together(configs) as cameras:` starts them; leaving stops and joins them.

    A camera that fails takes no other down; `raise_first` says afterwards what went wrong.
    Raises ConfigError, InputError or ModelError while they are built, before any starts.
    """

    def __init__(self, configs: Sequence[CameraConfig]) -> None:
        self._refuse_shared_output(configs)
        self.cameras = [Running(config, others=len(configs) - 1) for config in configs]

    def __enter__(self) -> Together:
        for running in self.cameras:
            running.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        for running in self.cameras:
            running.camera.stop()
        for running in self.cameras:
            running.ended.wait()

    @property
    def working(self) -> bool:
        """Whether any camera still runs."""
        return not all(running.ended.is_set() for running in self.cameras)

    def wait(self, seconds: float) -> None:
        """Come back when the first camera that is still at work has ended, or after `seconds`."""
        for running in self.cameras:
            if not running.ended.is_set():
                running.ended.wait(seconds)
                return

    def raise_first(self) -> None:
        """Raise what ended the first camera that failed; the others' reasons are in its words."""
        failed = [(r.camera.config.name, r.error) for r in self.cameras if r.error is not None]
        if not failed:
            return
        for _, error in failed:
            if not isinstance(error, SightlineError):
                raise error
        first = failed[0][1]
        if len(self.cameras) > 1:
            words = "; ".join(f"camera {name}: {error}" for name, error in failed)
            raise type(first)(words) from first
        raise first

    @staticmethod
    def _refuse_shared_output(configs: Sequence[CameraConfig]) -> None:
        outputs = [config.output for config in configs if config.output.metadata == "-"]
        if len(outputs) > 1 and any(output.format not in (None, "jsonl") for output in outputs):
            raise ConfigError(
                "several cameras can share standard output only as JSON Lines; "
                "name a file with --metadata, and each camera gets its own"
            )
