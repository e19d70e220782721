# Shortcuts; every command is in README.md or .ci/test.
SHELL = bash
.PHONY: act differential fuzz
.PHONY: build demo test bench matrix durability bench-server orca checks
build:
	go run ./cmd/handrail build
# The site with its forms working, at http://localhost:8080/. What is sent lies in bin/demo.
demo: build
	go run ./cmd/handraild serve --demo --data bin/demo
test:
	bash .ci/test
# A minute of each fuzz target; the tests take ten seconds.
fuzz:
	FUZZTIME=60s bash .ci/test fuzz
# Compares with Hugo on a folder of Markdown: make bench CORPUS=path/to/content
bench:
	go test -run '^$$' -bench . -benchmem ./a11y/... ./internal/...
	bash .ci/bench $(CORPUS)
matrix:
	HANDRAIL_BROWSER=1 HANDRAIL_MATRIX=full go test -count=1 -timeout 120m ./internal/e2e
# Styles, roles, names and findings against Chromium's and axe-core's, on hundreds
# of pages; HANDRAIL_CORPUS=path/to/built/site adds pages of its own.
differential:
	HANDRAIL_BROWSER=1 HANDRAIL_MATRIX=full go test -count=1 -v -timeout 120m -run '^TestDifferential' ./internal/e2e
# W3C's cases with their scorer: make act ACT=path/to/cases (manifest.json, score.go)
act:
	mkdir -p bin/act
	HANDRAIL_ACT=$(abspath $(ACT)) go test -count=1 -run '^TestAllACTCases$$' -artifacts -outputdir $(abspath bin/act) ./a11y
	go run $(ACT)/score.go -manifest $(ACT)/manifest.json $$(find bin/act -name results.jsonl -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2-)
# What the screen reader Orca says on five journeys, on a desktop of its own.
orca:
	bash .ci/test install orca
# Browser checks kept outside this repository, over both editions in every
# theme: make checks CHECKS=path/to/their/folder
checks: build
	node $(CHECKS)/all.mjs public --modes-file internal/e2e/testdata/modes.json --max-pages 24 --max-kb 60 --max-js-kb 10 --gzip --out bin/checks
# Kills the server, has its disk and its database fail, and cuts the power,
# again and again; some hours with the usual counts. HANDRAIL_ROUNDS and
# HANDRAIL_CUTS make it shorter. The report lies in bin/, with its date.
durability:
	mkdir -p bin
	set -o pipefail; { date -u; uname -sr; git log -1 --format=%h; \
	HANDRAIL_ROUNDS=$${HANDRAIL_ROUNDS:-50} go test -count=1 -v -timeout 300m -run 'Kill|Stop|Disk|HangUp|TestPostgres' ./cmd/handraild && \
	HANDRAIL_ROUNDS=$${HANDRAIL_CUTS:-200} go test -count=1 -v -timeout 120m -run 'PowerCut' ./cmd/handraild && \
	go test -count=1 -v -run 'TestStore|TestConformance' ./internal/store/postgres ./internal/store/sqlite && \
	go test -count=1 -v -run 'TwoInstances|BetweenDatabases' ./internal/server ./internal/backup; } 2>&1 | \
	grep --line-buffered -v '^=== ' | tee bin/durability-$$(date -u +%Y-%m-%d).txt
# Measures sending and steps, on SQLite and PostgreSQL, in turns with
# PocketBase, which is built outside of this module; then parts by themselves.
bench-server:
	mkdir -p bin
	cd internal/server/testdata/pocketbase && CGO_ENABLED=0 go build -o $(CURDIR)/bin/pocketbase .
	CGO_ENABLED=0 go build -o bin/handraild ./cmd/handraild
	HANDRAIL_PROGRAM=$(CURDIR)/bin/handraild HANDRAIL_POCKETBASE=$(CURDIR)/bin/pocketbase \
	go test -run '^$$' -bench Peers -benchtime 1x -timeout 60m ./internal/server
	go test -run '^$$' -bench . ./internal/seal ./internal/serve ./internal/store/sqlite
