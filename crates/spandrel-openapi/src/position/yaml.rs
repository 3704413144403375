//! Walks over the first document of a YAML stream without building values.

use saphyr_parser::{Event, Marker, Parser};

use super::tracker::Tracker;
use super::{Container, Position, Structure};
use crate::location::Pointer;
use crate::parse::indentation;

/// The positions of `pointers`, as far as the text can be read. What an alias or a merge key brings
/// in has the position of the value around it.
pub(super) fn positions(text: &str, pointers: &[&Pointer]) -> Vec<Option<Position>> {
    let mut tracker = Tracker::new(pointers);
    if walk(text, &mut tracker).is_some() {
        return pointers.iter().map(|pointer| tracker.found(pointer)).collect();
    }
    // What was parsed was the repaired text.
    let Some(repaired) = indentation::repair(text) else {
        return pointers.iter().map(|pointer| tracker.found(pointer)).collect();
    };
    let mut tracker = Tracker::new(pointers);
    walk(&repaired.text, &mut tracker);
    let written = |at: Position| Position { column: repaired.written_column(at.line, at.column), ..at };
    pointers.iter().map(|pointer| tracker.found(pointer).map(written)).collect()
}

/// None if the text cannot be read to its end.
fn walk(text: &str, structure: &mut impl Structure<Position>) -> Option<()> {
    // For each open container what it is, and whether a key comes next.
    let mut open: Vec<(Container, bool)> = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.ok()?;
        let at = position(span.start);
        match event {
            Event::MappingStart(..) => start(Container::Object, at, &mut open, structure),
            Event::SequenceStart(..) => start(Container::Array, at, &mut open, structure),
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                structure.close();
            }
            Event::Scalar(text, ..) if toggle(&mut open) => structure.key(&text, at),
            // What the key is called stands elsewhere.
            Event::Alias(_) if toggle(&mut open) => structure.key("", at),
            Event::Scalar(..) | Event::Alias(_) => structure.scalar(at),
            Event::DocumentEnd => return Some(()),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
    }
    Some(())
}

fn start(
    container: Container,
    at: Position,
    open: &mut Vec<(Container, bool)>,
    structure: &mut impl Structure<Position>,
) {
    toggle(open);
    structure.open(container, at);
    open.push((container, true));
}

/// Whether the node that starts is a key; the next one is the other kind then.
fn toggle(open: &mut [(Container, bool)]) -> bool {
    match open.last_mut() {
        Some((Container::Object, key_next)) => std::mem::replace(key_next, !*key_next),
        _ => false,
    }
}

fn position(mark: Marker) -> Position {
    Position { line: mark.line(), column: mark.col() + 1 }
}
