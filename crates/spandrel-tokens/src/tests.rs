#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::{LONGEST_TOKEN, count, fits, pieces::pieces, vocabulary};

/// What another implementation counts.
fn judged(text: &str) -> usize {
    tiktoken_rs::o200k_base_singleton().encode_ordinary(text).len()
}

#[test]
fn counts_as_tiktoken_does() {
    let table = [
        "",
        " ",
        "a",
        "Hello, world!",
        "  two spaces, then\n\n  a paragraph \t\r\n ",
        "   ",
        "don't DON'T we'll it'S I'\u{17F}",
        "12345678 1.10 0x1F 1e-9",
        r#"{"type":"object","properties":{"petId":{"type":"integer","format":"int64"}}}"#,
        "https://api.example.com/v1/pets/{petId}/photos?limit=10",
        "snake_case camelCase PascalCase SCREAMING_CASE kebab-case",
        "Größe 価格は千円です Ελλάδα שלום 🦀👩‍👩‍👧‍👦 e\u{301}",
        "<|endoftext|> is text like any other",
        "\u{3000}ideographic\u{a0}space\u{85}",
        "\0\u{1}\u{7f}",
    ];
    for text in table {
        assert_eq!(count(text), judged(text), "{text:?}");
    }
}

#[test]
fn a_long_piece_takes_a_time_near_its_length() {
    for text in ["a".repeat(200_000), "ab".repeat(100_000), " ".repeat(200_000), "語".repeat(50_000)] {
        let tokens = count(&text);
        assert!((text.len() / LONGEST_TOKEN..text.len()).contains(&tokens), "{tokens}");
    }
}

#[test]
fn no_token_is_longer_than_is_said() {
    let longest = " ".repeat(LONGEST_TOKEN);
    assert!(vocabulary::rank(longest.as_bytes()).is_some());
    assert_eq!(count(&format!("{longest}{longest}")), judged(&format!("{longest}{longest}")));
    assert!((0..199_998).all(|rank| {
        let token = tiktoken_rs::o200k_base_singleton().decode_bytes(&[rank]).unwrap();
        token.len() <= LONGEST_TOKEN && vocabulary::rank(&token) == Some(rank)
    }));
}

proptest! {
    #[test]
    fn any_text_counts_as_tiktoken_counts_it(text in any::<String>()) {
        prop_assert_eq!(count(&text), judged(&text));
    }

    #[test]
    fn words_count_as_tiktoken_counts_them(
        words in prop::collection::vec("[ \\t\\n]{0,3}([a-zA-Z]{1,12}|[0-9]{1,8}|[{}\",:/_-]{1,4}|'[a-z]{1,2}|[À-ʯ]{1,5}|[一-丏]{1,4})", 0..40)
    ) {
        let text = words.concat();
        prop_assert_eq!(count(&text), judged(&text));
        prop_assert_eq!(pieces(&text).collect::<String>(), text);
    }

    #[test]
    fn what_fits_is_what_counts_no_more(text in "[a-z {}\":,]{0,200}", limit in 0_usize..120) {
        prop_assert_eq!(fits(&text, limit), count(&text) <= limit);
    }
}
