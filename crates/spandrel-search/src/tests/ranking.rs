//! What is found, and in which order.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::{bookshop, found, index};
use crate::{Filter, MAX_QUERY_CHARACTERS, MAX_RANKED, SearchIndex, SemanticIndex, VectorError};

#[test]
fn words_of_operations_are_found() {
    let index = bookshop();
    let table = [
        ("find books", "listBooks"),
        ("chnge the facts of a book", "changeBook"),
        ("look at one author", "getAuthor"),
        ("cancelOrder", "cancelOrder"),
        ("read the first pages", "readExcerpt"),
        ("/categories", "listCategories"),
    ];
    for (query, name) in table {
        assert_eq!(found(&index, query).first().map(String::as_str), Some(name), "{query}");
    }
}

#[test]
fn what_is_asked_for_tells_operations_on_one_thing_apart() {
    let index = bookshop();
    let table = [("add a new book", "addBook"), ("delete a book", "removeBook"), ("show a book", "getBook")];
    for (query, name) in table {
        let found = found(&index, query);
        assert!(found.iter().take(2).any(|found| found == name), "{query}: {found:?}");
    }
}

#[test]
fn nothing_is_found_where_nothing_is_shared() {
    let index = bookshop();
    for query in ["", "   ", "zzzz", "the of and", "🦀", "\0"] {
        assert_eq!(found(&index, query), [""; 0], "{query:?}");
    }
    assert!(index.search("find books", &Filter::default(), 0).is_empty());
    assert_eq!(
        found(&self::index("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}"), "books"),
        [""; 0]
    );
}

#[test]
fn filters_narrow() {
    let index = bookshop();
    let filter = |tags: &[&str], methods: &[&str]| Filter {
        tags: tags.iter().map(ToString::to_string).collect(),
        methods: methods.iter().map(ToString::to_string).collect(),
    };
    let orders = index.search("order", &filter(&["Orders"], &[]), 100);
    assert!(!orders.is_empty() && orders.iter().all(|found| found.tool.tags == ["orders"]));
    let reads = index.search("order", &filter(&["orders"], &["get"]), 100);
    assert!(!reads.is_empty() && reads.iter().all(|found| found.tool.operation.method == "GET"));
    assert!(index.search("order", &filter(&["no such tag"], &[]), 100).is_empty());
}

#[test]
fn a_long_request_is_read_as_far_as_its_bound() {
    let index = bookshop();
    let padding = "zz ".repeat(MAX_QUERY_CHARACTERS);
    assert_eq!(found(&index, &format!("{padding}find books")), [""; 0]);
    assert!(!found(&index, &format!("find books {padding}")).is_empty());
}

static BOOKSHOP: OnceLock<SearchIndex> = OnceLock::new();

proptest! {
    #[test]
    fn any_request_is_answered_in_order_and_the_same_each_time(query in "\\PC{0,200}", limit in 0_usize..300) {
        let index = BOOKSHOP.get_or_init(bookshop);
        let once = index.search(&query, &Filter::default(), limit);
        prop_assert!(once.len() <= limit.min(MAX_RANKED));
        prop_assert!(once.windows(2).all(|pair| pair[0].score >= pair[1].score));
        prop_assert!(once.iter().all(|found| found.score.is_finite() && found.score > 0.0));
        let names = |ranked: &[crate::Ranked<'_>]| -> Vec<String> {
            ranked.iter().map(|found| found.tool.name.clone()).collect()
        };
        prop_assert_eq!(names(&once), names(&index.search(&query, &Filter::default(), limit)));
    }
}

#[test]
fn nearness_of_meaning_counts_beside_words() {
    let index = bookshop();
    let tools = index.len();
    let place =
        index.passages().iter().position(|passage| passage.contains("The tree of categories")).unwrap();
    let vectors: Vec<Vec<f32>> =
        (0..tools).map(|tool| if tool == place { vec![0.0, 2.0] } else { vec![3.0, 0.0] }).collect();
    let semantic = SemanticIndex::new(index, &vectors).unwrap();
    let found = |query: &str, vector: &[f32]| -> Vec<String> {
        let ranked = semantic.search(query, vector, &Filter::default(), 2).unwrap();
        ranked.iter().map(|found| found.tool.name.clone()).collect()
    };
    assert_eq!(found("find books", &[0.0, 1.0]), ["listBooks", "listCategories"]);
    assert_eq!(found("zzzz", &[0.0, 0.5]), ["listCategories"], "without a word in common");
    let words = semantic.words().search("find books", &Filter::default(), 1);
    assert_eq!(words[0].tool.name, "listBooks");
}

#[test]
fn vectors_that_do_not_fit_are_refused() {
    let tools = bookshop().len();
    let error = |vectors: &[Vec<f32>]| SemanticIndex::new(bookshop(), vectors).err();
    assert_eq!(error(&[]), Some(VectorError::Number { vectors: 0, tools }));
    let mut vectors = vec![vec![1.0, 0.0]; tools];
    vectors[1] = vec![1.0];
    assert_eq!(error(&vectors), Some(VectorError::Dimension { found: 1, expected: 2 }));
    vectors[1] = vec![f32::NAN, 0.0];
    assert_eq!(error(&vectors), Some(VectorError::NotFinite));
    let semantic = SemanticIndex::new(bookshop(), &vec![vec![1.0, 0.0]; tools]).unwrap();
    let found = semantic.search("books", &[1.0], &Filter::default(), 5);
    assert_eq!(found.err(), Some(VectorError::Dimension { found: 1, expected: 2 }));
}

/// Requests for the documents of this repository, easy and less so, and the tools that serve them. A change
/// of a weight or of the vocabulary that loses some of them is one to look at.
#[test]
fn most_requests_find_their_tool_among_the_first_three() {
    let requests = [
        ("list the books", "listBooks"),
        ("which novels do you have", "listBooks"),
        ("put another title on the shelf", "addBook"),
        ("edit the price of a book", "changeBook"),
        ("get rid of a book", "removeBook"),
        ("details of one book", "getBook"),
        ("let me read a bit before I buy", "readExcerpt"),
        ("genres", "listCategories"),
        ("who wrote this", "getAuthor"),
        ("what did I buy lately", "listOrders"),
        ("buy two copies", "placeOrder"),
        ("I changed my mind, don't send it", "cancelOrder"),
        ("show me one purchase", "getOrder"),
        ("categories of books", "listCategories"),
    ];
    let index = bookshop();
    let served =
        |(query, name): &&(&str, &str)| found(&index, query).iter().take(3).any(|found| found == name);
    let number = requests.iter().filter(served).count();
    assert!(
        number >= 11,
        "{number} of {}: {:?}",
        requests.len(),
        requests.iter().filter(|r| !served(r)).collect::<Vec<_>>()
    );
}
