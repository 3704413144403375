//! Two JSON Schemas: what one allows and the other does not.
//!
//! Each keyword is compared on its own. Where a place is one that narrows or widens the whole as it narrows
//! or widens itself (a property, an item, a branch of `anyOf` or `allOf`), so is what is found there. Anywhere
//! else, and with keywords that depend on others or that nobody knows, a difference is unclear.

mod keyword;
mod members;
mod place;
mod view;

use std::collections::HashSet;

use serde_json::Value;

use self::place::Place;
use self::view::View;
use crate::change::{ChangeKind, Changes, Risk};

/// The most pairs of schemas that are compared; a hostile schema can have more than anyone waits for.
const MOST_PAIRS: usize = 100_000;
/// The deepest nesting that is compared.
const DEEPEST: usize = 100;
/// The most changes of one schema that are told.
const MOST_CHANGES: usize = 200;

/// Whose schemas they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// What a model gives.
    Arguments,
    /// What a model gets.
    Result,
}

/// What a difference does to the set of values that are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Some value is not allowed any more; none is that was not.
    Narrower,
    /// Some value is allowed now; none is not that was.
    Wider,
    /// Nobody can tell.
    Unclear,
    /// None: it is words that a model reads.
    Words,
    /// None at all.
    None,
    /// A property is gone.
    Gone,
    /// There is a property that was not there.
    New,
    /// No value is allowed by both.
    Other,
}

impl Direction {
    pub(crate) const fn kind(self) -> ChangeKind {
        match self {
            Self::Arguments => ChangeKind::Arguments,
            Self::Result => ChangeKind::Result,
        }
    }

    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Arguments => "its arguments",
            Self::Result => "its results",
        }
    }

    /// What a difference may cost. Who gives must give what is allowed; who gets can do with less.
    const fn risk(self, effect: Effect) -> Risk {
        match (self, effect) {
            (Self::Arguments, Effect::Narrower | Effect::Other)
            | (Self::Result, Effect::Gone | Effect::Other) => Risk::Breaking,
            (Self::Arguments, Effect::Wider)
            | (Self::Result, Effect::Narrower | Effect::New)
            | (_, Effect::None) => Risk::Safe,
            _ => Risk::Risky,
        }
    }
}

/// Tells every difference between `old` and `new`.
pub(crate) fn compare(old: &Value, new: &Value, direction: Direction, changes: &mut Changes) {
    let definitions_differ = old.get("$defs") != new.get("$defs");
    let seen = HashSet::new();
    let mut comparison = Comparison { old, new, direction, definitions_differ, seen, told: 0, changes };
    comparison.schemas(old, new, &Place::root(direction));
}

struct Comparison<'c, 's> {
    old: &'s Value,
    new: &'s Value,
    direction: Direction,
    definitions_differ: bool,
    /// Pairs that were compared, or are being, by address and by whether they stand where effects are unclear.
    seen: HashSet<(*const Value, *const Value, bool)>,
    told: usize,
    changes: &'c mut Changes,
}

impl<'s> Comparison<'_, 's> {
    fn tell(&mut self, place: &Place<'_>, effect: Effect, what: impl AsRef<str>) {
        let effect = match effect {
            Effect::Words | Effect::None => effect,
            _ if place.is_unclear => Effect::Unclear,
            effect => effect,
        };
        let risk = self.direction.risk(effect);
        self.told += 1;
        // However many are told of, one that breaks is always told.
        if self.told <= MOST_CHANGES || risk == Risk::Breaking {
            self.changes.push(risk, self.direction.kind(), format!("{place} {}", what.as_ref()));
        } else if self.told == MOST_CHANGES + 1 {
            self.changes.push(Risk::Risky, self.direction.kind(), "more has changed than is told here");
        }
    }

    fn schemas(&mut self, old: &'s Value, new: &'s Value, place: &Place<'_>) {
        let pair = (std::ptr::from_ref(old), std::ptr::from_ref(new), place.is_unclear);
        if !self.seen.insert(pair) {
            return;
        }
        if self.seen.len() > MOST_PAIRS || place.depth > DEEPEST {
            if self.seen.len() <= MOST_PAIRS + 1 {
                self.tell(place, Effect::Unclear, "is too large or too deep to be compared");
            }
            return;
        }
        match (View::of(self.old, old), View::of(self.new, new)) {
            (View::Unknown, _) | (_, View::Unknown) => {
                if old != new {
                    self.tell(place, Effect::Unclear, "refers to something else");
                }
            }
            (View::Nothing, View::Nothing) => {}
            (View::Nothing, View::Keywords(_)) => self.tell(place, Effect::Wider, "can be given now"),
            (View::Keywords(_), View::Nothing) => self.tell(place, Effect::Other, "can be nothing any more"),
            (View::Keywords(old), View::Keywords(new)) => {
                let uses_leftovers =
                    |keyword: &&str| old.get(keyword).is_some() || new.get(keyword).is_some();
                // What these say depends on what every other keyword does.
                let leftovers = ["unevaluatedProperties", "unevaluatedItems"].iter().any(uses_leftovers);
                let place = if leftovers { &place.unclear() } else { place };
                self.words(&old, &new, place);
                self.assertions(&old, &new, place);
                self.members(&old, &new, place);
                self.items(&old, &new, place);
                self.branches(&old, &new, place);
            }
        }
    }
}

#[cfg(test)]
mod tests;
