"""infra/template.yaml: clocks that fit, encryption, least privilege, and only variables in use."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentry_sdk.utils import Dsn

from functions.ai.settings import AiSettings
from functions.games.settings import GamesSettings
from functions.interactions.settings import Settings as FrontDoorSettings
from functions.network.settings import NetworkSettings
from functions.rescue.settings import RescueSettings
from functions.system.settings import Settings as SystemSettings
from local.template import read_template
from tests.infra.template import (
    FUNCTIONS,
    PARAMETERS,
    RESOURCES,
    SAM,
    TEMPLATE,
    environment_of,
    target_of,
    variables_of,
)
from utilsbot import settings as s
from utilsbot.runtime import WorkerSettings

ROOT = TEMPLATE.parents[1]
_GROUPS: dict[str, Any] = {"ai": AiSettings, "games": GamesSettings, "network": NetworkSettings}
_GROUPS |= {"system": SystemSettings, "tools": None}
"""The groups with a queue, and what else their function reads."""
_EXAMPLE = {"AWS::StackName": "bot", "DiscordPublicKey": "ab" * 32, "Table": "made"} | {
    f"{group.title()}{kind}Queue": f"{group}-{kind}queue"
    for group in _GROUPS
    for kind in ("", "DeadLetter")
}
_OWN_QUEUE = {
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
}
_WORKERS = {
    "AiFunction": {
        *("dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:GetItem"),
        *("dynamodb:PutItem", "dynamodb:UpdateItem", "ssm:GetParameter"),
    },
    "GamesFunction": {
        *("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"),
        *("dynamodb:UpdateItem", "ssm:GetParameter"),
    },
    "NetworkFunction": {
        *("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        "ssm:GetParameter",
    },
    "RescueFunction": {"dynamodb:PutItem", "dynamodb:UpdateItem", "ssm:GetParameter"},
    "SystemFunction": {
        *("dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:DeleteItem"),
        *("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"),
        *("lambda:InvokeFunction", "ssm:GetParameter"),
    },
    "ToolsFunction": {"dynamodb:PutItem", "dynamodb:UpdateItem"},
}
"""What each worker does beside its logs and its queue."""
WORKING_LIFE_S = 14 * 60
"""Discord's 15 min for a token, less one for the reply itself (design §1)."""


def _of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {n: r.get("Properties", {}) for n, r in RESOURCES.items() if r["Type"] == kind}


QUEUES = _of_type("AWS::SQS::Queue")
GROUP_QUEUES = {name: queue for name, queue in QUEUES.items() if "RedrivePolicy" in queue}


def _sources() -> Iterator[tuple[str, dict[str, Any]]]:
    """(function, event) for every queue that a function reads."""
    for name, function in FUNCTIONS.items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "SQS":
                yield name, event["Properties"]


def _worker_sources() -> Iterator[tuple[str, dict[str, Any]]]:
    """(function, event) for every group's queue, without the dead letters."""
    yield from ((n, e) for n, e in _sources() if target_of(e["Queue"]) in GROUP_QUEUES)


def _statements(function: str) -> list[dict[str, Any]]:
    role = RESOURCES[target_of(FUNCTIONS[function]["Role"])]["Properties"]
    assert "ManagedPolicyArns" not in role
    listed = [s for p in role["Policies"] for s in p["PolicyDocument"]["Statement"]]
    chosen = [s["Fn::If"][1] if "Fn::If" in s else s for s in listed]
    return [s for s in chosen if s["Sid"] != "Trace"]  # test_tracing_is_off_… looks at it


def _actions(function: str) -> set[str]:
    return {a for s in _statements(function) for a in _listed(s["Action"])}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_a_message_stays_hidden_for_six_times_what_its_function_may_take() -> None:
    """So that a queue never hands out a message that a function still works on."""
    for function, event in _sources():
        queue = QUEUES[target_of(event["Queue"])]
        assert queue["VisibilityTimeout"] >= 6 * FUNCTIONS[function]["Timeout"]


def test_every_queue_is_read_by_one_function_with_a_limit() -> None:
    """Dead-letter queues too: nothing lies anywhere unread, and nothing takes the whole account."""
    read = sorted(target_of(event["Queue"]) for _, event in _sources())
    assert read == sorted(QUEUES)
    for function, event in _sources():
        limit = event["ScalingConfig"]["MaximumConcurrency"]
        least = limit if isinstance(limit, int) else PARAMETERS[target_of(limit)]["MinValue"]
        assert least >= 2, function  # AWS takes no less
        waits_s = FUNCTIONS[function]["Timeout"] * event["BatchSize"]
        assert QUEUES[target_of(event["Queue"])]["VisibilityTimeout"] >= waits_s


