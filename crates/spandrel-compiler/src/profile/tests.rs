#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use serde_json::{Value, json};

use super::Profile;

/// The schema of the argument `a`, of `schema` and required, as `profile` shows it.
fn shown(profile: Profile, schema: &Value) -> Value {
    let root = json!({"type": "object", "properties": {"a": schema}, "required": ["a"], "additionalProperties": false,
        "$defs": {
            "Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}, "additionalProperties": false},
            "Color": {"enum": ["red", "blue"]},
            "Named": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}}});
    let rewritten = profile.rewrite(&root).unwrap().unwrap();
    rewritten.schema["properties"]["a"].clone()
}

#[test]
fn openai_writes_out_items_and_properties() {
    let rows = [
        (json!({"type": "array"}), json!({"type": "array", "items": {}})),
        (json!({"type": ["object", "null"]}), json!({"type": ["object", "null"], "properties": {}})),
        (
            json!({"anyOf": [{"type": "object", "additionalProperties": {"type": "array"}}]}),
            json!({"anyOf": [{"type": "object", "additionalProperties": {"type": "array", "items": {}}, "properties": {}}]}),
        ),
        (json!({"enum": [{"type": "array"}]}), json!({"enum": [{"type": "array"}]})),
    ];
    for (given, expected) in rows {
        assert_eq!(shown(Profile::OpenAi, &given), expected, "{given}");
    }
}

#[test]
fn strict_schemas_are_closed_and_complete() {
    let any = json!({"type": ["string", "null"], "description": "Any value, written as JSON text."});
    let one = json!({"type": "string", "description": "Any value, written as JSON text."});
    let tuple = json!({"type": "array", "items": one, "minItems": 1});
    let object = json!({"type": "string", "description": "An object, written as JSON text."});
    let rows = [
        (json!({"type": "string", "maxLength": 3, "default": "x"}), json!({"type": "string"})),
        (
            json!({"type": "string", "format": "uuid", "pattern": "^a"}),
            json!({"type": "string", "format": "uuid", "pattern": "^a"}),
        ),
        (json!({"type": "string", "format": "byte", "pattern": "^(?!a)"}), json!({"type": "string"})),
        (json!({"const": "x"}), json!({"type": "string", "enum": ["x"]})),
        (json!({"enum": [1, 2, null]}), json!({"type": ["integer", "null"], "enum": [1, 2, null]})),
        (json!({"type": "null"}), json!({"type": "null"})),
        (json!({}), any.clone()),
        (json!({"not": {"type": "string"}}), any),
        (json!({"type": "object"}), object.clone()),
        (json!({"type": "object", "additionalProperties": {"type": "string"}}), object),
        (
            json!({"type": "object", "properties": {"b": {"type": "integer", "minimum": 1}}}),
            json!({"type": "object", "properties": {"b": {"type": ["integer", "null"], "minimum": 1}}, "required": ["b"], "additionalProperties": false}),
        ),
        (json!({"$ref": "#/$defs/Node"}), json!({"$ref": "#/$defs/Node"})),
        (
            json!({"type": "object", "properties": {"b": {"$ref": "#/$defs/Node"}}}),
            json!({"type": "object", "properties": {"b": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}}, "required": ["b"], "additionalProperties": false}),
        ),
        (
            json!({"$ref": "#/$defs/Node", "description": "D."}),
            json!({"anyOf": [{"$ref": "#/$defs/Node"}], "description": "D."}),
        ),
        (
            json!({"allOf": [{"$ref": "#/$defs/Named"}, {"properties": {"b": {"type": "boolean"}}, "required": ["b"]}]}),
            json!({"type": "object", "properties": {"name": {"type": "string"}, "b": {"type": "boolean"}}, "required": ["name", "b"], "additionalProperties": false}),
        ),
        (json!({"oneOf": [{"type": "string"}, {"type": "null"}]}), json!({"type": ["string", "null"]})),
        (
            json!({"oneOf": [{"type": "string"}, {"$ref": "#/$defs/Color"}]}),
            json!({"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Color"}]}),
        ),
        (json!({"type": "array", "prefixItems": [{"type": "string"}], "minItems": 1}), tuple),
    ];
    for (given, expected) in rows {
        assert_eq!(shown(Profile::OpenAiStrict, &given), expected, "{given}");
    }
}

