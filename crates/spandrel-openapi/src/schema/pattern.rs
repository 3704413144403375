//! Regular expressions: JSON Schema wants ECMA-262 with the `u` flag, documents hold many dialects.

use regress::Regex;

/// What becomes of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is valid as it is.
    Valid,
    /// It is valid written this way, and means what its author meant.
    Repaired(String),
    /// It cannot be read.
    Invalid,
}

/// Longer patterns are refused unread: a pattern is compiled for each client.
const LONGEST: usize = 4096;

pub(super) fn examine(pattern: &str) -> Verdict {
    if pattern.len() > LONGEST {
        return Verdict::Invalid;
    }
    if let Some(inner) = without_delimiters(pattern) {
        return match examine(inner) {
            Verdict::Valid => Verdict::Repaired(inner.to_owned()),
            other => other,
        };
    }
    if let Some(bounded) = without_huge_bounds(pattern) {
        return match examine(&bounded) {
            Verdict::Valid => Verdict::Repaired(bounded),
            other => other,
        };
    }
    if is_valid(pattern) {
        return Verdict::Valid;
    }
    let repaired = in_ecma_syntax(pattern);
    if is_valid(&repaired) { Verdict::Repaired(repaired) } else { Verdict::Invalid }
}

/// `{0,2147483648}` as `{0,}` and `{262144}` as `{1,}`: engines unroll such counts, or refuse them.
/// What is lost is the exact length of values that no model writes.
fn without_huge_bounds(pattern: &str) -> Option<String> {
    let mut text = String::with_capacity(pattern.len());
    let mut rest = pattern;
    let mut changed = false;
    while let Some((before, from)) = rest.split_once('{') {
        text.push_str(before);
        let count = from.split_once('}').map(|(count, _)| count).filter(|count| is_count(count));
        let is_huge = |number: &str| number.len() > 4;
        match count.map(|count| (count, count.split_once(',').unwrap_or((count, "")))) {
            Some((count, (least, most))) if is_huge(least) || is_huge(most) => {
                let least = if is_huge(least) { "1" } else { least };
                text.extend(["{", least, ",}"]);
                rest = from.get(count.len() + 1..).unwrap_or_default();
                changed = true;
            }
            _ => {
                text.push('{');
                rest = from;
            }
        }
    }
    text.push_str(rest);
    changed.then_some(text)
}

fn is_count(text: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (least, most) = text.split_once(',').unwrap_or((text, ""));
    !least.is_empty() && is_number(least) && is_number(most)
}

fn is_valid(pattern: &str) -> bool {
    Regex::with_flags(pattern, "u").is_ok()
}

/// `/^…$/`: a literal of JavaScript or Perl. As an expression it could never match.
fn without_delimiters(pattern: &str) -> Option<&str> {
    let inner = pattern.strip_prefix('/')?.strip_suffix('/')?;
    (inner.starts_with('^') || inner.ends_with('$')).then_some(inner)
}

/// Escapes that other dialects allow, and the `u` flag refuses, lose their backslash; `\A`, `\z`
/// and `\Z` become the anchors they stand for.
fn in_ecma_syntax(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    let mut in_class = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('A') if !in_class => text.push('^'),
                Some('z' | 'Z') if !in_class => text.push('$'),
                Some(escaped) if keeps_backslash(escaped, in_class) => {
                    text.push('\\');
                    text.push(escaped);
                }
                Some(escaped) => text.push(escaped),
                None => text.push_str("\\\\"),
            },
            '[' if in_class => text.push_str("\\["),
            '[' => {
                in_class = true;
                text.push('[');
            }
            ']' => {
                in_class = false;
                text.push(']');
            }
            other => text.push(other),
        }
    }
    text
}

fn keeps_backslash(escaped: char, in_class: bool) -> bool {
    escaped.is_ascii_alphanumeric() || "^$\\.*+?()[]{}|/".contains(escaped) || (in_class && escaped == '-')
}
