#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use serde_json::{Map, Value, json};

use super::AnsweredCall;
use crate::test_plan::{arguments, optional, plan, style, tool};
use crate::{ArgumentPath, OperationPlan, ParameterPlan, Style, SuppliedArgument, Supply, Tool};

/// A tool with query parameters of these names; those whose name ends with `#` are integers.
fn pages(names: &[&str]) -> Tool {
    let mut properties = Map::new();
    let mut query = Vec::new();
    for name in names {
        let kind = if name.ends_with('#') { "integer" } else { "string" };
        let name = name.trim_end_matches('#');
        properties.insert(name.to_owned(), json!({"type": kind}));
        query.push(optional(name, style(Style::Form, true)));
    }
    tool(OperationPlan { query, ..plan() }, &json!({"type": "object", "properties": properties}), None)
}

fn headers(headers: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
    };
    headers.iter().map(pair).collect()
}

/// The arguments of the next page, with those that are left out as null.
fn next(tool: &Tool, given: Value, told: &[(&str, &str)], body: &Value) -> Option<Value> {
    let given = arguments(given);
    let request = tool.plan.render(&given).unwrap();
    let uri: Uri = format!("{}&key=secret", request.uri()).replacen("things&", "things?", 1).parse().unwrap();
    let (headers, body) = (headers(told), body.to_string());
    let answered = AnsweredCall { uri: &uri, arguments: &given, headers: &headers, json: Some(&body) };
    tool.next_page(&answered).map(|next| {
        let mut arguments = next.arguments;
        arguments.extend(next.left_out.into_iter().map(|name| (name, Value::Null)));
        Value::Object(arguments)
    })
}

const THINGS: &str = "https://api.example.com/v1/things";

#[test]
fn links_become_arguments_of_the_same_tool() {
    let tool = pages(&["page#", "q", "cursor", "after"]);
    // The query of the link, or a whole header.
    let table = [
        (
            format!("<{THINGS}?q=a&page=2>; rel=\"next\", <{THINGS}?q=a&page=9>; rel=\"last\""),
            Some(json!({"page": 2})),
        ),
        (
            format!("<{THINGS}?page=9>; rel=last, <{THINGS}?q=a&page=3>; title=\"a, b\"; rel=\"last NEXT\""),
            Some(json!({"page": 3})),
        ),
        ("</v1/things?q=a&page=4>; rel=next".to_owned(), Some(json!({"page": 4}))),
        ("<?q=a&cursor=x%2Fy>; rel=next".to_owned(), Some(json!({"cursor": "x/y", "page": null}))),
        ("<?page=2&key=other&q=a>; rel=next".to_owned(), Some(json!({"page": 2}))),
        // No link to the next page, or none that the tool can follow.
        ("<?q=a&page=2>; rel=prev".to_owned(), None),
        ("<?q=a&page=1>; rel=next".to_owned(), None),
        ("<?q=a&page=two>; rel=next".to_owned(), None),
        ("<?q=a&page=2&unknown=1>; rel=next".to_owned(), None),
        ("<?q=a&q=b&page=2>; rel=next".to_owned(), None),
        ("</v1/others?q=a&page=2>; rel=next".to_owned(), None),
        ("<https://evil.example/v1/things?q=a&page=2>; rel=next".to_owned(), None),
        ("<http://api.example.com/v1/things?q=a&page=2>; rel=next".to_owned(), None),
        ("<".to_owned(), None),
        ("page=2; rel=next".to_owned(), None),
    ];
    for (header, expected) in table {
        let found = next(&tool, json!({"q": "a", "page": 1}), &[("link", &header)], &json!([]));
        assert_eq!(found, expected, "{header}");
    }
}

