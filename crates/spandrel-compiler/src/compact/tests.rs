#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use jsonschema::validator_for;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::{Bounds, Compaction, compacted, prose};

fn bounds(level: Compaction) -> Bounds {
    level.bounds().unwrap()
}

fn moderate(schema: Value) -> Value {
    compacted(schema, bounds(Compaction::Moderate), true)
}

#[test]
fn what_says_nothing_goes() {
    let table = [
        (
            json!({"type": "string", "title": "Pet Id", "description": "The ID of the pet"}),
            json!({"type": "string"}),
        ),
        (json!({"type": "string", "enum": ["a", "b"]}), json!({"enum": ["a", "b"]})),
        (json!({"type": "integer", "enum": [1, 1.5]}), json!({"type": "integer", "enum": [1, 1.5]})),
        (json!({"type": ["string", "null"], "const": null}), json!({"const": null})),
        (json!({"type": "string", "enum": ["a", null]}), json!({"type": "string", "enum": ["a", null]})),
        (json!({"type": "object", "additionalProperties": true, "required": []}), json!({"type": "object"})),
        (json!({"additionalProperties": {}, "minLength": 0, "uniqueItems": false}), json!({})),
        (
            json!({"allOf": [{"properties": {"a": {"additionalProperties": true}}}], "unevaluatedProperties": false}),
            json!({"allOf": [{"properties": {"a": {"additionalProperties": true}}}], "unevaluatedProperties": false}),
        ),
        (
            json!({"allOf": [{"minLength": 3}], "description": "Its short name"}),
            json!({"description": "Its short name", "minLength": 3}),
        ),
        (
            json!({"allOf": [{"minLength": 3}], "maxLength": 4}),
            json!({"allOf": [{"minLength": 3}], "maxLength": 4}),
        ),
        (
            json!({"type": "string", "format": "date-time", "pattern": "^2"}),
            json!({"type": "string", "format": "date-time", "pattern": "^2"}),
        ),
        (json!({"type": "string", "examples": ["a/b"]}), json!({"type": "string", "examples": ["a/b"]})),
        (json!({"type": "integer", "examples": [1], "default": null}), json!({"type": "integer"})),
        (
            json!({"type": "string", "uniqueItems": true, "minimum": 3, "minLength": 1}),
            json!({"type": "string", "minLength": 1}),
        ),
        (
            json!({"type": ["string", "null"], "items": {"minimum": 3}, "pattern": "a"}),
            json!({"type": ["string", "null"], "pattern": "a"}),
        ),
        (json!({"type": "integer", "default": 30}), json!({"type": "integer", "default": 30})),
        (
            json!({"const": {"title": "petId", "required": []}}),
            json!({"const": {"title": "petId", "required": []}}),
        ),
    ];
    for (plain, expected) in table {
        let root = |schema| json!({"type": "object", "properties": {"petId": schema}});
        assert_eq!(moderate(root(plain.clone())), root(expected), "{plain}");
    }
}

#[test]
fn definitions_stand_where_that_is_shorter() {
    let long = json!({"type": "object", "properties": {"street": {"type": "string", "maxLength": 100}, "city": {"type": "string"}}});
    let once = json!({
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/Address", "description": "Where it goes"}},
        "$defs": {"Address": long},
    });
    let mut inlined = long.clone();
    inlined["description"] = json!("Where it goes");
    assert_eq!(moderate(once), json!({"type": "object", "properties": {"a": inlined}}));

    let recursive = json!({
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/Node"}},
        "$defs": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}},
    });
    assert_eq!(moderate(recursive.clone()), recursive);

    let three = json!({"type": "object", "properties": {
        "a": {"properties": {"from": long, "to": long}}, "b": {"properties": {"address": long}},
    }});
    let shared = moderate(three);
    assert_eq!(shared["$defs"], json!({"from": long}));
    assert_eq!(shared["properties"]["b"], json!({"properties": {"address": {"$ref": "#/$defs/from"}}}));

    let anchored = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"$anchor": "a", "minimum": 1}}});
    assert_eq!(moderate(anchored.clone()), anchored);
}

#[test]
fn prose_ends_with_a_sentence() {
    let table = [
        ("One. Two is longer. Three.", 20, "One. Two is longer."),
        ("A [link](https://example.com/a) here. For more information, see elsewhere.", 100, "A link here."),
        ("Use e.g. this one. Not that.", 20, "Use e.g. this one."),
        ("First paragraph\n\nSecond", 16, "First paragraph"),
        ("an array [0] and (this)", 100, "an array [0] and (this)"),
        ("text", 0, ""),
    ];
    for (text, limit, expected) in table {
        assert_eq!(prose::shortened(text, limit), expected, "{text}");
    }
}