def test_all_receives_are_over_before_the_interaction_token_dies() -> None:
    """Three failures end inside 14 min, so that the user can still be told."""
    for queue in GROUP_QUEUES.values():
        receives = queue["RedrivePolicy"]["maxReceiveCount"]
        assert receives == 3
        assert receives * queue["VisibilityTimeout"] <= WORKING_LIFE_S
        assert queue["MessageRetentionPeriod"] > WORKING_LIFE_S


def test_the_rescue_has_time_to_reach_the_user() -> None:
    """After the last receive one whole run of the rescue fits before our 14 min are over."""
    rescue_s = FUNCTIONS["RescueFunction"]["Timeout"]
    for queue in GROUP_QUEUES.values():
        receives = queue["RedrivePolicy"]["maxReceiveCount"]
        assert receives * queue["VisibilityTimeout"] + rescue_s <= WORKING_LIFE_S


def test_every_dead_letter_queue_is_read_by_the_rescue() -> None:
    """One mapping each, a message at a time, few at once, and the function knows each address."""
    dead = {target_of(q["RedrivePolicy"]["deadLetterTargetArn"]) for q in GROUP_QUEUES.values()}
    events = [event for function, event in _sources() if function == "RescueFunction"]
    variables = FUNCTIONS["RescueFunction"]["Environment"]["Variables"]
    known = {target_of(url) for name, url in variables.items() if name.startswith("DEAD_LETTERS_")}
    assert sorted(target_of(event["Queue"]) for event in events) == sorted(dead)
    assert known == dead == QUEUES.keys() - GROUP_QUEUES.keys()
    for event in events:
        assert event["BatchSize"] == 1
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert event["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert not any("RedrivePolicy" in QUEUES[name] for name in dead)  # nothing is ever given up


def test_the_rescue_is_given_what_it_needs_and_reads_what_it_is_given() -> None:
    """No setting is missing or wrong, none is given in vain, and every group is known."""
    environment = environment_of("RescueFunction", _EXAMPLE)
    settings = RescueSettings.from_env(environment)
    assert settings.dead_letters == {group: f"{group}-DeadLetterqueue" for group in _GROUPS}
    receives = {queue["RedrivePolicy"]["maxReceiveCount"] for queue in GROUP_QUEUES.values()}
    assert {settings.max_receives} == receives
    assert "MAX_RECEIVES" in environment
    urls = {f"DEAD_LETTERS_{group.upper()}" for group in _GROUPS}
    assert environment.keys() == _read(RescueSettings, environment) | urls


def test_the_front_door_outlives_discords_three_seconds_but_not_the_api() -> None:
    """A late answer is still logged, and API Gateway waits as long as the function may take."""
    function = FUNCTIONS["InteractionsFunction"]
    event = function["Events"]["Interactions"]["Properties"]
    assert 3 < function["Timeout"] * 1000 <= event["TimeoutInMillis"]
    assert event["PayloadFormatVersion"] == "2.0"


def test_every_queue_is_encrypted_and_every_group_has_a_dead_letter_queue() -> None:
    """Messages carry tokens and input; failed ones are kept for 14 days."""
    assert all(queue["SqsManagedSseEnabled"] is True for queue in QUEUES.values())
    for function, event in _worker_sources():
        name = target_of(event["Queue"])
        dead = target_of(GROUP_QUEUES[name]["RedrivePolicy"]["deadLetterTargetArn"])
        assert QUEUES[dead]["MessageRetentionPeriod"] == 14 * 24 * 3600, function


def test_workers_report_which_messages_failed_and_know_the_receive_count() -> None:
    """One bad message does not bring back the others; the last try knows that it is the last."""
    for function, event in _worker_sources():
        queue = GROUP_QUEUES[target_of(event["Queue"])]
        variables = FUNCTIONS[function]["Environment"]["Variables"]
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert variables["MAX_RECEIVES"] == str(queue["RedrivePolicy"]["maxReceiveCount"])
        assert target_of(variables["QUEUE_URL"]) == target_of(event["Queue"])


def test_the_table_is_encrypted_restorable_and_outlives_the_stack() -> None:
    """On demand, with point-in-time recovery and expiry."""
    table = RESOURCES["Table"]
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    properties = table["Properties"]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["SSESpecification"]["SSEEnabled"] is True
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert properties["TimeToLiveSpecification"] == {
        "AttributeName": "expires_at",
        "Enabled": True,
    }


@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name != "SandboxFunction"])
def test_every_function_has_its_own_role_without_wildcards(function: str) -> None:
    """Each right names its action and its resource of this stack."""
    others = [FUNCTIONS[name]["Role"] for name in FUNCTIONS if name != function]
    assert FUNCTIONS[function]["Role"] not in others
    for statement in _statements(function):
        assert not any("*" in action for action in _listed(statement["Action"]))
        for resource in _listed(statement["Resource"]):
            assert target_of(resource) in RESOURCES or _is_one_parameter(resource)


