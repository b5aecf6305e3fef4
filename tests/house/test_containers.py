"""Dockerfile and compose file say what they should; whether they build is tried where Docker is."""

import re
from collections import Counter
from typing import Any

import pytest
import yaml

from cartwheel.cli import parser
from tests.house.tree import ROOT, product_files
from tests.operations.test_scale_out import ROLES

_INSTRUCTION = re.compile(r"^([A-Z]+) (.*)$")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return read


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    """The Dockerfile, one (instruction, argument) for each logical line."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return [found.groups() for line in lines if (found := _INSTRUCTION.match(line))]  # type: ignore[misc]


def test_the_image_does_not_run_as_root(instructions: list[tuple[str, str]]) -> None:
    last_stage = instructions[
        max(i for i, (name, _) in enumerate(instructions) if name == "FROM") :
    ]

    assert ("USER", "cartwheel") in last_stage


def test_the_image_asks_whether_it_is_ready(instructions: list[tuple[str, str]]) -> None:
    assert any(name == "HEALTHCHECK" and "/readyz" in given for name, given in instructions)


def test_every_command_of_the_containers_is_one_of_ours(
    compose: dict[str, Any], instructions: list[tuple[str, str]]
) -> None:
    commands = [
        service["command"]
        for service in compose["services"].values()
        if service.get("image") == "cartwheel"
    ]
    commands += [yaml.safe_load(given) for name, given in instructions if name == "CMD"]

    for program, *arguments in commands:
        assert program == "cartwheel"
        assert parser().parse_args(arguments).command == arguments[0]


def test_every_setting_of_the_containers_is_read_by_the_product(compose: dict[str, Any]) -> None:
    source = "".join(file.read_text("utf-8") for file in product_files())

    for name in compose["x-cartwheel"]["environment"]:
        assert f'"{name}"' in source


def test_the_api_waits_for_the_schema(compose: dict[str, Any]) -> None:
    for name in ("api", "worker"):
        waits = compose["services"][name]["depends_on"]["migrate"]
        assert waits == {"condition": "service_completed_successfully"}


def test_there_are_as_many_of_each_as_the_test_of_scaling_out_kills(
    compose: dict[str, Any],
) -> None:
    replicas = {name: compose["services"][name]["deploy"]["replicas"] for name in ("api", "worker")}

    assert replicas == Counter(ROLES)


def test_every_replica_of_the_api_has_a_port_to_itself(compose: dict[str, Any]) -> None:
    api = compose["services"]["api"]
    first, last = re.findall(r":(\d+)-(\d+)}:8400$", api["ports"][0])[0]

    assert int(last) - int(first) + 1 == api["deploy"]["replicas"]


def test_every_service_that_is_waited_for_tells_when_it_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        for name, waits in service.get("depends_on", {}).items():
            if waits["condition"] == "service_healthy":
                assert "test" in services[name]["healthcheck"]


def test_what_one_stage_takes_from_another_is_made_there(
    instructions: list[tuple[str, str]],
) -> None:
    """Stages, copied paths, and the pieces that the last stage starts with."""
    stages = [given.split(" AS ")[1] for name, given in instructions if " AS " in given]
    made = "\n".join(given for name, given in instructions if name == "RUN")
    for name, given in instructions:
        if name == "COPY" and given.startswith("--from="):
            stage, path, _ = given.removeprefix("--from=").split(" ")
            assert stage in stages
            assert f" {path}" in made


def test_the_build_reads_nothing_that_a_checkout_lacks(
    instructions: list[tuple[str, str]],
) -> None:
    """No file is copied by a name that may be missing, and no secret goes into a layer."""
    assert ("COPY", ". .") in instructions
    assert not [given for name, given in instructions if name in {"ADD", "ARG"}]
    assert "KEY" not in "".join(given for name, given in instructions if name == "ENV")


def test_nothing_but_the_api_can_be_reached_from_outside(compose: dict[str, Any]) -> None:
    published = [name for name, service in compose["services"].items() if "ports" in service]

    assert published == ["api"]
    assert compose["services"]["api"]["ports"][0].startswith("${CARTWHEEL_PUBLISH:-127.0.0.1:")