/// A schema that decides without references.
fn leaf() -> impl Strategy<Value = Value> {
    let value =
        || select(vec![json!("x"), json!("y"), json!(1), json!(2.5), json!(null), json!(true), json!([])]);
    prop_oneof![
        select(vec!["string", "integer", "number", "boolean", "null", "array", "object"])
            .prop_map(|kind| json!({"type": kind})),
        prop::collection::vec(value(), 1..3).prop_map(|values| json!({"enum": values})),
        select(vec!["string", "integer", "array"]).prop_map(
            |kind| json!({"type": kind, "minLength": 2, "minimum": 2, "minItems": 2, "required": ["a"]})
        ),
        (value(), select(vec!["string", "integer"]))
            .prop_map(|(value, kind)| json!({"const": value, "type": kind})),
        (0_u64..2, 0_u64..3)
            .prop_map(|(least, most)| json!({"minLength": least, "maxLength": most, "minItems": least})),
        (0_i64..3)
            .prop_map(|least| json!({"minimum": least, "description": "At least this many. More is fine."})),
        Just(
            json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer", "minimum": 1}}, "required": ["a"]})
        ),
        any::<bool>().prop_map(Value::Bool),
    ]
}

/// A schema, with references to definitions below properties and items only, so that none is its own.
fn schema() -> impl Strategy<Value = Value> {
    let reference = (select(vec!["A", "B", "C"]), any::<bool>()).prop_map(|(name, described)| {
        let mut schema = json!({"$ref": format!("#/$defs/{name}")});
        if described {
            schema["description"] = json!("Described where it is used");
        }
        schema
    });
    leaf().prop_recursive(3, 24, 4, move |inner| {
        let below = prop_oneof![3 => inner.clone(), 1 => reference.clone()];
        let names = || select(vec!["a", "b", "c"]);
        let properties = prop::collection::btree_map(names(), below.clone(), 0..3);
        let additional = prop::option::of(prop_oneof![
            Just(json!(true)),
            Just(json!({})),
            Just(json!(false)),
            below.clone()
        ]);
        prop_oneof![
            (properties, prop::collection::btree_set(names(), 0..2), additional).prop_map(
                |(properties, required, additional)| {
                    let mut schema =
                        json!({"type": "object", "properties": properties, "required": required});
                    if let Some(additional) = additional {
                        schema["additionalProperties"] = additional;
                    }
                    schema
                }
            ),
            below.prop_map(|items| json!({"type": "array", "items": items, "uniqueItems": false})),
            prop::collection::vec(leaf(), 1..3).prop_map(|schemas| json!({"allOf": schemas, "title": "a"})),
            (prop::collection::vec(leaf(), 1..3), any::<bool>())
                .prop_map(|(schemas, one)| json!({(if one { "oneOf" } else { "anyOf" }): schemas})),
            (prop::collection::vec(inner.clone(), 1..3), any::<bool>())
                .prop_map(|(schemas, closed)| json!({"allOf": schemas, "unevaluatedProperties": !closed})),
            inner.prop_map(|schema| json!({"not": schema})),
        ]
    })
}

fn tool_schema() -> impl Strategy<Value = Value> {
    (
        prop::collection::btree_map(select(vec!["a", "b", "c", "d"]), schema(), 1..4),
        [schema(), schema(), schema()],
    )
        .prop_map(|(properties, [a, b, c])| {
            let mut root = json!({"type": "object", "properties": properties, "additionalProperties": false});
            root["$defs"] = json!({"A": a, "B": b, "C": c});
            root
        })
}

fn instance() -> impl Strategy<Value = Value> {
    let value = select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(2.5),
        json!(7),
        json!(""),
        json!("x"),
        json!("y"),
        json!("long"),
    ]);
    value.prop_recursive(4, 24, 4, |inner| {
        let object = prop::collection::btree_map(select(vec!["a", "b", "c", "d"]), inner.clone(), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(Value::Array),
            object.prop_map(|members| json!(members))
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn a_compacted_schema_accepts_what_the_plain_one_does(
        schema in tool_schema(),
        values in prop::collection::vec((select(vec!["a", "b", "c", "d"]), instance()), 1..40),
    ) {
        let plain = validator_for(&schema).unwrap();
        for level in [Compaction::Moderate, Compaction::Strongest] {
            let text = compacted(schema.clone(), bounds(level), true);
            let compacted = validator_for(&text).unwrap();
            for (name, value) in &values {
                let instance = json!({*name: value});
                prop_assert_eq!(plain.is_valid(&instance), compacted.is_valid(&instance), "{} {}\n{}", instance, schema, text);
            }
            let whole: Map<String, Value> = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            let whole = Value::Object(whole);
            prop_assert_eq!(plain.is_valid(&whole), compacted.is_valid(&whole), "{} {}\n{}", whole, schema, text);
        }
    }
}
