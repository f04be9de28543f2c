"""`sightline run` as a person meets it: a program with arguments, files and an exit code."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sightline.cli import main
from sightline.wire.formats.open import open_reader

PROGRAM = [sys.executable, "-c", "from sightline.cli import main; main()"]
Walk = list[NDArray[np.uint8]]
Done = subprocess.CompletedProcess[str]


def sightline(*arguments: object, **options: object) -> Done:
    command = [*PROGRAM, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)  # type: ignore[call-overload, no-any-return]


@pytest.fixture
def film(tmp_path: Path) -> Callable[[Walk, int], Path]:
    """Writes pictures as a video, over and over."""

    def write(walk: Walk, times: int) -> Path:
        import av

        path = tmp_path / "film.mp4"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=10, options={"crf": "10"})
            stream.width, stream.height = walk[0].shape[1::-1]
            stream.pix_fmt = "yuv420p"
            for _ in range(times):
                for image in walk:
                    container.mux(stream.encode(av.VideoFrame.from_ndarray(image)))
            container.mux(stream.encode(None))
        return path

    return write


def red_to_white(walk: Walk) -> Walk:
    """Video halves the resolution of colour; what is to be found by its red is white there."""
    return [np.repeat(image[:, :, :1], 3, axis=2) for image in walk]


def test_standard_output_holds_metadata_and_nothing_else(
    bright_network: Path, film: Callable[[Walk, int], Path], walk: Walk
) -> None:
    video = film(red_to_white(walk), 1)
    done = sightline("run", video, "--model", bright_network, "--metadata", "-")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert records[0]["type"] == "header"
    assert sum(record["type"] == "frame" for record in records) == len(walk)
    assert "lamp" in done.stderr  # the table


def test_quiet_means_quiet(bright_network: Path, pictures, walk: Walk) -> None:
    done = sightline("run", pictures(walk), "--model", bright_network, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_format_and_the_file_are_written(
    bright_network: Path, pictures, walk: Walk, tmp_path: Path
) -> None:
    folder = pictures(walk)
    for name, form in [("m.jsonl", None), ("m.slp", None), ("m.txt", "mot"), ("m.json", "coco")]:
        out = tmp_path / name
        flags = ["--format", form] if form else []
        done = sightline("run", folder, "--model", bright_network, "--metadata", out, "-q", *flags)
        assert done.returncode == 0, done.stderr
        if form != "coco":
            assert sum(1 for _ in open_reader(out, form, size=(128, 128), fps=10).frames()) > 10
        else:
            assert {"image_id", "category_id", "bbox", "score"} <= set(
                json.loads(out.read_text())[0]
            )


def test_several_cameras_run_together(
    bright_network: Path, pictures, walk: Walk, tmp_path: Path
) -> None:
    folders = [pictures(walk, name) for name in ("left", "right", "far")]
    done = sightline(
        "run", *folders, "--model", bright_network, "--line", "mid:0.5,0,0.5,1",
        "--summary", tmp_path / "s.json", "--metadata", tmp_path / "m.jsonl",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name in ("left", "right", "far"):
        summary = json.loads((tmp_path / f"s-{name}.json").read_text())
        assert summary["camera"] == name
        assert summary["frames"] == len(walk)
        assert summary["lines"]["mid"] == {"in": 1, "out": 1}


def test_what_pictures_show_is_summed_up_where_nothing_is_followed(
    make_onnx: Callable[..., bytes], pictures, walk: Walk, tmp_path: Path
) -> None:
    """A classifier sees no objects to follow, but it sees something."""
    network, names, out = (tmp_path / name for name in ("a.onnx", "names.txt", "s.json"))
    network.write_bytes(make_onnx([1, 3, 64, 64], {"o": np.array([[0.1, 0.9]], np.float32)}))
    names.write_text("cat\ndog\n")
    done = sightline(
        "run", pictures(walk[:3]), "--model", network, "--labels", names,
        "--decoder", "classification", "--summary", out,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    summary = json.loads(out.read_text())
    assert (summary["pictures"], summary["tracks"]) == ({"dog": 3}, {})
    assert "pictures with  3 dog" in done.stdout + done.stderr


def test_one_camera_that_fails_takes_no_other_down(
    bright_network: Path, pictures, walk: Walk, tmp_path: Path
) -> None:
    (tmp_path / "broken.mp4").write_text("this is no video")
    done = sightline(
        "run", tmp_path / "broken.mp4", pictures(walk), "--model", bright_network,
        "--summary", tmp_path / "{camera}.json",
    )  # fmt: skip
    assert done.returncode == 2
    assert "camera broken:" in done.stderr
    assert json.loads((tmp_path / "pictures.json").read_text())["frames"] == len(walk)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.mp4"], "nowhere.mp4"),
        (["empty.mp4"], "empty"),
        (["text.mp4"], "not a video"),
        (["FOLDER", "--line", "a:0,0,5,5"], "outside the picture"),
        (["FOLDER", "--line", "a:0,0"], "--line NAME:x1,y1,x2,y2"),
        (["FOLDER", "--zone", "z:0,0,1,1,1,0,0,1"], "crosses itself"),
        (["FOLDER", "--classes", "lmap"], "'lmap'"),
        (["FOLDER", "--decoder", "yolo99"], "yolo99"),
        (["FOLDER", "--decoder", "nanodet"], "NanoDet"),
        (["FOLDER", "--labels", "nowhere.txt"], "nowhere.txt"),
        (["FOLDER", "--roi", "0.5,0.5,0.9,0.9"], "beyond the picture"),
        (["FOLDER", "--metadata", "no/such/folder/m.jsonl"], "no/such/folder"),
        (["FOLDER", "--metadata", "m.xyz"], "m.xyz"),
        (["FOLDER", "--video", "no/such/folder/v.mp4"], "no/such/folder"),
        (["FOLDER", "--video", "v.wmv"], "v.wmv"),
        (["FOLDER", "--preview", "p.bmpx"], "p.bmpx"),
        (["FOLDER", "--config", "nowhere.yaml"], "nowhere.yaml"),
        (["FOLDER", "--provider", "tpu"], "'tpu'"),
        (["FOLDER", "--delay", "soon"], "soon"),
        (["gopher://old/web"], "gopher"),
        ([], "nothing to look at"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_2(
    bright_network: Path,
    pictures,
    walk: Walk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("shopping list: milk")
    folder = str(pictures(walk[:2]))
    given = [folder if argument == "FOLDER" else argument for argument in arguments]
    command = ["sightline", "run", *given, "--model", str(bright_network)]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as left:
        main()
    output = capsys.readouterr()
    assert left.value.code == 2
    assert output.err.startswith("error: ")
    assert words in " ".join(output.err.split())
    assert output.out == ""


def test_a_stream_that_refuses_is_exit_1_and_keeps_its_password(
    bright_network: Path, tmp_path: Path
) -> None:
    config = tmp_path / "camera.yaml"
    config.write_text("source: {uri: 'rtsp://admin:hunter2@127.0.0.1:9/x', connect_timeout_s: 1}\n")
    out = tmp_path / "m.jsonl"
    done = sightline("run", "--config", config, "--model", bright_network, "--metadata", out)
    assert done.returncode == 1
    assert "127.0.0.1:9" in done.stderr
    assert "hunter2" not in done.stderr + out.read_text()


def _hear_ctrl_c() -> None:
    """Also where the tests themselves run in the background, which hands down deafness to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def begin(bright_network: Path, video: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    out.mkdir()
    arguments = [
        "run", str(video), "--model", str(bright_network), "--metadata", str(out / "m.jsonl"),
        "--video", str(out / "v.mp4"), "--summary", str(out / "s.json"), *more,
    ]  # fmt: skip
    process = subprocess.Popen(
        [*PROGRAM, *arguments], stderr=subprocess.PIPE, text=True, preexec_fn=_hear_ctrl_c
    )
    deadline = time.monotonic() + 30
    while not (out / "m.jsonl").exists() or (out / "m.jsonl").stat().st_size < 20_000:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


def test_ctrl_c_ends_in_good_order(
    bright_network: Path, film: Callable[[Walk, int], Path], walk: Walk, tmp_path: Path
) -> None:
    process = begin(bright_network, film(red_to_white(walk), 200), tmp_path / "out")
    process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=20)[1]
    assert process.returncode == 130
    assert "Traceback" not in errors
    frames = sum(1 for _ in open_reader(tmp_path / "out" / "m.jsonl").frames())
    assert json.loads((tmp_path / "out" / "s.json").read_text())["frames"] == frames


