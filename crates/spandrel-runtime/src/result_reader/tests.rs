#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use http::request::Parts;
use serde_json::{Map, Value, json};
use spandrel_plan::{Api, Catalog, Content, JsonText, Outcome, Projection, ResponseShape, Structured, Tool};

use crate::test_plan::{tool, without_parameters};
use crate::{BackendFn, Bridge, CallContext, CallLimits, CallResult, Discovery, Hook, KeptLimits, Principal};

fn get(name: &str) -> Tool {
    tool(name, without_parameters(http::Method::GET, &format!("/{name}")))
}

fn catalog(names: &[&str]) -> Catalog {
    Catalog::new(Api::default(), names.iter().map(|name| get(name)).collect())
}

/// What the API answers at each path.
fn answer(path: &str) -> (&'static str, String) {
    let books: Vec<Value> =
        (0..1000).map(|id| json!({"id": id, "title": format!("The book of number {id}")})).collect();
    match path {
        "/books" => ("application/json", json!({"books": books, "next": "abc"}).to_string()),
        "/log" => {
            let lines: Vec<String> = (0..5000).map(|line| format!("line {line} of the log\n")).collect();
            ("text/plain", lines.concat())
        }
        // Many places where something is left out, with long names.
        "/places" => {
            let member = |number| (format!("{number}-{}", "Ünïcödé".repeat(8)), json!("word ".repeat(500)));
            ("application/json", Value::Object((0..30).map(member).collect()).to_string())
        }
        "/parts" => {
            let part = format!("--b\r\ncontent-type: text/plain\r\n\r\n{}\r\n", "word ".repeat(2000));
            ("multipart/mixed; boundary=b", format!("{}--b--", part.repeat(3)))
        }
        _ => ("application/json", "{\"few\":1}".to_owned()),
    }
}

fn builder(names: &[&str], limits: CallLimits) -> crate::BridgeBuilder {
    let backend = BackendFn(|request: &http::Request<Bytes>| {
        let (media_type, body) = answer(request.uri().path());
        http::Response::builder().header("content-type", media_type).body(Bytes::from(body)).unwrap()
    });
    Bridge::builder(catalog(names)).backend(backend).limits(limits)
}

fn bound(tokens: usize) -> CallLimits {
    CallLimits { result_tokens: Some(tokens), ..CallLimits::default() }
}

fn bridge(tokens: usize) -> Bridge {
    builder(&["books", "log", "few"], bound(tokens)).build().unwrap()
}

/// A request of that caller.
fn of_caller(name: &str) -> Parts {
    let (mut parts, ()) = http::Request::new(()).into_parts();
    parts.extensions.insert(Principal::new(name));
    parts
}

async fn call_from(bridge: &Bridge, tool: &str, arguments: Value, request: Option<Parts>) -> Outcome {
    let Value::Object(arguments) = arguments else { panic!("{arguments}") };
    bridge.call_from(tool, arguments, request).await.unwrap()
}

async fn call(bridge: &Bridge, tool: &str, arguments: Value) -> Outcome {
    call_from(bridge, tool, arguments, None).await
}

fn texts(outcome: &Outcome) -> Vec<&str> {
    let texts = outcome.content.iter();
    texts.map(|content| if let Content::Text(text) = content { text.as_str() } else { "" }).collect()
}

fn uri(outcome: &Outcome) -> String {
    outcome.truncated[0].uri.clone().unwrap()
}

#[tokio::test]
async fn a_long_result_is_shortened_and_read_to_its_end() {
    let bridge = bridge(1000);
    let outcome = call(&bridge, "books", json!({})).await;
    let [shown, note] = texts(&outcome)[..] else { panic!("{outcome:?}") };
    assert!(spandrel_tokens::count(shown) + spandrel_tokens::count(note) <= 1000);
    let Some(Structured::Object(structured)) = &outcome.structured else { panic!("{outcome:?}") };
    assert_eq!(structured.as_str(), shown);
    let shown: Value = serde_json::from_str(shown).unwrap();
    assert_eq!(shown["next"], "abc");
    let first = &outcome.truncated[0].left_out[0];
    let here =
        format!("with uri \"{}\" and:\n- pointer \"/books\", offset {}: ", uri(&outcome), first.offset);
    assert!(note.starts_with("The result is longer than 1000 tokens") && note.contains(&here), "{note}");

    let mut books = shown["books"].as_array().unwrap().clone();
    while books.len() < 1000 {
        let arguments = json!({"uri": uri(&outcome), "pointer": "/books", "offset": books.len()});
        let part = call(&bridge, "read_result", arguments).await;
        let tokens: usize = texts(&part).into_iter().map(spandrel_tokens::count).sum();
        assert!(tokens <= 1000, "{tokens}");
        let more: Vec<Value> = serde_json::from_str(texts(&part)[0]).unwrap();
        assert!(!more.is_empty());
        books.extend(more);
        assert_eq!(part.truncated.is_empty(), books.len() == 1000);
    }
    let whole: Value = serde_json::from_str(&answer("/books").1).unwrap();
    assert_eq!(json!(books), whole["books"]);
}

