//! Notes where wanted values stand while a text is walked.

use std::collections::BTreeMap;

use super::{Container, Structure};
use crate::location::Pointer;

/// The wanted pointers as a tree, so that a walk looks up only what lies on the way to one.
#[derive(Debug)]
pub(super) struct Tracker<P> {
    nodes: Vec<Node<P>>,
    frames: Vec<Frame>,
}

#[derive(Debug)]
struct Node<P> {
    children: BTreeMap<String, usize>,
    parent: usize,
    place: Option<P>,
}

impl<P> Node<P> {
    const fn below(parent: usize) -> Self {
        Self { children: BTreeMap::new(), parent, place: None }
    }
}

#[derive(Debug)]
struct Frame {
    node: Option<usize>,
    container: Container,
    /// The number of the next item.
    next: usize,
    /// The node of the member whose key was read last.
    member: Option<usize>,
}

impl<P: Copy> Tracker<P> {
    pub(super) fn new(pointers: &[&Pointer]) -> Self {
        let mut tracker = Self { nodes: vec![Node::below(0)], frames: Vec::new() };
        for pointer in pointers {
            tracker.want(pointer);
        }
        tracker
    }

    fn want(&mut self, pointer: &Pointer) {
        let mut at = 0;
        for token in pointer.tokens() {
            let fresh = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else { return };
            let child = *node.children.entry(token.into_owned()).or_insert(fresh);
            if child == fresh {
                self.nodes.push(Node::below(at));
            }
            at = child;
        }
    }

    /// The place of `pointer`, else of the nearest value around it.
    pub(super) fn found(&self, pointer: &Pointer) -> Option<P> {
        let mut at = 0;
        for token in pointer.tokens() {
            match self.child(at, &token) {
                Some(child) => at = child,
                None => break,
            }
        }
        loop {
            let node = self.nodes.get(at)?;
            if node.place.is_some() || at == 0 {
                return node.place;
            }
            at = node.parent;
        }
    }

    fn child(&self, node: usize, token: &str) -> Option<usize> {
        self.nodes.get(node)?.children.get(token).copied()
    }

    fn note(&mut self, node: Option<usize>, place: P) {
        if let Some(node) = node.and_then(|node| self.nodes.get_mut(node)) {
            node.place = Some(place);
        }
    }

    /// The node of the value that starts here, if it is wanted.
    fn enter(&mut self, at: P) -> Option<usize> {
        let Some(frame) = self.frames.last_mut() else {
            self.note(Some(0), at);
            return Some(0);
        };
        if frame.container == Container::Object {
            return frame.member.take();
        }
        let index = frame.next;
        frame.next += 1;
        let node = frame.node.and_then(|node| self.child(node, &index.to_string()));
        self.note(node, at);
        node
    }
}

impl<P: Copy> Structure<P> for Tracker<P> {
    fn open(&mut self, container: Container, at: P) {
        let node = self.enter(at);
        self.frames.push(Frame { node, container, next: 0, member: None });
    }

    fn close(&mut self) {
        self.frames.pop();
    }

    fn key(&mut self, name: &str, at: P) {
        let node = self.frames.last().and_then(|frame| frame.node);
        let member = node.and_then(|node| self.child(node, name));
        self.note(member, at);
        if let Some(frame) = self.frames.last_mut() {
            frame.member = member;
        }
    }

    fn scalar(&mut self, at: P) {
        self.enter(at);
    }
}
