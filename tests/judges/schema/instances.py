"""Values that a schema may accept, and values that it should not; the same ones each time."""

import copy

from document import follow

TEXTS = ["", "a", "text", "2024-02-29", "00000000-0000-4000-8000-000000000000", "a" * 40, "1", "true"]


class Instances:
    def __init__(self, root, random):
        self.root = root
        self.random = random

    def of(self, schema, count):
        """`count` values: likely ones first, then what becomes of them when something is changed."""
        likely = [self.value(schema, 6) for _ in range(max(2, count // 3))]
        changed = [self.changed(self.random.choice(likely), schema) for _ in range(count - len(likely))]
        return likely + changed

    def value(self, schema, depth):
        schema = follow(self.root, schema)
        if not isinstance(schema, dict) or depth == 0:
            return self.random.choice(["a", 1, True, {}, []])
        for key in ("example", "default"):
            if key in schema and self.random.random() < 0.2:
                return copy.deepcopy(schema[key])
        if isinstance(schema.get("enum"), list) and schema["enum"]:
            return copy.deepcopy(self.random.choice(schema["enum"]))
        if "const" in schema:
            return copy.deepcopy(schema["const"])
        if schema.get("nullable") is True and self.random.random() < 0.15:
            return None
        for key in ("oneOf", "anyOf"):
            if isinstance(schema.get(key), list) and schema[key]:
                branch = self.random.choice(schema[key])
                chosen = self.value(branch, depth - 1)
                self.add_discriminator(schema, branch, chosen)
                return self.merged(schema, chosen, depth)
        if isinstance(schema.get("allOf"), list) and schema["allOf"]:
            whole = None
            for branch in schema["allOf"]:
                part = self.value(branch, depth - 1)
                whole = {**whole, **part} if isinstance(whole, dict) and isinstance(part, dict) else part
            return self.merged(schema, whole, depth)
        return self.typed(schema, depth)

    def add_discriminator(self, schema, branch, value):
        name = (schema.get("discriminator") or {}).get("propertyName") if isinstance(
            schema.get("discriminator"), dict) else None
        reference = branch.get("$ref") if isinstance(branch, dict) else None
        if name and reference and isinstance(value, dict):
            mapping = schema["discriminator"].get("mapping") or {}
            mapped = [key for key, target in mapping.items() if target == reference]
            value[name] = mapped[0] if mapped else reference.rsplit("/", 1)[-1]

    def merged(self, schema, value, depth):
        if isinstance(schema.get("properties"), dict) and isinstance(value, dict):
            own = self.typed({**schema, "type": "object"}, depth)
            return {**own, **value}
        return value

    def typed(self, schema, depth):
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = self.random.choice(kind) if kind else None
        if kind is None:
            kind = "object" if "properties" in schema else "array" if "items" in schema else None
        make = {"object": self.object, "array": self.array, "string": self.string, "integer": self.integer,
                "number": self.number}.get(kind)
        if make:
            return make(schema, depth)
        if kind == "boolean":
            return self.random.random() < 0.5
        return None if kind == "null" else self.random.choice(["a", 1, True, {"a": 1}, ["a"]])

    def object(self, schema, depth):
        required = schema.get("required") if isinstance(schema.get("required"), list) else []
        share = self.random.choice([0.0, 0.3, 1.0])
        properties = schema.get("properties") if isinstance(schema.get("properties"), dict) else {}
        value = {}
        for name, property in properties.items():
            if name in required or (depth > 3 and self.random.random() < share and len(value) < 12):
                value[name] = self.value(property, depth - 1)
        additional = schema.get("additionalProperties")
        if isinstance(additional, dict) and self.random.random() < 0.5:
            value["more"] = self.value(additional, depth - 1)
        for name in required:
            if isinstance(name, str):
                value.setdefault(name, "a")
        return value

    def array(self, schema, depth):
        least = schema.get("minItems") if isinstance(schema.get("minItems"), int) else 0
        return [self.value(schema.get("items"), depth - 1) for _ in range(min(least, 5) + self.random.randrange(3))]

    def string(self, schema, _depth):
        least, most = schema.get("minLength"), schema.get("maxLength")
        if isinstance(least, int) or isinstance(most, int):
            bounds = [bound for bound in (least, most) if isinstance(bound, int) and bound < 300]
            if bounds:
                return "a" * max(0, self.random.choice(bounds) + self.random.choice([-1, 0, 0, 0, 1]))
        return self.random.choice(TEXTS[1:])

    def integer(self, schema, _depth):
        bounds = [schema[key] for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
                  if isinstance(schema.get(key), int) and not isinstance(schema.get(key), bool)]
        return self.random.choice(bounds) + self.random.choice([-1, 0, 0, 1]) if bounds else self.random.choice([0, 1, 7, -3])

    def number(self, schema, depth):
        return self.integer(schema, depth) + self.random.choice([0, 0.5])

    def changed(self, value, schema):
        """The value with one thing changed, at its root or somewhere below."""
        value = copy.deepcopy(value)
        if self.random.random() < 0.15:
            return self.other(value)
        holder, key = None, None
        places = list(self.places(value))
        if places:
            holder, key = self.random.choice(places)
        if holder is None:
            if isinstance(value, dict):
                value["extra"] = 1
                return value
            return self.other(value)
        change = self.random.choice(["other", "null", "remove", "extra"])
        if change == "remove":
            del holder[key]
        elif change == "extra" and isinstance(holder, dict):
            holder["extra"] = self.random.choice([1, "a", None])
        else:
            holder[key] = None if change == "null" else self.other(holder[key])
        return value

    def places(self, value):
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, item in items:
            yield value, key
            yield from self.places(item)

    def other(self, value):
        others = [None, True, 7, -1000000, 1.5, "", "other", "a" * 600, [], [1], ["a"], {}, {"a": 1}]
        return copy.deepcopy(self.random.choice([other for other in others if type(other) is not type(value)] or others)
                             if self.random.random() < 0.6 else self.random.choice(others))
