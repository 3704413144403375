//! Telling how the next page of an answer is got.

use http::{HeaderMap, Uri};
use serde_json::{Map, Value};
use spandrel_plan::{AnsweredCall, Content, NextPage, Outcome, Tool};

/// Says with which arguments the next page is got, where there is one.
pub(super) fn tell(
    outcome: &mut Outcome,
    tool: &Tool,
    uri: &Uri,
    arguments: &Map<String, Value>,
    headers: &HeaderMap,
) {
    if outcome.is_error {
        return;
    }
    let json = outcome.content.iter().find_map(|content| match content {
        Content::Text(text) if text.trim_start().starts_with(['{', '[']) => Some(text.as_str()),
        _ => None,
    });
    let Some(next) = tool.next_page(&AnsweredCall { uri, arguments, headers, json }) else { return };
    outcome.content.push(Content::Text(words(&next)));
    outcome.next_page = Some(next);
}

fn words(next: &NextPage) -> String {
    // Writing a map with text for keys cannot fail.
    let arguments = serde_json::to_string(&next.arguments).unwrap_or_default();
    let left_out: Vec<String> = next.left_out.iter().map(|name| format!("`{name}`")).collect();
    let without =
        if left_out.is_empty() { String::new() } else { format!(", without {}", left_out.join(", ")) };
    format!("There is more: for the next page, make the same call with {arguments}{without}.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;
    use spandrel_plan::{ArgumentPath, JsonText, ParameterPlan, Serialization, Style};

    use super::*;
    use crate::test_plan::without_parameters;

    #[test]
    fn a_link_is_told_as_arguments_and_a_failure_has_no_next_page() {
        let mut plan = without_parameters(http::Method::GET, "/books");
        plan.query = vec![ParameterPlan {
            name: "page".to_owned(),
            argument: ArgumentPath::key("page"),
            required: false,
            serialization: Serialization::Style { style: Style::Form, explode: true, allow_reserved: false },
        }];
        let mut tool = crate::test_plan::tool("books", plan);
        tool.input_schema =
            JsonText::from_value(&json!({"type": "object", "properties": {"page": {"type": "integer"}}}));
        let mut headers = HeaderMap::new();
        headers.insert("link", "<?page=2>; rel=\"next\"".parse().unwrap());
        let uri: Uri = "http://api.test/books".parse().unwrap();
        for (is_error, expected) in [(false, Some(json!({"page": 2}))), (true, None)] {
            let mut outcome = Outcome { is_error, ..Outcome::text("<books/>") };
            tell(&mut outcome, &tool, &uri, &Map::new(), &headers);
            let next = outcome.next_page.map(|next| Value::Object(next.arguments));
            assert_eq!(
                (next, outcome.content.len()),
                (expected.clone(), 1 + usize::from(expected.is_some()))
            );
        }
    }
}
