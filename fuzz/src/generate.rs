//! Schemas and values from choices: likely ones, and some that no author should write.

use serde_json::{Map, Value, json};

use super::choices::Choices;

const KEYWORDS: &[&str] = &[
    "type",
    "properties",
    "required",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "$ref",
    "enum",
    "nullable",
    "additionalProperties",
    "discriminator",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "readOnly",
    "writeOnly",
    "const",
    "default",
    "example",
    "examples",
    "description",
    "title",
    "not",
    "if",
    "then",
    "else",
    "prefixItems",
    "contains",
    "minContains",
    "maxContains",
    "patternProperties",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
    "additionalItems",
    "contentMediaType",
    "contentEncoding",
    "deprecated",
    "xml",
    "$defs",
    "$id",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "x-nullable",
    "$schema",
    "$comment",
    "definitions",
];
const NAMES: &[&str] = &["a", "b", "id", "type", "$ref", "", "a/b~c", "properties", "%7Bx", "é"];
const TYPES: &[&str] =
    &["object", "string", "array", "integer", "number", "boolean", "null", "file", "int", "any", ""];
const REFERENCES: &[&str] = &[
    "#/components/schemas/S",
    "#/components/schemas/T",
    "#/definitions/S",
    "#/definitions/T",
    "#/components/schemas/S/properties/a",
    "#/components/schemas/S/items",
    "#/components/schemas/S/allOf/0",
    "#/components/schemas/S/oneOf/0",
    "#",
    "#/",
    "#/nowhere",
    "#a",
    "other.json",
    "%",
    "S",
    "#/components/schemas/S/$defs/a",
    "https://documents.example/openapi#/components/schemas/S",
];
const PATTERNS: &[&str] = &[
    "^a+$",
    "/^x$/",
    "(?i)x",
    "[[:alpha:]]",
    "\\p{L}+",
    "(a+)+$",
    "x{0,99999}",
    "\\Ax\\z",
    "(",
    "[a-\\d]",
    "\\-",
    "(?<n>a)\\k<n>",
    "(?<=a)b",
    "\\u{1F600}",
    "[^]",
    "a{,3}",
    "\\cA",
    "x*+",
    "]",
    "{",
    "\\_",
    "[\\w-z]",
];

/// A schema at most `depth` deep.
pub(crate) fn schema(choices: &mut Choices<'_>, depth: usize) -> Value {
    match choices.below(24) {
        0 => return json!(true),
        1 => return json!(false),
        2 => return scalar(choices),
        _ => {}
    }
    let mut members = Map::new();
    for _ in 0..choices.below(7) {
        let keyword = *choices.pick(KEYWORDS);
        let value = keyword_value(keyword, choices, depth.saturating_sub(1));
        members.insert(keyword.to_owned(), value);
    }
    Value::Object(members)
}

fn keyword_value(keyword: &str, choices: &mut Choices<'_>, depth: usize) -> Value {
    if choices.below(16) == 15 {
        return value(choices, 2);
    }
    match keyword {
        "type" if choices.below(4) == 3 => list(choices, |choices| json!(choices.pick(TYPES))),
        "type" => json!(choices.pick(TYPES)),
        "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => {
            schemas(choices, depth)
        }
        "allOf" | "oneOf" | "anyOf" | "prefixItems" => list(choices, |choices| below(choices, depth)),
        "items" if choices.below(6) == 5 => list(choices, |choices| below(choices, depth)),
        "items"
        | "additionalProperties"
        | "additionalItems"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedProperties"
        | "unevaluatedItems" => below(choices, depth),
        "required" => list(choices, |choices| json!(choices.pick(NAMES))),
        "dependentRequired" => json!({ (*choices.pick(NAMES)): [choices.pick(NAMES)] }),
        "$ref" | "$dynamicRef" => json!(choices.pick(REFERENCES)),
        "discriminator" => discriminator(choices),
        "enum" | "examples" => list(choices, |choices| value(choices, 1)),
        "const" | "default" | "example" => value(choices, 2),
        "pattern" => json!(choices.pick(PATTERNS)),
        "format" => json!(choices.pick(&["binary", "byte", "int64", "uuid", "date-time", "nonsense"])),
        "contentMediaType" => {
            json!(choices.pick(&["image/png", "application/json", "text/plain", "no type"]))
        }
        "nullable" | "x-nullable" | "readOnly" | "writeOnly" | "uniqueItems" | "deprecated" => {
            json!(choices.below(4) != 3)
        }
        "exclusiveMinimum" | "exclusiveMaximum" if choices.below(2) == 0 => json!(true),
        "title" | "description" | "$comment" | "$id" | "$anchor" | "$dynamicAnchor" | "$schema" => {
            json!(choices.text())
        }
        _ => number(choices),
    }
}

