"""What the modules of the frameworks load, and what their annotations say at run time."""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys
import typing
from pathlib import Path

import pytest

from tests.integrations import django_project  # sets Django up

ROOT = Path(__file__).parents[2]
FRAMEWORKS = {"django", "rest_framework", "fastapi", "flask", "starlette"}
LOADS = {
    "clerk": set[str](),
    "clerk.integrations": set[str](),
    "clerk.integrations.starlette": {"starlette"},
    "clerk.integrations.fastapi": {"fastapi", "starlette"},
    "clerk.integrations.flask": {"flask"},
    "clerk.integrations.django": {"django"},
    "clerk.integrations.django.apps": {"django"},
}
MODULES = [
    *(name for name in LOADS if name != "clerk"),
    "clerk.integrations.django.rest_framework",
    "clerk.integrations.django.users",
]
LOAD = "import importlib, json, sys; importlib.import_module(sys.argv[1]); print(json.dumps(sorted(sys.modules)))"


@pytest.mark.parametrize("module", LOADS)
def test_a_module_loads_its_own_framework_only(module: str) -> None:
    done = subprocess.run([sys.executable, "-c", LOAD, module], cwd=ROOT, check=True, capture_output=True, text=True)
    loaded = set(json.loads(done.stdout))
    assert loaded & FRAMEWORKS == LOADS[module]
    assert "clerk.testing" not in loaded
    assert "cryptography" not in loaded


REST_FRAMEWORK_ALONE = """
import json, sys
from django.conf import settings
settings.configure(INSTALLED_APPS=["rest_framework"])
import django
django.setup()
import clerk.integrations.django.rest_framework
print(json.dumps(sorted(sys.modules)))
"""


def test_rest_framework_goes_without_users_and_spectacular() -> None:
    command = [sys.executable, "-c", REST_FRAMEWORK_ALONE]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    loaded = json.loads(done.stdout)
    assert "clerk.integrations.django.rest_framework" in loaded
    assert not {"drf_spectacular", "django.contrib.auth.models", "fastapi", "flask", "starlette"} & set(loaded)


def public() -> dict[str, object]:
    found: dict[str, object] = {}
    for name in MODULES:
        module = importlib.import_module(name)
        for public_name in getattr(module, "__all__", ()):
            value = getattr(module, public_name)
            found[f"{name}.{public_name}"] = value
            if inspect.isclass(value):
                found |= {
                    f"{name}.{public_name}.{method}": getattr(member, "fget", None)
                    or getattr(member, "__func__", member)
                    for method, member in vars(value).items()
                    if inspect.isroutine(member) or isinstance(member, property)
                }
    return {name: value for name, value in found.items() if inspect.isclass(value) or inspect.isfunction(value)}


def test_public_annotations_resolve() -> None:
    assert django_project.urlpatterns
    names = public()
    assert len(names) > 50
    for value in names.values():
        typing.get_type_hints(value)


@pytest.mark.parametrize("module", MODULES)
def test_public_names_are_documented(module: str) -> None:
    assert importlib.import_module(module).__doc__
    undocumented = [
        name
        for name, value in public().items()
        if name.startswith(f"{module}.") and not name.rpartition(".")[2].startswith("_") and not inspect.getdoc(value)
    ]
    assert undocumented == []
