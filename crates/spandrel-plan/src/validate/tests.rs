#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "a test times what must end soon")]

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::test_plan::{arguments, optional, plan, style, tool};
use crate::{CallErrorKind, JsonText, OperationPlan, Style};

fn problems(schema: &Value, given: Value) -> Vec<String> {
    match tool(plan(), schema, None).validate(&arguments(given)) {
        Ok(()) => Vec::new(),
        Err(error) => {
            assert_eq!(error.kind, CallErrorKind::InvalidArguments);
            let mut lines = error.message.lines();
            assert_eq!(lines.next(), Some("The arguments of `get_thing` are not valid."));
            lines.map(|line| line.strip_prefix("- ").unwrap().to_owned()).collect()
        }
    }
}

fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "minLength": 1},
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "sort": {"enum": ["asc", "desc"]},
            "tags": {"type": "array", "maxItems": 2, "uniqueItems": true, "items": {"type": "string", "pattern": "^[a-z]+$"}},
            "when": {"type": "string", "format": "date-time"},
            "filter": {"$ref": "#/$defs/Filter"},
            "either": {"oneOf": [{"type": "integer"}, {"type": "object", "required": ["x"], "properties": {"x": {"type": "boolean"}}}]},
            "maybe": {"type": ["number", "null"], "exclusiveMinimum": 0}
        },
        "$defs": {"Filter": {"type": "object", "additionalProperties": false, "properties": {"name": {"const": "a"}}}}
    })
}

#[test]
fn messages_say_what_was_expected_and_what_was_got() {
    let known = "known: `id`, `limit`, `sort`, `tags`, `when`, `filter`, `either`, `maybe`";
    let table = [
        (json!({"id": "a", "when": "not a date", "maybe": null}), vec![]),
        (
            json!({}),
            vec!["`id`: required, but missing (expected a string of at least 1 character)".to_owned()],
        ),
        (json!({"id": 5}), vec!["`id`: expected a string, got 5".to_owned()]),
        (
            json!({"id": "a", "limit": "ten"}),
            vec!["`limit`: expected an integer from 1 to 100, got \"ten\"".to_owned()],
        ),
        (
            json!({"id": "a", "limit": 1000}),
            vec!["`limit`: expected an integer from 1 to 100, got 1000".to_owned()],
        ),
        (
            json!({"id": "a", "limit": 1.5}),
            vec!["`limit`: expected an integer from 1 to 100, got 1.5".to_owned()],
        ),
        (
            json!({"id": "a", "sort": "up"}),
            vec!["`sort`: expected one of \"asc\", \"desc\", got \"up\"".to_owned()],
        ),
        (
            json!({"id": "a", "tags": ["a", "B"]}),
            vec!["`tags[1]`: expected a string that matches the pattern ^[a-z]+$, got \"B\"".to_owned()],
        ),
        (
            json!({"id": "a", "tags": ["a", "a"]}),
            vec!["`tags`: its items must differ from each other".to_owned()],
        ),
        (json!({"id": "a", "limti": 1}), vec![format!("`limti`: unknown; did you mean `limit`? {known}")]),
        (
            json!({"id": "a", "filter": {"name": "b", "nam": 1}}),
            vec![
                "`filter.name`: expected \"a\", got \"b\"".to_owned(),
                "`filter.nam`: unknown; did you mean `name`? known: `name`".to_owned(),
            ],
        ),
        (
            json!({"id": "a", "either": {"y": 1}}),
            vec!["`either.x`: required, but missing (expected true or false)".to_owned()],
        ),
        (
            json!({"id": "a", "either": "z"}),
            vec!["`either`: expected an integer, or an object, got \"z\"".to_owned()],
        ),
        (
            json!({"id": "a", "maybe": -1}),
            vec!["`maybe`: expected a number or null greater than 0, got -1".to_owned()],
        ),
    ];
    for (given, expected) in table {
        let mut got = problems(&schema(), given.clone());
        let mut expected = expected;
        got.sort();
        expected.sort();
        assert_eq!(got, expected, "{given}");
    }
}

#[test]
fn alternatives_are_told_apart() {
    let pet = |kind: &str, member: &str| {
        json!({"type": "object", "required": ["kind", member],
            "properties": {"kind": {"const": kind}, member: {"type": "integer"}}})
    };
    let schema = json!({"type": "object", "properties": {
        "pet": {"oneOf": [{"$ref": "#/$defs/Cat"}, pet("dog", "walks")]},
        "same": {"anyOf": [{"type": "object", "required": ["a"]}, {"type": "object", "required": ["b"]}]},
    }, "$defs": {"Cat": pet("cat", "lives")}});
    for (given, expected) in [
        (
            json!({"pet": {"kind": "dog", "lives": 9}}),
            "`pet.walks`: required, but missing (expected an integer)",
        ),
        (json!({"pet": {"kind": "cat", "lives": "9"}}), "`pet.lives`: expected an integer, got \"9\""),
        (json!({"pet": {"kind": "cow"}}), "`pet.kind`: expected one of \"cat\", \"dog\", got \"cow\""),
        (json!({"pet": {}}), "`pet.kind`: required, but missing (expected one of \"cat\", \"dog\")"),
        (json!({"same": 1}), "`same`: expected an object, got 1"),
    ] {
        assert_eq!(problems(&schema, given.clone()), [expected], "{given}");
    }
}

