//! YAML, built from parser events with a stack of its own, so that no document nests too deep for
//! the call stack and no alias grows without bound.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};
use serde_json::{Map, Value};

use super::{Format, MAX_DEPTH, ParseError, Parsed, indentation, scalar};
use crate::location::Pointer;
use crate::position::{MOST_DUPLICATES, shallow};

/// Reads a stream that holds one document.
pub(super) fn parse(text: &str, max_nodes: usize) -> Result<Parsed, ParseError> {
    let error = match build(text, max_nodes) {
        Err(error) if is_about_indentation(&error) => error,
        other => return other,
    };
    let Some(repaired) = indentation::repair(text) else { return Err(error) };
    build(&repaired.text, max_nodes).map_err(|_| error)
}

fn build(text: &str, max_nodes: usize) -> Result<Parsed, ParseError> {
    let mut builder = Builder { max_nodes, ..Builder::default() };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| scan_error(&error))?;
        builder.event(event, span.start)?;
    }
    let value = builder.root.ok_or(ParseError::Empty)?;
    Ok(Parsed { value, duplicate_keys: builder.duplicate_keys })
}

fn is_about_indentation(error: &ParseError) -> bool {
    matches!(error, ParseError::Syntax { message, .. } if message.contains("indentation"))
}

fn scan_error(error: &ScanError) -> ParseError {
    match error.info() {
        // The scanner looks ahead, so its own bound may be met before this parser's.
        "recursion limit exceeded" => too_deep(*error.marker()),
        info => syntax(info.to_owned(), *error.marker()),
    }
}

fn syntax(message: String, mark: Marker) -> ParseError {
    let (line, column) = line_and_column(mark);
    ParseError::Syntax { format: Format::Yaml, message, line, column }
}

fn line_and_column(mark: Marker) -> (usize, usize) {
    (mark.line(), mark.col() + 1)
}

#[derive(Debug, Default)]
struct Builder {
    max_nodes: usize,
    nodes: usize,
    /// How many nodes the copies for aliases have.
    copied: usize,
    frames: Vec<Frame>,
    root: Option<Value>,
    /// Where a second document started. It is an error unless nothing stands in it.
    second_document: Option<Marker>,
    anchors: BTreeMap<usize, Anchored>,
    duplicate_keys: Vec<Pointer>,
}

/// An object or array whose end was not reached yet.
#[derive(Debug)]
struct Frame {
    container: Container,
    anchor: usize,
    /// How many nodes there were before it.
    nodes_before: usize,
    /// How deep the values in it are nested.
    height: usize,
}

#[derive(Debug)]
enum Container {
    Array(Vec<Value>),
    Object { members: Map<String, Value>, key: Option<Key>, merged: Vec<Value> },
}

#[derive(Debug)]
enum Key {
    Name(String),
    /// `<<`: the members of other objects are taken over.
    Merge,
}

