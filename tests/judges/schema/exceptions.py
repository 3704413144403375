"""Where the compiled schema means something else than the document's own, on purpose.

Each exception rewrites the document's schemas as the compiler reads them, by code of its own. A
disagreement is explained by the exceptions under which both verdicts agree.
"""

import copy
import json
import re

from document import follow, resolve

TYPES = {
    "string": ["str", "text", "file", "date", "datetime", "date-time", "uuid", "byte", "binary", "String"],
    "integer": ["int", "long", "int32", "int64", "Integer"],
    "number": ["float", "double", "decimal", "Number"],
    "boolean": ["bool", "Boolean"],
    "object": ["map", "dict", "Object"],
    "array": ["list", "Array"],
    "null": [],
}
KNOWN = {name: kind for kind, names in TYPES.items() for name in [kind, *names]}
# What may stand below these looks like a schema and is none.
DATA = {"example", "examples", "default", "enum", "const"}
MAPS = {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas"}


def each_schema(value, visit, is_map=False):
    """Calls `visit` for every object that may be a schema, the innermost first."""
    if isinstance(value, dict):
        for key, item in value.items():
            if is_map or (key not in DATA and not key.startswith("x-")):
                each_schema(item, visit, key in MAPS and not is_map)
        if not is_map:
            visit(value)
    elif isinstance(value, list):
        for item in value:
            each_schema(item, visit)


def is_3_0(root):
    return str(root.get("openapi", "")).startswith("3.0")


def reference_siblings(value, root):
    def visit(schema):
        if isinstance(schema.get("$ref"), str):
            reference = schema["$ref"]
            schema.clear()
            schema["$ref"] = reference
    if is_3_0(root):
        each_schema(value, visit)


def nullable(value, root):
    def visit(schema):
        if "$ref" in schema and is_3_0(root):
            schema.pop("nullable", None)
        if schema.get("nullable") is True or schema.get("x-nullable") is True:
            inner = {key: item for key, item in schema.items() if key not in ("nullable", "x-nullable")}
            schema.clear()
            schema["anyOf"] = [inner, {"enum": [None]}]
    each_schema(value, visit)


def read_only(value, root):
    def hidden(schema, seen):
        names = set()
        for name, property in (schema.get("properties") or {}).items() if isinstance(
                schema.get("properties"), dict) else ():
            marks = [property, follow(root, property)]
            if any(isinstance(mark, dict) and mark.get("readOnly") is True for mark in marks):
                names.add(name)
        for branch in schema.get("allOf") or []:
            branch = follow(root, branch)
            if isinstance(branch, dict) and id(branch) not in seen:
                seen.add(id(branch))
                names |= hidden(branch, seen)
        return names

    found = []
    each_schema(value, lambda schema: found.append((schema, hidden(schema, {id(schema)}))))
    for schema, names in found:
        branches = [branch for branch in schema.get("allOf") or [] if isinstance(branch, dict)]
        for part in [schema, *branches] if names else ():
            if isinstance(part.get("properties"), dict):
                part["properties"] = {key: item for key, item in part["properties"].items() if key not in names}
            if isinstance(part.get("required"), list):
                part["required"] = [name for name in part["required"] if name not in names]


def type_names(value, root):
    def visit(schema):
        kind = schema.get("type")
        if isinstance(kind, str) and kind not in TYPES:
            if kind in KNOWN:
                schema["type"] = KNOWN[kind]
            else:
                del schema["type"]
        if isinstance(kind, list) and is_3_0(root):
            schema["anyOf"] = [{"type": KNOWN.get(name, name)} if name != "null" else {"enum": [None]} for name in kind]
            del schema["type"]
        if schema.get("type") == "null" and is_3_0(root):
            del schema["type"]
            schema["enum"] = [None]
    each_schema(value, visit)


def enum_texts(value, root):
    def visit(schema):
        values = schema.get("enum")
        if schema.get("type") == "string" and isinstance(values, list):
            def text(value):
                return str(value).lower() if isinstance(value, bool) else str(value)
            schema["enum"] = [text(v) if isinstance(v, (int, float)) else v for v in values]
        texts = isinstance(values, list) and [value for value in values if isinstance(value, str)]
        if schema.get("type") == "boolean" and texts == values and texts:
            schema["enum"] = [value == "true" if value in ("true", "false") else value for value in values]
        if schema.get("type") in ("integer", "number") and texts == values and texts:
            schema["enum"] = [json.loads(value) if re.fullmatch(r"-?\d+(\.\d+)?", value) else value for value in values]
        if schema.get("type") == "array" and values and not any(isinstance(value, list) for value in values):
            items = schema.setdefault("items", {})
            if isinstance(items, dict):
                items.setdefault("enum", schema.pop("enum"))
        if isinstance(values, list) and not values:
            del schema["enum"]
    each_schema(value, visit)


def invalid_keywords(value, root):
    def visit(schema):
        for key in ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
                    "minimum", "maximum", "multipleOf"):
            if key in schema and (not isinstance(schema[key], (int, float)) or isinstance(schema[key], bool)):
                if isinstance(schema[key], (str, list, bool, type(None))):
                    del schema[key]
        for key, kinds in (("required", list), ("enum", list), ("properties", dict), ("items", (dict, bool))):
            if key in schema and not isinstance(schema[key], kinds) and key != "in":
                del schema[key]
    each_schema(value, visit)


