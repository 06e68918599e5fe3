# Every target carries its help after "##"; `make` alone prints it.

PORT ?= 8000
SERVE ?= 1
export PORT SERVE

PYTHON := .venv/bin/python
# Development settings for tools that load Django; tests bring their own (tests/settings.py).
DEVELOPMENT := DEBUG=1
# What a production environment looks like to `check --deploy`. The key is made up on the spot and protects nothing.
PRODUCTION := DEBUG=0 BASE_URL=https://www.example.org SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))')
PACKAGES := cms newsletter archive home bench

# ARGS for pytest, which may name a part of a directory: else all of it.
part = $(if $(findstring $(1),$(ARGS)),,$(1)) $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help setup setup-demo demo test test-next journeys audit bench faults lint screenshots

help:  ## Diese Übersicht
	@echo "make <Ziel>:"
	@sed -n 's/^\([a-z-]*\):[^#]*## *\(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  %-11s %s\n' "$$name" "$$text"; done

setup:  ## Umgebung in .venv einrichten: gesperrte Abhängigkeiten und Systembibliotheken
	@sh deploy/setup.sh all

setup-demo:
	@sh deploy/setup.sh demo

demo: setup-demo  ## Alles einmal vorführen und die Website zeigen (PORT=8000; SERVE=0 endet nach der Übersicht)
	@$(PYTHON) -m cms.demo

test: setup  ## Alle Tests auf SQLite und auf PostgreSQL (nur ein Teil: ARGS="tests/demo -x", ohne die langsamen: ARGS="-m 'not slow'")
	@$(PYTHON) -m tests $(ARGS)

test-next: setup  ## Alle Tests mit dem neuesten Wagtail in .venv-next
	@sh deploy/setup.sh next
	@.venv-next/bin/python -m tests $(ARGS)

journeys: setup  ## Die Wege von Redaktion, Koordination und Besuch im Browser gehen, mit Bildern in var/screenshots/
	@$(PYTHON) -m pytest $(call part,tests/browser/journeys) -n 0 --show-capture=no

audit: setup  ## Gewicht und Lighthouse-Wertung der wichtigsten Seiten prüfen (nur Teile: ONLY=home,report)
	@$(PYTHON) -m tests.audit $(ONLY)

bench: setup  ## Messen und mit Grenzen und anderen Programmen vergleichen (nur Teile: ONLY=search,download)
	@$(PYTHON) -m bench $(ONLY)

faults: setup  ## Einen Versand an 20.000 Adressen unter Beschuss nehmen: Worker, Datenbank, Broker, Mailserver (lange)
	@FAULTS=long $(PYTHON) -m pytest $(call part,tests/faults) -n 0 -s --log-level=ERROR

lint: setup  ## Alle statischen Prüfungen; die erste, die scheitert, beendet den Lauf
	@echo "== ruff check";              $(PYTHON) -m ruff check .
	@echo "== ruff format";             $(PYTHON) -m ruff format --check .
	@echo "== mypy";                    $(DEVELOPMENT) $(PYTHON) -m mypy $(PACKAGES)
	@echo "== djhtml";                  .venv/bin/djhtml --check --tabwidth 4 templates
	@echo "== import-linter";           .venv/bin/lint-imports
	@echo "== makemigrations --check";  $(DEVELOPMENT) $(PYTHON) manage.py makemigrations --check --dry-run
	@echo "== check_messages";          $(DEVELOPMENT) $(PYTHON) manage.py check_messages
	@echo "== check --deploy";          $(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING

screenshots: setup  ## Alle Bilder von README und Handbüchern in docs/img/ aufnehmen (braucht Chromium; nur Teile: ONLY="site mailing")
	@$(PYTHON) -m tests.browser.screenshots $(ONLY)
