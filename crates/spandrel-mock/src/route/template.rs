//! Path templates.

use crate::percent::{Octet, octets};

/// A path template, read for matching.
#[derive(Debug)]
pub(super) struct Template {
    segments: Vec<Vec<Piece>>,
    query: Vec<QueryLiteral>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Text, as the bytes it stands for.
    Text(Vec<u8>),
    Variable(String),
}

/// `name=value` in a template, or `name` alone.
#[derive(Debug)]
struct QueryLiteral {
    name: String,
    value: Option<Vec<Piece>>,
}

/// How well a template fits: what the query names, then what each segment is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    query: usize,
    segments: Vec<Specificity>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Specificity {
    Variable,
    /// With this many bytes of text.
    Mixed(usize),
    Text,
}

type Variables = Vec<(String, String)>;

impl Template {
    pub(super) fn new(base: &str, path: &str) -> Self {
        let (path, query) = cut(path);
        let separator = if path.starts_with('/') { "" } else { "/" };
        let whole = format!("{base}{separator}{path}");
        let segments =
            split_outside_braces(&whole, '/').into_iter().skip(1).map(|text| pieces(&text)).collect();
        let literals =
            query.split('&').filter(|pair| !pair.is_empty()).map(|pair| match pair.split_once('=') {
                Some((name, value)) => QueryLiteral { name: name.to_owned(), value: Some(pieces(value)) },
                None => QueryLiteral { name: pair.to_owned(), value: None },
            });
        Self { segments, query: literals.collect() }
    }

    pub(super) const fn segment_count(&self) -> usize {
        self.segments.len()
    }

    pub(super) fn query_names(&self) -> Vec<String> {
        self.query.iter().map(|literal| literal.name.clone()).collect()
    }

    /// The rank and the variables' raw texts, when `segments` and `query` fit.
    pub(super) fn matches(&self, segments: &[&str], query: Option<&str>) -> Option<(Rank, Variables)> {
        let mut variables = Vec::new();
        let mut ranks = Vec::with_capacity(segments.len());
        for (template, segment) in self.segments.iter().zip(segments) {
            match_pieces(template, segment, &mut variables)?;
            ranks.push(specificity(template));
        }
        for literal in &self.query {
            literal.matches(query.unwrap_or_default(), &mut variables)?;
        }
        Some((Rank { query: self.query.len(), segments: ranks }, variables))
    }

    /// How many texts of the template stand in `segments`, wherever: most often it is the server's
    /// path that is wrong. For suggestions only.
    pub(super) fn likeness(&self, segments: &[&str]) -> usize {
        let asked = |text: &[u8]| segments.iter().any(|segment| segment.as_bytes() == text);
        let same = self
            .segments
            .iter()
            .filter(|pieces| matches!(pieces.as_slice(), [Piece::Text(text)] if asked(text)));
        let same = same.count();
        if same > 0 { same * 4 + usize::from(self.segments.len() == segments.len()) } else { 0 }
    }
}

impl QueryLiteral {
    fn matches(&self, query: &str, variables: &mut Variables) -> Option<()> {
        let named = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        named.filter(|(name, _)| *name == self.name).find_map(|(_, raw)| match &self.value {
            None => Some(()),
            Some(template) if template.is_empty() => raw.is_empty().then_some(()),
            Some(template) => match_pieces(template, raw, variables),
        })
    }
}

/// The path and the query of a template; its fragment only tells it apart from others.
fn cut(path: &str) -> (String, String) {
    let path = split_outside_braces(path, '#').into_iter().next().unwrap_or_default();
    let mut halves = split_outside_braces(&path, '?').into_iter();
    (halves.next().unwrap_or_default(), halves.collect::<Vec<_>>().join("?"))
}

fn split_outside_braces(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut in_braces = false;
    for character in text.chars() {
        match character {
            '{' => in_braces = true,
            '}' => in_braces = false,
            _ => {}
        }
        if character == separator && !in_braces {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(character);
        }
    }
    parts
}

fn pieces(segment: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = segment;
    while let Some((text, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { break };
        push_text(&mut pieces, text);
        pieces.push(Piece::Variable(name.to_owned()));
        rest = after;
    }
    push_text(&mut pieces, rest);
    pieces
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if text.is_empty() {
        return;
    }
    let bytes = match octets(text) {
        Ok(octets) => octets.into_iter().map(|octet| octet.byte).collect(),
        Err(_) => text.as_bytes().to_vec(),
    };
    pieces.push(Piece::Text(bytes));
}

fn specificity(pieces: &[Piece]) -> Specificity {
    let text: usize =
        pieces.iter().map(|piece| if let Piece::Text(text) = piece { text.len() } else { 0 }).sum();
    let has_variable = pieces.iter().any(|piece| matches!(piece, Piece::Variable(_)));
    match (has_variable, text) {
        (false, _) => Specificity::Text,
        (true, 0) => Specificity::Variable,
        (true, text) => Specificity::Mixed(text),
    }
}

/// Matches one raw segment, appending the variables' raw texts.
fn match_pieces(pieces: &[Piece], segment: &str, variables: &mut Variables) -> Option<()> {
    if let [Piece::Variable(name)] = pieces {
        // Broken escapes are for the parameter's own refusal, not for the route's.
        variables.push((name.clone(), segment.to_owned()));
        return (!segment.is_empty()).then_some(());
    }
    let octets = octets(segment).ok()?;
    let mut captures = Vec::new();
    let mut steps = 4096;
    match_from(pieces, &octets, 0, &mut captures, &mut steps).then_some(())?;
    for (name, from, to) in captures {
        let start = octets.get(from).map_or(segment.len(), |octet| octet.start);
        let end = octets.get(to).map_or(segment.len(), |octet| octet.start);
        variables.push((name, segment.get(start..end)?.to_owned()));
    }
    Some(())
}

/// Backtracks over where each variable ends, shortest first. `steps` bounds the work.
fn match_from(
    pieces: &[Piece],
    octets: &[Octet],
    at: usize,
    captures: &mut Vec<(String, usize, usize)>,
    steps: &mut usize,
) -> bool {
    let Some((piece, rest)) = pieces.split_first() else { return at == octets.len() };
    match piece {
        Piece::Text(text) => {
            let fits = octets.get(at..at + text.len()).is_some_and(|octets| {
                octets.iter().zip(text).all(|(octet, byte)| octet.byte == *byte && !hides(*octet))
            });
            fits && match_from(rest, octets, at + text.len(), captures, steps)
        }
        Piece::Variable(name) => {
            for end in at + 1..=octets.len() {
                *steps = steps.saturating_sub(1);
                if *steps == 0 {
                    return false;
                }
                if !may_follow(rest, octets, end) {
                    continue;
                }
                captures.push((name.clone(), at, end));
                if match_from(rest, octets, end, captures, steps) {
                    return true;
                }
                captures.pop();
            }
            false
        }
    }
}

/// An unreserved character is escaped only to keep it out of the template's text.
const fn hides(octet: Octet) -> bool {
    octet.escaped && (octet.byte.is_ascii_alphanumeric() || matches!(octet.byte, b'-' | b'.' | b'_' | b'~'))
}

/// Two variables side by side are told apart by the `;` or `.` that the second one's style writes.
fn may_follow(rest: &[Piece], octets: &[Octet], end: usize) -> bool {
    match rest.first() {
        Some(Piece::Variable(_)) => {
            octets.get(end).is_some_and(|octet| !octet.escaped && matches!(octet.byte, b';' | b'.'))
        }
        _ => true,
    }
}