fn below(choices: &mut Choices<'_>, depth: usize) -> Value {
    if depth == 0 { json!({"$ref": choices.pick(REFERENCES)}) } else { schema(choices, depth) }
}

fn schemas(choices: &mut Choices<'_>, depth: usize) -> Value {
    let count = choices.below(5);
    let mut members = Map::new();
    for _ in 0..count {
        let name = *choices.pick(NAMES);
        members.insert(name.to_owned(), below(choices, depth));
    }
    Value::Object(members)
}

fn discriminator(choices: &mut Choices<'_>) -> Value {
    let mapping = json!({ (*choices.pick(NAMES)): choices.pick(REFERENCES), "s": choices.pick(REFERENCES) });
    json!({"propertyName": choices.pick(NAMES), "mapping": mapping})
}

fn list(choices: &mut Choices<'_>, item: impl Fn(&mut Choices<'_>) -> Value) -> Value {
    let count = choices.below(5);
    (0..count).map(|_| item(choices)).collect()
}

fn number(choices: &mut Choices<'_>) -> Value {
    let text =
        *choices.pick(&["0", "1", "3", "-1", "1.0", "0.1", "1e2", "1e400", "18446744073709551616", "1E-9"]);
    serde_json::from_str(text).expect("a number")
}

fn scalar(choices: &mut Choices<'_>) -> Value {
    match choices.below(6) {
        0 => Value::Null,
        1 => json!(choices.below(2) == 0),
        2 => number(choices),
        3 => json!(choices.pick(&[
            "", ".", "..", "a/b", "a?b#c", "&x=1", "a;b,c d", "\r\nX: y", "\u{0}", "aGk=", "data:,x", "%2F",
            "é"
        ])),
        _ => json!(choices.text()),
    }
}

/// A value at most `depth` deep.
pub(crate) fn value(choices: &mut Choices<'_>, depth: usize) -> Value {
    match choices.below(if depth == 0 { 4 } else { 8 }) {
        4 | 5 => list(choices, |choices| value(choices, depth - 1)),
        6 | 7 => {
            let count = choices.below(4);
            let member = |choices: &mut Choices<'_>| {
                let name =
                    if choices.below(2) == 0 { (*choices.pick(NAMES)).to_owned() } else { choices.text() };
                (name, value(choices, depth - 1))
            };
            Value::Object((0..count).map(|_| member(choices)).collect())
        }
        _ => scalar(choices),
    }
}

/// A value that `schema` may accept; `definitions` are what `#/$defs/…` leads to.
pub(crate) fn instance(
    schema: &Value,
    definitions: &Value,
    choices: &mut Choices<'_>,
    depth: usize,
) -> Value {
    if depth == 0 || choices.below(12) == 11 {
        return value(choices, 2);
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|text| text.strip_prefix("#/$defs/")) {
        return instance(&definitions[name], definitions, choices, depth - 1);
    }
    for keyword in ["enum", "anyOf", "oneOf", "allOf"] {
        if let Some(options) = schema[keyword].as_array().filter(|options| !options.is_empty()) {
            let option = choices.pick(options);
            return match keyword {
                "enum" => option.clone(),
                _ => instance(option, definitions, choices, depth - 1),
            };
        }
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) if !kinds.is_empty() => choices.pick(kinds).as_str(),
        kind => kind.as_str(),
    };
    match kind {
        Some("object") => object(schema, definitions, choices, depth),
        Some("array") => list(choices, |choices| instance(&schema["items"], definitions, choices, depth - 1)),
        Some("string") => match scalar(choices) {
            Value::String(text) => Value::String(text),
            _ => json!(choices.text()),
        },
        Some("integer") => json!(i32::from(choices.byte()) - 100),
        Some("number") => number(choices),
        Some("boolean") => json!(choices.below(2) == 0),
        Some("null") => Value::Null,
        _ => value(choices, 2),
    }
}

fn object(schema: &Value, definitions: &Value, choices: &mut Choices<'_>, depth: usize) -> Value {
    let mut members = Map::new();
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if required.iter().any(|required| required == name) || choices.below(2) == 0 {
            members.insert(name.clone(), instance(property, definitions, choices, depth - 1));
        }
    }
    if choices.below(4) == 3 {
        members.insert(choices.text(), value(choices, 2));
    }
    Value::Object(members)
}
