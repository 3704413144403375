//! What one action does to a document.

use serde_json::{Map, Value};
use serde_json_path::{JsonPath, PathElement};

use crate::action::{Action, Change};
use crate::error::ActionProblem;
use crate::overlay::OverlayVersion;

/// One step from a value to one that it holds.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Member(String),
    Item(usize),
}

/// Carries out one action; returns how many values it selected.
pub(crate) fn action(
    action: &Action,
    version: OverlayVersion,
    document: &mut Value,
) -> Result<usize, ActionProblem> {
    match &action.change {
        Change::Nothing => Ok(0),
        Change::Remove => remove(&action.target, document),
        Change::Update(update) => update_all(&action.target, update, version, document),
        Change::Copy(source) => {
            let sources = source.query(document).all();
            let [source] = sources.as_slice() else {
                return Err(ActionProblem::CopySource { found: sources.len() });
            };
            let source = (*source).clone();
            update_all(&action.target, &source, version, document)
        }
    }
}

/// The selected values, each once: items of an array in their order, a value before those inside it.
fn selected(target: &JsonPath, document: &Value) -> Vec<Vec<Step>> {
    let nodes = target.query_located(document);
    let steps = |element: &PathElement<'_>| match element {
        PathElement::Name(name) => Step::Member((*name).to_owned()),
        PathElement::Index(index) => Step::Item(*index),
    };
    let mut places: Vec<Vec<Step>> = nodes.locations().map(|path| path.iter().map(steps).collect()).collect();
    places.sort_unstable();
    places.dedup();
    places
}

fn remove(target: &JsonPath, document: &mut Value) -> Result<usize, ActionProblem> {
    let places = selected(target, document);
    // A removal moves what stands behind it, so the last goes first.
    for place in places.iter().rev() {
        let (last, holder) = place.split_last().ok_or(ActionProblem::RemoveRoot)?;
        match (value_at(document, holder), last) {
            (Some(Value::Object(members)), Step::Member(name)) => {
                members.shift_remove(name);
            }
            (Some(Value::Array(items)), Step::Item(index)) if *index < items.len() => {
                items.remove(*index);
            }
            // What held it is gone already.
            _ => {}
        }
    }
    Ok(places.len())
}

fn update_all(
    target: &JsonPath,
    update: &Value,
    version: OverlayVersion,
    document: &mut Value,
) -> Result<usize, ActionProblem> {
    let places = selected(target, document);
    let mut kinds = target.query(document).all().into_iter().map(kind);
    let first = kinds.next();
    if kinds.any(|kind| Some(kind) != first) {
        return Err(ActionProblem::MixedTargets);
    }
    // Values inside others go first: what is merged around them keeps them in place.
    for place in places.iter().rev() {
        let is_root = place.is_empty();
        if is_root && !update.is_object() {
            return Err(ActionProblem::ReplaceRoot);
        }
        let Some(value) = value_at(document, place) else { continue };
        let mut merge = Merge { version, pointer: pointer(place) };
        merge.target(value, update)?;
    }
    Ok(places.len())
}

fn value_at<'v>(document: &'v mut Value, place: &[Step]) -> Option<&'v mut Value> {
    place.iter().try_fold(document, |value, step| match step {
        Step::Member(name) => value.get_mut(name),
        Step::Item(index) => value.get_mut(index),
    })
}

fn pointer(place: &[Step]) -> String {
    place.iter().fold(String::new(), |pointer, step| match step {
        Step::Member(name) => joined(&pointer, name),
        Step::Item(index) => format!("{pointer}/{index}"),
    })
}

fn joined(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

struct Merge {
    version: OverlayVersion,
    /// Where in the document.
    pointer: String,
}

impl Merge {
    /// Merges into a selected value.
    fn target(&mut self, target: &mut Value, update: &Value) -> Result<(), ActionProblem> {
        match (target, update) {
            (Value::Object(target), Value::Object(update)) => self.objects(target, update),
            (Value::Array(target), Value::Array(update)) => {
                target.extend(update.iter().cloned());
                Ok(())
            }
            (Value::Array(target), update) => {
                target.push(update.clone());
                Ok(())
            }
            (target, update) if kind(target) == kind(update) => {
                *target = update.clone();
                Ok(())
            }
            (target, update) => Err(self.incompatible(target, update)),
        }
    }

    fn objects(
        &mut self,
        target: &mut Map<String, Value>,
        update: &Map<String, Value>,
    ) -> Result<(), ActionProblem> {
        for (name, new) in update {
            let Some(old) = target.get_mut(name) else {
                target.insert(name.clone(), new.clone());
                continue;
            };
            match (old, new) {
                (Value::Object(old), Value::Object(new)) => {
                    let inside = joined(&self.pointer, name);
                    let outside = std::mem::replace(&mut self.pointer, inside);
                    self.objects(old, new)?;
                    self.pointer = outside;
                }
                (Value::Array(old), Value::Array(new)) => old.extend(new.iter().cloned()),
                (old, new) if kind(old) == kind(new) || self.version == OverlayVersion::V1_0 => {
                    *old = new.clone();
                }
                (old, new) => {
                    self.pointer = joined(&self.pointer, name);
                    return Err(self.incompatible(old, new));
                }
            }
        }
        Ok(())
    }

    fn incompatible(&self, target: &Value, update: &Value) -> ActionProblem {
        ActionProblem::Incompatible {
            pointer: self.pointer.clone(),
            update: kind(update),
            target: kind(target),
        }
    }
}

/// What may be merged with what: objects, arrays, and anything else.
const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "an array",
        _ => "a primitive value",
    }
}
