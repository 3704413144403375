#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::format_collect, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ParseError, Parsed, parse};

const NODES: usize = 5_000_000;

fn read(text: &str) -> Parsed {
    parse(text.as_bytes(), NODES).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn error(bytes: &[u8]) -> ParseError {
    parse(bytes, NODES).expect_err("an error")
}

#[test]
fn yaml_scalars_follow_the_core_schema_and_numbers_keep_their_text() {
    let rows = [
        ("on", "\"on\""),
        ("no", "\"no\""),
        ("yes", "\"yes\""),
        ("y", "\"y\""),
        ("True", "true"),
        ("FALSE", "false"),
        ("tRUE", "\"tRUE\""),
        ("~", "null"),
        ("Null", "null"),
        ("", "null"),
        ("nULL", "\"nULL\""),
        ("2024-01-02", "\"2024-01-02\""),
        ("1.0.0", "\"1.0.0\""),
        ("12:30:45", "\"12:30:45\""),
        ("1_000", "\"1_000\""),
        ("'200'", "\"200\""),
        ("\"true\"", "\"true\""),
        ("!!str 12", "\"12\""),
        ("!!int 12", "12"),
        ("!custom 12", "\"12\""),
        ("1.10", "1.10"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("-0", "-0"),
        ("1e+400", "1e+400"),
        ("+5", "5"),
        ("-007", "-7"),
        (".5", "0.5"),
        ("-.5e+3", "-0.5e+3"),
        ("5.", "5.0"),
        ("0o17", "15"),
        ("017", "17"),
        ("0xFf", "255"),
        ("0x", "\"0x\""),
        ("0b1", "\"0b1\""),
        (".inf", "\".inf\""),
        ("-.INF", "\"-.INF\""),
        (".nan", "\".nan\""),
        (".", "\".\""),
        ("-", "[null]"),
        ("1e", "\"1e\""),
        ("|-\n  a\n  b", "\"a\\nb\""),
        (">-\n  a\n  b", "\"a b\""),
    ];
    for (written, expected) in rows {
        let separator = if written == "-" { "\n" } else { " " };
        let value = read(&format!("a:{separator}{written}\n")).value;
        assert_eq!(value.get("a").unwrap().to_string(), expected, "{written}");
    }
}

#[test]
fn yaml_keys_are_the_text_as_written() {
    let value = read("200: a\n1.0: b\ntrue: c\n~: d\n'q': e\n0x1F: f\n? long\n: g\n").value;
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["200", "1.0", "true", "~", "q", "0x1F", "long"]);
}

#[test]
fn yaml_anchors_aliases_and_merge_keys_are_expanded() {
    let rows = [
        ("a: &x {b: 1}\nc: *x\n", json!({"a": {"b": 1}, "c": {"b": 1}})),
        ("a: &x [1, &y 2]\nc: [*x, *y]\n", json!({"a": [1, 2], "c": [[1, 2], 2]})),
        ("&k key: 1\nb: *k\n", json!({"key": 1, "b": "key"})),
        ("a: &x 1\n*x : 2\n", json!({"a": 1, "1": 2})),
        ("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3\n", json!({"a": {"b": 1, "c": 2}, "d": {"b": 3, "c": 2}})),
        ("a: &x {b: 1}\nd:\n  <<: [*x, {b: 2, e: 3}]\n", json!({"a": {"b": 1}, "d": {"b": 1, "e": 3}})),
        ("\"<<\": {a: 1}\n", json!({"<<": {"a": 1}})),
        ("<<: text\n", json!({"<<": "text"})),
        ("a: &x 1\nb: &x 2\nc: *x\n", json!({"a": 1, "b": 2, "c": 2})),
    ];
    for (text, expected) in rows {
        assert_eq!(read(text).value, expected, "{text}");
    }
}

#[test]
fn brackets_and_quotes_may_be_indented_too_little() {
    let rows = [
        (
            "a:\n  example: {\n    \"b\": [\n  1,\n 2]\n  }\n  c: 3\n",
            json!({"a": {"example": {"b": [1, 2]}, "c": 3}}),
        ),
        ("a:\n  - b: [\n  x # ]\n  ]\n  - d\n", json!({"a": [{"b": ["x"]}, "d"]})),
        ("a:\n  b: \"one\n two\"\n  c: 1\n", json!({"a": {"b": "one two", "c": 1}})),
        ("a:\n  t: |\n    {[\n  b: {\n  }\n", json!({"a": {"t": "{[\n", "b": {}}})),
        (
            "a:\n  \"k: {\": it's {\n  b: {x: 'it''s }',\n  }\n",
            json!({"a": {"k: {": "it's {", "b": {"x": "it's }"}}}),
        ),
    ];
    for (text, expected) in rows {
        assert_eq!(read(text).value, expected, "{text}");
    }
}

#[test]
fn formats_marks_and_line_ends_are_recognised() {
    let rows: [(&[u8], Value); 8] = [
        (b"{\"a\": 1}", json!({"a": 1})),
        (b" \n\t{\"a\": 1}\n", json!({"a": 1})),
        (b"\xEF\xBB\xBF{\"a\": 1}", json!({"a": 1})),
        (b"\xEF\xBB\xBFa: 1\r\nb: [\r\n  2]\r\n", json!({"a": 1, "b": [2]})),
        (b"{a: 1, 'b': [x]}", json!({"a": 1, "b": ["x"]})),
        (b"{\"a\": 1,}", json!({"a": 1})),
        (b"%YAML 1.2\n---\na: 1\n...\n", json!({"a": 1})),
        (b"a: 1\n---\n", json!({"a": 1})),
    ];
    for (bytes, expected) in rows {
        let parsed = parse(bytes, NODES).unwrap();
        assert_eq!(parsed.value, expected, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn json_numbers_keep_their_text() {
    let text = r#"{"a":[1.10,12345678901234567890123,-0,1e+400,1.0e-2]}"#;
    assert_eq!(read(text).value.to_string(), text);
}

#[test]
fn keys_that_stand_twice_are_found_and_the_last_one_counts() {
    let rows = [
        (r#"{"a": 1, "b": {"x": [0, {"y/z": 1, "y/z": 2}]}, "a": 3}"#, vec!["/b/x/1/y~1z", "/a"]),
        (r#"{"\u0061": 1, "a": 2, "a": 3}"#, vec!["/a", "/a"]),
        ("a: 1\nb:\n  x:\n    - 0\n    - y/z: 1\n      y/z: 2\na: 3\n", vec!["/b/x/1/y~1z", "/a"]),
        ("a: {b: 1, \"b\": 2}\n", vec!["/a/b"]),
        ("200: a\n'200': b\n", vec!["/200"]),
    ];
    for (text, expected) in rows {
        let parsed = read(text);
        let found: Vec<&str> = parsed.duplicate_keys.iter().map(crate::Pointer::as_str).collect();
        assert_eq!(found, expected, "{text}");
    }
    assert_eq!(read(r#"{"a": 1, "a": 3}"#).value, json!({"a": 3}));
    assert_eq!(read("a: 1\na: 3\n").value, json!({"a": 3}));
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    let rows: [(&[u8], &str); 20] = [
        (b"", "the document is empty; check that the file or URL is the right one"),
        (b" \n \t", "the document is empty; check that the file or URL is the right one"),
        (b"# only a comment\n", "the document is empty; check that the file or URL is the right one"),
        (b"\xFF\xFEa\0", "the document is UTF-16 or UTF-32, which is not supported; save it as UTF-8"),
        (b"{\0\"\0", "the document is UTF-16 or UTF-32, which is not supported; save it as UTF-8"),
        (b"a: 1\nb: \xE9t\xE9\n", "byte 8 (line 2, column 4) is not UTF-8; save the document as UTF-8"),
        (b"<!DOCTYPE html><html>", "this is an HTML page"),
        (b"\n<html lang='en'>", "this is an HTML page"),
        (b"{\"a\": 1 \"b\": 2}", "not valid JSON: expected `,` or `}` at line 1, column 9"),
        (b"{\"\xC3\xA9\xC3\xA9\": 1 \"x\": 2}", "not valid JSON: expected `,` or `}` at line 1, column 10"),
        (b"{\"a\": [1, 2}", "not valid JSON: expected `,` or `]` at line 1, column 12"),
        (b"a: b: c\n", "not valid YAML: "),
        (b"a: 1\n\tb: 2\n", "not valid YAML: "),
        (b"a: [1\nb: 2\n", "not valid YAML: "),
        (b"a: 'x\n", "not valid YAML: "),
        (b"a: *x\n", "not valid YAML: "),
        (
            b"a: &x [*x]\n",
            "not valid YAML: an alias stands inside the value that it names at line 1, column 8",
        ),
        (b"? [a]\n: 1\n", "not valid YAML: an object or array cannot be a key"),
        (b"a: 1\n---\nb: 2\n", "a second YAML document starts at line 2, column 1"),
        (b"a: @b\n", "not valid YAML: "),
    ];
    for (bytes, expected) in rows {
        let text = error(bytes).to_string();
        assert!(text.starts_with(expected), "{}: {text}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn depth_is_bounded_alike_in_both_formats() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for (prefix, suffix) in [("{\"a\":", "}"), ("a: ", "\n"), ("b: &x [[1]]\na: ", "\n")] {
        let text = |depth| format!("{prefix}{}{suffix}", nested(depth));
        assert!(parse(text(126).as_bytes(), NODES).is_ok(), "{prefix}");
        assert!(
            matches!(error(text(127).as_bytes()), ParseError::TooDeep { line: _, column: _ }),
            "{prefix}"
        );
        assert!(matches!(error(text(100_000).as_bytes()), ParseError::TooDeep { .. }), "{prefix}");
    }
    let chain: String = (1..200).map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1)).collect();
    assert!(matches!(error(format!("a0: &a0 []\n{chain}").as_bytes()), ParseError::TooDeep { .. }));
}

#[test]
fn aliases_cannot_multiply_without_bound() {
    let laughs: String =
        (1..60).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "))).collect();
    let bomb = format!("a0: &a0 lol\n{laughs}");
    assert!(matches!(error(bomb.as_bytes()), ParseError::TooManyNodes { limit: NODES, .. }));
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1_000_000), "*a, ".repeat(1_000));
    assert!(matches!(error(long.as_bytes()), ParseError::TooManyNodes { .. }));
    assert!(parse(b"a: [1]", 4).is_ok());
    assert!(matches!(parse(b"a: [1, 2, 3]", 3), Err(ParseError::TooManyNodes { limit: 3, .. })));
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::String),
        "[-0-9.eE+~xo]{1,6}".prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec(("\\PC{0,8}", inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_is_read_as_serde_json_reads_it(value in values()) {
        let text = json!({ "a": value }).to_string();
        prop_assert_eq!(read(&text).value, serde_json::from_str::<Value>(&text).unwrap());
    }

    #[test]
    fn json_read_as_yaml_is_the_same(value in values()) {
        let text = json!({ "a": value }).to_string();
        // YAML has no characters outside its printable set, and escapes of JSON mean the same.
        if let Ok(parsed) = super::yaml::parse(&text, NODES) {
            prop_assert_eq!(parsed.value, read(&text).value);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[ \\t\\n\\r:\\-\\[\\]{}&*|>'\"#%!?,<a1.~\\\\]{0,60}") {
        let _ = parse(text.as_bytes(), 1000);
    }
}
