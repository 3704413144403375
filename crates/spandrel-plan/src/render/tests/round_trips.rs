//! What was rendered, read back by readers that know nothing of the renderer.

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::properties::any_text;
use crate::test_plan::{arguments, literal, optional, parameter, plan, style};
use crate::{OperationPlan, PathPlan, PathSegment, Serialization, Style};

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

/// The text of a variable behind `/v1/x`; none where the value is refused.
fn path(how: Serialization, value: &Value) -> Option<String> {
    let segments = vec![literal("/x"), PathSegment::Variable(parameter("p", how))];
    let plan = OperationPlan { path: PathPlan { segments }, ..plan() };
    let request = plan.render(&arguments(json!({"p": value}))).ok()?;
    Some(request.uri().path().strip_prefix("/v1/x").unwrap().to_owned())
}

fn query(how: Serialization, value: &Value) -> String {
    let plan = OperationPlan { query: vec![optional("q", how)], ..plan() };
    let request = plan.render(&arguments(json!({"q": value}))).unwrap();
    request.uri().query().unwrap_or_default().to_owned()
}

fn list(texts: &[String]) -> Value {
    json!(texts)
}

fn object(members: &[(String, String)]) -> Value {
    Value::Object(members.iter().map(|(name, value)| (name.clone(), json!(value))).collect())
}

/// Names that are told apart, with texts.
fn any_members(name: &'static str) -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::btree_map(name, any_text(), 1..4).prop_map(|members| members.into_iter().collect())
}

/// `a,1,b,2`.
fn alternating(text: &str, delimiter: &str) -> Vec<(String, String)> {
    let parts: Vec<String> = text.split(delimiter).map(decoded).collect();
    parts.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

/// `a=1,b=2`.
fn assigned(text: &str, delimiter: &str) -> Vec<(String, String)> {
    let pairs = text.split(delimiter).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

/// Brackets as servers read them: each pair goes to its place in a tree.
fn brackets(query: &str) -> Value {
    let mut root = Value::Null;
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap();
        let name = decoded(name);
        let keys = name.split(['[', ']']).enumerate().filter(|(index, _)| index % 2 == 1);
        let mut place = &mut root;
        for (_, key) in keys {
            place = match (key, key.parse::<usize>()) {
                ("", _) | (_, Ok(_)) if place.is_null() || place.is_array() => {
                    if place.is_null() {
                        *place = json!([]);
                    }
                    let items = place.as_array_mut().unwrap();
                    let index = key.parse().unwrap_or(items.len());
                    if index == items.len() {
                        items.push(Value::Null);
                    }
                    &mut items[index]
                }
                _ => &mut place[key],
            };
        }
        *place = json!(decoded(value));
    }
    root
}

fn any_tree() -> impl Strategy<Value = Value> {
    let leaf = any_text().prop_map(Value::from);
    let tree = leaf.prop_recursive(4, 24, 3, |inner| {
        let member = "[a-z._ &=%é-]{1,6}";
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Value::from),
            prop::collection::btree_map(member, inner, 1..4)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    });
    prop::collection::btree_map("[a-z._ &=%é-]{1,6}", tree, 1..4)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

proptest! {
    #[test]
    fn lists_in_a_path(texts in prop::collection::vec(any_text(), 1..5)) {
        let value = list(&texts);
        for (kind, explode, prefix, delimiter) in [
            (Style::Simple, false, "", ","),
            (Style::Label, false, ".", ","),
            (Style::Matrix, false, ";p=", ","),
            (Style::Matrix, true, ";", ";"),
        ] {
            let Some(text) = path(style(kind, explode), &value) else {
                prop_assert!(texts.concat().is_empty());
                continue;
            };
            let text = text.strip_prefix(prefix).unwrap_or(if text == ";p" { "" } else { "?" });
            let read: Vec<String> = if kind == Style::Matrix && explode {
                assigned(text, delimiter).into_iter().map(|(_, value)| value).collect()
            } else {
                text.split(delimiter).map(decoded).collect()
            };
            prop_assert_eq!(&read, &texts);
        }
    }

    #[test]
    fn objects_in_a_path(members in any_members("[a-zé,;. ]{1,5}")) {
        let value = object(&members);
        for (kind, prefix, delimiter) in
            [(Style::Simple, "", ","), (Style::Label, ".", ","), (Style::Matrix, ";p=", ",")]
        {
            let text = path(style(kind, false), &value).unwrap();
            prop_assert_eq!(&alternating(text.strip_prefix(prefix).unwrap(), delimiter), &members);
        }
        for (kind, prefix, delimiter) in [(Style::Simple, "", ","), (Style::Matrix, ";", ";")] {
            // The member `p` would be read as the variable itself, which is no other.
            let text = path(style(kind, true), &value).unwrap();
            prop_assert_eq!(&assigned(text.strip_prefix(prefix).unwrap(), delimiter), &members);
        }
    }

    #[test]
    fn delimited_lists_and_objects_in_a_query(
        texts in prop::collection::vec("[a-zé,&=%#+]{0,6}", 2..5),
        members in any_members("[a-zé,&=%#+]{1,5}"),
    ) {
        for (kind, delimiter) in [(Style::SpaceDelimited, "%20"), (Style::PipeDelimited, "%7C"), (Style::TabDelimited, "%09")] {
            let text = query(style(kind, false), &list(&texts));
            let read: Vec<String> = text.strip_prefix("q=").unwrap().split(delimiter).map(decoded).collect();
            prop_assert_eq!(&read, &texts);
            let fit = members.iter().all(|(_, value)| !value.contains([' ', '|', '\t']));
            if fit {
                let text = query(style(kind, false), &object(&members));
                prop_assert_eq!(&alternating(text.strip_prefix("q=").unwrap(), delimiter), &members);
            }
        }
        let text = query(style(Style::Form, false), &object(&members));
        prop_assert_eq!(&alternating(text.strip_prefix("q=").unwrap(), ","), &members);
    }

    #[test]
    fn deep_objects(tree in any_tree()) {
        prop_assert_eq!(brackets(&query(style(Style::DeepObject, true), &tree)), tree);
    }

    #[test]
    fn reserved_characters_stay_in_their_parameter(text in "[a-zé :/?#\\[\\]@!$&'()*+,;=]{0,12}") {
        let how = Serialization::Style { style: Style::Form, explode: true, allow_reserved: true };
        let query = query(how, &json!(text));
        let read: Vec<(String, String)> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        prop_assert_eq!(read, vec![("q".to_owned(), text)]);
    }

    #[test]
    fn cookies_and_headers(texts in prop::collection::vec("[a-z,;\"é =]{1,6}", 1..4)) {
        let texts: Vec<String> = texts.iter().map(|text| text.trim().to_owned() + "x").collect();
        let plan = OperationPlan {
            headers: vec![optional("X-List", style(Style::Simple, false))],
            cookies: vec![optional("c", style(Style::Form, true))],
            ..plan()
        };
        let request = plan.render(&arguments(json!({"X-List": texts, "c": texts}))).unwrap();
        let header = |name: &str| String::from_utf8_lossy(request.headers()[name].as_bytes()).into_owned();
        let read: Vec<String> = header("x-list").split(',').map(decoded).collect();
        prop_assert_eq!(&read, &texts);
        let cookies = header("cookie");
        let read = cookies.split("; ").map(|cookie| decoded(cookie.strip_prefix("c=").unwrap()));
        prop_assert_eq!(&read.collect::<Vec<_>>(), &texts);
    }
}
