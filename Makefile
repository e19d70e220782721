# Shortcuts; every command is in README.md or .ci/test.
.PHONY: build test bench matrix
build:
	go run ./cmd/handrail build
test:
	bash .ci/test
# Compares with Hugo on a folder of Markdown: make bench CORPUS=path/to/content
bench:
	go test -run '^$$' -bench . -benchmem ./a11y/... ./internal/...
	bash .ci/bench $(CORPUS)
matrix:
	HANDRAIL_BROWSER=1 HANDRAIL_MATRIX=full go test -count=1 -timeout 120m ./internal/e2e