#[test]
fn cursors_of_a_body_go_to_the_parameter_that_takes_them() {
    let table = [
        (vec!["cursor"], json!({"items": [], "next_cursor": "c2"}), Some(json!({"cursor": "c2"}))),
        (vec!["cursor"], json!({"response_metadata": {"next_cursor": "c2"}}), Some(json!({"cursor": "c2"}))),
        (vec!["cursor"], json!({"next_cursor": ""}), None),
        (vec!["cursor"], json!({"next_cursor": null}), None),
        (vec!["cursor"], json!({"next_cursor": "c1"}), None),
        (vec!["cursor"], json!({"has_more": false, "next_cursor": "c2"}), None),
        (vec!["cursor"], json!({"next": "c2"}), Some(json!({"cursor": "c2"}))),
        (vec!["pageToken"], json!({"nextPageToken": "t"}), Some(json!({"pageToken": "t"}))),
        (vec!["page_token"], json!({"next_page_token": "t"}), Some(json!({"page_token": "t"}))),
        (
            vec!["after"],
            json!({"pageInfo": {"hasNextPage": true, "endCursor": "e"}}),
            Some(json!({"after": "e"})),
        ),
        (vec!["after"], json!({"pageInfo": {"hasNextPage": false, "endCursor": "e"}}), None),
        (vec!["after"], json!({"paging": {"next": {"after": "9"}}}), Some(json!({"after": "9"}))),
        (vec!["continue"], json!({"metadata": {"continue": "k"}}), Some(json!({"continue": "k"}))),
        (
            vec!["starting_after"],
            json!({"data": [{"id": "a"}, {"id": "b"}], "has_more": true}),
            Some(json!({"starting_after": "b"})),
        ),
        (vec!["starting_after"], json!({"data": [{"id": "a"}], "has_more": false}), None),
        (vec!["after"], json!({"data": [], "has_more": true, "last_id": "z"}), Some(json!({"after": "z"}))),
        (vec!["page#"], json!({"next": format!("{THINGS}?page=2")}), Some(json!({"page": 2}))),
        (
            vec!["start"],
            json!({"links": {"next": {"href": "/v1/things?start=n"}}}),
            Some(json!({"start": "n"})),
        ),
        (
            vec!["$skip#"],
            json!({"@odata.nextLink": format!("{THINGS}?$skip=10")}),
            Some(json!({"$skip": 10})),
        ),
        (vec!["cursor"], json!({"next": "https://evil.example/?cursor=c2"}), None),
        // A cursor of something else.
        (vec!["cursor"], json!({"items": [{"next_cursor": "c2"}], "mouse": {"next_cursor": "c3"}}), None),
        (vec!["other"], json!({"next_cursor": "c2"}), None),
    ];
    for (names, body, expected) in table {
        let tool = pages(&names);
        let given = if names == ["cursor"] { json!({"cursor": "c1"}) } else { json!({}) };
        assert_eq!(next(&tool, given, &[], &body), expected, "{names:?} {body}");
    }
}

#[test]
fn pages_and_offsets_are_counted_on() {
    let none: &[(&str, &str)] = &[];
    let table = [
        (vec!["page#"], json!({"page": 2}), none, json!({"total_pages": 3}), Some(json!({"page": 3}))),
        (vec!["page#"], json!({"page": 3}), none, json!({"total_pages": 3}), None),
        (vec!["page#"], json!({"page": 0}), none, json!({"total_pages": 3}), None),
        (
            vec!["page#"],
            json!({}),
            none,
            json!({"meta": {"current_page": 1, "last_page": 2}}),
            Some(json!({"page": 2})),
        ),
        (vec!["page#"], json!({}), none, json!({"total_pages": 3}), None),
        (vec!["page#"], json!({}), none, json!({"next_page": 2}), Some(json!({"page": 2}))),
        (vec!["page#"], json!({"page": 1}), none, json!({"has_more": true}), Some(json!({"page": 2}))),
        (vec!["page#"], json!({"page": 1}), none, json!([1, 2]), None),
        (vec!["page#"], json!({"page": 1}), &[("x-next-page", "2")], json!([1, 2]), Some(json!({"page": 2}))),
        (vec!["page#"], json!({"page": 1}), &[("x-next-page", "")], json!([1, 2]), None),
        (vec!["offset#"], json!({}), none, json!({"items": [1, 2], "total": 5}), Some(json!({"offset": 2}))),
        (
            vec!["offset#"],
            json!({"offset": 2}),
            none,
            json!({"items": [1, 2], "total": 5}),
            Some(json!({"offset": 4})),
        ),
        (vec!["offset#"], json!({"offset": 4}), none, json!({"items": [1], "total": 5}), None),
        (vec!["offset#"], json!({"offset": 9}), none, json!({"items": [], "total": 50}), None),
        (vec!["offset#"], json!({}), &[("x-total-count", "3")], json!([1, 2]), Some(json!({"offset": 2}))),
    ];
    for (names, given, told, body, expected) in table {
        assert_eq!(next(&pages(&names), given.clone(), told, &body), expected, "{given} {told:?} {body}");
    }
}

#[test]
fn only_calls_that_read_are_repeated_and_only_with_a_models_own_arguments() {
    let body = json!({"next_cursor": "c2"});
    let mut writes = pages(&["cursor"]);
    writes.plan.method = Method::POST;
    writes.annotations.read_only = false;
    assert_eq!(next(&writes, json!({}), &[], &body), None);

    let mut hidden = pages(&["cursor"]);
    hidden.plan.supplied =
        vec![SuppliedArgument { argument: ArgumentPath::key("cursor"), supply: Supply::Hidden }];
    assert_eq!(next(&hidden, json!({}), &[], &body), None);

    // Grouped arguments stay grouped.
    let argument = ArgumentPath(vec!["query".to_owned(), "cursor".to_owned()]);
    let query = vec![ParameterPlan { argument, ..optional("cursor", style(Style::Form, true)) }];
    let schema = json!({"type": "object", "properties": {
        "query": {"type": "object", "properties": {"cursor": {"type": "string"}}},
    }});
    let grouped = tool(OperationPlan { query, ..plan() }, &schema, None);
    assert_eq!(next(&grouped, json!({}), &[], &body), Some(json!({"query": {"cursor": "c2"}})));
}
