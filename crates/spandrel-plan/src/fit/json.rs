//! JSON within a number of bytes.
//!
//! Of an array the first items are shown, of an object all members where there is room. What is larger than its
//! share is itself shortened; an array's share is at least an eighth of its room, so that a few items are shown
//! in full rather than many as crumbs.

use std::fmt::Write;

use super::json_index::{JsonIndex, Kind, MAX_DEPTH, Span};
use super::share::equal_share;
use super::text::{characters_of_string, prefix_of_string};
use super::{LeftOut, MOST_PLACES, Shortened, Unit};

/// The part of an array's room that one item may always have.
const ITEM_SHARE: usize = 8;
/// What a value within another may always have, in bytes.
const LEAST: usize = 48;
/// What stands where a string was cut.
const CUT: &str = "…";
/// The most places that are remembered, to choose from.
const REMEMBERED: usize = 256;
/// The longest pointer of a place that is named, in bytes.
const LONGEST_POINTER: usize = 100;

/// Which items or members of the outermost value are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Window {
    pub(super) offset: usize,
    pub(super) limit: Option<usize>,
}

/// The value at `span`, which stands at `pointer`, in about `room` bytes. `window` is of its items or members.
pub(super) fn shorten(
    json: &JsonIndex<'_>,
    span: Span,
    pointer: &str,
    window: Window,
    room: usize,
) -> Shortened {
    let mut writer =
        Writer { json, pointer, path: Vec::new(), out: String::new(), places: Vec::new(), more: 0 };
    writer.value(span, window, room);
    writer.end()
}

/// A step from the outermost value to the one that is written.
#[derive(Clone, Copy)]
enum Step {
    /// To the member whose key stands there, with its quotes.
    Key(Span),
    Item(usize),
}

struct Writer<'a, 't> {
    json: &'a JsonIndex<'t>,
    /// Where the outermost value stands.
    pointer: &'a str,
    path: Vec<Step>,
    out: String,
    /// Where something was left out, each with its depth.
    places: Vec<(usize, LeftOut)>,
    more: usize,
}

impl Writer<'_, '_> {
    fn value(&mut self, span: Span, window: Window, room: usize) {
        let is_whole = window.offset == 0 && window.limit.is_none();
        if is_whole && span.len() <= room {
            self.out.push_str(self.json.slice(span));
            return;
        }
        let room = if self.path.len() < MAX_DEPTH { room } else { 0 };
        match self.json.kind(span) {
            Kind::Array => self.array(span, window, room),
            Kind::Object => self.object(span, window, room),
            Kind::String => self.string(span, room),
            Kind::Scalar if span.len() <= room => self.out.push_str(self.json.slice(span)),
            // A number of so many digits is none to any reader.
            Kind::Scalar => {
                self.out.push_str("null");
                self.left_out(self.places.len(), 0, span.len(), Unit::Characters);
            }
        }
    }

    fn array(&mut self, span: Span, window: Window, room: usize) {
        let asked = Asked::of(self.json.items(span), Span::len, window, room);
        let share = asked.share(LEAST.max(room / ITEM_SHARE), room);
        let place = self.places.len();
        let end = self.out.len() + room.saturating_sub(1);
        self.out.push('[');
        let mut shown = 0;
        for item in &asked.first {
            let left = end.saturating_sub(self.out.len() + usize::from(shown > 0));
            let own = self.own_share(*item, share);
            if left < own && (shown > 0 || left < LEAST) {
                break;
            }
            if shown > 0 {
                self.out.push(',');
            }
            self.path.push(Step::Item(window.offset + shown));
            self.value(*item, Window::default(), own.min(left));
            self.path.pop();
            shown += 1;
        }
        self.out.push(']');
        self.rest_left_out(place, window.offset + shown, asked.total, Unit::Items);
    }

