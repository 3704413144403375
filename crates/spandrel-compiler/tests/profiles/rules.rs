//! The rules of each provider's clients, as something that finds what breaks them.

use serde_json::{Map, Value};
use spandrel_compiler::Profile;

/// What breaks the rules of `profile` in the tool `name` with the input `schema`.
pub(crate) fn violations(profile: Profile, name: &str, schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut rule = |holds: bool, text: String| {
        if !holds {
            found.push(text);
        }
    };
    let root = schema.as_object().cloned().unwrap_or_default();
    rule(is_made_of(name, "_-"), format!("name {name}"));
    rule(name.len() <= if profile == Profile::Cursor { 50 } else { 64 }, format!("long name {name}"));
    rule(root.get("type").is_some_and(|kind| kind == "object"), "root type".to_owned());
    rule(root.get("properties").is_some_and(Value::is_object), "root properties".to_owned());
    for combinator in ["oneOf", "anyOf", "allOf", "enum", "not"] {
        rule(!root.contains_key(combinator), format!("{combinator} at the root"));
    }
    let is_openai = matches!(profile, Profile::OpenAi | Profile::OpenAiStrict);
    for key in root.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
        rule(is_made_of(key, if is_openai { "_-" } else { "_-." }) && key.len() <= 64, format!("key {key}"));
    }
    if profile == Profile::Gemini {
        let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        rule(starts_well, format!("initial of {name}"));
    }
    match profile {
        Profile::OpenAi => each_schema(schema, "", &mut |place, members| openai(place, members, &mut found)),
        Profile::OpenAiStrict => {
            each_schema(schema, "", &mut |place, members| strict(place, members, &mut found));
            strict_size(schema, &mut found);
        }
        Profile::Gemini => each_schema(schema, "", &mut |place, members| gemini(place, members, &mut found)),
        _ => {}
    }
    found
}

fn is_made_of(text: &str, others: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|character| character.is_ascii_alphanumeric() || others.contains(character))
}

/// Is given a schema and its place.
type Visit<'v> = dyn FnMut(&str, &Map<String, Value>) + 'v;

/// Calls `visit` for each schema below `schema`, with its place.
fn each_schema(schema: &Value, place: &str, visit: &mut Visit<'_>) {
    let Value::Object(members) = schema else { return };
    visit(place, members);
    for (keyword, value) in members {
        let below = format!("{place}/{keyword}");
        match (keyword.as_str(), value) {
            ("properties" | "patternProperties" | "$defs" | "dependentSchemas", Value::Object(schemas)) => {
                for (name, schema) in schemas {
                    each_schema(schema, &format!("{below}/{name}"), visit);
                }
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(schemas)) => {
                for schema in schemas {
                    each_schema(schema, &below, visit);
                }
            }
            ("items" | "additionalProperties" | "not" | "if" | "then" | "else" | "contains", schema) => {
                each_schema(schema, &below, visit);
            }
            _ => {}
        }
    }
}

