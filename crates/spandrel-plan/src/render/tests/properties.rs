#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::test_plan::{arguments, literal, optional, parameter, plan, style};
use crate::{OperationPlan, ParameterPlan, PathPlan, PathSegment, Serialization, Style};

const STYLES: [Style; 9] = [
    Style::Matrix,
    Style::Label,
    Style::Simple,
    Style::Form,
    Style::SpaceDelimited,
    Style::PipeDelimited,
    Style::TabDelimited,
    Style::DeepObject,
    Style::Cookie,
];

pub(super) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[./%2eE;&=#?,\\\\ \r\n\"<>a]{0,8}",
        Just("..".to_owned()),
        Just("%2e%2e%2f".to_owned()),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any_text(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_serialization() -> impl Strategy<Value = Serialization> {
    prop_oneof![
        9 => (prop::sample::select(STYLES.to_vec()), any::<bool>(), any::<bool>())
            .prop_map(|(style, explode, allow_reserved)| Serialization::Style { style, explode, allow_reserved }),
        1 => Just(Serialization::Content { media_type: "application/json".to_owned() }),
        1 => Just(Serialization::Content { media_type: "text/plain".to_owned() }),
    ]
}

/// A plan with a fixed and a varying parameter in each place.
fn surrounded(how: &Serialization) -> OperationPlan {
    let fixed = |name: &str| parameter(name, style(Style::Simple, false));
    let segments = vec![
        literal("/a/"),
        PathSegment::Variable(parameter("p", how.clone())),
        literal("/b/"),
        PathSegment::Variable(fixed("fixed")),
    ];
    let around = |varying: ParameterPlan| {
        let before = ParameterPlan { argument: crate::ArgumentPath::key("fixed"), ..fixed("before") };
        let after = ParameterPlan { argument: crate::ArgumentPath::key("fixed"), ..fixed("after") };
        vec![before, varying, after]
    };
    OperationPlan {
        path: PathPlan { segments },
        query: around(optional("q", how.clone())),
        headers: around(optional("X-H", how.clone())),
        cookies: around(optional("c", how.clone())),
        ..plan()
    }
}

fn pairs<'a>(text: &'a str, separator: &str) -> Vec<(&'a str, &'a str)> {
    text.split(separator).map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect()
}

/// The fixed parameters stand first and last, and nothing else has their names.
fn is_intact(pairs: &[(&str, &str)]) -> bool {
    pairs.first() == Some(&("before", "1"))
        && pairs.last() == Some(&("after", "1"))
        && pairs.iter().filter(|(name, _)| matches!(*name, "before" | "after")).count() == 2
}

proptest! {
    // One place at a time, so that a refusal for one does not hide the others.
    #[test]
    fn no_value_changes_anything_beside_it(
        how in any_serialization(),
        place in prop::sample::select(vec!["p", "q", "X-H", "c"]),
        value in any_json(),
    ) {
        let mut given = arguments(json!({"fixed": "1", "p": "x", "q": "x", "X-H": "x", "c": "x"}));
        given.insert(place.to_owned(), value);
        if let Ok(request) = surrounded(&how).render(&given) {
            let uri = request.uri();
            prop_assert_eq!(uri.host(), Some("api.example.com"));
            let segments: Vec<&str> = uri.path().split('/').collect();
            prop_assert_eq!(segments.len(), 6);
            prop_assert_eq!((segments[1], segments[2], segments[4], segments[5]), ("v1", "a", "b", "1"));
            // A parser that resolves dots sees the same path.
            let parsed = url::Url::parse(&uri.to_string()).unwrap();
            prop_assert_eq!(parsed.path().split('/').count(), 6);
            prop_assert!(parsed.fragment().is_none());
            prop_assert!(is_intact(&pairs(uri.query().unwrap(), "&")), "{}", uri);
            let cookies = String::from_utf8_lossy(request.headers()["cookie"].as_bytes()).into_owned();
            prop_assert!(is_intact(&pairs(&cookies, "; ")), "{}", cookies);
            prop_assert_eq!(&request.headers()["before"], "1");
            prop_assert_eq!(request.headers().get_all("after").iter().count(), 1);
            prop_assert!(request.headers().get_all("x-h").iter().count() <= 1);
        } else {
            prop_assert!(place != "q" || given["q"].is_object(), "only objects are refused in a query");
        }
    }

    #[test]
    fn exploded_forms_can_be_read_back(texts in prop::collection::vec(any_text(), 0..5)) {
        let plan = OperationPlan { query: vec![optional("q", style(Style::Form, true))], ..plan() };
        let request = plan.render(&arguments(json!({"q": texts}))).unwrap();
        let url = url::Url::parse(&request.uri().to_string()).unwrap();
        let read: Vec<String> = url.query_pairs().map(|(_, value)| value.into_owned()).collect();
        prop_assert_eq!(read, texts);
    }

    #[test]
    fn joined_lists_can_be_read_back(texts in prop::collection::vec(any_text(), 1..5)) {
        let plan = OperationPlan { query: vec![optional("q", style(Style::Form, false))], ..plan() };
        let request = plan.render(&arguments(json!({"q": texts}))).unwrap();
        let value = request.uri().query().unwrap().strip_prefix("q=").unwrap();
        let read: Vec<String> =
            value.split(',').map(|item| percent_decode_str(item).decode_utf8().unwrap().into_owned()).collect();
        prop_assert_eq!(read, texts);
    }

    #[test]
    fn exploded_objects_can_be_read_back(members in prop::collection::btree_map(any_text(), any_text(), 1..5)) {
        let value: Map<String, Value> = members.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        let plan = OperationPlan { query: vec![optional("q", style(Style::Form, true))], ..plan() };
        let request = plan.render(&arguments(json!({"q": value}))).unwrap();
        let url = url::Url::parse(&request.uri().to_string()).unwrap();
        let read: std::collections::BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(read, members);
    }

    #[test]
    fn a_segment_can_be_read_back(text in any_text()) {
        let segments = vec![literal("/"), PathSegment::Variable(parameter("p", style(Style::Simple, false)))];
        let plan = OperationPlan { path: PathPlan { segments }, ..plan() };
        match plan.render(&arguments(json!({"p": text}))) {
            Ok(request) => {
                let segment = request.uri().path().strip_prefix("/v1/").unwrap().to_owned();
                prop_assert_eq!(percent_decode_str(&segment).decode_utf8().unwrap(), text);
            }
            Err(_) => prop_assert!(matches!(text.as_str(), "" | "." | "..")),
        }
    }

    #[test]
    fn the_same_arguments_make_the_same_request(how in any_serialization(), value in any_json()) {
        let given = arguments(json!({"fixed": "1", "p": "x", "q": value}));
        let plan = surrounded(&how);
        let text = || plan.render(&given).map(|request| format!("{request:?}")).map_err(|error| error.message);
        prop_assert_eq!(text(), text());
    }
}
