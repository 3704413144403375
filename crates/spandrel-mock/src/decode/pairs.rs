//! `name=value` pairs: queries, urlencoded forms and cookies.

use std::collections::{BTreeMap, BTreeSet};

use spandrel_openapi::{Serialization, Style};

use super::{Coding, Form, Wire, deep, delimited};

/// Pairs in the order they came, and which of them belong to something that the document declares.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    items: Vec<Pair>,
}

/// A name with its values.
type Named = (String, Vec<Wire>);

#[derive(Debug)]
struct Pair {
    /// Decoded.
    name: String,
    /// Still encoded.
    raw: String,
    owned: bool,
}

/// What a declared name may own among the pairs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner<'a> {
    pub(crate) name: &'a str,
    pub(crate) serialization: Serialization,
    pub(crate) coding: Coding,
    /// The members that the schema names.
    pub(crate) members: &'a [&'a str],
    /// Whether it may have members of any other name.
    pub(crate) open: bool,
}

impl Pairs {
    /// Reads a query or an urlencoded form.
    pub(crate) fn parse(text: &str, names: Coding) -> Result<Self, String> {
        let mut items = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
            let name = names.decode(name)?;
            // A broken escape is an error wherever it stands, in undeclared pairs too.
            names.decode(raw)?;
            items.push(Pair { name, raw: raw.to_owned(), owned: false });
        }
        Ok(Self { items })
    }

    /// Reads `Cookie` headers. A value may hold the pairs of an exploded value, joined by `&`.
    pub(crate) fn cookies<'a>(headers: impl Iterator<Item = &'a str>, within_values: bool) -> Self {
        let mut items = Vec::new();
        for cookie in headers.flat_map(|header| header.split(';')) {
            for pair in cookie.trim().split(|character| within_values && character == '&') {
                let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
                items.push(Pair { name: name.to_owned(), raw: raw.to_owned(), owned: false });
            }
        }
        Self { items }
    }

    /// Takes pairs that are apart already: the parts of a multipart body.
    pub(crate) fn parts<'a>(parts: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let pair =
            |(name, raw): (&str, &str)| Pair { name: name.to_owned(), raw: raw.to_owned(), owned: false };
        Self { items: parts.map(pair).collect() }
    }

    /// Says that the pairs named `name` are declared.
    pub(crate) fn own(&mut self, name: &str) {
        for pair in self.items.iter_mut().filter(|pair| pair.name == name) {
            pair.owned = true;
        }
    }

    /// Names that nothing declares, each once.
    pub(crate) fn undeclared(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let names = self.items.iter().filter(|pair| !pair.owned).map(|pair| pair.name.as_str());
        names.filter(|name| seen.insert(*name)).collect()
    }

    /// Owns the pairs that nothing declares: the values of each name, in the order they came.
    pub(crate) fn take_undeclared(&mut self, coding: Coding) -> Result<Vec<Named>, String> {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut members: Vec<Named> = Vec::new();
        for Pair { name, raw, owned } in &mut self.items {
            if std::mem::replace(owned, true) {
                continue;
            }
            let place = *places.entry(name).or_insert(members.len());
            if place == members.len() {
                members.push((name.clone(), Vec::new()));
            }
            if let Some((_, values)) = members.get_mut(place) {
                values.push(Wire::Text(coding.decode(raw)?));
            }
        }
        Ok(members)
    }

    /// The raw values under `name`.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        self.items.iter().filter(|pair| pair.name == name).map(|pair| pair.raw.as_str()).collect()
    }

    /// Cuts what belongs to `owner` as a value of `form`, and owns it. `None` when nothing does.
    pub(crate) fn take(&mut self, owner: Owner<'_>, form: Form) -> Result<Option<Wire>, String> {
        let Serialization { style, explode, .. } = owner.serialization;
        if style == Style::DeepObject {
            let deep = self.take_deep(owner)?;
            if deep.is_some() {
                return Ok(deep);
            }
        } else if explode && form == Form::Object && matches!(style, Style::Form | Style::Cookie) {
            return self.take_members(owner);
        }
        self.take_named(owner, form)
    }

    fn take_named(&mut self, owner: Owner<'_>, form: Form) -> Result<Option<Wire>, String> {
        self.own(owner.name);
        let values = self.values(owner.name);
        match (values.as_slice(), form) {
            ([], _) => Ok(None),
            (several, Form::Array) if owner.serialization.explode || several.len() > 1 => {
                if !owner.serialization.explode {
                    return Err(format!(
                        "it is written once, with its items joined; it came {} times",
                        several.len()
                    ));
                }
                let items = several.iter().map(|raw| owner.coding.decode(raw).map(Wire::Text));
                items.collect::<Result<_, _>>().map(|items| Some(Wire::List(items)))
            }
            ([one], _) => delimited::cut(owner.name, one, owner.serialization, form, owner.coding).map(Some),
            (several, _) => Err(format!("it is given once; it came {} times", several.len())),
        }
    }

    /// An exploded object: its members are pairs of their own.
    fn take_members(&mut self, owner: Owner<'_>) -> Result<Option<Wire>, String> {
        let mut members: Vec<(String, Wire)> = Vec::new();
        for pair in &mut self.items {
            let named = owner.members.contains(&pair.name.as_str());
            if named || (owner.open && !pair.owned) {
                pair.owned = true;
                deep::insert(&mut members, &[pair.name.as_str()], owner.coding.decode(&pair.raw)?)?;
            }
        }
        Ok((!members.is_empty()).then_some(Wire::Members(members)))
    }

    fn take_deep(&mut self, owner: Owner<'_>) -> Result<Option<Wire>, String> {
        let mut members = Vec::new();
        for pair in &mut self.items {
            let Some(rest) = pair.name.strip_prefix(owner.name).filter(|rest| rest.starts_with('[')) else {
                continue;
            };
            pair.owned = true;
            let keys = deep::keys(rest)?;
            deep::insert(&mut members, &keys, owner.coding.decode(&pair.raw)?)?;
        }
        Ok((!members.is_empty()).then_some(Wire::Members(members)))
    }
}
