#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use spandrel_openapi::DocumentSet;
use spandrel_plan::ConfirmWhen;

use super::{Rule, RuleError, Selection};
use crate::{Options, compile};

const API: &str = r"
openapi: 3.1.0
info: {title: Library, version: '1'}
paths:
  /books:
    get: {operationId: listBooks, tags: [Books, Public], responses: {}}
    post: {operationId: addBook, tags: [Books], responses: {}}
  /books/{id}:
    get: {operationId: getBook, tags: [Books], deprecated: true, responses: {}}
    delete: {operationId: dropBook, tags: [Admin], responses: {}}
  /search:
    post: {operationId: findBooks, x-mcp: {readOnlyHint: true}, responses: {}}
  /v2/books:
    get: {responses: {}}
";

fn rules(texts: &[&str]) -> Vec<Rule> {
    texts.iter().map(|text| text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))).collect()
}

/// The operations that are chosen, by operationId or path, and the findings about rules.
fn chosen(selection: Selection) -> (Vec<String>, Vec<String>) {
    let set = DocumentSet::new("file:///library.yaml".parse().unwrap(), API.as_bytes()).unwrap();
    let compiled = compile(&set, &Options { selection, ..Options::default() });
    let name = |tool: &std::sync::Arc<spandrel_plan::Tool>| {
        tool.operation.operation_id.clone().unwrap_or_else(|| tool.operation.path.clone())
    };
    let unmatched = compiled
        .diagnostics
        .iter()
        .filter(|finding| finding.code == spandrel_openapi::Code::SelectionUnmatched)
        .map(|finding| finding.message.clone());
    (compiled.catalog.tools().iter().map(name).collect(), unmatched.collect())
}

#[test]
fn rules_choose_what_they_say() {
    let table: &[(&str, &[&str])] = &[
        ("tag:Books", &["listBooks", "addBook", "getBook"]),
        ("tag:Pub*", &["listBooks"]),
        ("tag~^(Admin|Public)$", &["listBooks", "dropBook"]),
        ("method:GET", &["listBooks", "getBook", "/v2/books"]),
        ("method:delete", &["dropBook"]),
        ("path:/books", &["listBooks", "addBook"]),
        ("path:/*", &["listBooks", "addBook", "findBooks"]),
        ("path:/books/{id}", &["getBook", "dropBook"]),
        ("path:/**", &["listBooks", "addBook", "getBook", "dropBook", "findBooks", "/v2/books"]),
        (r"path~^/v\d+/", &["/v2/books"]),
        (r"path~\{id\}$", &["getBook", "dropBook"]),
        ("operation:*Books", &["listBooks", "findBooks"]),
        ("operation~(?i)^LIST", &["listBooks"]),
        ("operationId~:|Book$", &["addBook", "getBook", "dropBook"]),
        ("deprecated", &["getBook"]),
        ("read-only", &["listBooks", "getBook", "findBooks", "/v2/books"]),
        ("destructive", &["addBook", "dropBook"]),
        ("idempotent", &["listBooks", "getBook", "dropBook", "/v2/books"]),
        ("open-world", &["listBooks", "addBook", "getBook", "dropBook", "findBooks", "/v2/books"]),
    ];
    for (rule, expected) in table {
        let (tools, unmatched) = chosen(Selection { include: rules(&[rule]), ..Selection::default() });
        assert_eq!(
            (tools.as_slice(), unmatched.as_slice()),
            (strings(expected).as_slice(), &[][..]),
            "{rule}"
        );
        let (rest, _) = chosen(Selection { exclude: rules(&[rule]), ..Selection::default() });
        assert_eq!(rest.len() + tools.len(), 6, "{rule}: what is excluded is what would be included");
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn exclusion_and_read_only_have_the_last_word_in_any_order() {
    let include = ["tag:Books", "destructive"];
    let exclude = ["deprecated", "path~/v2/"];
    let turned = |rules: &[&'static str]| -> Vec<&'static str> { rules.iter().rev().copied().collect() };
    for (include, exclude) in [(include.to_vec(), exclude.to_vec()), (turned(&include), turned(&exclude))] {
        let selection =
            Selection { include: rules(&include), exclude: rules(&exclude), ..Selection::default() };
        assert_eq!(chosen(selection.clone()).0, ["listBooks", "addBook", "dropBook"]);
        assert_eq!(chosen(Selection { read_only: true, ..selection }).0, ["listBooks"]);
    }
}

#[test]
fn rules_that_match_nothing_are_told() {
    let selection = Selection {
        include: rules(&["tag:books", "method:GET", "path~^/v3"]),
        exclude: rules(&["operation~^$"]),
        read_only: false,
    };
    let expected = ["tag:books", "path~^/v3", "operation~^$"];
    let (_, unmatched) = chosen(selection);
    assert_eq!(unmatched, expected.map(|rule| format!("the rule `{rule}` matches no operation")));
}

#[test]
fn rules_that_cannot_be_read_say_why() {
    for text in ["", "books", "title:x", "method~G.T", "deprecated:x", "readonly"] {
        assert_eq!(text.parse::<Rule>().unwrap_err(), RuleError::UnknownKind(text.to_owned()), "{text}");
    }
    let table = [
        ("tag:[", "`[` is not a glob: "),
        ("path~(", "`(` is not a regular expression: unclosed group"),
        ("path~\\w{100000}", "is not a regular expression: "),
    ];
    for (text, expected) in table {
        let message = text.parse::<Rule>().unwrap_err().to_string();
        assert!(message.contains(expected), "{text}: {message}");
    }
}

#[test]
fn rules_say_which_calls_a_person_agrees_to() {
    let api = API
        .replace("tags: [Admin]", "tags: [Admin], x-spandrel: {confirm: {when: never, message: Drop it?}}");
    let set = DocumentSet::new("file:///library.yaml".parse().unwrap(), api.as_bytes()).unwrap();
    let confirm = rules(&["method:DELETE", "operation:addBook", "tag:Nothing"]);
    let compiled = compile(&set, &Options { confirm, ..Options::default() });
    let asked: Vec<_> = compiled
        .catalog
        .tools()
        .iter()
        .filter_map(|tool| Some((tool.operation.operation_id.as_deref()?, tool.confirmation.as_ref()?)))
        .map(|(id, asked)| (id, asked.when, asked.message.as_deref(), asked.argument.as_deref()))
        .collect();
    // The operator comes before the document's `never`.
    let expected = [
        ("addBook", ConfirmWhen::Always, None, Some("confirmation")),
        ("dropBook", ConfirmWhen::Always, Some("Drop it?"), Some("confirmation")),
    ];
    assert_eq!(asked, expected);
    let add = compiled.catalog.get("addBook").unwrap();
    assert!(add.input_schema.as_str().contains("\"confirmation\""), "{}", add.input_schema.as_str());
    let unmatched = compiled.diagnostics.iter().map(|finding| finding.message.as_str());
    assert!(unmatched.into_iter().any(|message| message == "the rule `tag:Nothing` matches no operation"));
}