def test_kill_leaves_what_was_written_readable(
    bright_network: Path, film: Callable[[Walk, int], Path], walk: Walk, tmp_path: Path
) -> None:
    process = begin(bright_network, film(red_to_white(walk), 200), tmp_path / "out")
    process.kill()
    process.communicate(timeout=20)
    assert sum(1 for _ in open_reader(tmp_path / "out" / "m.jsonl").frames()) > 20


def test_a_full_disk_is_exit_1_and_leaves_whole_records(
    bright_network: Path, film: Callable[[Walk, int], Path], walk: Walk, tmp_path: Path
) -> None:
    out = tmp_path / "m.jsonl"

    def no_more_than_50_kb() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    video = film(red_to_white(walk), 30)
    done = sightline(
        "run", video, "--model", bright_network, "--metadata", out, "-q",
        preexec_fn=no_more_than_50_kb,
    )  # fmt: skip
    assert done.returncode == 1
    assert "m.jsonl" in done.stderr
    assert "Traceback" not in done.stderr
    assert out.stat().st_size <= 50_000
    assert all(json.loads(line) for line in out.read_text().splitlines())


def test_whoever_reads_our_output_may_leave(
    bright_network: Path, film: Callable[[Walk, int], Path], walk: Walk
) -> None:
    video = film(red_to_white(walk), 20)
    arguments = ["run", str(video), "--model", str(bright_network), "--metadata", "-", "-q"]
    process = subprocess.Popen(
        [*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(20) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_is_a_mistake(
    bright_network: Path, pictures, walk: Walk, tmp_path: Path
) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    out = tmp_path / "locked" / "m.jsonl"
    done = sightline("run", pictures(walk), "--model", bright_network, "--metadata", out)
    assert done.returncode == 2
    assert "permission denied" in done.stderr.lower()
