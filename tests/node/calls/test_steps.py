import importlib
import pkgutil
from typing import cast

from temporalio.activity import _Definition
from temporalio.client import Client

from activities.calls.node import Node
from activities.calls.steps import call_steps
from db.core.engine import Database
from telephony.asterisk import Asterisk
from workflows import calls
from workflows.core.step import Step


def test_every_step_of_the_workflow_is_registered_once() -> None:
    node = Node("node1", "DE", cast("Database", None), cast("Asterisk", None), cast("Client", None))
    registered = [
        _Definition.must_from_callable(step).name
        for step in call_steps(node, admitted=lambda _: None, closing=lambda _: None)
    ]
    parts = [importlib.import_module(f"{calls.__name__}.{part.name}") for part in pkgutil.iter_modules(calls.__path__)]
    asked = {value.name for part in parts for value in vars(part).values() if isinstance(value, Step)}
    assert sorted(asked) == sorted(str(name) for name in registered)
