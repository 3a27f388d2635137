"""docs/deploy.md: what it says of the questions of `sam deploy --guided`."""

import re

from tests.infra.template import PARAMETERS, TEMPLATE


def test_the_page_names_the_parameters_that_need_an_answer_once_each() -> None:
    """Those without a default, the developers, and each secret's, as they are asked for."""
    page = (TEMPLATE.parents[1] / "docs/deploy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| Parameter (\w+(?:, \w+)*) \|", page, re.MULTILINE)
    secrets = [name for name in PARAMETERS if name.endswith("Parameter")]
    needed = [name for name, parameter in PARAMETERS.items() if "Default" not in parameter]
    assert ", ".join(rows).split(", ") == [*needed, "DeveloperIds", *secrets]
