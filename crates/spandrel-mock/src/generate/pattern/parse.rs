//! Reading regular expressions (ECMA-262), as far as a matching text needs it.

use std::iter::Peekable;
use std::str::Chars;

/// Groups nested deeper than this are refused.
const DEEPEST: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Anchors and look-around.
    Nothing,
    Character(char),
    Class(Class),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Repeat {
        node: Box<Node>,
        least: usize,
        most: usize,
    },
}

/// First and last characters.
type Ranges = Vec<(char, char)>;

/// A set of characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Class {
    ranges: Ranges,
    /// Sets that are meant the other way round: `\D` in a class.
    excluded: Vec<Ranges>,
    negated: bool,
}

const DIGIT: &[(char, char)] = &[('0', '9')];
const WORD: &[(char, char)] = &[('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')];
const SPACE: &[(char, char)] = &[(' ', ' '), ('\t', '\r')];

impl Class {
    fn of(ranges: &[(char, char)], negated: bool) -> Self {
        Self { ranges: ranges.to_vec(), excluded: Vec::new(), negated }
    }

    pub(super) fn has(&self, character: char) -> bool {
        let inside =
            |ranges: &[(char, char)]| ranges.iter().any(|(from, to)| (*from..=*to).contains(&character));
        let listed = inside(&self.ranges) || self.excluded.iter().any(|ranges| !inside(ranges));
        listed != self.negated
    }

    /// The first character of the first range.
    pub(super) fn first(&self) -> Option<char> {
        let starts = self.ranges.iter().map(|(from, _)| *from);
        starts.chain(['\u{e9}', '\u{4e00}', '\u{1f600}']).find(|character| self.has(*character))
    }
}

/// The expression; `None` for what is not understood.
pub(super) fn parse(pattern: &str) -> Option<Node> {
    let mut parser = Parser { rest: pattern.chars().peekable(), depth: 0 };
    let node = parser.either()?;
    parser.rest.next().is_none().then_some(node)
}

struct Parser<'p> {
    rest: Peekable<Chars<'p>>,
    depth: usize,
}