def test_the_sandbox_may_do_nothing() -> None:
    """Lambda may attach it to its empty network, which takes wildcards; the code may do nothing."""
    attach, deny = _statements("SandboxFunction")
    assert all(action.startswith("ec2:") for action in attach["Action"])
    assert (deny["Effect"], deny["Action"], deny["Resource"]) == ("Deny", "*", "*")
    denied = deny["Condition"]["ArnLike"]["lambda:SourceFunctionArn"]["Fn::Sub"]
    shortened = "arn:x:lambda:x:x:function:a-bot-with-a-long-na-SandboxFunction-0a1B2c3D4e5F"
    assert fnmatchcase(shortened, re.sub(r"\$\{.+?\}", "x", denied))
    variables = FUNCTIONS["SandboxFunction"]["Environment"]["Variables"]
    assert set(variables) == {"SANDBOX_ROOT", "TABLE_NAME"}
    assert variables["TABLE_NAME"] == {"Ref": "AWS::NoValue"}
    assert {name for name, r in RESOURCES.items() if r.get("Condition") == "HasSandbox"} >= {
        *("SandboxFunction", "SandboxRole", "SandboxVpc", "SandboxSubnet", "SandboxSecurityGroup")
    }


def test_no_right_is_given_by_the_stacks_name() -> None:
    """CloudFormation shortens it in what it names itself, so it is no prefix of our functions."""
    texts = re.findall(r'"(arn:[^"]+)"', json.dumps(RESOURCES))
    assert texts
    assert not [text for text in texts if "AWS::StackName" in text]


def _is_one_parameter(resource: Any) -> bool:
    """A secret's ARN: SSM parameters are made outside the stack, each named by a parameter."""
    arn = resource.get("Fn::Sub", "")
    begin = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${"
    return arn.startswith(begin) and arn.removeprefix(begin).removesuffix("}") in PARAMETERS


def test_the_rights_are_the_calls_that_the_code_makes() -> None:
    """Nothing that the functions do is forbidden, and nothing else is allowed."""
    logs = {"logs:CreateLogStream", "logs:PutLogEvents"}
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (
            *ROOT.glob("functions/interactions/**/*.py"),
            *ROOT.glob("layers/**/admissions.py"),
        )
    )
    called = {
        f"{service.lower()}:{action}"
        for service, action in re.findall(r'"(?:Amazon)?(SQS|DynamoDB)(?:_\d+)?\.(\w+)"', source)
    }
    assert called
    assert _actions("InteractionsFunction") == called | logs
    for function, rights in _WORKERS.items():
        assert _actions(function) == logs | _OWN_QUEUE | rights
    assert FUNCTIONS.keys() == {"InteractionsFunction", "SandboxFunction", *_WORKERS}