fn types(members: &Map<String, Value>) -> Vec<&str> {
    match members.get("type") {
        Some(Value::String(only)) => vec![only],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn openai(place: &str, members: &Map<String, Value>, found: &mut Vec<String>) {
    if types(members).contains(&"array") && !members.get("items").is_some_and(Value::is_object) {
        found.push(format!("{place}: an array without items"));
    }
    if types(members).contains(&"object") && !members.get("properties").is_some_and(Value::is_object) {
        found.push(format!("{place}: an object without properties"));
    }
}

fn strict(place: &str, members: &Map<String, Value>, found: &mut Vec<String>) {
    const KNOWN: [&str; 19] = [
        "type",
        "description",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "anyOf",
        "$ref",
        "$defs",
        "format",
        "pattern",
        "minItems",
        "maxItems",
        "multipleOf",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
    ];
    const FORMATS: [&str; 9] =
        ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];
    let mut rule = |holds: bool, text: &str| {
        if !holds {
            found.push(format!("{place}: {text}"));
        }
    };
    for keyword in members.keys() {
        rule(KNOWN.contains(&keyword.as_str()), &format!("the keyword {keyword}"));
    }
    openai_rules(members, &mut rule);
    let says_type = ["type", "anyOf", "$ref"].iter().any(|keyword| members.contains_key(*keyword));
    rule(says_type, "a schema without a type");
    rule(!members.contains_key("$ref") || members.len() == 1, "something beside a reference");
    let format = members.get("format").and_then(Value::as_str);
    rule(format.is_none_or(|format| FORMATS.contains(&format)), "an unknown format");
    if types(members).contains(&"object") {
        rule(members.get("additionalProperties") == Some(&Value::Bool(false)), "an open object");
        let properties = members.get("properties").and_then(Value::as_object);
        let names: Vec<&str> = properties.into_iter().flat_map(Map::keys).map(String::as_str).collect();
        let required = members.get("required").and_then(Value::as_array);
        let required: Vec<&str> = required.into_iter().flatten().filter_map(Value::as_str).collect();
        rule(names == required, "a property that is not required");
    }
}

fn openai_rules(members: &Map<String, Value>, rule: &mut dyn FnMut(bool, &str)) {
    let has_items = members.get("items").is_some_and(Value::is_object);
    rule(!types(members).contains(&"array") || has_items, "an array without items");
    let has_properties = members.get("properties").is_some_and(Value::is_object);
    rule(!types(members).contains(&"object") || has_properties, "an object without properties");
}

fn strict_size(schema: &Value, found: &mut Vec<String>) {
    let (mut properties, mut values, mut characters) = (0, 0, 0);
    each_schema(schema, "", &mut |_, members| {
        for keyword in ["properties", "$defs"] {
            let names = members.get(keyword).and_then(Value::as_object);
            characters += names.into_iter().flat_map(Map::keys).map(String::len).sum::<usize>();
        }
        properties += members.get("properties").and_then(Value::as_object).map_or(0, Map::len);
        let listed = members.get("enum").and_then(Value::as_array).into_iter().flatten();
        for value in listed.filter(|value| !value.is_null()) {
            values += 1;
            characters += value.as_str().map_or(0, str::len);
        }
    });
    let levels = levels(schema);
    for (is, most, what) in [
        (properties, 5_000, "properties"),
        (values, 1_000, "enumerated values"),
        (characters, 120_000, "characters"),
        (levels, 10, "levels"),
    ] {
        if is > most {
            found.push(format!("{is} {what}"));
        }
    }
}

/// How many objects and arrays stand in each other, each definition on its own.
fn levels(schema: &Value) -> usize {
    let Value::Object(members) = schema else { return 0 };
    let of_all = |keyword: &str| {
        let schemas = members.get(keyword).and_then(Value::as_object);
        schemas.into_iter().flat_map(Map::values).map(levels).max().unwrap_or(0)
    };
    let branches = members.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    let below = of_all("properties").max(members.get("items").map_or(0, levels));
    let own = usize::from(types(members).iter().any(|name| matches!(*name, "object" | "array")));
    (own + below).max(of_all("$defs")).max(branches.map(levels).max().unwrap_or(0))
}

fn gemini(place: &str, members: &Map<String, Value>, found: &mut Vec<String>) {
    const KNOWN: [&str; 15] = [
        "type",
        "format",
        "description",
        "nullable",
        "enum",
        "properties",
        "required",
        "items",
        "anyOf",
        "minItems",
        "maxItems",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
    ];
    let mut rule = |holds: bool, text: &str| {
        if !holds {
            found.push(format!("{place}: {text}"));
        }
    };
    for keyword in members.keys() {
        rule(KNOWN.contains(&keyword.as_str()) || keyword == "pattern", &format!("the keyword {keyword}"));
    }
    let kind = members.get("type").and_then(Value::as_str);
    rule(kind.is_some() || members.contains_key("anyOf"), "a schema without one type");
    rule(!members.contains_key("anyOf") || members.len() == 1, "something beside anyOf");
    rule(
        kind != Some("array") || members.get("items").is_some_and(Value::is_object),
        "an array without items",
    );
    if let Some(values) = members.get("enum").and_then(Value::as_array) {
        let are_texts = values.iter().all(|value| value.as_str().is_some_and(|text| !text.is_empty()));
        rule(kind == Some("string") && are_texts, "an enum of something else than strings");
    }
    let formats: &[&str] = match kind {
        Some("string") => &["enum", "date-time"],
        Some("integer") => &["int32", "int64"],
        Some("number") => &["float", "double"],
        _ => &[],
    };
    let format = members.get("format").and_then(Value::as_str);
    rule(format.is_none_or(|format| formats.contains(&format)), "an unknown format");
    let properties = members.get("properties").and_then(Value::as_object);
    for name in members.get("required").and_then(Value::as_array).into_iter().flatten() {
        let is_listed =
            properties.zip(name.as_str()).is_some_and(|(properties, name)| properties.contains_key(name));
        rule(is_listed, "a required property that is not listed");
    }
}
