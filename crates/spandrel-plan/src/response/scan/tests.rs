#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn scanned(text: &str) -> Result<Scan, Unreadable> {
    serde_json::from_str::<&serde_json::value::RawValue>(text).unwrap();
    scan(text, None)
}

#[test]
fn what_clients_cannot_read_is_found() {
    let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    for (text, expected) in [
        (deep(MAX_DEPTH), None),
        (deep(MAX_DEPTH + 1), Some(Unreadable::Deep)),
        (format!("{{\"a\":{}}}", deep(MAX_DEPTH)), Some(Unreadable::Deep)),
        ("9".repeat(1000), None),
        ("9".repeat(1001), Some(Unreadable::LongNumber)),
        (r#"["\ud83d\ude00", "\\ud800", "\u00e9\""]"#.to_owned(), None),
        (r#"["\ud83d"]"#.to_owned(), Some(Unreadable::HalfSurrogate)),
        (r#"["\ud83dx\ude00"]"#.to_owned(), Some(Unreadable::HalfSurrogate)),
        (r#"{"\ude00":1}"#.to_owned(), Some(Unreadable::HalfSurrogate)),
        (r#"{"$serde_json::private::Number":"1"}"#.to_owned(), Some(Unreadable::PrivateKey)),
    ] {
        assert_eq!(scanned(&text).err(), expected, "{text}");
    }
}

#[test]
fn repeated_keys_are_found() {
    let many: Vec<String> = (0..40).map(|n| format!("\"k{n}\":{n}")).collect();
    for (text, expected) in [
        (r#"{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}"#.to_owned(), None),
        (r#"[{"b":1, "a" : {"b":1} ,"b":2}]"#.to_owned(), Some("b")),
        (r#"{"a":1,"\u0061":2}"#.to_owned(), Some("a")),
        (format!("{{{}}}", many.join(",")), None),
        (format!("{{{},\"k7\":0}}", many.join(",")), Some("k7")),
    ] {
        assert_eq!(scanned(&text).unwrap().repeated.as_deref(), expected, "{text}");
    }
}

#[test]
fn what_is_not_of_the_shape_is_told() {
    let schema = json!({"type": "object", "properties": {
        "id": {"type": "integer"},
        "price": {"type": ["number", "null"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "a/b": {"properties": {"c": {"type": "boolean"}}},
        "any": {},
    }});
    let shape = Shape::of(&schema).unwrap();
    for (text, expected) in [
        (r#"{"id":1,"price":1.10,"tags":["a"],"a/b":{"c":true},"any":[{}],"more":1}"#, None),
        (r#" { "id" : 10e-1 , "price" : null , "tags" : [ ] , "a/b" : 7 } "#, None),
        (r#"{"id":12345678901234567890123,"price":1e300}"#, None),
        (r"{}", None),
        ("[]", Some("the body is array where the schema says object")),
        (r#"{"id":"1"}"#, Some("/id is string where the schema says integer")),
        (r#"{"id":1.5}"#, Some("/id is number where the schema says integer")),
        (r#"{"id":true}"#, Some("/id is boolean where the schema says integer")),
        (r#"{"price":"1"}"#, Some("/price is string where the schema says null or number")),
        (
            r#"{"price":1e400}"#,
            Some("/price is a number too large for most clients where the schema says null or number"),
        ),
        (r#"{"tags":["a",null]}"#, Some("/tags/1 is null where the schema says string")),
        (r#"{"a\/b":{"c":0}}"#, Some("/a~1b/c is integer where the schema says boolean")),
    ] {
        assert_eq!(scan(text, Some(&shape)).unwrap().mismatch.as_deref(), expected, "{text}");
    }
}

#[test]
fn a_shape_says_no_less_than_its_schema() {
    for schema in [
        json!({"type": "object", "required": ["a"]}),
        json!({"properties": {"a": {"enum": [1]}}}),
        json!({"items": {"$ref": "#"}}),
        json!({"type": "file"}),
        json!(true),
    ] {
        assert!(Shape::of(&schema).is_none(), "{schema}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        "\\PC{0,6}".prop_map(Value::from),
        "[\\\\\"\u{0}\u{1f}a]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map("[a-c\\\\\"]{0,2}", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_shape() -> impl Strategy<Value = Value> {
    let types = prop_oneof![
        Just(json!("object")),
        Just(json!("array")),
        Just(json!("string")),
        Just(json!("integer")),
        Just(json!("number")),
        Just(json!(["number", "null"])),
        Just(json!(["object", "array", "boolean"])),
    ];
    let leaf = prop_oneof![Just(json!({})), types.clone().prop_map(|types| json!({"type": types}))];
    leaf.prop_recursive(4, 30, 3, move |inner| {
        (types.clone(), inner.clone(), prop::collection::hash_map("[a-c]", inner, 0..3)).prop_map(
            |(types, items, properties)| json!({"type": types, "items": items, "properties": properties}),
        )
    })
}

proptest! {
    /// The judge is the general validator.
    #[test]
    fn a_scan_finds_what_a_validator_finds(value in any_json(), schema in any_shape(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let shape = Shape::of(&schema).unwrap();
        let scan = scan(&text.unwrap(), Some(&shape)).unwrap();
        prop_assert_eq!(scan.repeated, None);
        let valid = jsonschema::options().build(&schema).unwrap().is_valid(&value);
        prop_assert_eq!(scan.mismatch.is_none(), valid, "{:?}", scan.mismatch);
    }

    #[test]
    fn text_that_is_no_json_does_no_harm(text in "[\\[\\]{}\",:\\\\u0-9a-d ]{0,60}") {
        drop(scan(&text, None));
    }
}
