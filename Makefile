# kmsiso. Everything a target needs, it installs: on a fresh Debian machine
# `make demo` and `make test` are all there is to type. The lab needs root.

SHELL   := /bin/bash
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
GO      := CGO_ENABLED=0 go
BUILD   := $(GO) build -trimpath -ldflags '$(LDFLAGS)'
LAB     := bin/lab
PLATFORMS := linux/amd64 linux/arm64 windows/amd64 windows/arm64 darwin/amd64 darwin/arm64
TOOL    := go tool -modfile=.ci/tools/go.mod
LINT    := $(TOOL) golangci-lint
FUZZTIME := 60s

.PHONY: build release demo check test lint gauntlet bench docs fuzz packages clean

build: ## the tool and the lab, for this machine
	@mkdir -p bin
	$(BUILD) -o bin/kmsiso ./cmd/kmsiso
	$(BUILD) -o $(LAB) ./fixtures/lab
	$(BUILD) -o bin/gauntlet ./fixtures/gauntlet
	$(BUILD) -o bin/bench ./fixtures/bench

release: ## static binaries for every platform, in dist/
	@mkdir -p dist
	@set -e; for p in $(PLATFORMS); do \
		os=$${p%/*} arch=$${p#*/}; ext=; [ $$os = windows ] && ext=.exe; \
		echo "dist/kmsiso_$${os}_$$arch$$ext"; \
		GOOS=$$os GOARCH=$$arch $(BUILD) -o dist/kmsiso_$${os}_$$arch$$ext ./cmd/kmsiso; \
	done

packages: build ## the Debian packages that the lab and the tests use
	@$(LAB) packages

demo: packages ## a real isolated deployment comes up and is verified
	@fixtures/demo/run

check: release ## without root: rules of the house, tests but the lab's, known vulnerabilities
	$(LINT) run ./...
	go test -race -timeout 30m ./...
	@$(TOOL) govulncheck ./... || { [ $$? -ne 3 ] && echo "known vulnerabilities were not looked up: no database"; }

test: packages release ## every tier, the lab included
	go test -count=1 -timeout 14m -tags lab ./...

lint:
	$(LINT) run ./...
	$(LINT) run --build-tags lab ./...
	@out=$$(GOOS=linux $$($(TOOL) -n deadcode) ./cmd/kmsiso) || exit 1; [ -z "$$out" ] || { echo "$$out"; echo "kmsiso never calls these"; exit 1; }
	@out=$$(go mod tidy -diff 2>&1) || { echo "$$out"; echo "go.mod is not tidy"; exit 1; }

gauntlet: packages ## every fault is caught, every healthy variant left alone
	@bin/gauntlet

bench: packages ## speed, as ratios measured in the same run
	@bin/bench

docs: build ## the pages of docs/checks, from the checks and reasons themselves
	@bin/kmsiso checks --docs docs/checks

fuzz: ## every parser of foreign bytes, FUZZTIME each
	@set -e; for pkg in $$(go list ./...); do \
		dir=$$(go list -f '{{.Dir}}' $$pkg); \
		for f in $$(grep -ho '^func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go 2>/dev/null | sed 's/func //' | sort -u); do \
			echo "== $$pkg $$f"; go test -run '^$$' -fuzz "^$$f$$" -fuzzminimizetime 10x -fuzztime $(FUZZTIME) $$pkg; \
		done; \
	done

clean:
	rm -rf bin dist