#[test]
fn gemini_is_told_in_the_words_of_3_0() {
    let text = json!({"type": "string", "description": "Any value, written as JSON text."});
    let rows = [
        (
            json!({"type": ["string", "null"], "title": "T"}),
            json!({"type": "string", "description": "T", "nullable": true}),
        ),
        (json!({"const": "x"}), json!({"type": "string", "enum": ["x"]})),
        (json!({"enum": [1, 2]}), json!({"type": "integer", "description": "One of: 1, 2."})),
        (
            json!({"enum": ["", "a"], "description": "D."}),
            json!({"type": "string", "description": "D. One of: \"\", \"a\"."}),
        ),
        (
            json!({"type": "integer", "format": "int64", "exclusiveMinimum": 0}),
            json!({"type": "integer", "format": "int64", "minimum": 0}),
        ),
        (json!({"type": "string", "format": "uuid"}), json!({"type": "string"})),
        (json!({"type": ["string", "integer"]}), json!({"anyOf": [{"type": "string"}, {"type": "integer"}]})),
        (
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}], "description": "D."}),
            json!({"anyOf": [{"type": "string", "description": "D.", "nullable": true}, {"type": "integer"}]}),
        ),
        (json!({"$ref": "#/$defs/Color"}), json!({"type": "string", "enum": ["red", "blue"]})),
        (
            json!({"$ref": "#/$defs/Node"}),
            json!({"type": "object", "properties": {"next": {"type": "object"}}}),
        ),
        (json!({"type": "object", "additionalProperties": {}}), json!({"type": "object"})),
        (json!({"type": "array"}), json!({"type": "array", "items": text})),
    ];
    for (given, expected) in rows {
        assert_eq!(shown(Profile::Gemini, &given), expected, "{given}");
    }
}

#[test]
fn hostile_schemas_stay_within_bounds() {
    // Each definition merges the next one twice over, and each property is such a merge again.
    let mut definitions = serde_json::Map::new();
    for index in 0..40 {
        let next = json!({ "$ref": format!("#/$defs/D{}", (index + 1) % 40) });
        let both = json!({"allOf": [next, {"properties": {"x": next, "y": next, "z": {"allOf": [next, next]}}}, next]});
        definitions.insert(format!("D{index}"), both);
    }
    // Choices that contain themselves, beside what holds for each.
    let own = json!({"type": "object", "anyOf": [{"$ref": "#/$defs/C"}]});
    let twice = json!({"type": "object", "oneOf": [{"$ref": "#/$defs/E"}, {"allOf": [{"$ref": "#/$defs/E"}]}], "properties": {"e": {"$ref": "#/$defs/E"}}});
    definitions.insert("C".to_owned(), own);
    definitions.insert("E".to_owned(), twice);
    let properties =
        json!({"a": {"$ref": "#/$defs/D0"}, "c": {"$ref": "#/$defs/C"}, "e": {"$ref": "#/$defs/E"}});
    let root = json!({"type": "object", "properties": properties, "$defs": definitions});
    for profile in Profile::ALL {
        let written = profile.rewrite(&root).ok().flatten();
        let length = written.map_or(0, |written| written.schema.to_string().len());
        assert!(length < 20_000_000, "{profile}: {length}");
    }
}

#[test]
fn names_of_profiles_are_read_as_they_are_written() {
    for profile in Profile::ALL {
        assert_eq!(profile.as_str().parse(), Ok(profile));
    }
    assert!("gpt".parse::<Profile>().unwrap_err().to_string().contains("openai-strict"));
}

#[test]
fn what_is_too_large_for_strict_mode_becomes_text() {
    let object = |count: usize| {
        let properties = (0..count).map(|index| (format!("p{index}"), json!({"type": "boolean"})));
        json!({"type": "object", "properties": properties.collect::<serde_json::Map<String, Value>>()})
    };
    let color = json!({"$ref": "#/$defs/Color"});
    let root = json!({"type": "object", "properties": {"a": object(6_000), "c": color}, "required": ["c"], "$defs": {"Color": {"enum": ["red"]}}});
    let shown = Profile::OpenAiStrict.rewrite(&root).unwrap().unwrap().schema;
    assert_eq!(
        shown["properties"],
        json!({"a": {"type": ["string", "null"], "description": "An object, written as JSON text."}, "c": {"type": "string", "enum": ["red"]}})
    );
    assert!(shown.get("$defs").is_none());
    assert!(Profile::OpenAiStrict.rewrite(&object(6_000)).is_err());
}
