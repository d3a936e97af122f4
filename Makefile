# The front door: 'make' lists what it can do. Everything runs through ./mvnw with the JDK that .mvn/java-home finds.
.DEFAULT_GOAL := help
.PHONY: help images up down build demo test test-all test-docker format bench soak kills types simulate clean

ARGS ?=
SEED ?=
SEEDS ?=
DIST := cli/target/dist/tidemark.jar
# Not a class: an editor or 'mvn test' compiles one without packaging what it needs.
WITH_TESTS := cli/target/dist/.with-tests
SOURCES := $(shell find pom.xml */pom.xml */src/main -type f)
# Maven deletes it whenever it packages.
AHEAD = [ -f cli/target/dist/tidemark.aot ] || cli/train
MVN = home=$$(.mvn/java-home) && JAVA_HOME="$$home" ./mvnw -B

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: $(DIST) ## compile and package into cli/target/dist, without tests
	@$(AHEAD)

$(DIST): $(SOURCES)
	@$(MVN) -q package -DskipTests -Dspotless.check.skip=true
	@$(AHEAD)
	@touch $@

$(WITH_TESTS): $(SOURCES) $(shell find cli/src/test/java -type f)
	@$(MVN) -q package -DskipTests -Dspotless.check.skip=true
	@$(AHEAD)
	@touch $(DIST) $@

demo: build ## build, then show a whole backup and restore; make demo ARGS="--help" for its options
	@./tidemark demo $(ARGS)

test: ## format check, compiler checks, unit tests, tests against real servers, and test-docker
	@$(MVN) verify
	@$(MAKE) --no-print-directory test-docker

test-all: ## the same, and what takes too long to wait for after each change
	@$(MVN) verify -Dtests.excluded=docker -Dtypes.releases=all -Pevery-postgres
	@$(MAKE) --no-print-directory test-docker EXCLUDED=none

test-docker: ## the services as containers: killed, paused, replaced, cut off; skipped without a Docker engine
	@if docker info >/dev/null 2>&1; then \
		$(MAKE) --no-print-directory images && $(MVN) package -Dgroups=docker -Dtests.excluded=$(or $(EXCLUDED),long); \
	else \
		echo "skipped the tests on containers: no Docker engine answers"; \
	fi

format: ## format the Java code in place
	@$(MVN) -q spotless:apply

bench: $(WITH_TESTS) ## measure, side by side with other tools where they are installed
	@$(AHEAD)
	@bench/run $(ARGS)

images: build ## make the container image 'tidemark'
	@docker build --tag tidemark:latest --file docker/Dockerfile .

up: images ## bring up a whole system in containers: docker/compose.yaml; HA=1 for three brokers and two of each service
	@HA=$(HA) docker/compose up --detach
	@HA=$(HA) docker/compose ps

down: ## take it away; what it holds stays in its volumes. ARGS=--volumes deletes that too
	@HA=$(HA) docker/compose down $(ARGS)

types: ## compare every type and shape of a table, on each version of PostgreSQL, and the catalog after every command
	@$(MVN) test -Pevery-postgres -pl cli -am -Dsurefire.failIfNoSpecifiedTests=false \
		-Dtypes.releases=all -Dcatalog.every=1 -Dtests.excluded=none \
		-Dtest='TypesIT,ShapesIT,RetextedIT,NamingIT,PollingIT,CatalogFollowsIT'

soak: $(WITH_TESTS) $(if $(ARGS),,types) ## restore random histories and compare them with the source, SEEDS=500 of them
	@bench/soak $(if $(SEEDS),--seeds $(SEEDS)) $(ARGS)

kills: ## kill parts at random and compare, SEEDS=20 of them from SEED=1 on, SECONDS=60 of disturbance each
	@$(MVN) test -pl cli -am -Dspotless.check.skip=true -Dsurefire.failIfNoSpecifiedTests=false \
		-Dkills.seed=$(or $(SEED),1) -Dkills.seeds=$(or $(SEEDS),1) -Dkills.seconds=$(or $(SECONDS),60) \
		-Dtest=KilledAtRandomIT

simulate: ## archive random histories while all around the archiver fails, SEEDS=500 of them from SEED=1 on
	@$(MVN) -q test -pl archiver -am -Dspotless.check.skip=true -Dsurefire.failIfNoSpecifiedTests=false \
		-Dtest='SimulationTest#each*' -Dsimulation.seconds=1000000 \
		-Dsimulation.seed=$(or $(SEED),1) -Dsimulation.seeds=$(or $(SEEDS),500)

clean: ## delete what was built
	@rm -rf target */target