def inheritance(value, root):
    """`Pet: {oneOf: [Cat]}`, `Cat: {allOf: [Pet]}`: the child takes over the parent's members, not its choice."""
    def visit(schema):
        for branch in schema.get("allOf") or []:
            parent = follow(root, branch) if isinstance(branch, dict) and "$ref" in branch else None
            if not isinstance(parent, dict):
                continue
            choices = [choice for key in ("oneOf", "anyOf") for choice in parent.get(key) or []]
            if any(follow(root, choice) is schema for choice in choices):
                own = {key: item for key, item in parent.items() if key not in ("oneOf", "anyOf", "discriminator")}
                branch.clear()
                branch.update(own)
    each_schema(value, visit)


def discriminators(value, root):
    def parts(schema, depth=0):
        """The schema and what its `allOf` holds beside it."""
        schema = follow(root, schema)
        if isinstance(schema, dict) and depth <= 8:
            yield schema
            for branch in schema.get("allOf") or []:
                yield from parts(branch, depth + 1)

    def narrowed(values, schema, name):
        """The values that the branch itself accepts; none where it names one, or they are no strings."""
        members = [follow(root, (part.get("properties") or {}).get(name)) for part in parts(schema)]
        members = [member for member in members if isinstance(member, dict)]
        if any("string" not in member.get("type", "string") for member in members):
            return []
        own = [[member["const"]] if "const" in member else member["enum"]
               for member in members if "const" in member or isinstance(member.get("enum"), list)]
        own = min(own, key=len, default=None)
        return values if own is None else [value for value in values if value in own and len(own) > 1]

    def visit(schema):
        discriminator = schema.pop("discriminator", None)
        name = discriminator.get("propertyName") if isinstance(discriminator, dict) else None
        if not name:
            return
        mapping = discriminator.get("mapping") or {}
        for keyword in ("oneOf", "anyOf"):
            chosen, rest = [], None
            for branch in schema.get(keyword) or []:
                reference = branch.get("$ref") if isinstance(branch, dict) else None
                if not reference:
                    continue
                short = reference.rsplit("/", 1)[-1]
                if discriminator.get("defaultMapping") in (reference, short):
                    rest = branch
                    continue
                values = [key for key, target in mapping.items() if target in (reference, short)]
                values = values or ([short] if short not in mapping else [])
                values = narrowed(values, branch, name)
                if not values:
                    continue
                chosen += values
                said = {"properties": {name: {"enum": values}}}
                if keyword == "oneOf" or any(name in (part.get("required") or []) for part in parts(branch)):
                    said["required"] = [name]
                branch.clear()
                branch["allOf"] = [{"$ref": reference}, said]
            if rest and chosen and keyword == "oneOf":
                others = {"required": [name], "properties": {name: {"enum": chosen}}}
                rest["allOf"] = [{"$ref": rest.pop("$ref")}, {"not": others}]
    each_schema(value, visit)


def later_keywords(value, root):
    def visit(schema):
        for bound in ("Minimum", "Maximum"):
            value = schema.get(f"exclusive{bound}")
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                schema.pop(f"exclusive{bound}")
                schema.setdefault("allOf", []).append({bound.lower(): value, f"exclusive{bound}": True})
        if "const" in schema:
            schema.setdefault("allOf", []).append({"enum": [schema.pop("const")]})
    if is_3_0(root):
        each_schema(value, visit)


def dangling(value, root):
    def visit(schema):
        reference = schema.get("$ref")
        if isinstance(reference, str) and resolve(root, reference) is None:
            del schema["$ref"]
    each_schema(value, visit)


def patterns(value, root):
    """Applied to both sides: what a pattern was repaired to, this engine may not be able to tell."""
    def visit(schema):
        schema.pop("pattern", None)
        schema.pop("patternProperties", None)
    each_schema(value, visit)


# Name, what it does to the document, and why the difference is right.
EXCEPTIONS = [
    ("nullable", nullable, "`nullable` is honoured without `type`, beside an `enum` without null, and in 3.1: authors mean it"),
    ("readOnly", read_only, "properties that are `readOnly` are not sent, and so neither described nor required"),
    ("type names", type_names, "types that no JSON Schema has are repaired or left out; lists of types and `null` are understood in 3.0"),
    ("enum texts", enum_texts, "values of an `enum` are read as the type wants them, those of an array as its items'; an empty one is left out"),
    ("invalid keywords", invalid_keywords, "keywords with a value that is not valid are left out, with a diagnostic"),
    ("inheritance", inheritance, "a choice among children that each take over their parent never ends: the children's `allOf` is cut"),
    ("discriminator", discriminators, "each branch is given the values that choose it, and requires them"),
    ("later keywords", later_keywords, "keywords of 3.1 are honoured in 3.0: authors mean them"),
    ("dangling references", dangling, "what cannot be found accepts any value, with a diagnostic"),
    ("patterns", patterns, "patterns of other dialects are repaired or left out, with a diagnostic"),
]
BOTH_SIDES = {"patterns"}
# Applied before anything is compared: the judge, not the compiler, departs from the specification.
CORRECTIONS = [reference_siblings]


def rewritten(value, rewrites, root=None):
    """A copy of `value` with its schemas rewritten; `root` is where its references lead."""
    value = copy.deepcopy(value)
    for rewrite in rewrites:
        rewrite(value, value if root is None else root)
    return value


def is_empty_value(place, instance):
    """`allowEmptyValue` (OpenAPI 3.0.4, Parameter Object) lets a parameter be empty, whatever its schema says."""
    return place == "query, which may be empty" and instance == ""


def is_empty_path_segment(place, instance):
    """An empty value would take the segment away: the compiled schema asks for a character."""
    return place == "path" and instance == ""


def is_no_object(compiled, instance):
    """A body whose properties became arguments is an object, also where its schema names no type."""
    return compiled.get("type") == "object" and not isinstance(instance, dict)
