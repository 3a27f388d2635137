# What `sam build` calls: one target `build-<LogicalId>` a resource of infra/template.yaml, with
# ARTIFACTS_DIR as the place to fill. Included from targets/<architecture>-<runtime>/Makefile, whose
# folder's name is the target; the template's parameters choose the folder.
#
# The front door holds its own modules and every group's commands with what these can import, of
# utilsbot too, for their specs, and no library but its own; every other function holds its own group and that group's
# libraries. Import names on Lambda are those of the repository: functions.… and utilsbot.…

INFRA := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))
TARGET := $(notdir $(patsubst %/,%,$(dir $(firstword $(MAKEFILE_LIST)))))
BUILD := "$(INFRA)/build-artefact" $(TARGET) "$(ARTIFACTS_DIR)"

.PHONY: build-InteractionsFunction build-AiFunction build-GamesFunction build-NetworkFunction build-ToolsFunction
.PHONY: build-RescueFunction build-SandboxFunction build-SystemFunction build-CommonLayer build-LibrariesLayer

build-InteractionsFunction:
	@$(BUILD) --reachable functions.interactions.handler --libraries interactions

build-AiFunction:
	@$(BUILD) --code functions/__init__.py --code functions/ai --libraries ai

build-GamesFunction:
	@$(BUILD) --code functions/__init__.py --code functions/games --libraries games

build-NetworkFunction:
	@$(BUILD) --code functions/__init__.py --code functions/network --libraries network

build-RescueFunction:
	@$(BUILD) --reachable functions.rescue.handler --libraries rescue

build-SandboxFunction:
	@$(BUILD) --code functions/__init__.py --code functions/sandbox

build-SystemFunction:
	@$(BUILD) --reachable functions.system.handler --libraries system

build-ToolsFunction:
	@$(BUILD) --code functions/__init__.py --code functions/tools --libraries tools

build-CommonLayer:
	@$(BUILD) --layer --code layers/common/utilsbot

build-LibrariesLayer:
	@$(BUILD) --layer --libraries common
