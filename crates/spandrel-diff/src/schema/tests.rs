#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Direction, compare};
use crate::change::{Changes, Risk};

fn told(old: &Value, new: &Value, direction: Direction) -> Vec<(Risk, String)> {
    let mut changes = Changes::of(None);
    compare(old, new, direction, &mut changes);
    changes.found.into_iter().map(|change| (change.risk, change.message)).collect()
}

/// A schema before and after, and the one change that is told.
const ROWS: &[(&str, &str, Risk, &str)] = &[
    (
        r#"{"type": "array", "items": {"type": "string"}}"#,
        r#"{"type": "array", "items": {"type": "integer"}}"#,
        Risk::Breaking,
        "`x[]` was string and is integer",
    ),
    (
        r#"{"properties": {"y": {"minLength": 1}}}"#,
        r#"{"properties": {"y": {"minLength": 2}}}"#,
        Risk::Breaking,
        "`x.y` had the minLength",
    ),
    (
        r#"{"properties": {}}"#,
        r#"{"properties": {"y": {"type": "string"}}}"#,
        Risk::Risky,
        "`x.y` is new, where anything",
    ),
    (r#"{"properties": {"y": {}}}"#, "{}", Risk::Risky, "`x.y` is gone, though nothing forbids it"),
    (
        r#"{"additionalProperties": {"type": "string"}}"#,
        r#"{"additionalProperties": false}"#,
        Risk::Breaking,
        "`x.*` can be nothing",
    ),
    (
        r#"{"anyOf": [{"type": "string"}]}"#,
        r#"{"anyOf": [{"type": "string"}, {"type": "null"}]}"#,
        Risk::Safe,
        "one branch of anyOf more",
    ),
    (
        r#"{"anyOf": [{"type": "null"}, {"type": "string"}]}"#,
        r#"{"anyOf": [{"type": "string"}]}"#,
        Risk::Breaking,
        "one branch of anyOf less",
    ),
    (
        r#"{"allOf": [{"minLength": 1}]}"#,
        r#"{"allOf": [{"minLength": 1}, {"maxLength": 3}]}"#,
        Risk::Breaking,
        "one branch of allOf more",
    ),
    (r#"{"oneOf": [{"maximum": 1}]}"#, r#"{"oneOf": [{"maximum": 2}]}"#, Risk::Risky, "`x` had the maximum"),
    (r#"{"pattern": "a"}"#, r#"{"pattern": "b"}"#, Risk::Risky, "had the pattern"),
    (r#"{"pattern": "a"}"#, "{}", Risk::Safe, "has no pattern any more"),
    ("{}", r#"{"format": "date"}"#, Risk::Risky, "has the format"),
    (r#"{"if": {"type": "string"}}"#, r#"{"if": {"type": "null"}}"#, Risk::Risky, "had the if"),
    (
        r#"{"unevaluatedProperties": false, "properties": {"y": {"maximum": 3}}}"#,
        r#"{"unevaluatedProperties": false, "properties": {"y": {"maximum": 9}}}"#,
        Risk::Risky,
        "had the maximum",
    ),
    (r#"{"description": "a"}"#, r#"{"description": "b"}"#, Risk::Risky, "had the description"),
    ("{}", r#"{"deprecated": true}"#, Risk::Safe, "is deprecated"),
    (r#"{"const": 1}"#, r#"{"enum": [1, 2]}"#, Risk::Safe, "can be 2 now"),
    (r#"{"unknown": 1}"#, r#"{"unknown": 2}"#, Risk::Risky, "had the unknown"),
    (r#"{"type": "string"}"#, "true", Risk::Safe, "was string and is anything"),
    (
        r##"{"$ref": "#/$defs/nowhere"}"##,
        r##"{"$ref": "#/$defs/elsewhere"}"##,
        Risk::Risky,
        "refers to something else",
    ),
];

#[test]
fn differences_are_found_where_they_are() {
    let object =
        |schema: Value| json!({"type": "object", "properties": {"x": schema}, "additionalProperties": false});
    for (old, new, risk, message) in ROWS {
        let [old, new] = [old, new].map(|text| serde_json::from_str::<Value>(text).unwrap());
        let told = told(&object(old.clone()), &object(new.clone()), Direction::Arguments);
        assert!(told.len() == 1, "{old} → {new}: {told:?}");
        assert!(
            told.iter().all(|(own, text)| own == risk && text.contains(message)),
            "{old} → {new}: {told:?}"
        );
    }
}

#[test]
fn references_are_followed_and_end() {
    let schema = |name: &str, bound: u32, applied: &str| {
        json!({
            "type": "object",
            "properties": {"x": {"$ref": format!("#/$defs/{name}"), "description": "same"}},
            "$defs": {name: {"maximum": bound, "properties": {"next": {"$ref": format!("#/$defs/{name}")}}}},
            applied: {"$ref": format!("#/$defs/{name}")},
        })
    };
    assert_eq!(told(&schema("a", 1, "items"), &schema("b", 1, "items"), Direction::Arguments), []);
    let narrower = told(&schema("a", 2, "items"), &schema("b", 1, "items"), Direction::Arguments);
    assert_eq!(narrower.iter().map(|(risk, _)| *risk).max(), Some(Risk::Breaking), "{narrower:?}");
    // Behind `not`, the same words mean something else.
    let turned = told(&schema("a", 1, "not"), &schema("a", 2, "not"), Direction::Arguments);
    assert!(turned.iter().any(|(risk, text)| *risk == Risk::Risky && text.contains("not")), "{turned:?}");
}

fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(true)),
        Just(json!({})),
        Just(json!(false)),
        prop::sample::subsequence(vec!["string", "integer", "number", "null", "object", "array"], 1..4)
            .prop_map(|types| json!({"type": types})),
        prop::sample::subsequence(vec![json!("a"), json!("bb"), json!(1), json!(2), json!(null)], 1..4)
            .prop_map(|values| json!({"enum": values})),
        (0..4_i32, 0..4_i32).prop_map(|(low, high)| json!({"minimum": low, "maximum": high})),
        (0..3_u32, 0..3_u32).prop_map(|(low, high)| json!({"minLength": low, "maxLength": high})),
        (0..3_u32).prop_map(|most| json!({"maxItems": most, "uniqueItems": most > 1})),
        Just(json!({"const": 1})),
        Just(json!({"$ref": "#/$defs/d"})),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let list = || prop::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            (prop::collection::btree_map("[ab]", inner.clone(), 0..3), inner.clone(), any::<bool>()).prop_map(
                |(properties, others, requires)| {
                    let required: Vec<&String> = properties.keys().take(usize::from(requires)).collect();
                    json!({"properties": properties, "required": required, "additionalProperties": others})
                }
            ),
            inner.clone().prop_map(|items| json!({"items": items})),
            list().prop_map(|branches| json!({"anyOf": branches})),
            list().prop_map(|branches| json!({"allOf": branches})),
            list().prop_map(|branches| json!({"oneOf": branches})),
            inner.clone().prop_map(|schema| json!({"not": schema})),
            (inner.clone(), inner.clone()).prop_map(|(first, rest)| json!({"prefixItems": [first], "items": rest})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"properties": {"a": a}, "patternProperties": {"b": b}, "additionalProperties": false})),
        ]
    })
}

fn instances() -> Vec<Value> {
    let scalars =
        vec![json!("a"), json!("bb"), json!("ccc"), json!(1), json!(2), json!(2.5), json!(null), json!(true)];
    let mut all = scalars.clone();
    all.push(json!({}));
    all.push(json!([]));
    for (index, one) in scalars.iter().enumerate() {
        let other = scalars.get(index / 2).unwrap();
        all.extend([
            json!([one]),
            json!([one, other]),
            json!({"a": one}),
            json!({"b": one, "a": other}),
            json!({"c": one}),
        ]);
        all.extend([json!({"a": {"a": one}}), json!([[one]]), json!({"a": [one]})]);
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Where only safe changes are told of arguments, what was allowed is allowed; where only safe ones are
    /// told of results, but for new properties, what is allowed was allowed.
    #[test]
    fn safe_is_safe(old in schema(), new in schema(), was in schema(), is in schema()) {
        let with = |schema: Value, definition: Value| {
            json!({"type": "object", "properties": {"x": schema}, "additionalProperties": false, "$defs": {"d": definition}})
        };
        // No definition refers to itself in place.
        let plain = |schema: Value| if schema.to_string().contains("$ref") { json!({"type": "string"}) } else { schema };
        let (old, new) = (with(old, plain(was)), with(new, plain(is)));
        let validator = |schema: &Value| jsonschema::draft202012::new(schema).unwrap();
        let (before, after) = (validator(&old), validator(&new));
        let is_safe = |direction| told(&old, &new, direction).iter().all(|(risk, text)| *risk == Risk::Safe && !text.contains("is new"));
        let (arguments, results) = (is_safe(Direction::Arguments), is_safe(Direction::Result));
        for instance in instances() {
            let instance = json!({"x": instance});
            let (was, is) = (before.is_valid(&instance), after.is_valid(&instance));
            prop_assert!(!(arguments && was && !is), "{instance} is refused: {old} → {new}");
            prop_assert!(!(results && is && !was), "{instance} is given: {old} → {new}");
        }
    }
}
