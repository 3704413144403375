//! One attempt at a value.

use serde_json::{Map, Value};

use super::choice::Choices;
use super::{Extent, array, number, object, string};
use crate::shape::{Kinds, Shapes};

/// Values deeper than this hold only what they must.
const DEEP: usize = 8;
/// Values deeper than this are not made.
const DEEPEST: usize = 48;
/// When this many values were made, the rest hold only what they must.
const MANY: usize = 600;
/// More values than this are not made in one attempt.
const MOST: usize = 5_000;

/// A plain schema: keywords that hold together with those of its neighbours.
pub(super) type Plain<'a> = &'a Map<String, Value>;

/// Makes values of the schemas of one bundle.
pub(super) struct Maker<'a, 'c> {
    shapes: Shapes<'a>,
    pub(super) extent: Extent,
    choices: &'c mut Choices,
    /// Schemas whose values are being made, outermost first.
    ancestors: Vec<Plain<'a>>,
    /// Where in the value the maker is, as a JSON Pointer.
    place: String,
    depth: usize,
    pub(super) made: usize,
    /// Which one of several different values is wanted (`uniqueItems`).
    pub(super) variant: usize,
}

impl<'a, 'c> Maker<'a, 'c> {
    pub(super) const fn new(shapes: Shapes<'a>, extent: Extent, choices: &'c mut Choices) -> Self {
        Self {
            shapes,
            extent,
            choices,
            ancestors: Vec::new(),
            place: String::new(),
            depth: 0,
            made: 0,
            variant: 0,
        }
    }

    /// A value for which all of `schemas` hold; `None` when none was found, or the schema leads back
    /// to itself and the value would have no end.
    pub(super) fn make(&mut self, schemas: &[&'a Value]) -> Option<Value> {
        self.made += 1;
        if self.made > MOST || self.depth > DEEPEST {
            return None;
        }
        self.decide(schemas, &[])
    }

    /// Makes the value of the member or item `token` of what is being made.
    pub(super) fn make_child(&mut self, token: &str, schemas: &[&'a Value]) -> Option<Value> {
        let length = self.place.len();
        self.place.push('/');
        self.place.push_str(&token.replace('~', "~0").replace('/', "~1"));
        self.depth += 1;
        let value = self.make(schemas);
        self.depth -= 1;
        self.place.truncate(length);
        value
    }

    pub(super) fn pick(&mut self, what: &'static str, options: usize) -> usize {
        self.choices.pick(&self.place, what, options)
    }

    /// Whether this is the value as a whole.
    pub(super) const fn is_outermost(&self) -> bool {
        self.depth == 0
    }

    /// Whether only what must be there should be.
    pub(super) const fn is_frugal(&self) -> bool {
        self.depth > DEEP || self.made > MANY
    }

    /// Decides for a branch of each `anyOf` and `oneOf`, then makes the value.
    fn decide(&mut self, schemas: &[&'a Value], decided: &[&'a Vec<Value>]) -> Option<Value> {
        let plain = self.shapes.conjunction(schemas)?;
        if plain.iter().any(|schema| self.ancestors.iter().any(|ancestor| std::ptr::eq(*ancestor, *schema))) {
            return None;
        }
        let groups = plain.iter().flat_map(|schema| [schema.get("oneOf"), schema.get("anyOf")]).flatten();
        let mut groups = groups.filter_map(Value::as_array).filter(|group| !group.is_empty());
        let open = groups.find(|group| !decided.iter().any(|known| std::ptr::eq(*known, *group)));
        let Some(group) = open else { return self.make_plain(&plain) };
        let mut decided = decided.to_vec();
        decided.push(group);
        let branches = self.ordered(group, &plain);
        let first = self.pick("branch", branches.len());
        for turn in 0..branches.len() {
            let Some(branch) = branches.get((first + turn) % branches.len()) else { break };
            let mut schemas = schemas.to_vec();
            schemas.push(branch);
            self.made += 1;
            if self.made > MOST {
                return None;
            }
            if let Some(value) = self.decide(&schemas, &decided) {
                return Some(value);
            }
        }
        None
    }

    /// Branches that can hold, those that only allow null last (or first, when being frugal).
    fn ordered(&self, group: &'a [Value], plain: &[Plain<'a>]) -> Vec<&'a Value> {
        let kinds = own_kinds(plain);
        let possible = group.iter().filter(|branch| !self.shapes.kinds(branch).and(kinds).is_empty());
        let mut branches: Vec<&Value> = possible.collect();
        let frugal = self.is_frugal();
        branches.sort_by_key(|branch| (self.shapes.kinds(branch).and(kinds) == Kinds::NULL) != frugal);
        branches
    }