#[test]
fn a_pattern_that_cannot_be_compiled_leaves_the_rest() {
    let schema = json!({"type": "object", "additionalProperties": false,
        "properties": {"pattern": {"type": "string", "pattern": "(["}},
        "patternProperties": {"^[": {}}});
    assert_eq!(problems(&schema, json!({"pattern": 1})), ["`pattern`: expected a string, got 1"]);
    assert!(problems(&schema, json!({"pattern": "a", "other": 1})).is_empty());
}

#[test]
fn messages_are_bounded() {
    let many: serde_json::Map<String, Value> =
        (0..500).map(|index| (format!("x{index}"), json!(1))).collect();
    let lines = problems(&schema(), many.into());
    assert_eq!(lines.len(), 11);
    assert_eq!(lines[10], "and more");
    let items =
        json!({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}});
    assert_eq!(problems(&items, json!({"a": vec![1; 3_000]})), ["`a[0]`: expected a string, got 1"]);
    let mut nested = json!({"const": "x".repeat(100)});
    for _ in 0..4 {
        nested = json!({"anyOf": vec![nested; 12]});
    }
    let wide: serde_json::Map<String, Value> =
        (0..30).map(|index| (format!("x{index}"), json!({"enum": vec!["y".repeat(100); 12]}))).collect();
    for schema in [
        json!({"type": "object", "properties": {"a": nested}}),
        json!({"type": "object", "properties": wide}),
    ] {
        let given: serde_json::Map<String, Value> = (0..30)
            .map(|index| (format!("x{index}"), json!(1)))
            .chain([("a".to_owned(), json!(1))])
            .collect();
        let error = tool(plan(), &schema, None).validate(&given).unwrap_err();
        assert!(error.message.len() <= 2_100, "{}", error.message);
    }
    let long = problems(&schema(), json!({"id": 1, "limit": "x".repeat(100_000)}));
    assert!(long.iter().all(|line| line.len() < 300), "{long:?}");
}

#[test]
fn a_schema_that_cannot_be_compiled_accepts() {
    for schema in [
        json!({"type": "object", "properties": {"a": {"$ref": "#/nowhere"}}}),
        json!({"type": "object", "properties": {"a": {"$ref": "https://example.com/a.json"}}}),
        json!({"type": 7}),
    ] {
        assert!(problems(&schema, json!({"a": 1})).is_empty(), "{schema}");
    }
}

#[test]
fn hostile_patterns_and_numbers_end_soon() {
    let start = Instant::now();
    let schema = json!({"type": "object", "properties": {
        "linear": {"type": "string", "pattern": "^(a+)+$"},
        "back": {"type": "string", "pattern": "^(a|a)*\\1b$"},
        "number": {"type": "integer", "multipleOf": 3}
    }});
    let text = format!("{}!", "a".repeat(5_000));
    assert_eq!(problems(&schema, json!({"linear": text})).len(), 1);
    // The bound was met, so that nobody knows; the API decides.
    assert!(problems(&schema, json!({"back": text})).is_empty());
    for number in ["1e1000000000", "1e-1000000000", "12345678901234567890123456789"] {
        let given: Value = serde_json::from_str(&format!("{{\"number\":{number}}}")).unwrap();
        let _ = problems(&schema, given);
    }
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn schemas_are_compiled_once_and_recursion_ends() {
    let schema = json!({"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#/$defs/B"}},
        "$defs": {"B": {"$ref": "#/$defs/B"}}});
    let tool = tool(plan(), &schema, Some(&schema));
    tool.precompile();
    assert!(tool.validate(&arguments(json!({"a": {"a": {"a": {}}}, "b": 1}))).is_ok());
    assert!(tool.validate_value(&json!([])).is_err());
    assert!(JsonText::from_text("{".to_owned()).is_err());
}

#[test]
fn null_leaves_an_optional_parameter_out() {
    let schema = json!({"type": "object", "properties": {"q": {"type": "string"}, "g": {"type": "object", "properties": {"r": {"type": "string"}}}}});
    let optional = |path: &[&str]| crate::ParameterPlan {
        argument: crate::ArgumentPath(path.iter().map(|key| (*key).to_owned()).collect()),
        ..optional("p", style(Style::Form, true))
    };
    let plan = OperationPlan { query: vec![optional(&["q"]), optional(&["g", "r"])], ..plan() };
    let tool = tool(plan, &schema, None);
    let given = arguments(json!({"q": null, "g": {"r": null}}));
    assert!(tool.validate(&given).is_ok());
    assert_eq!(tool.plan.render(&given).unwrap().uri(), "https://api.example.com/v1/things");
    let error = tool.validate(&arguments(json!({"q": null, "g": {"r": 1}}))).unwrap_err();
    assert!(error.message.ends_with("- `g.r`: expected a string, got 1"), "{}", error.message);
    assert!(!error.message.contains("`q`"), "{}", error.message);
}
