# Everything here needs only python3 (3.11+), make and the package registries.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: help demo test check bench load faults paints live screenshots format train train-nano clean

help:            ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.camera: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e '.[camera,hub]'
	@touch $@

$(VENV)/.dev: $(VENV)/.camera
	$(BIN)/python -m pip install --quiet -e '.[camera,hub,postgres,litert,traces]' --group dev
	# HOTA, MOTA, IDF1 as published; alone, because it asks for the desktop build of OpenCV,
	# which overwrites the headless one.
	$(BIN)/python -m pip install --quiet --no-deps 'trackeval>=1.3'
	@touch $@

demo: $(VENV)/.camera    ## a hub and three rendered cameras, until Ctrl-C (DEMO='--seconds 60' ends by itself)
	$(BIN)/sightline demo --out demo-out $(DEMO)

test: $(VENV)/.dev       ## the whole test suite
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/.dev      ## lint, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests benchmarks training examples
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev     ## rewrite the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format src tests benchmarks training examples

.venv-bench/.ready: pyproject.toml
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --upgrade pip
	.venv-bench/bin/python -m pip install --quiet -e '.[camera]' --group bench
	# The peers ask for the desktop build of OpenCV, which overwrites the headless one.
	.venv-bench/bin/python -m pip install --quiet --no-deps --group peers
	@touch $@

bench: .venv-bench/.ready   ## ours and the peers on the same input, as ratios
	.venv-bench/bin/python -m benchmarks

load: $(VENV)/.dev       ## a hub under the load of a fleet, beside Mosquitto; takes 15 minutes
	$(BIN)/python -m benchmarks.hub

paints: $(VENV)/.dev     ## how soon the dashboard is seen, in Chromium on this machine
	PYTHONPATH=tests/support $(BIN)/python -m benchmarks.paints

live: $(VENV)/.dev       ## how old boxes are on screen, and what 20 live cameras on one page cost
	$(BIN)/python -m benchmarks.live

screenshots: $(VENV)/.dev   ## the pictures in docs/images, of today's pages
	PYTHONPATH=tests/support $(BIN)/python tests/web/screenshots.py

faults: $(VENV)/.dev     ## hub, camera and broker killed at random moments, 100 times each, rollouts too
	SIGHTLINE_KILLS=100 $(BIN)/python -m pytest tests/hub/faults -q

train:           ## train the shipped network again from rendered scenes
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/python -m pip install --quiet --upgrade pip
	.venv-train/bin/python -m pip install --quiet -e '.[camera,train]'
	.venv-train/bin/python training/train_scene.py

train-nano: DATA ?= ../shared/data
train-nano:      ## train a small detector for people and vehicles from the pictures in DATA
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/python -m pip install --quiet --upgrade pip
	.venv-train/bin/python -m pip install --quiet -e '.[camera,train]'
	.venv-train/bin/python training/train_nano.py --real $(DATA) \
		--start src/sightline/model/builtin/scene.onnx
	.venv-train/bin/python training/export_nano.py --real $(DATA) --beside scene \
		$(DATA)/models/yolox_nano_416.onnx

clean:           ## remove environments and caches
	rm -rf .venv .venv-bench .venv-train .pytest_cache .mypy_cache .ruff_cache demo-out
