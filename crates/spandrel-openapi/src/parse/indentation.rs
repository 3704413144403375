//! Indents what stands inside brackets and quotes as far as YAML wants it.
//!
//! YAML asks every line of a flow collection or quoted scalar to be indented deeper than the block
//! around it. Many documents close a bracket in the column of its key, and most parsers take that.
//! The one used here does not, so where it complains of indentation the text is repaired. Spaces
//! at the start of such lines mean nothing. Lines stay lines, so positions can be given back.

use std::collections::BTreeMap;

/// A bracket further right than this is not repaired, nor is a text that would grow by more than
/// its own size and this many bytes a thousand times.
const MAX_COLUMN: usize = 1000;

/// A text whose brackets and quotes are indented.
#[derive(Debug, Default)]
pub(crate) struct Repaired {
    pub(crate) text: String,
    /// By line, from one, how many spaces were put before it.
    added: BTreeMap<usize, usize>,
}

impl Repaired {
    /// The column of the text as it was written; lines and columns count from one.
    pub(crate) fn written_column(&self, line: usize, column: usize) -> usize {
        column.saturating_sub(self.added.get(&line).copied().unwrap_or(0)).max(1)
    }
}

/// The repaired text; none if there is nothing to repair.
pub(crate) fn repair(text: &str) -> Option<Repaired> {
    let bound = text.len().saturating_add(MAX_COLUMN * 1000);
    let mut repaired = Repaired { text: String::with_capacity(text.len()), added: BTreeMap::new() };
    let mut state = State::Block;
    let mut grown = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if let State::Inside { column, .. } = state
            && !line.trim().is_empty()
        {
            let wanted = (column + 1).saturating_sub(indent_of(line));
            grown += wanted;
            if column > MAX_COLUMN || grown > bound {
                return None;
            }
            if wanted > 0 {
                repaired.text.extend(std::iter::repeat_n(' ', wanted));
                repaired.added.insert(index + 1, wanted);
            }
        }
        repaired.text.push_str(line);
        state = state.after(line);
    }
    (!repaired.added.is_empty()).then_some(repaired)
}

/// What the next line stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Block,
    /// A `|` or `>` scalar of a node that starts in this column.
    BlockScalar {
        column: usize,
    },
    /// Brackets or quotes of a node that starts in this column.
    Inside {
        column: usize,
        depth: usize,
        quote: Option<char>,
    },
}

impl State {
    fn after(self, line: &str) -> Self {
        match self {
            Self::BlockScalar { column } if line.trim().is_empty() || indent_of(line) > column => self,
            Self::Block | Self::BlockScalar { .. } => after_block_line(line),
            Self::Inside { column, depth, quote } => inside(line.trim_start(), column, depth, quote),
        }
    }
}

/// What follows a line that stands in no scalar or bracket.
fn after_block_line(line: &str) -> State {
    let (column, value) = value_of(line);
    match value.chars().next() {
        Some('|' | '>') => State::BlockScalar { column },
        Some('{' | '[' | '"' | '\'') => inside(value, column, 0, None),
        _ => State::Block,
    }
}

/// The value on the line, behind `- `, `key: `, anchors and tags, with the column of the innermost
/// node that it belongs to.
fn value_of(line: &str) -> (usize, &str) {
    let mut column = indent_of(line);
    let mut rest = line.trim_start();
    while let Some(behind) = rest.strip_prefix("- ") {
        let trimmed = behind.trim_start_matches(' ');
        // What the dash is followed by may be an object; its keys stand here.
        if key_end(trimmed).is_some() {
            column += 2 + (behind.len() - trimmed.len());
        }
        rest = trimmed;
    }
    if let Some(behind) = key_end(rest) {
        rest = behind.trim_start();
    }
    while rest.starts_with(['&', '!']) {
        let Some((_, behind)) = rest.split_once([' ', '\t']) else { break };
        rest = behind.trim_start();
    }
    (column, rest.trim_end())
}

/// What stands behind the key and its colon.
fn key_end(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''));
    let behind_quotes = match quote {
        Some(quote) => text.get(1..)?.split_once(quote)?.1,
        None if text.starts_with(['{', '[', '#']) => return None,
        None => text,
    };
    let behind_colon = |text: &'_ str| {
        text.find(": ").or_else(|| text.trim_end().ends_with(':').then(|| text.rfind(':')).flatten())
    };
    let colon = behind_colon(behind_quotes)?;
    let right = quote.is_none() || behind_quotes.get(..colon)?.trim().is_empty();
    behind_quotes.get(colon + 1..).filter(|_| right)
}

/// What follows a line or rest of a line that stands in brackets or quotes.
fn inside(text: &str, column: usize, mut depth: usize, mut quote: Option<char>) -> State {
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some('"'), '\\') => {
                characters.next();
            }
            (Some('\''), '\'') if characters.peek() == Some(&'\'') => {
                characters.next();
            }
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(character),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => depth = depth.saturating_sub(1),
            (None, '#') if before.is_whitespace() => break,
            _ => {}
        }
        before = character;
    }
    if depth == 0 && quote.is_none() { State::Block } else { State::Inside { column, depth, quote } }
}

fn indent_of(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b' ').count()
}
