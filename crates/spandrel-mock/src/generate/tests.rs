#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Extent, pattern, sample};

fn made(schema: &Value) -> (Value, bool) {
    made_to(schema, Extent::Everything)
}

fn made_to(schema: &Value, extent: Extent) -> (Value, bool) {
    let made = sample(schema.clone(), extent);
    (made.value, made.verified)
}

#[test]
#[allow(clippy::too_many_lines, reason = "a table")]
fn what_is_made_is_valid() {
    let table = [
        json!({}),
        json!(true),
        json!({"type": "null"}),
        json!({"type": "boolean"}),
        json!({"const": {"a": 1}}),
        json!({"enum": [null, "a"]}),
        json!({"enum": ["a", "b"], "allOf": [{"enum": ["b", "c"]}]}),
        json!({"type": "integer", "minimum": 5, "exclusiveMaximum": 7, "multipleOf": 2}),
        json!({"type": "integer", "maximum": -10}),
        json!({"type": "integer", "minimum": serde_json::from_str::<Value>("12345678901234567890123").unwrap()}),
        json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.1}),
        json!({"type": "number", "multipleOf": 0.01, "minimum": 3.333}),
        json!({"type": "integer", "multipleOf": 2.5}),
        json!({"type": "string", "minLength": 40}),
        json!({"type": "string", "maxLength": 2}),
        json!({"type": "string", "format": "date-time"}),
        json!({"type": "string", "format": "date"}),
        json!({"type": "string", "format": "time"}),
        json!({"type": "string", "format": "duration"}),
        json!({"type": "string", "format": "email"}),
        json!({"type": "string", "format": "hostname"}),
        json!({"type": "string", "format": "ipv4"}),
        json!({"type": "string", "format": "ipv6"}),
        json!({"type": "string", "format": "uri"}),
        json!({"type": "string", "format": "uri-reference"}),
        json!({"type": "string", "format": "uri-template"}),
        json!({"type": "string", "format": "uuid"}),
        json!({"type": "string", "format": "json-pointer"}),
        json!({"type": "string", "format": "relative-json-pointer"}),
        json!({"type": "string", "format": "regex"}),
        json!({"type": "string", "pattern": "^[A-Z]{3}-\\d{4}(\\.\\w+)?$"}),
        json!({"type": "string", "pattern": "^(?!x)[a-z]+$", "minLength": 12, "maxLength": 20}),
        json!({"type": "string", "pattern": "^[^a-z]{2,}$"}),
        json!({"type": "string", "format": "uuid", "pattern": "^[0-9a-f-]{36}$"}),
        json!({"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": true}),
        json!({"type": "array", "items": {"type": "boolean"}, "minItems": 2, "uniqueItems": true}),
        json!({"type": "array", "items": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}, "minItems": 2, "uniqueItems": true}),
        json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}),
        json!({"type": "array", "contains": {"const": 7}, "minContains": 2, "minItems": 3}),
        json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a", "b"], "additionalProperties": {"type": "integer"}}),
        json!({"type": "object", "minProperties": 3, "additionalProperties": {"type": "integer"}, "propertyNames": {"pattern": "^k[0-9]$"}}),
        json!({"type": "object", "maxProperties": 1, "properties": {"a": {}, "b": {}}, "required": ["b"]}),
        json!({"type": "object", "patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": false, "minProperties": 1}),
        json!({"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"required": ["a"], "properties": {"a": {"minLength": 10}}}]}),
        json!({"oneOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]}]}),
        json!({"oneOf": [{"type": "string"}, {"type": "string", "maxLength": 3}]}),
        json!({"anyOf": [false, {"type": "integer"}]}),
        json!({"type": "integer", "anyOf": [{"type": "string"}, {"minimum": 9}]}),
        json!({"type": "string", "example": "x", "examples": ["toolong"], "maxLength": 3}),
        json!({"type": "string", "not": {"const": "string"}}),
        json!({"type": "object", "properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["c"]}}),
        json!({"$ref": "#/$defs/Tree", "$defs": {"Tree": {"type": "object", "required": ["children"], "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}, "parent": {"$ref": "#/$defs/Tree"}}}}}),
        json!({"$ref": "#/$defs/L", "$defs": {"L": {"type": "object", "required": ["next"], "properties": {"next": {"anyOf": [{"$ref": "#/$defs/L"}, {"type": "null"}]}}}}}),
    ];
    for schema in table {
        for extent in [Extent::Required, Extent::Everything, Extent::Edge] {
            let (value, verified) = made_to(&schema, extent);
            assert!(verified, "{extent:?} of {schema} gave {value}");
            assert_eq!(made_to(&schema, extent).0, value, "{schema} is not made the same way twice");
        }
    }
}

#[test]
fn extents() {
    let number = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let object = json!({"type": "object", "required": ["a"], "properties": {
        "a": {"type": "object", "properties": {"x": {"type": "string"}, "y": {"type": "string"}}},
        "b": {"type": "array", "items": {"type": "integer"}, "example": [7]}}});
    let text = json!({"type": "string"});
    let bounded = json!({"type": "integer", "minimum": 1, "maximum": 100});
    let table = [
        (&object, Extent::Required, json!({"a": {"x": "string"}})),
        (&object, Extent::Everything, json!({"a": {"x": "string", "y": "string"}, "b": [7]})),
        (&text, Extent::Required, json!("string")),
        (&text, Extent::Edge, json!(super::string::AWKWARD)),
        (&bounded, Extent::Everything, number("1")),
        (&bounded, Extent::Edge, number("100")),
    ];
    for (schema, extent, expected) in table {
        assert_eq!(made_to(schema, extent).0, expected, "{extent:?} of {schema}");
    }
    let several =
        made_to(&json!({"type": "array", "items": {"type": "integer", "format": "int64"}}), Extent::Edge);
    assert_eq!(several.0, number("[9007199254740993, 9007199254740994]"));
}

#[test]
fn what_cannot_be_made_is_said() {
    let table = [
        json!(false),
        json!({"type": "string", "enum": [1]}),
        json!({"minimum": 5, "maximum": 4, "type": "integer"}),
        json!({"$ref": "#/$defs/L", "$defs": {"L": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/$defs/L"}}}}}),
    ];
    for schema in table {
        assert!(!made(&schema).1, "{schema}");
    }
}

#[test]
fn examples_come_first_where_they_are_valid() {
    let schema = json!({"type": "object", "properties": {
        "name": {"type": "string", "examples": ["Rex"]},
        "age": {"type": "integer", "default": 3},
        "kind": {"type": "string", "examples": ["bad"], "enum": ["cat", "dog"]}}});
    assert_eq!(made(&schema).0, json!({"name": "Rex", "age": 3, "kind": "cat"}));
}

#[test]
fn large_schemas_give_small_values() {
    let mut defs = serde_json::Map::new();
    for number in 0..200 {
        let members: serde_json::Map<String, Value> = (0..200)
            .map(|other| (format!("m{other}"), json!({"$ref": format!("#/$defs/S{other}")})))
            .collect();
        defs.insert(format!("S{number}"), json!({"type": "object", "properties": members}));
    }
    let (value, verified) = made(&json!({"$ref": "#/$defs/S0", "$defs": defs}));
    assert!(verified);
    assert!(value.to_string().len() < 1_000_000, "{}", value.to_string().len());
}

#[test]
fn patterns_that_are_not_understood_give_nothing() {
    for pattern in ["(", "[a", "a)", "(a)\\1", "\\u{zz}"] {
        assert_eq!(pattern::sample(pattern, 0, 0), None, "{pattern}");
    }
    assert_eq!(pattern::sample("^a{2}b*[0-9]+$", 0, 0).as_deref(), Some("aa0"));
    assert_eq!(pattern::of_length("^[a-z]*$", 3, 5, 0).as_deref(), Some("aaa"));
}

fn schemas() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({"type": "boolean"})),
        (-1000_i64..1000, 0_i64..1000)
            .prop_map(|(low, span)| json!({"type": "integer", "minimum": low, "maximum": low + span})),
        (-1000_i64..1000, 1_u32..50)
            .prop_map(|(low, step)| json!({"type": "number", "exclusiveMinimum": low, "multipleOf": step})),
        (0_u64..30, 0_u64..30)
            .prop_map(|(low, span)| json!({"type": "string", "minLength": low, "maxLength": low + span})),
        "[a-c]{1,3}\\[0-9\\]\\{[1-4]\\}(x|y)?"
            .prop_map(|pattern| json!({"type": "string", "pattern": format!("^{pattern}$")})),
        Just(json!({"enum": ["a", 1, null]})),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            (inner.clone(), 0_u64..4).prop_map(|(items, least)| json!({"type": "array", "items": items, "minItems": least})),
            (proptest::collection::btree_map("[a-e]", inner.clone(), 0..5), any::<bool>()).prop_map(|(members, required)| {
                let names: Vec<String> = if required { members.keys().cloned().collect() } else { Vec::new() };
                json!({"type": "object", "properties": members, "required": names, "additionalProperties": false})
            }),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|branches| json!({"anyOf": branches})),
            (inner.clone(), inner).prop_map(|(value, other)| json!({"type": "object", "allOf": [
                {"properties": {"a": value}, "required": ["a"]}, {"properties": {"b": other}}]})),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_of_simple_schemas_are_valid(schema in schemas()) {
        for extent in [Extent::Required, Extent::Everything, Extent::Edge] {
            let (value, verified) = made_to(&schema, extent);
            prop_assert!(verified, "{:?} of {} gave {}", extent, schema, value);
        }
    }

    #[test]
    fn no_pattern_panics(pattern in "\\PC{0,24}") {
        let _ = pattern::of_length(&pattern, 3, 9, 1);
    }
}

#[test]
fn schemas_that_branch_without_end_are_given_up_soon() {
    let mut defs = serde_json::Map::new();
    for number in 0..60 {
        let next = json!({"$ref": format!("#/$defs/S{}", number + 1)});
        let branch = json!({"type": "object", "properties": {"a": next, "b": next}, "required": ["a", "b"]});
        defs.insert(format!("S{number}"), json!({"oneOf": [branch, branch]}));
    }
    defs.insert("S60".to_owned(), json!(false));
    let (_, verified) = made(&json!({"$ref": "#/$defs/S0", "$defs": defs}));
    assert!(!verified);
}
