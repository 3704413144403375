//! Finds keys that stand twice in one object of a JSON text.

use std::collections::BTreeSet;

use super::{Container, Structure, json};
use crate::location::Pointer;

/// The members whose key stands more than once, each as often as it was overwritten.
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
        self.frames.iter().fold(Pointer::root(), |pointer, frame| match frame.container {
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
        if !frame.keys.insert(name.to_owned()) {
            let pointer = self.pointer();
            self.found.push(pointer);
        }
    }

    fn scalar(&mut self, _: usize) {
        self.enter();
    }
}
