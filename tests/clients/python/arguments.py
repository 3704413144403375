"""Arguments that a tool's input schema accepts. The same schema gives the same arguments."""

import random

import rstr
from jsonschema import Draft202012Validator

FORMATS = {
    "date-time": "2026-01-31T09:30:00Z",
    "date": "2026-01-31",
    "time": "09:30:00Z",
    "duration": "P1D",
    "email": "reader@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uri-reference": "/example",
    "uuid": "3d0f6a54-5c0e-4f3e-9f0a-2b7f3c9b8a11",
    "byte": "c3BhbmRyZWw=",
}
MOST_NESTED = 12


class NotPossible(Exception):
    """No value was found that the schema accepts."""


def arguments(schema, everything=False):
    """The arguments of a call: the required ones only, or everything that the schema names."""
    value = _Values(schema, everything).value(schema, 0)
    error = next(Draft202012Validator(schema).iter_errors(value), None)
    if error is not None:
        place = "/".join(str(step) for step in error.absolute_path)
        raise NotPossible(f"`{place}`: {error.message[:200]}")
    return value


class _Values:
    def __init__(self, root, everything):
        self.root = root
        self.everything = everything

    def value(self, schema, depth):
        if schema is True or schema == {}:
            return "text"
        if schema is False or depth > MOST_NESTED:
            raise NotPossible("nothing is allowed here" if schema is False else "nested too deeply")
        schema = self.resolved(schema)
        stated = self.stated(schema)
        if stated is not None:
            return stated[0]
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema:
                return self.alternative(schema, keyword, depth)
        return self.by_type(schema, depth)

    def stated(self, schema):
        """A value that the schema states itself, in a list of one; none where it states none."""
        candidates = [schema["const"]] if "const" in schema else []
        candidates += schema.get("examples", []) if isinstance(schema.get("examples"), list) else []
        candidates += [schema[key] for key in ("example", "default") if key in schema]
        candidates += schema.get("enum", [])
        # Within the root, so that references are found.
        validator = Draft202012Validator({**schema, "$defs": self.root.get("$defs", {})})
        candidates.sort(key=lambda candidate: candidate is None)
        return next(([value] for value in candidates if validator.is_valid(value)), None)

    def resolved(self, schema):
        """The schema with its reference and its `allOf` taken in."""
        for _ in range(64):
            if "$ref" in schema:
                rest = {key: value for key, value in schema.items() if key != "$ref"}
                schema = _merged(self.target(schema["$ref"]), rest)
            elif "allOf" in schema:
                parts = schema["allOf"]
                schema = {key: value for key, value in schema.items() if key != "allOf"}
                for part in parts:
                    schema = _merged(schema, self.resolved(part) if isinstance(part, dict) else {})
            else:
                return schema
        raise NotPossible("references lead in a circle")

    def target(self, reference):
        if not reference.startswith("#"):
            raise NotPossible(f"a reference out of the schema: {reference}")
        value = self.root
        for token in reference[1:].split("/")[1:]:
            value = value[token.replace("~1", "/").replace("~0", "~")]
        return value if isinstance(value, dict) else {}

    def alternative(self, schema, keyword, depth):
        rest = {key: value for key, value in schema.items() if key != keyword}
        validator = Draft202012Validator({**schema, "$defs": self.root.get("$defs", {})})
        last = NotPossible(f"{keyword} has no alternative that fits")
        for part in sorted(schema[keyword], key=_is_null):
            try:
                value = self.value(_merged(rest, part if isinstance(part, dict) else {}), depth + 1)
            except NotPossible as error:
                last = error
                continue
            if validator.is_valid(value):
                return value
        raise last

    def by_type(self, schema, depth):
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = next((name for name in kind if name != "null"), "null")
        if kind is None:
            kind = "object" if "properties" in schema else "array" if "items" in schema else "string"
        make = {
            "object": self.object,
            "array": self.array,
            "string": lambda schema, _: _string(schema),
            "integer": lambda schema, _: _number(schema, whole=True),
            "number": lambda schema, _: _number(schema, whole=False),
            "boolean": lambda _, __: True,
            "null": lambda _, __: None,
        }
        return make[kind](schema, depth)

    def object(self, schema, depth):
        properties = schema.get("properties", {})
        required = schema.get("required", [])
        value = {name: self.value(properties.get(name, {}), depth + 1) for name in required}
        wanted = properties if self.everything and depth < 3 else {}
        # One member where none would do: a form cannot say that an object is empty.
        few = max(schema.get("minProperties", 0), 1 if depth > 0 and properties else 0)
        for name in properties:
            if name in value or (name not in wanted and len(value) >= few):
                continue
            try:
                value[name] = self.value(properties[name], depth + 1)
            except NotPossible:
                continue
        extra = schema.get("additionalProperties", {})
        while len(value) < schema.get("minProperties", 0):
            value[f"key{len(value)}"] = self.value(extra, depth + 1)
        return value

    def array(self, schema, depth):
        first = [self.value(item, depth + 1) for item in schema.get("prefixItems", [])]
        items = schema.get("items", {})
        # One item where none would do: a form cannot say that an array is empty.
        least = max(schema.get("minItems", 0), 1)
        if schema.get("uniqueItems") and least > 1:
            choices = self.resolved(items).get("enum", []) if isinstance(items, dict) else []
            return (first + choices)[:least]
        while len(first) < min(least, schema.get("maxItems", least)):
            try:
                first.append(self.value(items, depth + 1))
            except NotPossible:
                if len(first) < schema.get("minItems", 0):
                    raise
                break
        return first


def _is_null(part):
    return isinstance(part, dict) and (part.get("type") == "null" or part.get("const", 0) is None)


def _merged(left, right):
    """What both schemas ask for, as far as one schema can say it."""
    merged = {**left, **right}
    if "properties" in left and "properties" in right:
        merged["properties"] = {**left["properties"], **right["properties"]}
        for name in left["properties"].keys() & right["properties"].keys():
            parts = [left["properties"][name], right["properties"][name]]
            merged["properties"][name] = {"allOf": parts} if parts[0] != parts[1] else parts[0]
    if "required" in left and "required" in right:
        merged["required"] = list(dict.fromkeys(left["required"] + right["required"]))
    return merged


def _string(schema):
    if "pattern" in schema:
        try:
            candidate = rstr.Rstr(random.Random(7)).xeger(schema["pattern"])
        except Exception as error:  # The generator knows Python's dialect only.
            raise NotPossible(f"pattern {schema['pattern']!r}: {error}") from error
    else:
        candidate = FORMATS.get(schema.get("format"), "text")
    candidate = candidate.ljust(schema.get("minLength", 0), "x")
    return candidate[: schema["maxLength"]] if "maxLength" in schema else candidate


def _number(schema, whole):
    step = schema.get("multipleOf", 1 if whole else 0.5)
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is None:
        low = min(high, 1) if high is not None else 1
    value = -(-low // step) * step
    if value <= schema.get("exclusiveMinimum", value - 1):
        value += step
    if high is not None and value > high:
        value = (low + high) / 2
    return int(value) if whole else value
