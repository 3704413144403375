#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
//! The table of the specification, and what stands around it.

use serde_json::{Value, json};
use spandrel_openapi::{Serialization, Style};

use super::pairs::{Owner, Pairs};
use super::{Coding, Form, accepted, delimited, forms};
use crate::check::Check;
use crate::percent::Plus;
use crate::shape::{Kinds, is_open, member_names};

const QUERY: Coding = Coding::Percent(Plus::Space);
const PATH: Coding = Coding::Percent(Plus::Plus);

fn text(style: Style, explode: bool, schema: &Value, raw: &str, coding: Coding) -> Result<Value, String> {
    let check = Check::new(schema.clone(), false);
    let serialization = Serialization { style, explode, allow_reserved: false };
    let cut: Vec<_> = forms(check.shapes().kinds(check.schema()))
        .into_iter()
        .map(|form| delimited::cut("color", raw, serialization, form, coding))
        .collect();
    let wires: Vec<_> = cut.iter().flatten().cloned().collect();
    if wires.is_empty() {
        return Err(cut.into_iter().find_map(Result::err).unwrap_or_default());
    }
    accepted(&check, &wires).map_err(|complaints| complaints.join("; "))
}

fn pairs(style: Style, explode: bool, schema: &Value, query: &str) -> Result<Value, String> {
    let check = Check::new(schema.clone(), false);
    let shapes = check.shapes();
    let spread = shapes.spread(&[check.schema()]);
    let members = member_names(&spread);
    let kinds = shapes.kinds(check.schema());
    let owner = Owner {
        name: "color",
        serialization: Serialization { style, explode, allow_reserved: false },
        coding: QUERY,
        members: &members,
        open: kinds == Kinds::OBJECT && is_open(&spread),
    };
    let mut pairs = Pairs::parse(query, QUERY)?;
    let mut wires = Vec::new();
    for form in forms(kinds) {
        wires.extend(pairs.take(owner, form)?);
    }
    let value = accepted(&check, &wires).map_err(|complaints| complaints.join("; "))?;
    match pairs.undeclared().as_slice() {
        [] => Ok(value),
        names => Err(format!("undeclared {}", names.join(","))),
    }
}

fn string() -> Value {
    json!({"type": "string"})
}

fn list() -> Value {
    json!({"type": "array", "items": {"type": "string"}})
}

