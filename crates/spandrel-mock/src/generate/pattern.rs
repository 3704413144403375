//! Texts that match a regular expression, for the expressions that documents use.

mod parse;

use parse::{Class, Node};

/// Longer texts are given up.
const LONGEST: usize = 4096;

/// A text that matches `pattern`, each repetition taken `extra` times more than it must be.
/// Look-around is not seen, so the text has to be checked.
pub(super) fn sample(pattern: &str, extra: usize, variant: usize) -> Option<String> {
    let node = parse::parse(pattern)?;
    let mut text = String::new();
    write(&node, extra, variant, &mut text)?;
    Some(text)
}

/// A matching text whose length is within bounds; else the shortest one.
pub(super) fn of_length(pattern: &str, least: usize, most: usize, variant: usize) -> Option<String> {
    let node = parse::parse(pattern)?;
    let mut shortest = None;
    for extra in 0..=least.clamp(8, 64).max(least) {
        let mut text = String::new();
        write(&node, extra, variant, &mut text)?;
        let length = text.chars().count();
        if (least.max(1)..=most).contains(&length) {
            return Some(text);
        }
        shortest.get_or_insert(text);
        if length > most {
            break;
        }
    }
    shortest
}

fn write(node: &Node, extra: usize, variant: usize, text: &mut String) -> Option<()> {
    if text.len() > LONGEST {
        return None;
    }
    match node {
        Node::Nothing => {}
        Node::Character(character) => text.push(*character),
        Node::Class(class) => text.push(pick(class, variant)?),
        Node::Sequence(nodes) => {
            for node in nodes {
                write(node, extra, variant, text)?;
            }
        }
        Node::Either(branches) => {
            // The first branch is as good as any, unless it is a way to say nothing.
            let branch =
                branches.iter().find(|branch| !matches!(branch, Node::Sequence(nodes) if nodes.is_empty()));
            if let Some(branch) = branch.or_else(|| branches.first()) {
                write(branch, extra, variant, text)?;
            }
        }
        Node::Repeat { node, least, most } => {
            for _ in 0..least.saturating_add(extra).min(*most) {
                write(node, extra, variant, text)?;
            }
        }
    }
    Some(())
}

fn pick(class: &Class, variant: usize) -> Option<char> {
    const FAVOURITES: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_. /:@#";
    let favourites: Vec<char> = FAVOURITES.chars().filter(|character| class.has(*character)).collect();
    if favourites.is_empty() {
        return class.first();
    }
    favourites.get(variant % favourites.len()).copied()
}
