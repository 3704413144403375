//! Where in a tool's schema something stands, as a message says it.

use std::fmt;

use super::Direction;
use crate::change::shortened;

/// A place within a schema.
pub(super) struct Place<'p> {
    within: Option<&'p Place<'p>>,
    step: Step<'p>,
    pub(super) depth: usize,
    /// Whether what narrows here may widen the whole.
    pub(super) is_unclear: bool,
}

enum Step<'p> {
    Root(Direction),
    Property(&'p str),
    Items,
    Others,
    /// A branch is where it stands.
    Branch,
}

impl<'p> Place<'p> {
    pub(super) const fn root(direction: Direction) -> Self {
        Self { within: None, step: Step::Root(direction), depth: 0, is_unclear: false }
    }

    fn child(&'p self, step: Step<'p>) -> Self {
        Self { within: Some(self), step, depth: self.depth + 1, is_unclear: self.is_unclear }
    }

    pub(super) fn property(&'p self, name: &'p str) -> Self {
        self.child(Step::Property(name))
    }

    pub(super) fn items(&'p self) -> Self {
        self.child(Step::Items)
    }

    pub(super) fn others(&'p self) -> Self {
        self.child(Step::Others)
    }

    pub(super) fn branch(&'p self) -> Self {
        self.child(Step::Branch)
    }

    /// The same place, where effects are unclear.
    pub(super) fn unclear(&'p self) -> Self {
        Self { is_unclear: true, ..self.child(Step::Branch) }
    }

    fn is_root(&self) -> bool {
        match self.step {
            Step::Root(_) => true,
            Step::Branch => self.within.is_none_or(Place::is_root),
            _ => false,
        }
    }

    fn write_path(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(within) = self.within else { return Ok(()) };
        within.write_path(formatter)?;
        match self.step {
            Step::Property(name) => {
                let dot = if within.is_root() { "" } else { "." };
                write!(formatter, "{dot}{}", shortened(name))
            }
            Step::Items => formatter.write_str("[]"),
            Step::Others => formatter.write_str(if within.is_root() { "*" } else { ".*" }),
            Step::Root(_) | Step::Branch => Ok(()),
        }
    }

    fn direction(&self) -> Direction {
        match (&self.step, self.within) {
            (Step::Root(direction), _) => *direction,
            (_, Some(within)) => within.direction(),
            (_, None) => Direction::Arguments,
        }
    }
}

/// As the subject of a sentence: ``the argument `filter.name` ``.
impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = self.direction();
        match (direction, self.is_root()) {
            (Direction::Arguments, true) => return formatter.write_str("the arguments object"),
            (Direction::Result, true) => return formatter.write_str("the result"),
            (Direction::Arguments, false) => formatter.write_str("the argument `")?,
            (Direction::Result, false) => formatter.write_str("the result's `")?,
        }
        self.write_path(formatter)?;
        formatter.write_str("`")
    }
}
