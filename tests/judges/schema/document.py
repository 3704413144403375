"""Reading OpenAPI documents without anything of this project: JSON or YAML, references, operations."""

import json
import re
from urllib.parse import unquote

import yaml


class Loader(yaml.CSafeLoader):
    """YAML as version 1.2 has it: dates are text, and so are `yes` and `no`."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+0123456789."),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))
Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))
Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(loader.construct_scalar(node)))


def load(path):
    text = path.read_text(encoding="utf-8-sig")
    value = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader)
    return with_text_keys(value)


def with_text_keys(value):
    if isinstance(value, dict):
        return {key_text(key): with_text_keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_text_keys(item) for item in value]
    return value


def key_text(key):
    return key if isinstance(key, str) else json.dumps(key)


def resolve(root, reference):
    """What `#/…` leads to; None where it leads nowhere or elsewhere."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    value = root
    for token in unquote(reference[1:]).split("/")[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(token)] if isinstance(value, list) else value[token]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return value


def follow(root, value, hops=32):
    """The value behind its references."""
    while isinstance(value, dict) and isinstance(value.get("$ref"), str) and hops:
        value, hops = resolve(root, value["$ref"]), hops - 1
    return value


def operation(root, tool):
    """The path item and the operation that a tool calls."""
    place = tool["operation"]
    item = follow(root, (root.get("paths") or {}).get(place["path"]))
    if not isinstance(item, dict):
        return None, None
    found = item.get(place["method"].lower())
    return item, found if isinstance(found, dict) else None


def parameters(root, item, operation):
    """The operation's parameters by place and name; its own take the place of the path item's."""
    found = {}
    for owner in (item, operation):
        for parameter in owner.get("parameters") or []:
            parameter = follow(root, parameter)
            if isinstance(parameter, dict):
                found[parameter.get("in"), parameter.get("name")] = parameter
    return found


def parameter_schema(parameter):
    if isinstance(parameter.get("content"), dict):
        media_types = list(parameter["content"].values())
        return media_types[0].get("schema") if media_types and isinstance(media_types[0], dict) else None
    return parameter.get("schema")


def kind(media_type):
    name = media_type.split(";")[0].strip().lower()
    if name in ("application/json", "*/*", "application/*") or name.endswith("+json") or name == "text/json":
        return "json"
    if name.startswith("multipart/"):
        return "multipart"
    return "form" if name == "application/x-www-form-urlencoded" else "other"
