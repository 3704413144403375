#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{FieldList, FieldListError, LeftOut, Part, PartError, Shortened, TextBound, Unit, part_of};
use crate::test_plan::{any_object, plan, tool};
use crate::{Content, JsonText, OperationPlan, Outcome, Projection, ResponsePlan, ResponseShape, Structured};

/// Four bytes a token, which makes bounds easy to think of.
fn count(text: &str, limit: usize) -> Option<usize> {
    Some(text.len().div_ceil(4)).filter(|tokens| *tokens <= limit)
}

fn bound(tokens: usize) -> TextBound<'static> {
    TextBound { tokens, count: &count }
}

fn place(pointer: &str, offset: usize, total: usize, unit: Unit) -> LeftOut {
    LeftOut { pointer: pointer.to_owned(), offset, total, unit }
}

#[test]
fn json_that_is_too_long_stays_json() {
    let numbers = json!((0..100).collect::<Vec<_>>());
    let long = "x".repeat(1000);
    let table = [
        // A long array, and what follows it.
        (json!({"items": numbers, "next": "abc"}), 40, vec![place("/items", 48, 100, Unit::Items)]),
        // A long string among short ones.
        (json!({"id": 7, "body": long, "ok": true}), 40, vec![place("/body", 120, 1000, Unit::Characters)]),
        // Items of which each is long.
        (
            json!([{"id": 1, "body": long}, {"id": 2, "body": long}]),
            60,
            vec![place("/0/body", 88, 1000, Unit::Characters), place("/1/body", 87, 1000, Unit::Characters)],
        ),
        // Keys of a pointer are escaped.
        (json!({"a/b~c": numbers}), 20, vec![place("/a~1b~0c", 24, 100, Unit::Items)]),
        (json!(long), 10, vec![place("", 33, 1000, Unit::Characters)]),
    ];
    for (value, tokens, expected) in table {
        let shortened = bound(tokens).shorten(&serde_json::to_string_pretty(&value).unwrap());
        assert!(count(&shortened.text, tokens).is_some(), "{}", shortened.text);
        assert!(serde_json::from_str::<Value>(&shortened.text).is_ok(), "{}", shortened.text);
        let near = |one: &LeftOut, other: &LeftOut| {
            (&one.pointer, one.total, one.unit) == (&other.pointer, other.total, other.unit)
                && one.offset.abs_diff(other.offset) * 5 <= other.offset
        };
        assert_eq!(shortened.left_out.len(), expected.len(), "{shortened:?}");
        for (found, expected) in shortened.left_out.iter().zip(&expected) {
            assert!(near(found, expected), "{found:?} is not about {expected:?}: {}", shortened.text);
        }
    }
    let followed = bound(40).shorten(&json!({"items": numbers, "next": "abc"}).to_string());
    assert!(followed.text.ends_with(r#"],"next":"abc"}"#), "{}", followed.text);
}

#[test]
fn white_space_is_no_loss() {
    let value = json!({"a": [1, 2, 3], "b": "c d"});
    let pretty = format!("{}{}", serde_json::to_string_pretty(&value).unwrap(), " ".repeat(200));
    assert_eq!(
        bound(10).shorten(&pretty),
        Shortened { text: value.to_string(), left_out: Vec::new(), more: 0 }
    );
}

#[test]
fn numbers_escapes_and_the_order_of_keys_survive() {
    let text = format!(
        r#"{{"z":1.10,"a":12345678901234567890123,"b":"\u00e9{}","c":1E+2}}"#,
        r"\ud83d\ude00".repeat(200)
    );
    for tokens in 30..60 {
        let shortened = bound(tokens).shorten(&text);
        let cut =
            shortened.text.strip_prefix(r#"{"z":1.10,"a":12345678901234567890123,"b":"\u00e9"#).unwrap();
        let cut = cut.strip_suffix(r#"…","c":1E+2}"#).unwrap();
        let characters = cut.len() / 12;
        assert_eq!(cut, r"\ud83d\ude00".repeat(characters));
        assert_eq!(shortened.left_out, [place("/b", characters + 1, 201, Unit::Characters)]);
    }
}

#[test]
fn text_ends_where_a_reader_would_stop() {
    let rows = (0..100).map(|row| format!("{row},name {row}\n")).collect::<Vec<_>>().concat();
    let record = |row| format!("{{\"id\":{row},\"text\":\"{}\"}}\n", "a b. ".repeat(20));
    let records = (0..20).map(record).collect::<Vec<_>>().concat();
    let prose = "One sentence. ".repeat(50);
    let words = "word ".repeat(100);
    let solid = "é".repeat(500);
    let table = [(&rows, "\n"), (&records, "\"}\n"), (&prose, "."), (&words, "word"), (&solid, "é")];
    for (text, end) in table {
        let shortened = bound(60).shorten(text);
        assert!(shortened.text.ends_with(end), "{:?}", shortened.text);
        assert!(shortened.text.len() > 100 && shortened.text.len() <= 240, "{:?}", shortened.text);
        let characters = shortened.text.chars().count();
        assert_eq!(shortened.left_out, [place("", characters, text.chars().count(), Unit::Characters)]);
    }
}

#[test]
fn hostile_json_is_bounded_work() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_object = format!("{}1{}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    let wide = format!("[{}1]", "1,".repeat(1_000_000));
    let members: Vec<String> = (0..100_000).map(|number| format!("\"{number}\":{number}")).collect();
    let members = format!("{{{}}}", members.join(","));
    let number = format!("[{}]", "1".repeat(100_000));
    let key = format!("{{\"{}\":1}}", "k".repeat(100_000));
    for text in [deep, deep_object, wide, members, number, key] {
        let shortened = bound(100).shorten(&text);
        assert!(shortened.text.len() <= 400, "{}", shortened.text.len());
        assert!(serde_json::from_str::<&RawValue>(&shortened.text).is_ok());
        assert!(!shortened.left_out.is_empty() || shortened.more > 0, "{}", shortened.text);
    }
}

#[test]
fn a_part_is_found_by_its_pointer() {
    let text =
        r#"{"items": [ {"id": 1}, {"id": 2}, {"id": 3} ], "a/b": "é\n2", "n": 1.50, "o": {"x": 1, "y": 2}}"#;
    let read = |pointer, offset, limit| part_of(text, &Part { pointer, offset, limit }, &bound(100));
    let table = [
        ("/items", 0, None, Ok(r#"[{"id":1},{"id":2},{"id":3}]"#)),
        ("/items", 1, Some(1), Ok(r#"[{"id":2}]"#)),
        ("/items/2", 0, None, Ok(r#"{"id":3}"#)),
        ("/items/2/id", 0, None, Ok("3")),
        ("/a~1b", 0, None, Ok("é\n2")),
        ("/a~1b", 2, None, Ok("2")),
        ("/n", 0, None, Ok("1.50")),
        ("/o", 1, None, Ok(r#"{"y":2}"#)),
        ("/o/x", 0, Some(5), Ok("1")),
        ("/items", 3, None, Err(PartError::Offset(3))),
        ("/a~1b", 9, None, Err(PartError::Offset(3))),
        ("/items/7/id", 0, None, Err(PartError::NotFound("/items".to_owned()))),
        ("/nothing", 0, None, Err(PartError::NotFound(String::new()))),
        ("items", 0, None, Err(PartError::Pointer)),
    ];
    for (pointer, offset, limit, expected) in table {
        let found = read(pointer, offset, limit).map(|part| part.text);
        assert_eq!(found, expected.map(str::to_owned), "{pointer} from {offset}");
    }
    assert_eq!(read("/items", 1, Some(1)).unwrap().left_out, [place("/items", 2, 3, Unit::Items)]);
    assert_eq!(
        part_of("plain", &Part { pointer: "/a", ..Part::default() }, &bound(9)),
        Err(PartError::NoJson)
    );
}

/// Reads on wherever something is left out, until there is nothing more.
fn read_all(text: &str, tokens: usize) -> String {
    let mut all = String::new();
    let mut offset = 0;
    for _ in 0..10_000 {
        let part = part_of(text, &Part { pointer: "", offset, limit: None }, &bound(tokens)).unwrap();
        assert!(count(&part.text, tokens).is_some());
        all.push_str(&part.text);
        match part.left_out.first() {
            Some(next) => {
                assert!(next.offset > offset, "{next:?} after {offset}");
                offset = next.offset;
            }
            None => return all,
        }
    }
    panic!("it does not end");
}

#[test]
fn a_long_text_can_be_read_to_its_end() {
    let text = (0..500).map(|row| format!("{row};ü and more of it\n")).collect::<Vec<_>>().concat();
    assert_eq!(read_all(&text, 50), text);
    let items =
        json!((0..500).map(|id| json!({"id": id, "name": format!("n{id}")})).collect::<Vec<_>>()).to_string();
    assert_eq!(read_all(&items, 100).replace("][", ","), items);
}

fn texts(outcome: &Outcome) -> Vec<&str> {
    outcome
        .content
        .iter()
        .map(|content| if let Content::Text(text) = content { text.as_str() } else { "" })
        .collect()
}

#[test]
fn structured_content_keeps_what_the_tool_advertises() {
    let items = json!((0..2000).collect::<Vec<_>>());
    let any =
        json!({"type": "object", "properties": {"result": {"type": "array", "items": {"type": "integer"}}}});
    let least = json!({"type": "object", "properties": {"result": {"type": "array", "minItems": 2000}}});
    // The schema, whether it is a failure, and what the structured content begins with.
    let table = [
        (None, false, Some("[0,1,2")),
        (Some(&any), false, Some(r#"{"result":[0,1,2"#)),
        (Some(&least), false, Some(r#"{"unexpectedBody":[0,1,2"#)),
        (Some(&least), true, None),
    ];
    for (schema, is_error, expected) in table {
        let response = ResponsePlan { wraps_result: schema.is_some(), ..ResponsePlan::default() };
        let tool = tool(OperationPlan { response, ..plan() }, &any_object(), schema);
        let wrapped = JsonText::from_text(match schema {
            Some(_) => format!("{{\"result\":{items}}}"),
            None => items.to_string(),
        });
        let wrapped = wrapped.unwrap();
        let structured =
            if schema.is_some() { Structured::Object(wrapped) } else { Structured::Other(wrapped) };
        let mut outcome =
            Outcome { structured: Some(structured), is_error, ..Outcome::text(items.to_string()) };
        let shortened = tool.shorten(&mut outcome, &bound(500));
        assert_eq!((shortened.len(), shortened[0].whole.clone()), (1, items.to_string()));
        let text = texts(&outcome)[0];
        assert!(text.starts_with("[0,1,2") && text.ends_with(']') && text.len() < 2000, "{text}");
        let structured = outcome.structured.as_ref().map(|structured| match structured {
            Structured::Object(json) | Structured::Other(json) => json.as_str(),
        });
        assert_eq!(
            structured.map(|json| json.starts_with(expected.unwrap())),
            expected.map(|_| true),
            "{structured:?}"
        );
        assert!(
            structured.is_none_or(|json| json.contains(text)),
            "the text and the structured content are alike"
        );
    }
}

#[test]
fn all_texts_share_the_bound() {
    let tool = tool(plan(), &any_object(), None);
    let text = |text: &str| Content::Text(text.to_owned());
    let long = "many words ".repeat(1000);
    let mut outcome = Outcome {
        content: vec![text("HTTP 500"), text(&long), text("short"), text(&long)],
        ..Outcome::default()
    };
    let shortened = tool.shorten(&mut outcome, &bound(2000));
    assert_eq!(shortened.len(), 2);
    let after = texts(&outcome);
    assert_eq!((after[0], after[2]), ("HTTP 500", "short"));
    assert!(after.iter().map(|text| text.len()).sum::<usize>() <= 2000 * 4);
    assert!(after[1].len() > 2000 && after[3].len() > 2000);

    let mut small = Outcome::text("a".repeat(2000));
    let never = |_: &str, _: usize| -> Option<usize> { panic!("nothing is counted") };
    assert_eq!(tool.shorten(&mut small, &TextBound { tokens: 2000, count: &never }), []);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,80}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 200, 12, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..12).prop_map(Value::from),
            prop::collection::vec((".{0,8}", inner), 0..12)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Whether `short` is `whole` but for what may be left out.
fn is_within(short: &Value, whole: &Value) -> bool {
    match (short, whole) {
        (Value::Array(short), Value::Array(whole)) => {
            short.len() <= whole.len()
                && short.iter().zip(whole).all(|(short, whole)| is_within(short, whole))
        }
        (Value::Object(short), Value::Object(whole)) => {
            short.iter().zip(whole).all(|(short, whole)| short.0 == whole.0 && is_within(short.1, whole.1))
        }
        (Value::String(short), Value::String(whole)) if short != whole => {
            whole.starts_with(short.strip_suffix('…').unwrap())
        }
        (short, whole) => short == whole,
    }
}

proptest! {
    #[test]
    fn whatever_the_json_it_fits_and_says_what_is_missing(value in any_json(), tokens in 8_usize..200) {
        let shortened = bound(tokens).shorten(&serde_json::to_string_pretty(&value).unwrap());
        if value.is_array() || value.is_object() || value.is_string() {
            prop_assert!(count(&shortened.text, tokens).is_some(), "{}", shortened.text);
            let read: Value = serde_json::from_str(&shortened.text).unwrap();
            prop_assert!(is_within(&read, &value), "{read} of {value}");
            prop_assert_eq!(read == value, shortened.left_out.is_empty() && shortened.more == 0);
            for place in &shortened.left_out {
                prop_assert!(place.offset < place.total || place.total == 0, "{place:?}");
                let at = value.pointer(&place.pointer).unwrap();
                let total = match at {
                    Value::Array(items) => items.len(),
                    Value::Object(members) => members.len(),
                    Value::String(text) => text.chars().count(),
                    _ => place.total,
                };
                prop_assert_eq!(total, place.total);
            }
        }
    }
}

#[test]
fn the_fields_that_are_asked_for_are_shown() {
    type Row<'a> = (&'a [&'a str], &'a str, &'a [&'a str]);
    let body = r#"{"next": "abc", "items": [{"id": 1.10, "owner": {"login": "a", "id": 7}}, {"id": 2}], "a.b": [1]}"#;
    let table: [Row<'_>; 8] = [
        (&["next"], r#"{"next":"abc"}"#, &[]),
        (&["items.id"], r#"{"items":[{"id":1.10},{"id":2}]}"#, &[]),
        (&["items.owner.login", "next"], r#"{"next":"abc","items":[{"owner":{"login":"a"}},{}]}"#, &[]),
        (&["items.owner", "items.owner.id"], r#"{"items":[{"owner":{"login":"a","id":7}},{}]}"#, &[]),
        (&[r"a\.b"], r#"{"a.b":[1]}"#, &[]),
        (&["next.deeper"], r#"{"next":"abc"}"#, &["next.deeper"]),
        (&["items.nmae", "nothing"], r#"{"items":[{},{}]}"#, &["items.nmae", "nothing"]),
        (&["*"], body, &[]),
    ];
    let tool = tool(plan(), &any_object(), None);
    for (fields, expected, missing) in table {
        let list = FieldList::parse(fields.iter().copied()).unwrap();
        let structured = Structured::Object(JsonText::from_text(body.to_owned()).unwrap());
        let mut outcome = Outcome { structured: Some(structured), ..Outcome::text(body) };
        let projected = tool.project(&mut outcome, Some(&list));
        assert_eq!(texts(&outcome), [expected], "{fields:?}");
        let Some(Structured::Object(structured)) = outcome.structured else { panic!("{fields:?}") };
        assert_eq!(structured.as_str(), expected);
        assert_eq!(projected.map(|projected| projected.missing).unwrap_or_default(), missing);
    }
}

#[test]
fn what_is_no_field_is_refused() {
    let long = "a".repeat(201);
    for field in ["", ".", "a.", ".a", "a..b", "a\\", &long] {
        assert!(matches!(FieldList::parse([field]), Err(FieldListError::Field(_))), "{field}");
    }
    assert_eq!(FieldList::parse([]), Err(FieldListError::Number));
    assert_eq!(FieldList::parse(vec!["a"; 101]), Err(FieldListError::Number));
}

#[test]
fn an_author_chooses_what_is_shown_unless_the_model_asks() {
    let body = json!({"total": 9, "items": (0..9).map(|id| json!({"id": id, "tags": [1, 2, 3]})).collect::<Vec<_>>()});
    let shape = |fields: &[&str], max_items| ResponseShape {
        projection: (!fields.is_empty())
            .then(|| Projection::Fields(fields.iter().map(|&field| field.to_owned()).collect())),
        max_items,
        argument: None,
    };
    let some_items = r#"{"total":9,"items":[{"id":0,"tags":[1,2,3]},{"id":1,"tags":[1,2,3]}]}"#;
    let table = [
        (shape(&["total"], None), None, r#"{"total":9}"#, vec![]),
        (shape(&[], Some(2)), None, some_items, vec![place("/items", 2, 9, Unit::Items)]),
        (
            shape(&["items.id"], Some(1)),
            None,
            r#"{"items":[{"id":0}]}"#,
            vec![place("/items", 1, 9, Unit::Items)],
        ),
        (shape(&["items.id"], Some(1)), Some("total"), r#"{"total":9}"#, vec![]),
    ];
    for (shape, asked, expected, left_out) in table {
        let mut tool = tool(plan(), &any_object(), None);
        tool.response_shape = Some(shape);
        let asked = asked.map(|field| FieldList::parse([field]).unwrap());
        let mut outcome = Outcome::text(body.to_string());
        let projected = tool.project(&mut outcome, asked.as_ref()).unwrap();
        assert_eq!((texts(&outcome), projected.left_out), (vec![expected], left_out));
        assert_eq!(projected.whole, body.to_string());
        for asked in [Some(FieldList::parse(["*"]).unwrap()), None] {
            let mut outcome = Outcome { is_error: asked.is_none(), ..Outcome::text(body.to_string()) };
            assert_eq!(
                tool.project(&mut outcome, asked.as_ref()),
                None,
                "everything is asked for, or it is a failure"
            );
        }
    }
}

#[test]
fn fields_of_an_array_are_written_as_they_stand_or_as_the_schema_has_them() {
    let schema = json!({"type": "object", "properties": {"result": {"type": "array"}}});
    let response = ResponsePlan { wraps_result: true, ..ResponsePlan::default() };
    let tool = tool(OperationPlan { response, ..plan() }, &any_object(), Some(&schema));
    for field in ["id", "result.id"] {
        let body = r#"[{"id":1,"name":"a"}]"#;
        let wrapped = JsonText::from_text(format!("{{\"result\":{body}}}")).unwrap();
        let mut outcome = Outcome { structured: Some(Structured::Object(wrapped)), ..Outcome::text(body) };
        let projected = tool.project(&mut outcome, Some(&FieldList::parse([field]).unwrap())).unwrap();
        assert_eq!((texts(&outcome), projected.missing), (vec![r#"[{"id":1}]"#], vec![]));
        let expected = JsonText::from_text(r#"{"result":[{"id":1}]}"#.to_owned()).unwrap();
        assert_eq!(outcome.structured, Some(Structured::Object(expected)));
    }
}
