"""Compares what compiled schemas accept with what the documents' own schemas accept.

    judge.py --binary target/release/spandrel [--compile=--compact=strongest] DOCUMENT…

The documents' schemas are judged by openapi-schema-validator, the compiled ones by jsonschema. For
each argument of sampled tools, values that should and should not be accepted are tried on both.
A disagreement that no entry of `exceptions.py` explains fails the run.
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import warnings

import referencing
from jsonschema import Draft202012Validator
from openapi_schema_validator import OAS30Validator, OAS31Validator
from referencing.jsonschema import DRAFT4, DRAFT202012

import document
import exceptions
from instances import Instances

warnings.filterwarnings("ignore")
sys.setrecursionlimit(3000)
LEAVES_OPEN = "cannot tell"


class Original:
    """A document's own schemas, with the exceptions that are applied."""

    def __init__(self, root):
        is_3_0 = exceptions.is_3_0(root)
        self.validator = OAS30Validator if is_3_0 else OAS31Validator
        specification = DRAFT4 if is_3_0 else DRAFT202012
        resource = referencing.Resource(contents=root, specification=specification)
        self.resolver = referencing.Registry().with_resource("", resource).resolver()
        self.root = root

    def accepts(self, schema, instance):
        validator = self.validator(schema, _resolver=self.resolver)
        return verdict(validator, instance)


def verdict(validator, instance):
    try:
        return next(iter(validator.iter_errors(instance)), None) is None
    except Exception:  # A schema that is not valid can fail in any way.
        return LEAVES_OPEN