#[tokio::test]
async fn text_is_read_on_at_the_line_where_it_ended() {
    let bridge = bridge(1000);
    let outcome = call(&bridge, "log", json!({})).await;
    assert!(texts(&outcome)[0].ends_with("of the log\n"));
    let offset = outcome.truncated[0].left_out[0].offset;
    assert_eq!(offset, texts(&outcome)[0].len());
    let id = uri(&outcome).rsplit('/').next().unwrap().to_owned();
    let next = call(&bridge, "read_result", json!({"uri": id, "offset": offset, "limit": 10})).await;
    assert!(texts(&next)[0].starts_with("line ") && texts(&next)[0].len() == 10, "{next:?}");
}

#[tokio::test]
async fn short_results_are_as_they_are_and_some_bridges_have_no_bound() {
    let outcome = call(&bridge(1000), "few", json!({})).await;
    assert_eq!((texts(&outcome), outcome.truncated.len()), (vec!["{\"few\":1}"], 0));
    let limits = CallLimits { result_tokens: None, ..CallLimits::default() };
    let unbound = builder(&["books"], limits).build().unwrap();
    assert_eq!(texts(&call(&unbound, "books", json!({})).await), [answer("/books").1]);
    assert_eq!((unbound.tool_count(), unbound.instructions()), (1, None));
    // Nothing is shortened where there are no operations.
    assert_eq!(builder(&[], bound(1000)).build().unwrap().tool_count(), 0);
}

