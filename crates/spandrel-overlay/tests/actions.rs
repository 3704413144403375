//! What actions do, as tables.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};
use spandrel_overlay::{Overlay, OverlayError};

fn overlay(version: &str, actions: &Value) -> Result<Overlay, OverlayError> {
    let info = json!({"title": "Test", "version": "1"});
    Overlay::parse(json!({"overlay": version, "info": info, "actions": actions}).to_string().as_bytes())
}

fn applied(version: &str, actions: &Value, mut document: Value) -> Result<Value, String> {
    let overlay = overlay(version, actions).map_err(|error| error.to_string())?;
    overlay.apply(&mut document).map_err(|error| error.to_string())?;
    Ok(document)
}

#[test]
fn actions_change_documents() {
    let rows = [
        // Objects are merged, deeply; arrays in them are concatenated.
        (
            json!([{"target": "$.a", "update": {"b": {"c": 2, "d": [3]}, "e": 4}}]),
            json!({"a": {"b": {"c": 1, "d": [2], "f": 0}}}),
            json!({"a": {"b": {"c": 2, "d": [2, 3], "f": 0}, "e": 4}}),
        ),
        // An array takes items, or one value.
        (json!([{"target": "$.a", "update": [2, 3]}]), json!({"a": [1]}), json!({"a": [1, 2, 3]})),
        (json!([{"target": "$.a", "update": {"b": 1}}]), json!({"a": []}), json!({"a": [{"b": 1}]})),
        (json!([{"target": "$.a", "update": "x"}]), json!({"a": ["w"]}), json!({"a": ["w", "x"]})),
        // A primitive is replaced, by one of another type too.
        (json!([{"target": "$.a", "update": 1}]), json!({"a": "x"}), json!({"a": 1})),
        (json!([{"target": "$.a", "update": null}]), json!({"a": "x"}), json!({"a": null})),
        // Every match counts, and each action works on what the one before has left.
        (
            json!([{"target": "$.*.x", "update": {"n": 1}}, {"target": "$..[?@.n == 1]", "update": {"m": 2}}]),
            json!({"a": {"x": {}}, "b": {"x": {}}}),
            json!({"a": {"x": {"n": 1, "m": 2}}, "b": {"x": {"n": 1, "m": 2}}}),
        ),
        // Removal of several items of one array, in whatever order they are selected, and of nested ones.
        (json!([{"target": "$.a[0,2]", "remove": true}]), json!({"a": [1, 2, 3]}), json!({"a": [2]})),
        (json!([{"target": "$.a[::-2]", "remove": true}]), json!({"a": [1, 2, 3]}), json!({"a": [2]})),
        (json!([{"target": "$.a[0,0]", "remove": true}]), json!({"a": [1, 2]}), json!({"a": [2]})),
        (
            json!([{"target": "$..a", "remove": true}]),
            json!({"a": {"a": 1}, "b": {"a": 2}}),
            json!({"b": {}}),
        ),
        (
            json!([{"target": "$.a[?@ == 'x']", "remove": true}]),
            json!({"a": ["x", "y"]}),
            json!({"a": ["y"]}),
        ),
        // `remove` wins over the rest; an action that says nothing does nothing.
        (json!([{"target": "$.a", "remove": true, "update": 2}]), json!({"a": 1, "b": 1}), json!({"b": 1})),
        (json!([{"target": "$.a"}]), json!({"a": 1}), json!({"a": 1})),
        // A copy is merged like an update.
        (
            json!([{"target": "$.b", "copy": "$.a"}]),
            json!({"a": {"x": 1}, "b": {"y": 2}}),
            json!({"a": {"x": 1}, "b": {"y": 2, "x": 1}}),
        ),
        // The text of numbers stays.
        (json!([{"target": "$", "update": {"b": 2}}]), json!({"a": 1}), json!({"a": 1, "b": 2})),
    ];
    for (actions, document, expected) in rows {
        assert_eq!(applied("1.1.0", &actions, document.clone()), Ok(expected), "{actions} {document}");
    }
}

#[test]
fn what_cannot_be_done_is_an_error() {
    let rows = [
        (
            "1.1.0",
            json!([{"target": "$.a", "update": 1}]),
            json!({"a": {}}),
            "action 1, `$.a`: at `/a`, a primitive",
        ),
        (
            "1.1.0",
            json!([{"target": "$", "update": {"a": []}}]),
            json!({"a": "x"}),
            "at `/a`, an array cannot",
        ),
        ("1.1.0", json!([{"target": "$.*", "update": {}}]), json!({"a": {}, "b": []}), "several kinds"),
        ("1.1.0", json!([{"target": "$", "remove": true}]), json!({}), "cannot be removed"),
        ("1.1.0", json!([{"target": "$", "update": 1}]), json!({}), "has to stay an object"),
        ("1.1.0", json!([{"target": "$.a", "copy": "$.*"}]), json!({"a": 1, "b": 2}), "it selects 2"),
        ("1.1.0", json!([{"target": "$.a", "copy": "$.c"}]), json!({"a": 1}), "it selects 0"),
        ("1.1.0", json!([{"target": "$.a", "copy": "$.a", "update": 1}]), json!({}), "exclude each other"),
        ("1.0.0", json!([{"target": "$.a", "copy": "$.a"}]), json!({}), "`copy` is not one of"),
        ("1.1.0", json!([{"target": "a.b"}]), json!({}), "action 1: `a.b` is no JSONPath"),
        ("1.2.0", json!([{"target": "$"}]), json!({}), "it is \"1.2.0\""),
    ];
    for (version, actions, document, expected) in rows {
        let error = applied(version, &actions, document).unwrap_err();
        assert!(error.contains(expected), "{actions}: {error}");
    }
}

#[test]
fn overlays_of_1_0_replace_members_of_another_kind() {
    let actions = json!([{"target": "$", "update": {"type": ["string", "null"]}}]);
    assert_eq!(
        applied("1.0.0", &actions, json!({"type": "string"})),
        Ok(json!({"type": ["string", "null"]}))
    );
}

#[test]
fn actions_that_match_nothing_are_named() {
    let actions = json!([{"target": "$.a", "update": 1}, {"target": "$.nowhere", "remove": true}]);
    let applied = overlay("1.1.0", &actions).unwrap().apply(&mut json!({"a": 0})).unwrap();
    assert_eq!((applied.changed, applied.unmatched.len()), (1, 1));
    assert_eq!((applied.unmatched[0].action, applied.unmatched[0].target.as_str()), (2, "$.nowhere"));
}
