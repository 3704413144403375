//! Finds keys that stand twice in one object of a JSON text.

use std::collections::BTreeSet;

use super::{Container, Structure, json};
use crate::location::Pointer;

/// The most findings for one document.
pub(crate) const MOST_DUPLICATES: usize = 100;
/// The most bytes of a finding's pointer. Deeper members are found at what holds them.
const LONGEST_POINTER: usize = 1024;

/// The pointer that `step` by step leads through `frames`, as far as it stays short.
pub(crate) fn shallow<T>(
    frames: impl IntoIterator<Item = T>,
    step: impl Fn(&Pointer, T) -> Pointer,
) -> Pointer {
    let mut pointer = Pointer::root();
    for frame in frames {
        let next = step(&pointer, frame);
        if next.as_str().len() > LONGEST_POINTER {
            break;
        }
        pointer = next;
    }
    pointer
}

/// The members whose key stands more than once, each as often as it was overwritten;
/// the first 100.
pub(crate) fn duplicate_keys(text: &str) -> Vec<Pointer> {
    let mut watch = Watch::default();
    // The text was parsed before; if the walk stops early all the same, some are not reported.
    let _ = json::walk(text, &mut watch);
    watch.found
}

#[derive(Debug, Default)]
struct Watch {
    frames: Vec<Frame>,
    found: Vec<Pointer>,
}

#[derive(Debug)]
struct Frame {
    container: Container,
    keys: BTreeSet<String>,
    /// The key or number of the value that is read.
    key: String,
    items: usize,
}

impl Watch {
    fn pointer(&self) -> Pointer {
        shallow(self.frames.iter(), |pointer, frame| match frame.container {
            Container::Object => pointer.child(&frame.key),
            Container::Array => pointer.item(frame.items.saturating_sub(1)),
        })
    }

    fn enter(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.items += 1;
        }
    }
}

impl Structure<usize> for Watch {
    fn open(&mut self, container: Container, _: usize) {
        self.enter();
        self.frames.push(Frame { container, keys: BTreeSet::new(), key: String::new(), items: 0 });
    }

    fn close(&mut self) {
        self.frames.pop();
    }

    fn key(&mut self, name: &str, _: usize) {
        let Some(frame) = self.frames.last_mut() else { return };
        name.clone_into(&mut frame.key);
        if !frame.keys.insert(name.to_owned()) && self.found.len() < MOST_DUPLICATES {
            let pointer = self.pointer();
            self.found.push(pointer);
        }
    }

    fn scalar(&mut self, _: usize) {
        self.enter();
    }
}
