"""The embedded metric format, as AWS specifies it.

Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format", section "Embedded
metric format JSON schema"; the limits of 30 dimensions in a set, 100 metrics in a directive and 250
characters in a value are its text's.
"""

from typing import Any

import jsonschema  # type: ignore[import-untyped]

_UNITS = [
    *("Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes"),
    *("Terabytes", "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count"),
    *("Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Bits/Second"),
    *("Terabytes/Second", "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "None"),
    *("Terabits/Second", "Count/Second"),
]
_NAME = {"type": "string", "minLength": 1, "maxLength": 1024, "pattern": "^(.*)$"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Root Node",
    "required": ["_aws"],
    "properties": {
        "_aws": {
            "type": "object",
            "title": "Metadata",
            "required": ["Timestamp", "CloudWatchMetrics"],
            "properties": {
                "Timestamp": {"type": "integer"},
                "CloudWatchMetrics": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "title": "MetricDirective",
                        "required": ["Namespace", "Dimensions", "Metrics"],
                        "properties": {
                            "Namespace": _NAME,
                            "Dimensions": {
                                "type": "array",
                                "minItems": 1,
                                "items": {
                                    "type": "array",
                                    "minItems": 0,
                                    "maxItems": 30,
                                    "items": {**_NAME, "maxLength": 250},
                                },
                            },
                            "Metrics": {
                                "type": "array",
                                "maxItems": 100,
                                "items": {
                                    "type": "object",
                                    "required": ["Name"],
                                    "properties": {
                                        "Name": _NAME,
                                        "Unit": {"type": "string", "enum": _UNITS},
                                    },
                                },
                            },
                        },
                    },
                },
            },
        }
    },
}


def assert_emf(line: dict[str, Any]) -> None:
    """A line is valid, and every name in its metadata is a member of its root."""
    jsonschema.validate(line, SCHEMA)
    for directive in line["_aws"]["CloudWatchMetrics"]:
        for dimensions in directive["Dimensions"]:
            for name in dimensions:
                assert isinstance(line[name], str)
                assert 0 < len(line[name]) <= 1024
        for metric in directive["Metrics"]:
            value = line[metric["Name"]]
            assert isinstance(value, int | float)
            assert not isinstance(value, bool)
