//! How large schemas are as JSON text, and how much of them one tool may take.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Definitions, Direction, SchemaCompiler};

/// What bundles may take until the allowance is set again, in bytes of JSON text.
pub(super) struct Allowance {
    /// For the roots of all bundles together.
    roots: usize,
    /// For the definitions of one bundle.
    definitions: usize,
    /// For the definitions of all bundles together: collecting them takes time, though they are shared.
    collected: usize,
    was_exceeded: bool,
}

/// How many bundles may each reach as many definitions as one may.
const MOST_FULL_BUNDLES: usize = 16;

impl Allowance {
    pub(super) const NONE: Self =
        Self { roots: usize::MAX, definitions: usize::MAX, collected: usize::MAX, was_exceeded: false };
}

impl SchemaCompiler<'_> {
    /// Sets how many bytes of JSON text the schemas of the bundles from now on may take, about; at
    /// first there is no bound. A root beyond it accepts anything, and so does a definition: those
    /// next to the root are kept first.
    pub fn allow(&mut self, bytes: usize) {
        let collected = bytes.saturating_mul(MOST_FULL_BUNDLES);
        self.allowance = Allowance { roots: bytes, definitions: bytes, collected, was_exceeded: false };
    }

    /// How many bytes roots of bundles may still take.
    #[must_use]
    pub fn allowed(&self) -> usize {
        self.allowance.roots
    }

    /// Whether something was left out of a bundle since the allowance was set.
    #[must_use]
    pub fn was_cut(&self) -> bool {
        self.allowance.was_exceeded
    }

    /// Takes what a root costs from the allowance; false where it does not suffice.
    pub(super) fn affords(&mut self, root: &Value) -> bool {
        let left = left_after(root, self.allowance.roots);
        match left {
            Some(left) => self.allowance.roots = left,
            None => self.allowance.was_exceeded = true,
        }
        left.is_some()
    }

    /// What `roots` refer to, and what that refers to, as far as the allowance goes.
    pub(super) fn reachable(
        &mut self,
        roots: &BTreeSet<usize>,
        direction: Direction,
    ) -> BTreeMap<String, Arc<Value>> {
        let most = self.allowance.definitions.min(self.allowance.collected);
        let mut left = most;
        let anything = Arc::new(Value::Object(Map::new()));
        let definitions = self.definitions(direction);
        let mut defs = BTreeMap::new();
        let mut queue: VecDeque<usize> = roots.iter().copied().collect();
        let mut seen = roots.clone();
        let mut was_cut = false;
        while let Some(index) = queue.pop_front() {
            let size = definitions.size(index, left);
            let Some(entry) = definitions.entries.get(index) else { continue };
            let Some(rest) = left.checked_sub(size) else {
                was_cut = true;
                defs.insert(entry.name.clone(), Arc::clone(&anything));
                continue;
            };
            left = rest;
            defs.insert(entry.name.clone(), Arc::clone(&entry.schema));
            queue.extend(entry.references.iter().copied().filter(|&next| seen.insert(next)));
        }
        self.allowance.collected = self.allowance.collected.saturating_sub(most - left);
        self.allowance.was_exceeded |= was_cut;
        defs
    }
}

impl Definitions {
    /// The size of a definition. It is asked for often, and measured once; not at all where there is
    /// no bound.
    fn size(&mut self, index: usize, left: usize) -> usize {
        if left == usize::MAX {
            return 0;
        }
        if let Some(&size) = self.sizes.get(&index) {
            return size;
        }
        let Some(entry) = self.entries.get(index) else { return 0 };
        let left = left_after(&entry.schema, usize::MAX).unwrap_or_default();
        let size = entry.name.len() + (usize::MAX - left);
        self.sizes.insert(index, size);
        size
    }
}

/// What is left of `most` bytes after the JSON text of `value`, about; none where it does not suffice.
/// No more of a value is looked at than that.
fn left_after(value: &Value, most: usize) -> Option<usize> {
    let left = most.checked_sub(2)?;
    match value {
        Value::Null | Value::Bool(_) => left.checked_sub(2),
        Value::Number(number) => left.checked_sub(number.as_str().len()),
        Value::String(text) => left.checked_sub(text.len()),
        Value::Array(items) => items.iter().try_fold(left, |left, item| left_after(item, left)),
        Value::Object(members) => members
            .iter()
            .try_fold(left, |left, (name, member)| left_after(member, left)?.checked_sub(name.len() + 4)),
    }
}
