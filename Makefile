# The two commands: `make run` and `make test`. Both install what is missing first.
PYTHON := .venv/bin/python
WEB := . scripts/lib/web.sh && venv=$(CURDIR)/.venv && npm_in_web run

# Folders of tests that need neither Asterisk nor a browser.
QUICK := domain db workflows api node commands model simulate test_architecture.py test_logs.py test_names.py test_notice.py test_settings.py

.PHONY: run test quick check format bench day model chaos simulate pictures clean help

run: ## Install what is missing and start the whole centre
	@scripts/bootstrap run
	@exec .venv/bin/everline up

test: ## Install what is missing and run the tests, in two processes that each start a centre of their own
	@scripts/bootstrap dev
	@$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder; status=$$?; [ $$status -eq 1 ] || exit $$status; \
	echo "Once more, alone, what has failed:"; exec $(PYTHON) -m pytest --last-failed --last-failed-no-failures none

quick: ## Run the tests that need neither Asterisk nor a browser
	@scripts/bootstrap dev
	@exec $(PYTHON) -m pytest -q -n 2 --dist loadfile $(addprefix tests/,$(QUICK))

check: ## Lint, formats, types, import contracts and the unit tests of the page
	@scripts/bootstrap dev
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	@$(WEB) check

format: ## Put every Python, TypeScript and CSS file into shape
	@scripts/bootstrap dev
	$(PYTHON) -m ruff check --fix
	$(PYTHON) -m ruff format
	@$(WEB) format

bench: ## Measure calls against app_queue, the browser's phone and the portal, and print the tables
	@scripts/bootstrap dev
	@exec $(PYTHON) -m bench

day: ## Spend a day of 200 calls at one page, and see whether anything leaks
	@scripts/bootstrap dev
	@exec $(PYTHON) -m tests.day

chaos: ## Make 1,000 calls while processes are killed and stopped, and judge them by what the phones saw
	@scripts/bootstrap dev
	@exec $(PYTHON) -m tests.chaos

model: ## Drive calls through anything that can happen, 2,000 times, and look whether planted faults are found
	@scripts/bootstrap dev
	@exec $(PYTHON) -m tests.model

simulate: ## Compare the routing with Erlang C and Erlang A, under a virtual clock
	@scripts/bootstrap dev
	@exec $(PYTHON) -m simulate

pictures: ## Take the pictures of docs/desk.md anew, from a real centre with real calls
	@scripts/bootstrap dev
	@exec $(PYTHON) -m docs.take_pictures

clean: ## Remove what was built here; data in .everline stays
	rm -rf .venv web/node_modules api/static/dist test-results
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10