#[tokio::test]
async fn what_is_kept_is_its_callers() {
    let bridge = bridge(1000);
    let uri = uri(&call_from(&bridge, "books", json!({}), Some(of_caller("ann"))).await);
    let own =
        call_from(&bridge, "read_result", json!({"uri": uri, "pointer": "/next"}), Some(of_caller("ann")))
            .await;
    assert_eq!((texts(&own), own.is_error), (vec!["abc"], false));
    for request in [Some(of_caller("bob")), None] {
        let refused = call_from(&bridge, "read_result", json!({"uri": uri}), request).await;
        assert!(
            refused.is_error && texts(&refused)[0].starts_with("There is no such result. "),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn a_part_that_is_not_there_is_an_error() {
    let bridge = bridge(1000);
    let uri = uri(&call(&bridge, "books", json!({})).await);
    for (arguments, expected) in [
        (json!({"uri": uri, "pointer": "/books/1000"}), "the last value on its way is at \"/books\""),
        (json!({"uri": uri, "pointer": "/books", "offset": 1000}), "there are 1000"),
        (json!({"uri": "spandrel://results/0"}), "repeat it"),
    ] {
        let refused = call(&bridge, "read_result", arguments).await;
        assert!(refused.is_error && texts(&refused)[0].contains(expected), "{refused:?}");
    }
    let wrong = bridge.call("read_result", Map::new()).await.unwrap_err();
    assert_eq!(wrong.kind, spandrel_plan::CallErrorKind::InvalidArguments);
}

/// Takes the titles out of every result.
struct Redaction;

impl Hook for Redaction {
    fn after_call<'a>(&'a self, _: &'a CallContext, result: &'a mut CallResult) -> BoxFuture<'a, ()> {
        if let Ok(Outcome { content, .. }) = result
            && let Some(Content::Text(text)) = content.first_mut()
        {
            *text = text.replace("The book", "***");
        }
        ready(()).boxed()
    }
}

#[tokio::test]
async fn what_a_hook_took_out_is_not_kept() {
    let bridge = builder(&["books"], bound(1000)).hook(Redaction).build().unwrap();
    let uri = uri(&call(&bridge, "books", json!({})).await);
    let kept = bridge.kept_result(&uri, None).unwrap();
    let kept = std::str::from_utf8(&kept.data).unwrap();
    assert!(kept.contains("*** of number 999") && !kept.contains("The book"), "{kept}");
}

#[tokio::test]
async fn what_is_not_kept_is_told() {
    let limits =
        CallLimits { kept_results: KeptLimits { bytes: 10, ..KeptLimits::default() }, ..bound(1000) };
    let outcome = call(&builder(&["books"], limits).build().unwrap(), "books", json!({})).await;
    assert_eq!(outcome.truncated[0].uri, None);
    assert!(texts(&outcome)[1].contains("arguments that ask for less"), "{outcome:?}");
}

#[tokio::test]
async fn the_tool_is_small_and_has_a_name_of_its_own() {
    let bridge = builder(&["read_result", "books"], bound(1000)).discovery(Discovery::new()).build().unwrap();
    assert_eq!(texts(&call(&bridge, "read_result", json!({})).await), ["{\"few\":1}"]);
    let instructions = bridge.instructions().unwrap();
    assert!(instructions.ends_with("`read_result_2` reads the rest."), "{instructions}");
    let uri = uri(&call(&bridge, "call_operation", json!({"name": "books"})).await);
    let read = call(&bridge, "read_result_2", json!({"uri": uri, "pointer": "/next"})).await;
    assert_eq!(texts(&read), ["abc"]);
    let (with, without) = (builder(&["books"], bound(1000)), CallLimits { result_tokens: None, ..bound(0) });
    let without = builder(&["books"], without).build().unwrap();
    let tokens = with.build().unwrap().list_tokens() - without.list_tokens();
    assert!(tokens < 150, "{tokens}");
}

/// A bridge whose tool `books` has that shape.
fn shaped(shape: ResponseShape, limits: CallLimits) -> Bridge {
    let argument = shape.argument.clone();
    let mut tool = get("books");
    if let Some(argument) = argument {
        let fields = json!({"type": "array", "items": {"type": "string"}});
        tool.input_schema =
            JsonText::from_value(&json!({"type": "object", "properties": {argument: fields}}));
    }
    tool.response_shape = Some(shape);
    let catalog = Catalog::new(Api::default(), vec![tool]);
    let backend = BackendFn(|request: &http::Request<Bytes>| {
        assert_eq!(request.uri().query(), None, "what the model wants shown is not sent");
        let (media_type, body) = answer("/books");
        http::Response::builder().header("content-type", media_type).body(Bytes::from(body)).unwrap()
    });
    Bridge::builder(catalog).backend(backend).limits(limits).build().unwrap()
}

fn chosen(max_items: Option<u32>, argument: Option<&str>) -> ResponseShape {
    let projection = Some(Projection::Fields(vec!["books.id".to_owned()]));
    let argument = argument.map(str::to_owned);
    ResponseShape { projection: projection.filter(|_| max_items.is_some()), max_items, argument }
}

#[tokio::test]
async fn an_authors_choice_is_shown_and_the_rest_is_kept() {
    let bridge = shaped(chosen(Some(2), Some("result_fields")), bound(1000));
    let outcome = call(&bridge, "books", json!({})).await;
    let [shown, note] = texts(&outcome)[..] else { panic!("{outcome:?}") };
    assert_eq!(shown, r#"{"books":[{"id":0},{"id":1}]}"#);
    let told = "Only these fields of the result are shown: books.id. Only the first 2 of 1000 items at /books are \
                shown. Another call with `result_fields`: [\"*\"] shows everything. `read_result` reads";
    assert!(note.starts_with(told), "{note}");
    let uri = note.split('"').nth(3).unwrap();
    let next = call(&bridge, "read_result", json!({"uri": uri, "pointer": "/next"})).await;
    assert_eq!(texts(&next), ["abc"]);
    let unbound = CallLimits { result_tokens: None, ..CallLimits::default() };
    let asked = call(&shaped(chosen(Some(2), Some("f")), unbound), "books", json!({"f": ["*"]})).await;
    assert_eq!(texts(&asked), [answer("/books").1]);
}

#[tokio::test]
async fn a_model_chooses_and_a_wrong_choice_sends_nothing() {
    let bridge = shaped(chosen(None, Some("f")), bound(1000));
    assert_eq!(texts(&call(&bridge, "books", json!({"f": ["next"]})).await), [r#"{"next":"abc"}"#]);
    let missing = call(&bridge, "books", json!({"f": ["next", "books.nmae"]})).await;
    assert!(texts(&missing)[1].starts_with("The result has no books.nmae."), "{missing:?}");
    let Value::Object(wrong) = json!({"f": ["a..b"]}) else { panic!() };
    let error = bridge.call("books", wrong).await.unwrap_err();
    assert!(error.message.starts_with("Nothing was sent: `f`: `a..b` is no field"), "{error}");
    // What the model chose is bound, too.
    let long = call(&bridge, "books", json!({"f": ["books.title"]})).await;
    assert!(spandrel_tokens::count(texts(&long)[0]) <= 1000 && !uri(&long).is_empty());
}

#[tokio::test]
async fn words_about_what_is_left_out_are_within_the_bound() {
    let bridge = builder(&["places", "parts"], bound(1000)).build().unwrap();
    for (name, shortened) in [("places", 1), ("parts", 3)] {
        let outcome = call(&bridge, name, json!({})).await;
        assert_eq!(outcome.truncated.len(), shortened, "{outcome:?}");
        let tokens: usize = texts(&outcome).into_iter().map(spandrel_tokens::count).sum();
        assert!((600..=1000).contains(&tokens), "{name}: {tokens}");
    }
}