/// A value that aliases stand for.
#[derive(Debug, Clone)]
struct Anchored {
    value: Value,
    nodes: usize,
    height: usize,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, mark: Marker) -> Result<(), ParseError> {
        if matches!(event, Event::DocumentStart(_)) && self.root.is_some() {
            self.second_document = Some(mark);
        }
        if let Some(start) = self.second_document {
            return after_the_document(&event, start);
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let text = text.into_owned();
                let plain = style == ScalarStyle::Plain;
                self.count(1 + text.len() / 64, mark)?;
                if let Some(key) = self.awaited_key() {
                    let merge = plain && tag.is_none() && text == "<<";
                    *key = Some(if merge { Key::Merge } else { Key::Name(text.clone()) });
                    self.remember(
                        anchor,
                        || Anchored { value: Value::String(text), nodes: 1, height: 0 },
                        mark,
                    )
                } else {
                    let nodes = 1 + text.len() / 64;
                    self.place(scalar_value(text, plain, tag.as_deref()), anchor, nodes, 0, mark)
                }
            }
            Event::SequenceStart(anchor, _) => self.open(Container::Array(Vec::new()), anchor, mark),
            Event::MappingStart(anchor, _) => {
                let object = Container::Object { members: Map::new(), key: None, merged: Vec::new() };
                self.open(object, anchor, mark)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(mark),
            Event::Alias(anchor) => self.alias(anchor, mark),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    /// The place for the key, where a key comes next.
    fn awaited_key(&mut self) -> Option<&mut Option<Key>> {
        match self.frames.last_mut().map(|frame| &mut frame.container) {
            Some(Container::Object { key, .. }) if key.is_none() => Some(key),
            _ => None,
        }
    }

    fn open(&mut self, container: Container, anchor: usize, mark: Marker) -> Result<(), ParseError> {
        if self.awaited_key().is_some() {
            let message = "an object or array cannot be a key; put quotes around a key that holds brackets";
            return Err(syntax(message.to_owned(), mark));
        }
        if self.frames.len() >= MAX_DEPTH {
            return Err(too_deep(mark));
        }
        let nodes_before = self.nodes;
        self.count(1, mark)?;
        self.frames.push(Frame { container, anchor, nodes_before, height: 0 });
        Ok(())
    }

    fn close(&mut self, mark: Marker) -> Result<(), ParseError> {
        let Some(frame) = self.frames.pop() else {
            return Err(syntax("an end without a start".to_owned(), mark));
        };
        let value = match frame.container {
            Container::Array(items) => Value::Array(items),
            Container::Object { members, merged, .. } => Value::Object(merge(members, merged)),
        };
        let nodes = self.nodes - frame.nodes_before;
        self.place(value, frame.anchor, nodes, frame.height + 1, mark)
    }

    fn alias(&mut self, anchor: usize, mark: Marker) -> Result<(), ParseError> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(syntax("an alias stands inside the value that it names".to_owned(), mark));
        };
        if self.frames.len() + anchored.height > MAX_DEPTH {
            return Err(too_deep(mark));
        }
        // Counted before the copy is made.
        let nodes = anchored.nodes;
        self.count(nodes, mark)?;
        let Some(Anchored { value, height, .. }) = self.anchors.get(&anchor).cloned() else {
            return Ok(());
        };
        let Some(key) = self.awaited_key() else {
            return self.place(value, 0, nodes, height, mark);
        };
        *key = match value {
            Value::String(text) => Some(Key::Name(text)),
            Value::Array(_) | Value::Object(_) => {
                return Err(syntax("an object or array cannot be a key".to_owned(), mark));
            }
            other => Some(Key::Name(other.to_string())),
        };
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn place(
        &mut self,
        value: Value,
        anchor: usize,
        nodes: usize,
        height: usize,
        mark: Marker,
    ) -> Result<(), ParseError> {
        self.remember(anchor, || Anchored { value: value.clone(), nodes, height }, mark)?;
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(value);
            return Ok(());
        };
        frame.height = frame.height.max(height);
        match &mut frame.container {
            Container::Array(items) => items.push(value),
            Container::Object { members, key, merged } => match (key.take(), value) {
                (Some(Key::Merge), value) if can_be_merged(&value) => merged.push(value),
                (Some(Key::Name(name)), value) => {
                    if members.contains_key(&name) && self.duplicate_keys.len() < MOST_DUPLICATES {
                        let pointer = self.pointer_to(&name);
                        self.duplicate_keys.push(pointer);
                    }
                    self.insert(name, value);
                }
                (_, value) => self.insert("<<".to_owned(), value),
            },
        }
        Ok(())
    }

    fn insert(&mut self, name: String, value: Value) {
        if let Some(Container::Object { members, .. }) =
            self.frames.last_mut().map(|frame| &mut frame.container)
        {
            members.insert(name, value);
        }
    }

    /// The place of the member `name` of the innermost object.
    fn pointer_to(&self, name: &str) -> Pointer {
        let around = self.frames.split_last().map_or(&[][..], |(_, around)| around);
        let around = around.iter().map(Some).chain([None]);
        shallow(around, |pointer, frame| match frame.map(|frame| &frame.container) {
            Some(Container::Array(items)) => pointer.item(items.len()),
            Some(Container::Object { key: Some(Key::Name(name)), .. }) => pointer.child(name),
            Some(Container::Object { .. }) => pointer.child("<<"),
            None => pointer.child(name),
        })
    }

    /// Keeps a copy of an anchored value for its aliases.
    fn remember(
        &mut self,
        anchor: usize,
        anchored: impl FnOnce() -> Anchored,
        mark: Marker,
    ) -> Result<(), ParseError> {
        if anchor == 0 {
            return Ok(());
        }
        let anchored = anchored();
        // The copy takes memory too, and anchors may nest.
        self.copied = self.copied.saturating_add(anchored.nodes);
        self.count(0, mark)?;
        self.anchors.insert(anchor, anchored);
        Ok(())
    }

    /// Counts values, long texts as several.
    fn count(&mut self, nodes: usize, mark: Marker) -> Result<(), ParseError> {
        self.nodes = self.nodes.saturating_add(nodes);
        let (line, column) = line_and_column(mark);
        if self.nodes.saturating_add(self.copied) > self.max_nodes {
            return Err(ParseError::TooManyNodes { limit: self.max_nodes, line, column });
        }
        Ok(())
    }
}

/// A stream may end with a document marker that nothing follows.
fn after_the_document(event: &Event<'_>, start: Marker) -> Result<(), ParseError> {
    let (line, column) = line_and_column(start);
    match event {
        Event::Scalar(text, ScalarStyle::Plain, _, _) if text.is_empty() => Ok(()),
        Event::DocumentStart(_) | Event::DocumentEnd | Event::StreamEnd => Ok(()),
        _ => Err(ParseError::SeveralDocuments { line, column }),
    }
}

fn too_deep(mark: Marker) -> ParseError {
    let (line, column) = line_and_column(mark);
    ParseError::TooDeep { line, column }
}

fn scalar_value(text: String, plain: bool, tag: Option<&Tag>) -> Value {
    match tag {
        None if plain => scalar::resolve(text),
        Some(tag) if tag.is_yaml_core_schema() => match tag.suffix.as_str() {
            "int" | "float" | "bool" | "null" => scalar::resolve(text),
            _ => Value::String(text),
        },
        _ => Value::String(text),
    }
}

fn can_be_merged(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(items) => !items.is_empty() && items.iter().all(Value::is_object),
        _ => false,
    }
}

/// An object's own members, then those of the objects merged into it; the first of a name counts
/// (YAML's language-independent type for merge keys).
fn merge(mut members: Map<String, Value>, merged: Vec<Value>) -> Map<String, Value> {
    for value in merged {
        let objects = match value {
            Value::Array(items) => items,
            other => vec![other],
        };
        for object in objects {
            let Value::Object(others) = object else { continue };
            for (name, value) in others {
                members.entry(name).or_insert(value);
            }
        }
    }
    members
}
