//! Arguments that a tool accepts make a request, but for what cannot be sent safely, which is said.
#![allow(clippy::disallowed_methods, reason = "tests read files")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};
use spandrel_compiler::{Options, compile};
use spandrel_openapi::DocumentSet;
use spandrel_plan::{CallErrorKind, Tool};
use spandrel_selftest::samples;
use url::Url;

/// What JSON Schema has no words for, or documents do not say: why a value that the schema accepts is refused.
const REFUSALS: [&str; 12] = [
    // Of paths.
    "must not be empty",
    "is a step to another path",
    // Of headers, and of cookies that are sent as they are.
    "must not hold",
    // Of objects whose members become parameters or fields.
    "would be read as",
    "unknown; use the argument",
    // Of files.
    "a file",
    "not valid base64",
    "a data URI without a comma",
    "is no media type",
    // Of XML.
    "cannot hold control characters",
    "cannot be the name of an XML element",
    // Of several media types, where the one that was chosen fits another body.
    "the body is none of",
];

/// A tool of `specs/`, with arguments that it accepts.
struct Called {
    tool: Arc<Tool>,
    arguments: Map<String, Value>,
}

static CALLED: LazyLock<Vec<Called>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs").canonicalize().unwrap();
    let mut specs: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    specs.retain(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "json"));
    specs.sort();
    let tools = specs.iter().flat_map(|path| {
        let set =
            DocumentSet::new(Url::from_file_path(path).unwrap(), &std::fs::read(path).unwrap()).unwrap();
        compile(&set, &Options::default()).catalog.tools().to_vec()
    });
    let called = tools.flat_map(|tool| {
        let given = samples(&tool).into_iter().filter_map(|given| given.arguments.ok());
        given.map(|arguments| Called { tool: Arc::clone(&tool), arguments }).collect::<Vec<_>>()
    });
    called.collect()
});

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => any::<String>().prop_map(Value::from),
        4 => "[./%2eE;&=#?,\\\\ \r\n\"<>a\u{0}]{0,8}".prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(|number| json!(number)),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => Just(json!([])),
        1 => Just(json!({})),
        2 => ("[\\[\\]a-z&= ]{0,6}", any::<String>()).prop_map(|(name, text)| json!({name: text})),
        2 => prop::collection::vec(any::<String>().prop_map(Value::from), 0..3).prop_map(Value::from),
    ]
}

/// Puts `value` somewhere into the arguments: in the place of something, or beside it.
fn put(arguments: &mut Map<String, Value>, places: &[Index], value: Value) {
    let Some((first, rest)) = places.split_first().filter(|_| !arguments.is_empty()) else {
        arguments.insert("added".to_owned(), value);
        return;
    };
    let key = arguments.keys().nth(first.index(arguments.len())).unwrap().clone();
    match (&mut arguments[&key], rest.split_first()) {
        (Value::Object(members), Some(_)) => put(members, rest, value),
        (Value::Array(items), Some((index, _))) if !items.is_empty() => {
            let index = index.index(items.len());
            items[index] = value;
        }
        (place, _) => *place = value,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn what_validates_renders(
        called in any::<Index>(),
        changes in prop::collection::vec((prop::collection::vec(any::<Index>(), 0..4), any_value()), 0..4),
    ) {
        let Called { tool, arguments } = called.get(&CALLED);
        let mut arguments = arguments.clone();
        for (places, value) in changes {
            let before = arguments.clone();
            put(&mut arguments, &places, value);
            // A change that the schema refuses tells nothing: the others are kept.
            if tool.validate(&arguments).is_err() {
                arguments = before;
            }
        }
        if let Err(error) = tool.plan.render(&arguments) {
            prop_assert_eq!(error.kind, CallErrorKind::InvalidArguments, "{}: {}", tool.name, error);
            let is_listed = REFUSALS.iter().any(|refusal| error.message.contains(refusal));
            prop_assert!(is_listed, "{}: {}\n{}", tool.name, error, Value::Object(arguments));
        }
    }
}

#[test]
fn there_is_something_to_call() {
    assert!(CALLED.len() > 100, "{}", CALLED.len());
}