def test_tracing_is_off_unless_it_is_asked_for_and_then_allowed() -> None:
    """X-Ray costs; its two rights take no resource, and exist only with it."""
    assert PARAMETERS["EnableTracing"]["Default"] == "false"
    assert SAM["Globals"]["Function"]["Tracing"] == {
        "Fn::If": ["HasTracing", "Active", "PassThrough"]
    }
    assert FUNCTIONS["SandboxFunction"]["Tracing"] == "PassThrough"
    for name in FUNCTIONS.keys() - {"SandboxFunction"}:
        role = RESOURCES[target_of(FUNCTIONS[name]["Role"])]["Properties"]
        (*_, last) = role["Policies"][0]["PolicyDocument"]["Statement"]
        condition, statement, otherwise = last["Fn::If"]
        assert (condition, otherwise) == ("HasTracing", {"Ref": "AWS::NoValue"})
        assert statement == {
            "Sid": "Trace",
            "Effect": "Allow",
            "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
            "Resource": "*",
        }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_logs_into_a_group_with_a_life(function: str) -> None:
    """Lambda's own groups would keep lines for ever."""
    group = RESOURCES[target_of(FUNCTIONS[function]["LoggingConfig"]["LogGroup"])]["Properties"]
    kept = group["RetentionInDays"]
    assert kept == 1 or target_of(kept) == "LogRetentionDays"


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_explains_itself(name: str) -> None:
    """A description always; what a wrong value should have been, where any text may be typed."""
    parameter = PARAMETERS[name]
    assert parameter["Description"].endswith(".")
    if parameter["Type"] == "String" and "AllowedValues" not in parameter:
        assert parameter["ConstraintDescription"].endswith(".")
        assert re.fullmatch(parameter["AllowedPattern"], parameter.get("Default", "ab" * 32))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("DiscordPublicKey", ["aB" * 32, f"{'ab' * 32}, {'cd' * 32}"], ["", "ab", "zz" * 32]),
        (
            "DeveloperIds",
            ["", "1" * 17, f"{'1' * 17}, {'1' * 20}"],
            ["me", "1" * 16, "1" * 17 + ",", "9" * 20],
        ),
        ("DeveloperGuildId", ["", "9" * 19], ["9" * 20, str(2**64)]),
        ("AiUserRequests", ["0", "60"], ["", "1.5", "1e3", "-1", "1" * 10]),
        ("AiStallS", ["15"], ["0", "15.0"]),
        ("ScreenshotsAtOnce", ["1", "4"], ["0", "4.0"]),
        ("AiTemperature", ["0", "1.0", "2.00"], ["2.1", "-0", "1e0", "nan"]),
        ("AiInstruction", ["", "Two\nlines, 日本語 and 🎉"], ["\0", "\x1b[1m"]),
        (
            "SentryDsn",
            ["", "https://key@o1.ingest.sentry.io/1"],
            ["o1.ingest.sentry.io", "https://key@host:x/1"],
        ),
        ("SupportUrl", ["", "https://example.org/help"], ["http://example.org", "a b"]),
        ("DiscordApiUrl", ["http://127.0.0.1:8080/api/v10"], ["", "https://example.org/"]),
    ],
)
def test_parameters_take_what_the_functions_take(
    name: str, good: list[str], bad: list[str]
) -> None:
    """A wrong value ends at the deployment and not in a function that cannot start."""
    pattern = PARAMETERS[name]["AllowedPattern"]
    parse = {"DiscordPublicKey": s.public_keys, "DeveloperIds": s.snowflakes}.get(name, s.text)
    for value in good:
        assert re.fullmatch(pattern, value)
        assert parse(value) is not None
    assert not any(re.fullmatch(pattern, value) for value in bad)


def _start(function: str, environment: dict[str, str]) -> None:
    """Reads a function's settings as its handler does."""
    if function == "InteractionsFunction":
        FrontDoorSettings.from_env(environment)
    elif function == "RescueFunction":
        RescueSettings.from_env(environment)
    else:
        dsn = WorkerSettings.from_env(environment).sentry_dsn
        own = _GROUPS[function.removesuffix("Function").lower()]
        _ = (dsn and Dsn(dsn), own and own.from_env(environment))


_SETTERS = [
    (function, name)
    for function in sorted(FUNCTIONS.keys() - {"SandboxFunction"})
    for name in PARAMETERS
    if {"Ref": name} in variables_of(function).values()
]
"""Every function, with each parameter that one of its variables is."""


@pytest.mark.parametrize(("function", "name"), _SETTERS)
@given(data=st.data())
def test_a_function_starts_with_every_value_that_the_template_takes(
    function: str, name: str, data: st.DataObject
) -> None:
    """No Number is among them: CloudFormation's may be 1.5 and 1e3, which no setting takes."""
    parameter = PARAMETERS[name]
    assert parameter["Type"] == "String"
    values = (
        st.sampled_from(parameter["AllowedValues"])
        if "AllowedValues" in parameter
        else st.from_regex(re.compile(parameter["AllowedPattern"], re.ASCII), fullmatch=True)
    )
    _start(function, environment_of(function, _EXAMPLE | {name: data.draw(values)}))


_LONGEST_MADE = {
    "AWS::DynamoDB::Table": "x" * 255,
    "AWS::SQS::Queue": "https://sqs.ap-southeast-1.amazonaws.com.cn/123456789012/" + "x" * 80,
}
"""What a Ref to a resource may give at the most."""


