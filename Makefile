# The face of bin/. `make` alone lists what there is.
PORT ?=
ZOOM_PORT ?=
SMTP_PORT ?=
ZOOM ?=
export PORT ZOOM_PORT SMTP_PORT ZOOM
# Where Python may not keep what it compiled, each of a hundred programs would compile all anew.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/pycache

.PHONY: help setup demo test format messages bench screenshots

help: ## list what there is
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 14

setup: ## install what the project needs into this folder
	@bin/setup

demo: setup ## run everything with a demo company; Ctrl-C stops it
	@.venv/bin/python bin/demo.py

test: setup ## run every check and test, on SQLite and on PostgreSQL
	@.venv/bin/python bin/test.py

format: setup ## format the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

messages: setup ## collect the strings to translate, and compile what is translated
	@.venv/bin/python bin/messages.py

bench: setup ## measure, and print ratios against a baseline of the same run
	@.venv/bin/python bin/bench.py

screenshots: setup ## take the pictures of the README and of the docs
	@.venv/bin/python bin/screenshots.py
