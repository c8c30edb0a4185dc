# Everything one does with Spillway; `make` alone tells what there is.

.SHELLFLAGS := -euc
.DEFAULT_GOAL := help

# Nothing here needs the state of the checkout in a program, and asking git for it fails in a checkout of
# another user.
export GOFLAGS := $(GOFLAGS) -buildvcs=false

JS := GOOS=js GOARCH=wasm
STATICCHECK := $(CURDIR)/bin/staticcheck
MODULES := . app/e2e broker/bench broker/otelbroker broker/watermillbroker .tools
# What a simulated event spends its time on. The compiler uses it for the page because of its name and place.
PROFILE := $(CURDIR)/cmd/wasm/default.pgo

.PHONY: help
help: ## tell what make can do
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- running ---------------------------------------------------------------------------------------------

.PHONY: serve
serve: bundle ## bundle the page and serve it; ADDR=localhost:9090 for another address
	@go build -o bin/serve ./cmd/serve
	@exec bin/serve $(if $(ADDR),-addr '$(ADDR)')

.PHONY: demo
demo: ## run the example in the terminal
	@go run ./cmd/spillway

.PHONY: bundle
bundle: ## assemble the page in dist/, compressed quickly
	@go run ./cmd/bundle

.PHONY: dist
dist: ## assemble the page in dist/, compressed as small as it gets
	@go run ./cmd/bundle -brotli 11

# --- testing ---------------------------------------------------------------------------------------------

.PHONY: test
test: test-native test-wasm test-e2e ## run all tests

# How many worlds each property is tried in, where nothing else slows the tests down.
CHECKS := 300

.PHONY: test-native
test-native: cc ## run the tests of all packages natively: at full effort, and with the race detector
	RAPID_CHECKS=$(CHECKS) .tools/gotest ./...
	RAPID_CHECKS=30 .tools/gotest -race ./...
	for module in $(filter broker/%,$(MODULES)); do go -C $$module test -race -short ./...; done

# The packages of the page that have tests which build for the browser.
.PHONY: test-wasm
test-wasm: chromium tools ## run the tests of broker/ and app/ as WebAssembly in a real Chromium
	packages=$$($(JS) go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./broker/... ./app/...); \
	$(JS) .tools/gotest -exec '"$(CURDIR)/.tools/wasmtest"' $$packages

.PHONY: test-e2e
test-e2e: chromium ## run the end-to-end tests of the page in a real Chromium
	go -C app/e2e test -count=1 -timeout 30m ./...

.PHONY: monkey
monkey: chromium ## use the page at random for a quarter of an hour; ACTIONS=n SEED=n for others
	go -C app/e2e test -count=1 -timeout 24h -run TestAMonkey -v -monkey-actions $(or $(ACTIONS),15000) -monkey-seed $(or $(SEED),$$(date +%s)) .

.PHONY: fuzz-address
fuzz-address: chromium ## send the page to 20,000 mutated addresses; ADDRESSES=n SEED=n for others
	go -C app/e2e test -count=1 -v -timeout 3h -run TestMutatedAddressesDoNotEndThePage . \
		-addresses $(or $(ADDRESSES),20000) -address-seed $(or $(SEED),$$(date +%s))

.PHONY: hunt-cost
hunt-cost: ## search ten minutes for the most expensive links there are; FOR=1h SEED=n for others
	go test -count=1 -v -timeout 0 -run 'TestHunt$$' ./broker/lab/sim -hunt $(or $(FOR),10m) -hunt-seed $(or $(SEED),1)

.PHONY: hunt-truth
hunt-truth: ## look in 10,000 random worlds for a frame that contradicts its numbers; CHECKS=n for others
	go test -count=1 -v -timeout 0 -run WhateverTheUserDoes ./app/stage -hunt -rapid.checks $(if $(filter-out 300,$(CHECKS)),$(CHECKS),10000)

.PHONY: open-costly
open-costly: chromium ## open the hundred most expensive links that were found, in a real Chromium
	go -C app/e2e test -count=1 -v -timeout 1h -run TestTheMostExpensiveLinks . -costly 100

# What one of the two builds does not use may be what the other is for, so the results are merged.
.PHONY: lint
lint: tools ## check format and modules, and vet and staticcheck natively and for the browser
	@files=$$(gofmt -l .); if [ -n "$$files" ]; then echo "not formatted with gofmt:" $$files; exit 1; fi
	go vet ./...
	$(JS) go vet ./...
	$(STATICCHECK) -f binary ./... > bin/native.lint
	$(JS) $(STATICCHECK) -f binary ./... > bin/js.lint
	$(STATICCHECK) -merge bin/native.lint bin/js.lint
	for module in $(filter-out . .tools,$(MODULES)); do go -C $$module vet ./...; (cd $$module && $(STATICCHECK) ./...); done
	for module in $(MODULES); do go -C $$module mod verify; go -C $$module mod tidy -diff; done

.PHONY: vuln
vuln: tools ## look for known vulnerabilities, in a database on the network
	@.tools/vuln $(MODULES)

# --- measuring -------------------------------------------------------------------------------------------

.PHONY: bench
bench: bench-broker ## run the benchmarks: all natively, of simulation and broker in a real Chromium too
	go test -run '^$$' -bench . -benchmem ./...
	$(JS) go test -pgo '$(PROFILE)' -run '^$$' -bench . -exec '"$(CURDIR)/.tools/wasmtest"' ./broker/lab/sim

.PHONY: bench-broker
bench-broker: chromium tools ## compare the broker with its peers, natively and in a real Chromium
	go -C broker/bench run .
	$(JS) go -C broker/bench run -exec '"$(CURDIR)/.tools/wasmtest"' . -rounds 4 -round 40ms

.PHONY: bench-page
bench-page: chromium ## measure the page in a real Chromium, for a quarter of an hour
	go -C app/e2e test -run '^$$' -bench . -benchtime 1x -timeout 30m ./...

.PHONY: bench-serve
bench-serve: bundle ## compare the server with nginx, on loopback, for a minute
	@.tools/need nginx
	@.tools/need wrk
	@go run ./cmd/serve/bench

.PHONY: bench-interrupt
bench-interrupt: ## measure how long the terminal takes to end after Ctrl-C, for a few minutes
	@go run ./cmd/spillway/bench

.PHONY: profile
profile: ## measure anew what the compiler should make fast in the page
	go test -trimpath -run '^$$' -bench 'Step|Policies' -benchtime 2s -cpuprofile '$(PROFILE)' -o bin/sim.test ./broker/lab/sim

.PHONY: bench-size
bench-size: ## compare the size of app.wasm with the smallest go-app page
	@go run ./cmd/bundle -size

# --- what the above needs ----------------------------------------------------------------------------------

.PHONY: chromium
chromium: ## install Chromium if there is none
	@.tools/need chromium

.PHONY: cc
cc:
	@.tools/need cc

.PHONY: tools
tools:
	@go -C .tools build -o ../bin/ tool

.PHONY: clean
clean: ## remove what was made
	rm -rf bin dist .cache