@pytest.mark.parametrize("function", sorted(FUNCTIONS.keys() - {"SandboxFunction"}))
def test_the_longest_values_fit_lambdas_limit(function: str) -> None:
    """4 KB, measured as JSON; a text says itself how long it may be, and few may hold emoji."""
    made = {name: _LONGEST_MADE.get(r["Type"], "") for name, r in RESOURCES.items()}
    taken = {name: _longest(name) for f, name in _SETTERS if f == function}
    environment = environment_of(function, {"AWS::StackName": "x" * 128} | made | taken)
    measured = json.dumps(environment, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(measured) <= 4096 - 100  # less what a condition adds


def _longest(name: str) -> str:
    """A value of a parameter with as many bytes as any."""
    parameter = PARAMETERS[name]
    if "AllowedValues" in parameter:
        return max(map(str, parameter["AllowedValues"]), key=len)
    if "MaxLength" not in parameter:  # the most digits there are
        fits = [n for n in range(30) if re.fullmatch(parameter["AllowedPattern"], "1" * n)]
        assert max(fits) <= 20
        return "1" * max(fits)
    wide = re.fullmatch(parameter["AllowedPattern"], "🎉")
    return ("🎉" if wide else "x") * int(parameter["MaxLength"])


def test_every_group_has_the_same_outputs() -> None:
    """Where its lines, its commands on their way and those that failed are."""
    outputs = SAM["Outputs"]
    for group in _GROUPS:
        title = group.title()
        for output, resource in (
            (f"{title}LogGroup", f"{title}Logs"),
            (f"{title}QueueUrl", f"{title}Queue"),
            (f"{title}DeadLetterQueueUrl", f"{title}DeadLetterQueue"),
        ):
            assert outputs[output]["Value"] == {"Ref": resource}


def test_there_is_a_build_target_for_every_target_that_can_be_chosen() -> None:
    """And for no other: a target without a folder ends `sam build` with an error."""
    architectures = PARAMETERS["Architecture"]["AllowedValues"]
    runtimes = PARAMETERS["PythonRuntime"]["AllowedValues"]
    folders = {path.parent.name for path in ROOT.glob("infra/targets/*/Makefile")}
    assert folders == {f"{a}-{r}" for a in architectures for r in runtimes}


def test_what_is_built_follows_from_the_same_parameters_as_what_is_asked_of_lambda() -> None:
    """Every artefact is built for the target that the functions run on."""
    assert SAM["Globals"]["Function"]["Runtime"] == {"Ref": "PythonRuntime"}
    assert SAM["Globals"]["Function"]["Architectures"] == [{"Ref": "Architecture"}]
    for name, resource in RESOURCES.items():
        if not resource["Type"].startswith("AWS::Serverless::") or name == "HttpApi":
            continue
        metadata = resource["Metadata"]
        assert metadata["BuildMethod"] == "makefile"
        assert metadata["ContextPath"] == {"Fn::Sub": "targets/${Architecture}-${PythonRuntime}"}


def test_the_front_door_is_given_what_it_needs_and_reads_what_it_is_given() -> None:
    """No setting is missing or wrong, and none is given in vain."""
    environment = environment_of("InteractionsFunction", _EXAMPLE)
    queues = {group: f"{group}-queue" for group in _GROUPS}
    assert FrontDoorSettings.from_env(environment).queue_urls == queues
    urls = {f"QUEUE_URL_{group.upper()}" for group in _GROUPS}
    assert environment.keys() <= _read(FrontDoorSettings, environment) | urls


@pytest.mark.parametrize("group", _GROUPS)
def test_a_worker_is_given_what_it_needs_and_reads_what_it_is_given(group: str) -> None:
    """No setting is missing or wrong, and none is given in vain."""
    environment = environment_of(f"{group.title()}Function", _EXAMPLE)
    assert WorkerSettings.from_env(environment).max_receives == 3
    own = _GROUPS[group]
    read = _read(own, environment) if own else set()
    assert environment.keys() <= _read(WorkerSettings, environment) | read


def _read(settings: Any, environment: dict[str, str]) -> set[str]:
    """The variables that a settings class asks for by name."""
    asked: set[str] = set()

    class Watched(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            asked.add(name)
            return super().get(name, default)

    settings.from_env(Watched(environment))
    return asked


def test_the_local_stack_makes_everything_that_a_variable_refers_to() -> None:
    """The local CloudFormation resolves every value, so `utilsbot local` runs on this template."""
    stack = read_template(TEMPLATE)
    functions = stack.values["functions"]
    assert functions.keys() == FUNCTIONS.keys() - {"SandboxFunction"}
    for function in functions.values():
        assert None not in function["environment"].values()
