#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::{Position, position_of, positions_of};
use crate::location::Pointer;

fn at(text: &str, pointer: &str) -> Option<(usize, usize)> {
    let found = position_of(text.as_bytes(), &Pointer::from_escaped(pointer));
    found.map(|Position { line, column }| (line, column))
}

#[test]
fn json_values_have_the_place_of_their_key_or_start() {
    let text = "{\n  \"a\": [1, {\"b/c\": \"x\\\"\"}],\n  \"é\": {\"d\": null}, \"\\u0065\": true\n}";
    let rows = [
        ("", Some((1, 1))),
        ("/a", Some((2, 3))),
        ("/a/0", Some((2, 9))),
        ("/a/1", Some((2, 12))),
        ("/a/1/b~1c", Some((2, 13))),
        ("/é/d", Some((3, 9))),
        ("/e", Some((3, 21))),
        ("/a/7", Some((2, 3))),
        ("/a/1/none/deeper", Some((2, 12))),
        ("/none", Some((1, 1))),
    ];
    for (pointer, expected) in rows {
        assert_eq!(at(text, pointer), expected, "{pointer}");
    }
}

#[test]
fn yaml_values_have_the_place_of_their_key_or_start() {
    let text = "# c\na:\n  - 1\n  - b/c: |\n      x\n    d: &n {e: f}\ng: *n\n200: x\n";
    let rows = [
        ("", Some((2, 1))),
        ("/a", Some((2, 1))),
        ("/a/0", Some((3, 5))),
        ("/a/1", Some((4, 5))),
        ("/a/1/b~1c", Some((4, 5))),
        ("/a/1/d", Some((6, 5))),
        ("/a/1/d/e", Some((6, 12))),
        ("/g/e", Some((7, 1))),
        ("/200", Some((8, 1))),
        ("/none/x", Some((2, 1))),
    ];
    for (pointer, expected) in rows {
        assert_eq!(at(text, pointer), expected, "{pointer}");
    }
}

#[test]
fn repaired_lines_keep_their_columns() {
    let text = "a:\n  example: {\n  \"b\": 1,\n    \"c\": 2\n  }\n  d: 3\n";
    assert_eq!(at(text, "/a/example/b"), Some((3, 3)));
    assert_eq!(at(text, "/a/example/c"), Some((4, 5)));
    assert_eq!(at(text, "/a/d"), Some((6, 3)));
}

#[test]
fn the_last_of_two_keys_counts_and_a_byte_order_mark_does_not() {
    assert_eq!(at("{\"a\": 1,\n \"a\": 2}", "/a"), Some((2, 2)));
    assert_eq!(at("a: 1\na: 2\n", "/a"), Some((2, 1)));
    assert_eq!(at("\u{FEFF}{\"a\": 1}", "/a"), Some((1, 2)));
    assert_eq!(at("{a: 1, b: {c: 2}}", "/b/c"), Some((1, 12)));
}

#[test]
fn many_pointers_are_answered_in_their_order() {
    let pointers = ["/b", "/a", "/b/x", ""].map(Pointer::from_escaped);
    let wanted: Vec<&Pointer> = pointers.iter().collect();
    let lines = |text: &str| -> Vec<usize> {
        positions_of(text.as_bytes(), &wanted).into_iter().map(|found| found.unwrap().line).collect()
    };
    assert_eq!(lines("{\"a\": 1,\n\"b\":\n{\"x\": 1}}"), [2, 1, 3, 1]);
    assert_eq!(lines("a: 1\nb:\n  x: 1\n"), [2, 1, 3, 1]);
}

#[test]
fn broken_text_has_positions_as_far_as_it_can_be_read() {
    assert_eq!(position_of(b"\xFF\xFE", &Pointer::root()), None);
    assert_eq!(at("", "/a"), None);
    assert_eq!(at("{\"a\": ", "/a"), Some((1, 2)));
    assert_eq!(at("a: 1\nb: [\n", "/a"), Some((1, 1)));
    let deep = "[".repeat(200_000);
    let _ = at(&deep, "/0/0");
}
