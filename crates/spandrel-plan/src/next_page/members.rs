//! The few members of a body that say where its next page is.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::pager::folded;

/// Members that hold more about pages.
const HOLDERS: [&str; 13] = [
    "meta",
    "metadata",
    "pagination",
    "paging",
    "page",
    "pageinfo",
    "pages",
    "responsemetadata",
    "links",
    "cursors",
    "cursor",
    "next",
    "paginginfo",
];
/// How deep such members lie in each other.
const DEEPEST: usize = 3;
/// The most members that are looked at, and the longest value in bytes.
const MOST: usize = 512;
const LONGEST: usize = 8192;

/// The scalars of a body that are members of its root or of an object about pages, with their folded names on the
/// way: `meta.nextcursor`. The outermost come first.
pub(super) struct Members<'t> {
    scalars: Vec<(String, Value)>,
    /// The longest array of the root, or the root.
    pub(super) array: Option<&'t RawValue>,
}

impl<'t> Members<'t> {
    /// Reads them from a body.
    pub(super) fn read(json: &'t str) -> Option<Self> {
        let mut members = Self { scalars: Vec::new(), array: None };
        let root: &RawValue = serde_json::from_str(json).ok()?;
        match root.get().as_bytes().first() {
            Some(b'[') => members.array = Some(root),
            Some(b'{') => members.object("", root, 0),
            _ => return None,
        }
        Some(members)
    }

    /// The first value of a member of one of these folded names, wherever it stands.
    pub(super) fn named(&self, names: &[&str]) -> Option<&Value> {
        let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
        names
            .iter()
            .find_map(|name| self.scalars.iter().find(|(path, _)| last(path) == *name))
            .map(|(_, value)| value)
    }

    /// The value at one of these paths of folded names.
    pub(super) fn at(&self, paths: &[&str]) -> Option<&Value> {
        paths
            .iter()
            .find_map(|wanted| self.scalars.iter().find(|(path, _)| path == wanted))
            .map(|(_, value)| value)
    }

    /// How many items the array has.
    pub(super) fn items(&self) -> Option<usize> {
        self.array
            .and_then(|array| serde_json::from_str::<Vec<&RawValue>>(array.get()).ok())
            .map(|items| items.len())
    }

    /// The `id` of the array's last item.
    pub(super) fn last_id(&self) -> Option<Value> {
        let items: Vec<&RawValue> = serde_json::from_str(self.array?.get()).ok()?;
        let last: Pairs<'_> = serde_json::from_str(items.last()?.get()).ok()?;
        let (_, id) = last.0.into_iter().find(|(key, _)| key == "id")?;
        serde_json::from_str(id.get()).ok().filter(|id: &Value| id.is_string() || id.is_number())
    }

    fn object(&mut self, path: &str, object: &'t RawValue, depth: usize) {
        let Ok(Pairs(pairs)) = serde_json::from_str::<Pairs<'t>>(object.get()) else { return };
        let mut holders = Vec::new();
        for (key, value) in pairs {
            let name = folded(&key);
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match value.get().as_bytes().first() {
                Some(b'{') if depth < DEEPEST && HOLDERS.contains(&name.as_str()) => {
                    holders.push((path, value));
                }
                Some(b'[')
                    if depth == 0 && self.array.is_none_or(|other| other.get().len() < value.get().len()) =>
                {
                    self.array = Some(value);
                }
                Some(b'{' | b'[' | b'n') | None => {}
                Some(_) if value.get().len() <= LONGEST && self.scalars.len() < MOST => {
                    self.scalars.extend(serde_json::from_str(value.get()).ok().map(|value| (path, value)));
                }
                Some(_) => {}
            }
        }
        for (path, value) in holders {
            self.object(&path, value, depth + 1);
        }
    }
}

/// The members of an object, their values as text.
struct Pairs<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfPairs;
        impl<'de> Visitor<'de> for OfPairs {
            type Value = Pairs<'de>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry::<String, &'de RawValue>()? {
                    if pairs.len() < MOST {
                        pairs.push(pair);
                    }
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(OfPairs)
    }
}
