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
    if let Some((inner, flags)) = without_delimiters(pattern) {
        // JSON Schema has no flags. Without these, an expression would refuse what it should accept.
        if flags.contains(['i', 'x', 's', 'm']) {
            return Verdict::Invalid;
        }
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

/// `/^…$/`, `/^…$/i`: a literal of JavaScript or Perl, with its flags. As an expression it could never
/// match.
fn without_delimiters(pattern: &str) -> Option<(&str, &str)> {
    let (inner, flags) = pattern.strip_prefix('/')?.rsplit_once('/')?;
    let are_flags = flags.len() <= 8 && flags.bytes().all(|byte| byte.is_ascii_lowercase());
    (are_flags && (inner.starts_with('^') || inner.ends_with('$'))).then_some((inner, flags))
}

/// What other dialects write, and ECMA-262 without the `u` flag, in the syntax of the `u` flag:
/// escapes that stand for their character lose the backslash; `\A`, `\z` and `\Z` become the anchors
/// they stand for; `(?P<…>` becomes `(?<…>`; brackets, braces and hyphens that stand for themselves get
/// a backslash.
fn in_ecma_syntax(pattern: &str) -> String {
    let mut rewriter =
        Rewriter { rest: pattern, text: String::with_capacity(pattern.len() + 8), after: After::Nothing };
    let mut in_class = false;
    while let Some(character) = rewriter.next() {
        in_class = match character {
            '\\' => {
                rewriter.escape(in_class);
                in_class
            }
            _ if in_class => rewriter.in_class(character),
            _ => rewriter.outside(character),
        };
    }
    rewriter.text
}

/// What stands before the next character, as far as it matters.
#[derive(PartialEq, Eq)]
enum After {
    Nothing,
    /// An escape that stands for a set of characters, and so begins no range.
    SetEscape,
    Other,
}

struct Rewriter<'p> {
    rest: &'p str,
    text: String,
    after: After,
}

impl Rewriter<'_> {
    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    fn escape(&mut self, in_class: bool) {
        self.after = After::Other;
        match self.next() {
            Some('A') if !in_class => self.text.push('^'),
            Some('z' | 'Z') if !in_class => self.text.push('$'),
            Some(escaped) if keeps_backslash(escaped, in_class) => {
                self.text.extend(['\\', escaped]);
                if "dDsSwWpP".contains(escaped) {
                    self.after = After::SetEscape;
                }
                // `\p{L}`, `\u{1F600}`: the braces belong to the escape.
                if "pPu".contains(escaped)
                    && let Some((name, rest)) =
                        self.rest.split_once('}').filter(|(name, _)| name.starts_with('{'))
                {
                    self.text.extend([name, "}"]);
                    self.rest = rest;
                }
            }
            Some(escaped) => self.text.push(escaped),
            None => self.text.push_str("\\\\"),
        }
    }

    /// Writes a character of a class; whether the class goes on.
    fn in_class(&mut self, character: char) -> bool {
        let before_set = || {
            let mut characters = self.rest.chars();
            characters.next() == Some('\\') && characters.next().is_some_and(|next| "dDsSwW".contains(next))
        };
        match character {
            '[' => self.text.push_str("\\["),
            '-' if !self.rest.starts_with(']') && (self.after == After::SetEscape || before_set()) => {
                self.text.push_str("\\-");
            }
            other => self.text.push(other),
        }
        self.after = After::Other;
        character != ']'
    }

    /// Writes a character outside a class; whether it begins one.
    fn outside(&mut self, character: char) -> bool {
        let follows_atom = self.after != After::Nothing;
        self.after = if "(|^".contains(character) { After::Nothing } else { After::Other };
        match character {
            '{' => match self.rest.split_once('}').filter(|(count, _)| follows_atom && is_count(count)) {
                Some((count, rest)) => {
                    self.text.extend(["{", count, "}"]);
                    self.rest = rest;
                }
                None => self.text.push_str("\\{"),
            },
            '}' => self.text.push_str("\\}"),
            ']' => self.text.push_str("\\]"),
            '(' => {
                self.text.push('(');
                if let Some(rest) = self.rest.strip_prefix("?P<") {
                    self.text.push_str("?<");
                    self.rest = rest;
                }
            }
            other => self.text.push(other),
        }
        character == '['
    }
}

fn keeps_backslash(escaped: char, in_class: bool) -> bool {
    escaped.is_ascii_alphanumeric() || "^$\\.*+?()[]{}|/".contains(escaped) || (in_class && escaped == '-')
}
