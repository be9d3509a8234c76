"""A checkout says nothing about the machine it was written on, and downloads from wherever its user has chosen."""

import re
import tomllib

import pytest

from tests.architecture.tree import ROOT, files, text

ADDRESS = ":" + "//"
# Put together here, or this file would be the first finding.
MACHINE_PATH = re.compile(
    r"(?<![\w.:/-])/(?:work|farm|root|home/[a-z]\w*|Users/\w+)" + r"/[\w.]|[A-Za-z]:\\\\?Users\\\\?\w|/tmp" + r"/[\w.]"
)


def machine_paths(content: str) -> list[str]:
    return [found[0] for found in MACHINE_PATH.finditer(content)]


def pins(lock: str) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", text_of(lock), re.MULTILINE)
    return {name: version for name, version in found}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_no_lock_names_a_host() -> None:
    locks = [file for file in files() if "lock" in file.suffix or file.name.endswith(("-lock.json", "lock.toml"))]
    assert {file.name for file in locks} == {"requirements.lock", "requirements-test.lock"}
    assert [str(file) for file in locks if ADDRESS in text(file) or "index-url" in text(file)] == []


def test_no_file_knows_a_path_of_a_machine() -> None:
    found = {str(file): machine_paths(text(file)) for file in files()}
    assert {file: paths for file, paths in found.items() if paths} == {}


@pytest.mark.parametrize(
    "planted",
    ["see /work" + "/main/app", "'/home" + "/li/x'", "C:\\" + "Users\\li", "(/root" + "/.cache)", "/tmp" + "/x.log"],
)
def test_a_planted_path_is_noticed(planted: str) -> None:
    assert machine_paths(planted)


@pytest.mark.parametrize(
    "harmless", ["https" + ADDRESS + "shop.example/work/1", "docs/work/x", "/var/lib/zhanggui", "/shop/v1"]
)
def test_other_paths_pass(harmless: str) -> None:
    assert not machine_paths(harmless)


def test_the_locks_pin_what_the_project_asks_for() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    asked = [line.split("==") for line in project["dependencies"]]
    for_tests = [line.split("==") for line in project["optional-dependencies"]["test"]]
    run, test = pins("requirements.lock"), pins("requirements-test.lock")
    assert {name for name, version in asked if run.get(_normal(name)) != version} == set()
    assert {name for name, version in for_tests if test.get(_normal(name)) != version} == set()
    assert run.items() <= test.items()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.split("[", maxsplit=1)[0]).lower()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_every_pin_is_hashed(lock: str) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", text_of(lock).strip())
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
