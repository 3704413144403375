//! Names that a caller chose, beside those that the document declares.

use serde_json::{Value, json};

use crate::test_plan::{arguments, literal, optional, parameter, plan, style};
use crate::{CallErrorKind, FieldPlan, FormPlan, OperationPlan, PathPlan, PathSegment, Serialization, Style};

fn form() -> Serialization {
    style(Style::Form, true)
}

fn deep() -> Serialization {
    style(Style::DeepObject, true)
}

/// `/things?action=list` with the parameters `order`, `filter`, `limit` and `filter[x]`.
fn listing(filter: Serialization) -> OperationPlan {
    OperationPlan {
        path: PathPlan { segments: vec![literal("/things?action=list")] },
        query: vec![
            optional("order", form()),
            optional("filter", filter),
            optional("limit", form()),
            optional("filter[x]", form()),
        ],
        ..plan()
    }
}

#[test]
fn a_member_never_stands_for_another_parameter() {
    let whole = || Serialization::Querystring {
        media_type: "application/x-www-form-urlencoded".to_owned(),
        form: FormPlan::default(),
    };
    let refused = [
        (form(), json!({"limit": 5}), "limit", "use the argument `limit` for that"),
        (form(), json!({"limit[]": 5}), "limit[]", "use the argument `limit` for that"),
        (form(), json!({"filter[x][y]": 5}), "filter[x][y]", "use the argument `filter[x]` for that"),
        (form(), json!({"action": 5}), "action", "leave it out"),
        (form(), json!({"sort": 5}), "sort", "use the argument `order` for that"),
        (whole(), json!({"limit": 5}), "limit", "use the argument `limit` for that"),
        (deep(), json!({"x": 5}), "filter[x]", "use the argument `filter[x]` for that"),
        (deep(), json!({"x": {"y": [1]}}), "filter[x][y][]", "use the argument `filter[x]` for that"),
    ];
    for (how, value, member, advice) in refused {
        let given = arguments(json!({"filter": value, "order": {"sort": 1}}));
        let error = listing(how).render(&given).unwrap_err();
        let expected =
            format!("`filter`: its member `{member}` would be read as another parameter; {advice}");
        assert_eq!(error.message, expected);
    }
    let allowed = [
        (form(), json!({"limits": 1, "limit": null})),
        (deep(), json!({"y": 1, "z": {"x": 1}})),
        (style(Style::Form, false), json!({"limit": 1})),
    ];
    for (how, value) in allowed {
        listing(how).render(&arguments(json!({"filter": value, "limit": 1}))).unwrap();
    }
}

#[test]
fn a_field_of_a_whole_query_never_stands_for_another() {
    let mut fields = FormPlan::default().fields;
    for (name, serialization) in [("filter", form()), ("role", form()), ("deep", deep())] {
        fields.insert(name.to_owned(), FieldPlan { serialization });
    }
    let serialization = Serialization::Querystring {
        media_type: "application/x-www-form-urlencoded".to_owned(),
        form: FormPlan { fields, ..FormPlan::default() },
    };
    let path = PathPlan { segments: vec![literal("/things?action=list")] };
    let plan = OperationPlan { path, query: vec![parameter("q", serialization)], ..plan() };
    for refused in [
        json!({"filter": {"role": "admin"}, "role": "user"}),
        json!({"filter": {"role": "admin"}}),
        json!({"filter": {"action": "delete"}}),
        json!({"deep[x]": 1}),
        json!({"filter": {"deep[x]": 1}, "deep": {"x": 2}}),
    ] {
        let error = plan.render(&arguments(json!({"q": refused}))).unwrap_err();
        assert_eq!(error.kind, CallErrorKind::InvalidArguments, "{refused}");
    }
    let request = plan.render(&arguments(json!({"q": {"filter": {"a": 1}, "role": "user"}}))).unwrap();
    assert_eq!(request.uri().query(), Some("action=list&a=1&role=user"));
}

#[test]
fn a_member_of_a_deep_object_is_one_key() {
    let refused: [(Value, &str); 2] = [(json!({"a][b": 5}), "a][b"), (json!({"a": [{"b]": 5}]}), "b]")];
    for (value, member) in refused {
        let error = listing(deep()).render(&arguments(json!({"filter": value}))).unwrap_err();
        let expected = format!(
            "`filter`: its member `{member}` holds a bracket, which would be read as a member of a member; write nested objects instead"
        );
        assert_eq!(error.message, expected);
    }
}

#[test]
fn a_member_in_a_path_never_stands_for_another_variable() {
    let segments = vec![
        literal("/a"),
        PathSegment::Variable(parameter("one", style(Style::Matrix, true))),
        PathSegment::Variable(parameter("two", style(Style::Matrix, true))),
    ];
    let plan = OperationPlan { path: PathPlan { segments }, ..plan() };
    assert!(plan.render(&arguments(json!({"one": {"two": 1}, "two": 2}))).is_err());
    assert!(plan.render(&arguments(json!({"one": {"x": 1}, "two": {"x": 2}}))).is_err());
    plan.render(&arguments(json!({"one": {"x": 1}, "two": {"y": 2}}))).unwrap();
}
