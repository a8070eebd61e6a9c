"""Reading a CloudFormation template."""

from __future__ import annotations

from typing import Any

import yaml


def read_template(text: str) -> Any:
    """Read a template in YAML; a short function such as ``!Ref`` is read as its argument."""
    return yaml.load(text, _Loader)  # noqa: S506  (a SafeLoader)


class _Loader(yaml.SafeLoader):
    pass


def _function(loader: _Loader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _function)
