#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::catalog::JsonText;
use crate::validate::Validator;

#[test]
fn what_is_a_sketch() {
    for (schema, is_sketch) in [
        (json!({}), true),
        (json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}}}), true),
        (json!({"type": "array", "items": {"title": "x", "format": "date"}}), true),
        (json!(true), false),
        (json!({"type": "any"}), false),
        (json!({"type": 1}), false),
        (json!({"items": [{}]}), false),
        (json!({"properties": {"a": {"minimum": 1}}}), false),
        (json!({"properties": {"a": {"$ref": "#"}}}), false),
        (json!({"required": ["a"]}), false),
    ] {
        assert_eq!(Sketch::new(&schema).is_some(), is_sketch, "{schema}");
    }
}

#[test]
fn what_satisfies_a_sketch() {
    let sketch = Sketch::new(&json!({"type": "object", "properties": {
        "id": {"type": "integer"},
        "price": {"type": "number"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "owner": {"type": ["object", "null"], "properties": {"name": {"type": "string"}}},
        "sold": {"type": "boolean"},
    }}))
    .unwrap();
    for (json, accepted) in [
        ("{}", true),
        (" { \"id\" : 1 , \"price\" : 1.5e3 , \"x\" : [ { } , null ] } ", true),
        (r#"{"id":-1,"price":2,"tags":["a","\"]}",""],"owner":null,"sold":false}"#, true),
        (r#"{"owner":{"name":"a"},"other":{"id":"anything"}}"#, true),
        (r#"{"id":1.0}"#, false),
        (r#"{"id":1e2}"#, false),
        (r#"{"id":"1"}"#, false),
        (r#"{"id":null}"#, false),
        (r#"{"tags":["a",1]}"#, false),
        (r#"{"tags":{}}"#, false),
        (r#"{"owner":{"name":1}}"#, false),
        (r#"{"sold":"true"}"#, false),
        (r#"{"\u0069d":"escaped"}"#, false),
        (r#"{"x":"\ud83d\ude00"}"#, false),
        ("[]", false),
        ("1", false),
    ] {
        assert_eq!(sketch.accepts(json), accepted, "{json}");
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (-1000..1000_i32).prop_map(|number| json!(f64::from(number) / 8.0)),
        "[a-c\"\\\\\u{e9}{}\\[\\], ]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-d\"]", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn schema() -> impl Strategy<Value = Value> {
    let names = ["object", "array", "string", "integer", "number", "boolean", "null"];
    let leaf = prop::sample::subsequence(names.to_vec(), 1..5).prop_map(|types| json!({"type": types}));
    leaf.prop_recursive(3, 16, 4, |inner| {
        let properties = prop::collection::vec(("[a-d]", inner.clone()), 0..4);
        (properties, prop::option::of(inner)).prop_map(|(properties, items)| {
            let properties: Map<String, Value> = properties.into_iter().collect();
            let mut schema = json!({"properties": properties});
            if let (Some(items), Some(schema)) = (items, schema.as_object_mut()) {
                schema.insert("items".to_owned(), items);
            }
            schema
        })
    })
}

proptest! {
    #[test]
    fn what_is_accepted_is_valid(schema in schema(), value in value(), pretty in any::<bool>()) {
        let sketch = Sketch::new(&schema).unwrap();
        let validator = Validator::compile(&JsonText::from_value(&schema));
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let accepted = sketch.accepts(&text.unwrap());
        // Whole fractions are integers to a validator.
        let valid = validator.accepts(&value);
        prop_assert!(valid || !accepted, "{} {}", schema, value);
        let has_fraction = value.to_string().contains('.');
        prop_assert!(accepted || !valid || has_fraction || value.to_string().contains('\\'), "{} {}", schema, value);
    }
}