fn numbers() -> Value {
    json!({"type": "object", "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}}, "additionalProperties": false})
}

#[test]
fn values_that_are_one_text() {
    let rgb = json!({"R": 100, "G": 200});
    let colors = json!(["blue", "black"]);
    let rows = [
        (Style::Matrix, false, string(), ";color=blue", json!("blue")),
        (Style::Matrix, false, string(), ";color", json!("")),
        (Style::Matrix, false, list(), ";color=blue,black", colors.clone()),
        (Style::Matrix, false, numbers(), ";color=R,100,G,200", rgb.clone()),
        (Style::Matrix, true, list(), ";color=blue;color=black", colors.clone()),
        (Style::Matrix, true, list(), ";color", json!([])),
        (Style::Matrix, true, numbers(), ";R=100;G=200", rgb.clone()),
        (Style::Label, false, string(), ".blue", json!("blue")),
        (Style::Label, false, list(), ".blue,black", colors.clone()),
        (Style::Label, false, list(), ".", json!([])),
        (Style::Label, false, numbers(), ".R,100,G,200", rgb.clone()),
        (Style::Label, true, list(), ".blue.black", colors.clone()),
        (Style::Label, true, numbers(), ".R=100.G=200", rgb.clone()),
        (Style::Simple, false, string(), "a%2Cb", json!("a,b")),
        (Style::Simple, false, list(), "blue,black", colors.clone()),
        (Style::Simple, false, list(), "bl%2Cue,black", json!(["bl,ue", "black"])),
        (Style::Simple, false, numbers(), "R,100,G,200", rgb.clone()),
        (Style::Simple, true, numbers(), "R=100,G=200", rgb),
        (Style::SpaceDelimited, false, list(), "blue%20black", colors.clone()),
        (Style::PipeDelimited, false, list(), "blue%7Cblack", colors.clone()),
        (Style::PipeDelimited, false, list(), "blue|black", colors.clone()),
        (Style::TabDelimited, false, list(), "blue%09black", colors),
        (
            Style::Simple,
            false,
            json!({"type": "integer"}),
            "12345678901234567890123",
            serde_json::from_str("12345678901234567890123").unwrap(),
        ),
        (Style::Simple, false, json!({"type": ["boolean", "null"]}), "true", json!(true)),
        (Style::Simple, false, json!({"type": ["integer", "string"]}), "7", json!(7)),
        (
            Style::Simple,
            false,
            json!({"type": ["integer", "string"], "pattern": "^7$", "maximum": 5}),
            "7",
            json!("7"),
        ),
        (Style::Simple, false, json!({"enum": ["1", "2"]}), "1", json!("1")),
        (
            Style::Simple,
            false,
            json!({"anyOf": [{"type": "string", "enum": ["me"]}, {"type": "integer"}]}),
            "7",
            json!(7),
        ),
        (Style::Simple, false, json!({}), "7", json!("7")),
    ];
    for (style, explode, schema, raw, expected) in rows {
        assert_eq!(text(style, explode, &schema, raw, PATH), Ok(expected), "{style:?} {explode} {raw}");
    }
}

#[test]
fn headers_are_not_escaped_and_may_have_spaces() {
    assert_eq!(text(Style::Simple, false, &list(), "a%20b, c", Coding::Verbatim), Ok(json!(["a%20b", "c"])));
}

#[test]
fn texts_that_are_not_written_that_way_are_refused() {
    let rows = [
        (Style::Matrix, false, string(), "blue"),
        (Style::Matrix, false, string(), ";colour=blue"),
        (Style::Label, false, string(), "blue"),
        (Style::Simple, false, numbers(), "R,100,G"),
        (Style::Simple, true, numbers(), "R,100"),
        (Style::Simple, false, numbers(), "R,red"),
        (Style::Simple, false, json!({"type": "integer"}), "7.5"),
        (Style::Simple, false, json!({"type": "integer"}), "007"),
        (Style::Simple, false, json!({"type": "boolean"}), "True"),
        (Style::Simple, false, string(), "%zz"),
        (Style::PipeDelimited, false, json!({"type": "array", "items": {"type": "integer"}}), "1,2"),
    ];
    for (style, explode, schema, raw) in rows {
        let read = text(style, explode, &schema, raw, PATH);
        assert!(read.is_err(), "{style:?} {explode} {raw}: {read:?}");
    }
}

#[test]
fn values_that_are_pairs() {
    let open = json!({"type": "object", "additionalProperties": {"type": "string"}});
    let deep = json!({"type": "object", "properties": {
        "a": {"type": "object", "properties": {"b": {"type": "integer"}}},
        "ids": {"type": "array", "items": {"type": "integer"}}}});
    let rows = [
        (Style::Form, true, string(), "color=a+b%2B", Ok(json!("a b+"))),
        (Style::Form, true, string(), "color=", Ok(json!(""))),
        (Style::Form, true, list(), "color=blue&color=black", Ok(json!(["blue", "black"]))),
        (Style::Form, true, list(), "color=blue%2Cblack", Ok(json!(["blue,black"]))),
        (Style::Form, false, list(), "color=blue,black", Ok(json!(["blue", "black"]))),
        (Style::Form, false, numbers(), "color=R,100,G,200", Ok(json!({"R": 100, "G": 200}))),
        (Style::Form, true, numbers(), "R=100&G=200", Ok(json!({"R": 100, "G": 200}))),
        (Style::Form, true, numbers(), "R=100&B=1", Err("undeclared B")),
        (Style::Form, true, open, "x=1&y=2", Ok(json!({"x": "1", "y": "2"}))),
        (Style::SpaceDelimited, false, list(), "color=blue+black", Ok(json!(["blue", "black"]))),
        (Style::SpaceDelimited, true, list(), "color=blue&color=black", Ok(json!(["blue", "black"]))),
        (
            Style::DeepObject,
            true,
            numbers(),
            "color%5BR%5D=100&color[G]=200",
            Ok(json!({"R": 100, "G": 200})),
        ),
        (Style::DeepObject, true, deep.clone(), "color[a][b]=1", Ok(json!({"a": {"b": 1}}))),
        (Style::DeepObject, true, deep.clone(), "color[ids][]=1&color[ids][]=2", Ok(json!({"ids": [1, 2]}))),
        (
            Style::DeepObject,
            true,
            deep.clone(),
            "color[ids][1]=2&color[ids][0]=1",
            Ok(json!({"ids": [1, 2]})),
        ),
        (Style::DeepObject, true, deep.clone(), "color[ids]=1&color[ids]=2", Ok(json!({"ids": [1, 2]}))),
        (Style::DeepObject, true, deep.clone(), "color[ids]=1", Ok(json!({"ids": [1]}))),
        (
            Style::DeepObject,
            true,
            json!({"properties": {"ids": {"type": ["array", "null"], "items": {"type": "string"}}}}),
            "color[ids]=1",
            Ok(json!({"ids": ["1"]})),
        ),
        (Style::DeepObject, true, deep, "color[a", Err("keys in brackets")),
        (Style::Form, true, string(), "color=1&color=2", Err("2 times")),
        (Style::Form, false, list(), "color=1&color=2", Err("2 times")),
        (Style::Form, true, string(), "color=1&other=2", Err("undeclared other")),
        (
            Style::Form,
            true,
            json!({"type": "array", "items": {"type": "object"}}),
            "color=%7B%22a%22%3A1%7D",
            Ok(json!([{"a": 1}])),
        ),
    ];
    for (style, explode, schema, query, expected) in rows {
        let read = pairs(style, explode, &schema, query);
        match expected {
            Ok(value) => assert_eq!(read, Ok(value), "{style:?} {explode} {query}"),
            Err(part) => assert!(read.as_ref().is_err_and(|error| error.contains(part)), "{query}: {read:?}"),
        }
    }
}

#[test]
fn cookies_are_pairs() {
    let cookies = Pairs::cookies(["a=1; color=blue", "b=x&b=y"].into_iter(), false);
    assert_eq!(cookies.values("color"), ["blue"]);
    assert_eq!(cookies.values("b"), ["x&b=y"]);
    assert_eq!(Pairs::cookies(["b=x&b=y"].into_iter(), true).values("b"), ["x", "y"]);
}

#[test]
fn nothing_panics_on_brackets() {
    for form in [Form::Scalar, Form::Array, Form::Object] {
        let query = format!("color{}=1", "[a]".repeat(100));
        let mut pairs = Pairs::parse(&query, QUERY).unwrap();
        let serialization = Serialization { style: Style::DeepObject, explode: true, allow_reserved: false };
        let owner = Owner { name: "color", serialization, coding: QUERY, members: &[], open: false };
        assert!(pairs.take(owner, form).is_err());
    }
}
