.PHONY: demo test check docs bench lock clean

demo: ## build the sample case and open the workbench
	@scripts/demo

test: ## set up and run all the tests
	@scripts/test

check: ## format, lint, types, layers, module size, migrations
	@scripts/setup development
	@scripts/check

docs: ## build the documentation into site/
	@scripts/setup development
	@scripts/docs

bench: ## the benchmarks, side by side with a peer or a physical limit
	@scripts/setup development
	@scripts/benchmark

lock: ## resolve the dependencies anew
	@scripts/lock --upgrade

clean: ## remove what was built
	rm -rf .venv site dist build test-results demo-workspace src/videtur/web/static/built frontend/node_modules
