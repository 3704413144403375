//! The members of a JSON result that are wanted, by their names.

use std::fmt;

use thiserror::Error;

/// The most fields that may be named.
const MOST_FIELDS: usize = 100;
/// The most bytes of one, as it is written.
const LONGEST_FIELD: usize = 200;
/// What stands for all members.
pub(super) const ALL: &str = "*";

/// Which members of a result are shown: `id`, `owner.login`. Arrays on the way are gone through: `items.id` is the
/// member `id` of each item. A dot or backslash of a name has a backslash before it. `*` is everything.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldList {
    written: Vec<String>,
    /// The first is the root; the others stand behind their parents.
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Node {
    name: String,
    children: Vec<usize>,
    /// Whether a field ends here: everything below is shown.
    is_whole: bool,
}

/// Why a list of fields cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FieldListError {
    /// There is none, or more than a hundred.
    #[error("name 1 to {MOST_FIELDS} fields, or leave the argument out")]
    Number,
    /// One is not written as a field is.
    #[error(
        "`{0}` is no field: write the name of a member, `id`, or of one within it, `owner.login`; `*` is everything"
    )]
    Field(String),
}

impl FieldList {
    /// Reads fields as they are written.
    ///
    /// # Errors
    /// When there are none or too many, or one has no name or is longer than 200 bytes.
    pub fn parse<'f>(fields: impl IntoIterator<Item = &'f str>) -> Result<Self, FieldListError> {
        let mut list = Self { written: Vec::new(), nodes: vec![Node::default()] };
        for field in fields {
            if list.written.len() == MOST_FIELDS {
                return Err(FieldListError::Number);
            }
            list.written.push(field.to_owned());
            let mut at = 0;
            if field != ALL {
                let wrong = || FieldListError::Field(field.chars().take(LONGEST_FIELD).collect());
                for name in names(field).ok_or_else(wrong)? {
                    at = list.child_or_new(at, name);
                }
            }
            if let Some(node) = list.nodes.get_mut(at) {
                node.is_whole = true;
            }
        }
        if list.written.is_empty() { Err(FieldListError::Number) } else { Ok(list) }
    }

    /// The fields, as they are written.
    #[must_use]
    pub fn as_written(&self) -> &[String] {
        &self.written
    }

    /// Whether everything is shown.
    pub(super) fn is_all(&self) -> bool {
        self.is_whole(0)
    }

    pub(super) fn is_whole(&self, node: usize) -> bool {
        self.nodes.get(node).is_none_or(|node| node.is_whole)
    }

    /// The node of the member of that name.
    pub(super) fn child(&self, node: usize, name: &str) -> Option<usize> {
        let children = self.nodes.get(node)?.children.iter();
        children.copied().find(|child| self.nodes.get(*child).is_some_and(|child| child.name == name))
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The fields of which no part was found.
    pub(super) fn missing(&self, found: &[bool]) -> Vec<String> {
        let is_found = |node: usize| found.get(node) == Some(&true);
        let is_missing = |field: &&String| {
            let mut at = 0;
            for name in names(field).into_iter().flatten() {
                at = self.child(at, &name).unwrap_or(at);
                // What is below something that is shown as a whole is not looked for.
                if self.is_whole(at) && is_found(at) {
                    return false;
                }
            }
            field.as_str() != ALL && !is_found(at)
        };
        self.written.iter().filter(is_missing).cloned().collect()
    }

    fn child_or_new(&mut self, parent: usize, name: String) -> usize {
        if let Some(child) = self.child(parent, &name) {
            return child;
        }
        let new = self.nodes.len();
        self.nodes.push(Node { name, ..Node::default() });
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.push(new);
        }
        new
    }
}

impl fmt::Debug for FieldList {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(&self.written).finish()
    }
}

/// The names on the way to a field; none where one is empty, or the field is too long.
fn names(field: &str) -> Option<Vec<String>> {
    let mut names = vec![String::new()];
    let mut characters = field.chars();
    while let Some(character) = characters.next() {
        let next = match character {
            '.' => {
                names.push(String::new());
                continue;
            }
            '\\' => characters.next()?,
            character => character,
        };
        names.last_mut()?.push(next);
    }
    let is_field = field.len() <= LONGEST_FIELD && names.iter().all(|name| !name.is_empty());
    is_field.then_some(names)
}
