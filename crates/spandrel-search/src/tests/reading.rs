//! How text is read: words, stems, vocabulary, spelling.

use crate::action::Action;
use crate::schema_words::SchemaWords;
use crate::spelling;
use crate::stem::Stems;
use crate::stop_words::{is_stop_word, stop_words};
use crate::vocabulary::Vocabulary;
use crate::words::words;

#[test]
fn text_and_identifiers_are_cut_into_words() {
    let table = [
        ("listBooks", "list books"),
        ("list_books-by.author", "list books by author"),
        ("HTTPServer", "http server"),
        ("listSBOMs", "list sboms"),
        ("userIDs", "user ids"),
        ("oauth2Token", "oauth 2 token"),
        ("s3", "s3"),
        ("2fa", "2fa"),
        ("the user's files, don't", "the users files dont"),
        ("Größe ändern", "größe ändern"),
        ("", ""),
        ("--//..", ""),
    ];
    for (text, expected) in table {
        assert_eq!(words(text).join(" "), expected, "{text}");
    }
}

#[test]
fn words_of_one_stem_are_one() {
    let stems = Stems::english();
    for alike in
        [["repository", "repositories"], ["deleted", "deleting"], ["branch", "branches"], ["id", "ids"]]
    {
        assert_eq!(stems.stem(alike[0]), stems.stem(alike[1]), "{alike:?}");
    }
    for apart in [["user", "use"], ["dns", "dn"], ["team", "teamwork"]] {
        assert_ne!(stems.stem(apart[0]), stems.stem(apart[1]), "{apart:?}");
    }
}

fn stems_of(text: &str) -> Vec<String> {
    let stems = Stems::english();
    words(text).iter().map(|word| stems.stem(word)).collect()
}

#[test]
fn a_vocabulary_is_read_as_it_is_written() {
    let vocabulary = Vocabulary::read(
        "# A comment\nkick * out, expel -> remove^0.9 member @delete # the rest of the line\nrepo = repository\n",
    );
    let expel = vocabulary.meaning("expel").unwrap();
    assert_eq!(expel.terms, [("remov".to_owned(), 0.9), ("member".to_owned(), 0.7)]);
    assert_eq!(expel.action, Some(Action::Delete));
    assert_eq!(vocabulary.meaning("repo").unwrap().terms[0].0, "repositori");
    assert_eq!(vocabulary.meaning("kick"), None, "a phrase is not its first word");

    let table = [
        ("kick out", Some(vec![0, 1])),
        ("kicking that person out", Some(vec![0, 3])),
        ("kick one two three four out", None),
        ("kick", None),
    ];
    for (text, expected) in table {
        let found = vocabulary.phrase_at(&stems_of(text), 0).map(|found| found.positions);
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn the_longest_phrase_counts() {
    let vocabulary = Vocabulary::read("sign in -> login\nsign in again -> retry\n");
    let found = vocabulary.phrase_at(&stems_of("sign in again"), 0).unwrap();
    assert_eq!(found.meaning.terms[0].0, "retri");
}

/// Each line of the vocabulary of APIs means something: a slip in the file would go unnoticed otherwise.
#[test]
fn every_line_of_the_vocabulary_is_understood() {
    for line in include_str!("../vocabulary.txt").lines() {
        let line = line.split('#').next().unwrap().trim();
        if line.is_empty() {
            continue;
        }
        let (patterns, meaning) = line.split_once("->").unwrap_or((line, line));
        assert!(line.contains("->") || line.contains('='), "neither `->` nor `=`: {line}");
        assert!(patterns.split([',', '=']).all(|pattern| !pattern.trim().is_empty()), "{line}");
        for part in meaning.split_whitespace() {
            if let Some(action) = part.strip_prefix('@') {
                assert!(["read", "create", "update", "delete"].contains(&action), "{line}");
            } else if let Some((_, weight)) = part.split_once('^') {
                let weight: f32 = weight.parse().expect(line);
                assert!(weight > 0.0 && weight <= 1.0, "{line}");
            }
        }
    }
}

#[test]
fn misspelt_words_are_known_by_their_neighbours() {
    let mut known: Vec<Box<str>> =
        ["invoic", "repositori", "subscript", "user", "web", "hook"].map(Into::into).into();
    known.sort();
    let table = [
        ("invioc", Some("invoic")),
        ("repositri", Some("repositori")),
        ("subscirpt", Some("subscript")),
        ("usr", None),
        ("repo", None),
        ("xnvoic", None),
        ("zebra", None),
    ];
    for (word, expected) in table {
        assert_eq!(spelling::nearest(word, &known), expected, "{word}");
    }
    assert_eq!(spelling::split("webhook", &known), Some(("web", "hook")));
    assert_eq!(spelling::split("weblog", &known), None);
    assert_eq!(spelling::begun_by("repo", &known), ["repositori"]);
    assert_eq!(spelling::begun_by("we", &known), [""; 0]);
}

#[test]
fn schemas_give_names_descriptions_and_values() {
    let schema = r##"{"type": "object", "additionalProperties": false, "properties": {
        "state": {"enum": ["open", "closed", 1.5, null], "description": "Which ones"},
        "owner": {"$ref": "#/$defs/Owner"}, "any": true},
        "$defs": {"Owner": {"properties": {"login": {"const": "octo"}, "friend": {"$ref": "#/$defs/Owner"}}}}}"##;
    let read = SchemaWords::read(schema);
    assert!(
        ["state", "owner", "login", "friend"].iter().all(|name| read.names.iter().any(|own| own == name))
    );
    assert_eq!(read.texts, ["Which ones"]);
    assert!(["open", "closed", "octo"].iter().all(|value| read.values.iter().any(|own| own == value)));
    assert_eq!(SchemaWords::read("nonsense"), SchemaWords::default());
}

#[test]
fn stop_words_are_sorted() {
    assert!(stop_words().is_sorted(), "a binary search needs it");
    assert!(is_stop_word("the") && !is_stop_word("delete"));
}
