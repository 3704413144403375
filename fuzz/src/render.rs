use std::sync::LazyLock;

use serde_json::{Map, Value};
use spandrel_plan::{CallErrorKind, Catalog, PathSegment, Tool};

use super::choices::Choices;
use super::compiled::catalog;
use super::generate;

static CATALOGS: LazyLock<[Catalog; 2]> = LazyLock::new(|| {
    [
        catalog(include_bytes!("../../specs/parameters.yaml")),
        catalog(include_bytes!("../../specs/bodies.yaml")),
    ]
});

/// Any arguments of a tool: what the validator accepts is rendered or refused by name, and changes
/// neither the host nor the number of path segments nor which headers there are.
///
/// The first two bytes choose the tool. The rest is the JSON text of the arguments; where it is not
/// an object, it chooses values that the schema may accept.
pub fn render(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let tools = choices.pick(CATALOGS.as_slice()).tools();
    let tool = choices.pick(tools);
    let Some(arguments) = arguments(tool, &mut choices) else { return };
    if tool.validate(&arguments).is_err() {
        return;
    }
    match tool.plan.render(&arguments) {
        Ok(request) => {
            assert_request(tool, &request);
            let again = tool.plan.render(&arguments).expect("it was rendered before");
            assert_eq!((request.uri(), request.body()), (again.uri(), again.body()));
        }
        Err(error) => {
            let is_named =
                matches!(error.kind, CallErrorKind::InvalidArguments | CallErrorKind::RequestNotRenderable);
            assert!(is_named && !error.message.is_empty(), "{error:?}");
        }
    }
}

fn arguments(tool: &Tool, choices: &mut Choices<'_>) -> Option<Map<String, Value>> {
    if let Ok(Value::Object(arguments)) = serde_json::from_slice(choices.rest()) {
        return Some(arguments);
    }
    let schema = tool.input_schema.to_value();
    match generate::instance(&schema, &schema["$defs"], choices, 8) {
        Value::Object(arguments) => Some(arguments),
        _ => None,
    }
}

fn assert_request(tool: &Tool, request: &http::Request<bytes::Bytes>) {
    let plan = &tool.plan;
    let base = plan.base.as_ref().expect("these documents name a server");
    let text = request.uri().to_string();
    let parsed = url::Url::parse(&text).expect("a URI is a URL");
    assert_eq!(parsed.host_str(), base.as_url().host_str(), "{text}");
    assert_eq!(parsed.port(), base.as_url().port(), "{text}");
    assert!(parsed.fragment().is_none() && parsed.username().is_empty(), "{text}");
    let literal = |segment: &PathSegment| match segment {
        PathSegment::Literal(text) => text.matches('/').count(),
        PathSegment::Variable(_) => 0,
    };
    let slashes = base.as_str().trim_start_matches("https://").matches('/').count()
        + plan.path.segments.iter().map(literal).sum::<usize>();
    assert_eq!(request.uri().path().matches('/').count(), slashes, "{text}");
    // A parser that resolves dots sees the same path.
    assert_eq!(parsed.path().matches('/').count(), slashes, "{text}");
    for name in request.headers().keys() {
        let is_planned = plan.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name.as_str()));
        let is_own = ["accept", "content-type", "cookie"].contains(&name.as_str());
        assert!(is_planned || is_own, "the header {name} comes from nowhere");
    }
}