    fn object(&mut self, span: Span, window: Window, room: usize) {
        let size = |(key, value): (Span, Span)| key.len() + 1 + value.len();
        let asked = Asked::of(self.json.members(span), size, window, room);
        let share = asked.share(LEAST, room);
        let place = self.places.len();
        let end = self.out.len() + room.saturating_sub(1);
        self.out.push('{');
        let mut shown = 0;
        for (key, value) in &asked.first {
            let left = end.saturating_sub(self.out.len() + usize::from(shown > 0));
            let own = self.own_share(*value, share.saturating_sub(key.len() + 1).max(LEAST / 2));
            if left < key.len() + 1 + own {
                break;
            }
            if shown > 0 {
                self.out.push(',');
            }
            self.out.push_str(self.json.slice(*key));
            self.out.push(':');
            self.path.push(Step::Key(*key));
            self.value(*value, Window::default(), own);
            self.path.pop();
            shown += 1;
        }
        self.out.push('}');
        self.rest_left_out(place, window.offset + shown, asked.total, Unit::Members);
    }

    /// How many bytes a value takes where there are `share` for it. A number is never cut.
    fn own_share(&self, value: Span, share: usize) -> usize {
        if self.json.kind(value) == Kind::Scalar { value.len() } else { value.len().min(share) }
    }

    fn string(&mut self, span: Span, room: usize) {
        let text = self.json.slice(span);
        let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
        let (end, characters) = prefix_of_string(inside, room.saturating_sub(2 + CUT.len()));
        self.out.push('"');
        self.out.push_str(inside.get(..end).unwrap_or_default());
        self.out.push_str(CUT);
        self.out.push('"');
        self.left_out(self.places.len(), characters, characters_of_string(inside), Unit::Characters);
    }

    fn rest_left_out(&mut self, place: usize, offset: usize, total: usize, unit: Unit) {
        if offset < total {
            self.left_out(place, offset, total, unit);
        }
    }

    /// Remembers a place, before those within it.
    fn left_out(&mut self, place: usize, offset: usize, total: usize, unit: Unit) {
        let pointer = self.pointer();
        if pointer.len() > LONGEST_POINTER {
            self.more += 1;
            return;
        }
        self.places.insert(place, (self.path.len(), LeftOut { pointer, offset, total, unit }));
        if self.places.len() > REMEMBERED {
            self.places.pop();
            self.more += 1;
        }
    }

    fn pointer(&self) -> String {
        let mut pointer = self.pointer.to_owned();
        for step in &self.path {
            // Writing to a string cannot fail.
            let _ = match *step {
                Step::Item(index) => write!(pointer, "/{index}"),
                Step::Key(key) => {
                    let key: String = serde_json::from_str(self.json.slice(key)).unwrap_or_default();
                    write!(pointer, "/{}", key.replace('~', "~0").replace('/', "~1"))
                }
            };
        }
        pointer
    }

    fn end(mut self) -> Shortened {
        self.places.sort_by_key(|(depth, _)| *depth);
        let more = self.more + self.places.len().saturating_sub(MOST_PLACES);
        let left_out = self.places.into_iter().take(MOST_PLACES).map(|(_, place)| place).collect();
        Shortened { text: self.out, left_out, more }
    }
}

/// The items or members that are asked for.
struct Asked<T> {
    /// The first of them, as many as there can be room for.
    first: Vec<T>,
    sizes: Vec<usize>,
    /// How many there are, also beside those that are asked for.
    total: usize,
    /// Whether all that are asked for are in `first`.
    is_complete: bool,
}

impl<T: Copy> Asked<T> {
    fn of(all: impl Iterator<Item = T>, size: impl Fn(T) -> usize, window: Window, room: usize) -> Self {
        let end = window.limit.map_or(usize::MAX, |limit| window.offset.saturating_add(limit));
        let mut asked = Self { first: Vec::new(), sizes: Vec::new(), total: 0, is_complete: true };
        for (index, value) in all.enumerate() {
            asked.total += 1;
            if index < window.offset || index >= end {
                continue;
            }
            // Each takes two bytes or more, the comma included.
            if asked.first.len() <= room / 2 {
                asked.first.push(value);
                asked.sizes.push(size(value) + 1);
            } else {
                asked.is_complete = false;
            }
        }
        asked
    }

    /// How large one may be: its equal share, but not less than `least`.
    fn share(&self, least: usize, room: usize) -> usize {
        if !self.is_complete {
            return least;
        }
        equal_share(&self.sizes, room.saturating_sub(2))
            .map_or(usize::MAX, |share| share.saturating_sub(1).max(least))
    }
}