class Judge:
    def __init__(self, binary, options, tools, instances):
        self.binary, self.options, self.most_tools, self.most_instances = binary, options, tools, instances
        self.counts = collections.Counter()
        self.unexplained = []

    def document(self, path):
        root = document.load(path)
        version = str(root.get("openapi", "")) if isinstance(root, dict) else ""
        if not version.startswith(("3.0", "3.1", "3.2")):
            return
        listing = json.loads(subprocess.run(
            [self.binary, "compile", *self.options, str(path)], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
        self.name = path.name
        self.original = Original(exceptions.rewritten(root, exceptions.CORRECTIONS))
        self.adjusted = {}
        tools = listing["tools"]
        step = max(1, len(tools) // self.most_tools)
        before = self.counts.copy()
        for tool in tools[::step]:
            self.tool(tool)
        made = self.counts - before
        print(f"{path.name:44} {made['tools']:5} tools {made['arguments']:6} arguments {made['values']:7} values "
              f"{made['accepted']:7} accepted {made['disagreements']:5} disagree {made['unexplained']:4} unexplained", flush=True)

    def tool(self, tool):
        root = self.original.root
        item, operation = document.operation(root, tool)
        if operation is None:
            return
        if any("x-spandrel" in level for level in (root, item, operation) if isinstance(level, dict)):
            self.counts["tools whose arguments the bridge gives in part, not judged"] += 1
            return
        self.counts["tools"] += 1
        parameters = document.parameters(root, item, operation)
        body = {}
        for argument in tool["arguments"]:
            if argument["in"] in ("body", "form"):
                body[argument["argument"]] = argument
            elif argument["in"] != "querystring":
                parameter = parameters.get((argument["in"], argument["name"]))
                schema = document.parameter_schema(parameter) if parameter else None
                if schema is not None:
                    compiled = tool["inputSchema"]["properties"][argument["argument"]]
                    place = argument["in"]
                    if place == "query" and parameter.get("allowEmptyValue") is True:
                        place = "query, which may be empty"
                    self.argument(tool, argument["argument"], place, schema, compiled)
        if body:
            self.body(tool, operation, body)

    def body(self, tool, operation, arguments):
        root = self.original.root
        body = document.follow(root, operation.get("requestBody"))
        content = {name: value for name, value in (body or {}).get("content", {}).items() if isinstance(value, dict)}
        whole = next((argument for argument in arguments.values() if argument["name"] == ""), None)
        if any(argument["argument"] == "content_type" and argument["name"] == "Content-Type"
               for argument in tool["arguments"]):
            self.counts["bodies with a choice, not judged"] += 1
            return
        properties = tool["inputSchema"]["properties"]
        files = [argument for argument in arguments.values() if is_file(properties[argument["argument"]])]
        is_form = any(argument["in"] == "form" for argument in arguments.values())
        kinds = (["multipart", "form"] if files else ["form", "multipart"]) if is_form else ["json"]
        chosen = [value.get("schema") for kind in kinds for name, value in content.items() if document.kind(name) == kind]
        chosen = [schema for schema in chosen if schema is not None]
        if not chosen or files:
            self.counts["bodies of files or other media types, not judged"] += 1
            return
        if whole:
            compiled = properties[whole["argument"]]
        else:
            compiled = {
                "type": "object",
                "properties": {argument["name"]: properties[key] for key, argument in arguments.items()},
                "required": [argument["name"] for argument in arguments.values() if argument["required"]],
            }
            if "additionalProperties" in tool["inputSchema"]:
                compiled["additionalProperties"] = tool["inputSchema"]["additionalProperties"]
        self.argument(tool, "body", "body" if whole else "body properties", chosen[0], compiled, 3)

    def argument(self, tool, name, place, schema, compiled, factor=1):
        self.counts["arguments"] += 1
        compiled = {**as_object(compiled), "$defs": tool["inputSchema"].get("$defs", {})}
        validator = Draft202012Validator(compiled)
        made = Instances(self.original.root, random.Random(f"{self.name} {tool['name']} {name}"))
        for instance in made.of(schema, self.most_instances * factor):
            self.counts["values"] += 1
            one, other = self.original.accepts(schema, instance), verdict(validator, instance)
            self.counts["accepted"] += other is True
            if one == other or exceptions.is_empty_path_segment(place, instance):
                continue
            if exceptions.is_empty_value(place, instance):
                self.counts["explained: a parameter with allowEmptyValue"] += 1
                continue
            if place == "body properties" and exceptions.is_no_object(compiled, instance):
                self.counts["explained: a body of arguments is an object"] += 1
                continue
            self.counts["disagreements"] += 1
            cause = self.explanation(schema, compiled, instance)
            if cause is None:
                self.counts["unexplained"] += 1
                self.unexplained.append((self.name, tool["name"], name, schema, instance, one, other))
            else:
                self.counts[f"explained: {cause}"] += 1

    def explanation(self, schema, compiled, instance):
        """The exception under which both agree; several where only all of them do."""
        for names in [[name] for name, _, _ in exceptions.EXCEPTIONS] + [[name for name, _, _ in exceptions.EXCEPTIONS]]:
            original, place = self.with_exceptions(tuple(names), schema)
            if exceptions.BOTH_SIDES & set(names):
                compiled = exceptions.rewritten(compiled, [exceptions.patterns])
            one, other = original.accepts(place, instance), verdict(Draft202012Validator(compiled), instance)
            if one == other and one is not LEAVES_OPEN:
                return names[0] if len(names) == 1 else "several"
        return "neither can tell" if one == other else None

    def with_exceptions(self, names, schema):
        """The document with these exceptions, and the schema."""
        if names not in self.adjusted:
            chosen = [rewrite for name, rewrite, _ in exceptions.EXCEPTIONS if name in names]
            self.adjusted[names] = (Original(exceptions.rewritten(self.original.root, chosen)), chosen)
        original, chosen = self.adjusted[names]
        alone = {"openapi": self.original.root["openapi"], "schema": schema}
        return original, exceptions.rewritten(alone, chosen, self.original.root)["schema"]


def as_object(schema):
    return schema if isinstance(schema, dict) else {} if schema else {"not": {}}


def is_file(schema):
    """Whether a compiled schema is a file, several, or an object with files in it."""
    def is_one(schema):
        return isinstance(schema, dict) and schema.get("type") == ["string", "object"]
    if not isinstance(schema, dict):
        return False
    return is_one(schema) or is_one(schema.get("items")) or any(map(is_file, schema.get("properties", {}).values()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--compile", action="append", default=[], metavar="OPTION", help="an option of `spandrel compile`")
    parser.add_argument("--tools", type=int, default=150, help="the most tools of a document")
    parser.add_argument("--values", type=int, default=9, help="values for each parameter; three times as many for a body")
    parser.add_argument("--show", type=int, default=40, help="the most unexplained disagreements that are printed")
    parser.add_argument("documents", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    judge = Judge(options.binary, options.compile, options.tools, options.values)
    for path in options.documents:
        judge.document(path)
    for name, count in sorted(judge.counts.items()):
        print(f"{count:8}  {name}")
    for name, tool, argument, schema, instance, one, other in judge.unexplained[:options.show]:
        print(f"UNEXPLAINED {name} {tool} {argument}: document {one}, compiled {other}: "
              f"{json.dumps(instance)[:300]}\n    schema {json.dumps(schema)[:600]}")
    sys.exit(1 if judge.unexplained else 0)


if __name__ == "__main__":
    main()
