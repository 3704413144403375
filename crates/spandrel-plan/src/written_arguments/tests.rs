#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use serde_json::{Value, json};

use super::{WrittenArguments, WrittenForm, WrittenMember};
use crate::test_plan::{arguments, optional, plan, style, tool};
use crate::{JsonText, OperationPlan, Style};

fn member(form: Option<usize>, null_is_absent: bool) -> WrittenMember {
    WrittenMember { form, null_is_absent }
}

/// `id`, an optional `limit`, a free-form `filter`, and a `tree` of optional children.
fn written() -> WrittenArguments {
    let root = WrittenForm {
        members: [
            ("id".to_owned(), member(None, false)),
            ("limit".to_owned(), member(None, true)),
            ("filter".to_owned(), member(Some(1), true)),
            ("any".to_owned(), member(Some(3), false)),
            ("tree".to_owned(), member(Some(2), false)),
        ]
        .into(),
        ..WrittenForm::default()
    };
    let text = WrittenForm { json_text: true, ..WrittenForm::default() };
    let tree = WrittenForm {
        members: [("left".to_owned(), member(Some(2), true)), ("all".to_owned(), member(Some(4), true))]
            .into(),
        ..WrittenForm::default()
    };
    let either = WrittenForm { json_text: true, text: true, ..WrittenForm::default() };
    let list = WrittenForm { items: Some(2), alternatives: vec![2, 4], ..WrittenForm::default() };
    WrittenArguments { forms: vec![root, text, tree, either, list] }
}

/// A value whose numbers keep their text.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn what_is_written_is_read_back() {
    let rows = [
        (json!({"id": null, "limit": null}), json!({"id": null})),
        (json!({"limit": 1, "other": null}), json!({"limit": 1, "other": null})),
        (json!({"filter": "{\"a\": null, \"b\": 1.10}"}), parsed(r#"{"filter":{"a":null,"b":1.10}}"#)),
        (json!({"filter": {"a": null}}), json!({"filter": {"a": null}})),
        (json!({"filter": "{broken"}), json!({"filter": "{broken"})),
        (json!({"any": "12"}), json!({"any": "12"})),
        (json!({"any": "[12]"}), json!({"any": [12]})),
        (
            json!({"tree": {"left": {"left": null}, "right": null}}),
            json!({"tree": {"left": {}, "right": null}}),
        ),
        (json!({"tree": {"all": [{"left": null}, 1]}}), json!({"tree": {"all": [{}, 1]}})),
        (json!({"tree": {"all": {"left": null}}}), json!({"tree": {"all": {}}})),
    ];
    for (given, expected) in rows {
        let read = Value::Object(written().read(&arguments(given.clone())));
        assert_eq!(read.to_string(), expected.to_string(), "{given}");
    }
}

#[test]
fn a_call_means_what_was_read() {
    let advertised = json!({"type": "object", "properties": {"limit": {"type": ["integer", "null"]}}, "required": ["limit"]});
    let full = json!({"type": "object", "properties": {"limit": {"type": "integer"}}, "additionalProperties": false});
    let plan = OperationPlan {
        query: vec![optional("limit", style(Style::Form, true))],
        written: Some(written()),
        ..plan()
    };
    let mut tool = tool(plan, &advertised, None);
    tool.validation_schema = Some(JsonText::from_value(&full));
    let given = json!({"limit": null});
    tool.validate_value(&given).unwrap();
    tool.validate(&arguments(given.clone())).unwrap();
    assert_eq!(tool.plan.render(&arguments(given)).unwrap().uri().query(), None);
    let error = tool.validate_value(&json!({"limit": "x"})).unwrap_err();
    assert!(error.message.contains("`limit`: expected an integer"), "{}", error.message);
}

#[test]
fn nothing_to_read_back_is_known() {
    assert!(WrittenArguments::default().is_empty());
    assert!(WrittenArguments { forms: vec![WrittenForm::default()] }.is_empty());
    assert!(!written().is_empty());
}