impl Parser<'_> {
    fn either(&mut self) -> Option<Node> {
        let mut branches = vec![self.sequence()?];
        while self.rest.next_if_eq(&'|').is_some() {
            branches.push(self.sequence()?);
        }
        if branches.len() == 1 { branches.pop() } else { Some(Node::Either(branches)) }
    }

    fn sequence(&mut self) -> Option<Node> {
        let mut nodes = Vec::new();
        while let Some(next) = self.rest.peek() {
            if matches!(next, '|' | ')') {
                break;
            }
            let node = self.atom()?;
            nodes.push(self.repeated(node));
        }
        Some(Node::Sequence(nodes))
    }

    fn atom(&mut self) -> Option<Node> {
        Some(match self.rest.next()? {
            '^' | '$' => Node::Nothing,
            '.' => Node::Class(Class::of(&[('\n', '\n'), ('\r', '\r')], true)),
            '(' => self.group()?,
            '[' => Node::Class(self.class()?),
            '\\' => self.escape()?,
            character => Node::Character(character),
        })
    }

    fn group(&mut self) -> Option<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut looks_around = false;
        if self.rest.next_if_eq(&'?').is_some() {
            match self.rest.next()? {
                ':' => {}
                '=' | '!' => looks_around = true,
                '<' | 'P' => {
                    self.rest.next_if_eq(&'<');
                    if matches!(self.rest.peek(), Some('=' | '!')) {
                        looks_around = true;
                    }
                    if looks_around {
                        self.rest.next();
                    } else {
                        while self.rest.next()? != '>' {}
                    }
                }
                // Flags, like `(?i)`.
                _ => {
                    while !matches!(self.rest.peek()?, ')' | ':') {
                        self.rest.next();
                    }
                    if self.rest.next()? == ')' {
                        self.depth -= 1;
                        return Some(Node::Nothing);
                    }
                }
            }
        }
        let inner = self.either()?;
        self.depth -= 1;
        (self.rest.next()? == ')').then_some(())?;
        Some(if looks_around { Node::Nothing } else { inner })
    }

    fn repeated(&mut self, node: Node) -> Node {
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => match self.counts() {
                Some(counts) => counts,
                None => return node,
            },
            _ => return node,
        };
        self.rest.next();
        self.rest.next_if(|next| matches!(next, '?' | '+'));
        Node::Repeat { node: Box::new(node), least, most }
    }

    /// `{2}`, `{2,}` or `{2,3}`, up to its last brace; else the brace is a character.
    fn counts(&mut self) -> Option<(usize, usize)> {
        let mut ahead = self.rest.clone();
        ahead.next();
        let mut inner = String::new();
        while *ahead.peek()? != '}' {
            inner.extend(ahead.next());
        }
        let counts = match inner.split_once(',') {
            None => inner.parse().ok().map(|count| (count, count))?,
            Some((least, "")) => (least.parse().ok()?, usize::MAX),
            Some((least, most)) => {
                (if least.is_empty() { 0 } else { least.parse().ok()? }, most.parse().ok()?)
            }
        };
        self.rest = ahead;
        Some(counts)
    }

    fn escape(&mut self) -> Option<Node> {
        let character = self.rest.next()?;
        if matches!(character, 'b' | 'B' | 'A' | 'z' | 'Z') {
            return Some(Node::Nothing);
        }
        if character.is_ascii_digit() && character != '0' || character == 'k' {
            return None;
        }
        Some(match self.set(character) {
            Some((ranges, negated)) => Node::Class(Class::of(&ranges, negated)),
            None => Node::Character(self.escaped(character)?),
        })
    }

    /// The set that `\d` and the like stand for, and whether all others are meant.
    fn set(&mut self, character: char) -> Option<(Ranges, bool)> {
        let ranges = match character.to_ascii_lowercase() {
            'd' => DIGIT.to_vec(),
            'w' => WORD.to_vec(),
            's' => SPACE.to_vec(),
            'p' if self.rest.peek() == Some(&'{') => {
                let name: String = self.rest.by_ref().skip(1).take_while(|next| *next != '}').collect();
                property(&name)
            }
            _ => return None,
        };
        Some((ranges, character.is_ascii_uppercase()))
    }

    fn escaped(&mut self, character: char) -> Option<char> {
        Some(match character {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\u{c}',
            'v' => '\u{b}',
            '0' => '\0',
            'x' => self.code(2)?,
            'u' if self.rest.next_if_eq(&'{').is_some() => {
                let digits: String = self.rest.by_ref().take_while(|next| *next != '}').collect();
                char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
            }
            'u' => self.code(4)?,
            other => other,
        })
    }

    fn code(&mut self, digits: usize) -> Option<char> {
        let digits: String = self.rest.by_ref().take(digits).collect();
        char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
    }

    fn class(&mut self) -> Option<Class> {
        let mut class = Class { negated: self.rest.next_if_eq(&'^').is_some(), ..Class::default() };
        loop {
            let from = match self.rest.next()? {
                ']' => return Some(class),
                '\\' => {
                    let character = self.rest.next()?;
                    match self.set(character) {
                        Some((ranges, false)) => {
                            class.ranges.extend(ranges);
                            continue;
                        }
                        Some((ranges, true)) => {
                            class.excluded.push(ranges);
                            continue;
                        }
                        None => self.escaped(character)?,
                    }
                }
                character => character,
            };
            let mut ahead = self.rest.clone();
            let is_range = ahead.next() == Some('-') && !matches!(ahead.peek(), Some(']') | None);
            if !is_range {
                class.ranges.push((from, from));
                continue;
            }
            self.rest.next();
            let to = match self.rest.next()? {
                '\\' => {
                    let character = self.rest.next()?;
                    self.escaped(character)?
                }
                character => character,
            };
            class.ranges.push((from, to));
        }
    }
}

/// A few characters of a Unicode property.
fn property(name: &str) -> Ranges {
    match name {
        "Lu" | "Uppercase" => vec![('A', 'Z')],
        "Ll" | "Lowercase" => vec![('a', 'z')],
        "N" | "Nd" | "Number" => DIGIT.to_vec(),
        "Z" | "Zs" => vec![(' ', ' ')],
        "P" | "Punctuation" => vec![('-', '-'), ('.', '.')],
        "S" | "Sc" => vec![('$', '$')],
        _ => vec![('a', 'z'), ('A', 'Z')],
    }
}
