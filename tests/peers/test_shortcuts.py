"""What the resources of the Node.js client compute, by its own type declarations, the models here compute too."""

from __future__ import annotations

import re

import yaml

from clerk import models

from .stories import ROOT, do_without

RESOURCES = ROOT / "tests/peers/node/node_modules/@clerk/backend/dist/api/resources"
# `raw` is the JSON that an object was made of, which `to_dict()` gives.
NOT_COMPUTED = {"raw"}


def test_every_getter_has_a_twin() -> None:
    if not RESOURCES.is_dir():
        do_without("@clerk/backend is not installed: run `make env`")
    getters = {
        (path.name.removesuffix(".d.ts"), re.sub(r"(?<!^)([A-Z])", r"_\1", getter).lower())
        for path in RESOURCES.glob("*.d.ts")
        for getter in re.findall(r"^ +get (\w+)\(\)", path.read_text(), re.MULTILINE)
        if getter not in NOT_COMPUTED
    }
    overlay = yaml.safe_load((ROOT / "openapi/overlays/15-shortcuts.yaml").read_text())
    ours = {
        (action["target"].rpartition(".")[2], name)
        for action in overlay["actions"]
        for name in action["update"]["x-clerk-shortcuts"]
    }

    assert getters == ours
    assert all(isinstance(getattr(getattr(models, model), name), property) for model, name in ours)