    fn make_plain(&mut self, plain: &[Plain<'a>]) -> Option<Value> {
        let kinds = own_kinds(plain);
        if let Some(values) = listed(plain) {
            let fitting: Vec<&Value> =
                values.into_iter().filter(|value| kinds.has(Kinds::of(value))).collect();
            let picked = self.pick("enum", fitting.len().min(8));
            return fitting.get((picked + self.variant) % fitting.len().max(1)).map(|value| (*value).clone());
        }
        if let Some(example) = self.example(plain, kinds) {
            return Some(example);
        }
        let ordered = by_likelihood(plain, kinds);
        let picked = self.pick("kind", ordered.len());
        let kind = *ordered.get(picked)?;
        if self.is_frugal() && kinds.has(Kinds::NULL) {
            return Some(Value::Null);
        }
        self.make_kind(kind, plain)
    }

    fn make_kind(&mut self, kind: Kinds, plain: &[Plain<'a>]) -> Option<Value> {
        match kind {
            Kinds::NULL => Some(Value::Null),
            Kinds::BOOLEAN => Some(Value::Bool(self.variant.is_multiple_of(2))),
            Kinds::INTEGER => number::make(plain, true, self),
            Kinds::NUMBER => number::make(plain, false, self),
            Kinds::STRING => string::make(self, plain),
            Kinds::ARRAY => self.within(plain, |maker| array::make(maker, plain)),
            _ => self.within(plain, |maker| object::make(maker, plain)),
        }
    }

    fn within(
        &mut self,
        plain: &[Plain<'a>],
        make: impl FnOnce(&mut Self) -> Option<Value>,
    ) -> Option<Value> {
        let length = self.ancestors.len();
        self.ancestors.extend(plain);
        let value = make(self);
        self.ancestors.truncate(length);
        value
    }

    /// What the schema gives as an example or default, unless that was found to be wrong.
    fn example(&mut self, plain: &[Plain<'a>], kinds: Kinds) -> Option<Value> {
        if self.variant > 0 || self.is_frugal() || self.extent == Extent::Edge {
            return None;
        }
        let mut examples: Vec<&Value> = Vec::new();
        for schema in plain {
            let several = schema.get("examples").and_then(Value::as_array);
            examples.extend(several.into_iter().flatten().take(2));
            examples.extend(schema.get("example"));
            examples.extend(schema.get("default"));
        }
        examples.retain(|example| kinds.has(Kinds::of(example)) && !example.is_null());
        let picked = self.pick("example", examples.len() + 1);
        examples.get(picked).map(|example| (*example).clone())
    }
}

/// The values that every `const` and `enum` allows; `None` where there is neither.
fn listed<'a>(plain: &[Plain<'a>]) -> Option<Vec<&'a Value>> {
    let mut allowed: Option<Vec<&Value>> = None;
    for schema in plain {
        let of_enum =
            schema.get("enum").and_then(Value::as_array).map(|values| values.iter().collect::<Vec<_>>());
        for values in [of_enum, schema.get("const").map(|value| vec![value])].into_iter().flatten() {
            allowed = Some(match allowed {
                None => values,
                Some(known) => known.into_iter().filter(|value| values.contains(value)).collect(),
            });
        }
    }
    allowed
}

/// The kinds that every one of `plain` allows by itself.
fn own_kinds(plain: &[Plain<'_>]) -> Kinds {
    plain.iter().fold(Kinds::ALL, |kinds, schema| kinds.and(Kinds::of_schema(schema)))
}

/// The kinds in `kinds`, that of which the schema says most first.
fn by_likelihood(plain: &[Plain<'_>], kinds: Kinds) -> Vec<Kinds> {
    const SPEAKING: &[(Kinds, &[&str])] = &[
        (
            Kinds::OBJECT,
            &["properties", "required", "additionalProperties", "patternProperties", "minProperties"],
        ),
        (Kinds::ARRAY, &["items", "prefixItems", "minItems", "contains"]),
        (Kinds::STRING, &["pattern", "format", "minLength", "maxLength", "contentEncoding"]),
        (Kinds::NUMBER, &["minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"]),
    ];
    let speaks =
        |words: &[&str]| plain.iter().any(|schema| words.iter().any(|word| schema.contains_key(*word)));
    let mut order: Vec<Kinds> =
        SPEAKING.iter().filter(|(_, words)| speaks(words)).map(|(kind, _)| *kind).collect();
    if kinds == Kinds::ALL {
        order.push(Kinds::OBJECT);
    }
    order.extend([Kinds::STRING, Kinds::NUMBER, Kinds::BOOLEAN, Kinds::OBJECT, Kinds::ARRAY, Kinds::NULL]);
    let mut likely: Vec<Kinds> = Vec::new();
    for kind in order {
        let kind = if kind == Kinds::NUMBER && !kinds.has_all(Kinds::NUMBER) { Kinds::INTEGER } else { kind };
        if kinds.has(kind) && !likely.contains(&kind) {
            likely.push(kind);
        }
    }
    likely
}
