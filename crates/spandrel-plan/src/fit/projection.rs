//! What of a JSON result is shown because somebody chose it: the model by its fields, or the document's author.

use std::fmt::Write;

use super::bound::is_json;
use super::fields::FieldList;
use super::json_index::{JsonIndex, Kind, MAX_DEPTH, Span};
use super::{LeftOut, MOST_PLACES, Unit};
use crate::catalog::Tool;
use crate::json_text::without_white_space;
use crate::outcome::{Content, Outcome};
use crate::tool_settings::{Projection, ResponseShape};

/// A text of an outcome of which a part was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectedText {
    /// The text as it was: JSON.
    pub whole: String,
    /// The fields that are shown; empty for all.
    pub fields: Vec<String>,
    /// Those of them that the result does not have.
    pub missing: Vec<String>,
    /// The arrays of which not all items are shown. At most [`MOST_PLACES`].
    pub left_out: Vec<LeftOut>,
}

impl Tool {
    /// Takes out of a success what is not wanted: what is not among the fields that the model `asked` for, or
    /// without these what its [`ResponseShape`] does not show. None where nothing was taken out.
    ///
    /// Members that are left out make structured content no other type, so it satisfies the schema that the tool
    /// advertises still; where that asks for them, it is wrapped as a body that was not expected.
    pub fn project(&self, outcome: &mut Outcome, asked: Option<&FieldList>) -> Option<ProjectedText> {
        if outcome.is_error || asked.is_some_and(FieldList::is_all) {
            return None;
        }
        let own = asked.is_none().then_some(self.response_shape.as_ref()).flatten();
        let of_document = own.and_then(ResponseShape::fields);
        let fields = asked.or(of_document.as_ref());
        let most = own.and_then(|shape| shape.max_items).and_then(|most| usize::try_from(most).ok());
        if fields.is_none() && most.is_none() {
            return None;
        }
        let is_whole_json = |content: &&mut Content| matches!(content, Content::Text(text) if is_json(text));
        let Content::Text(text) = outcome.content.iter_mut().find(is_whole_json)? else { return None };
        let compact = without_white_space(text);
        let index = JsonIndex::new(&compact);
        let mut writer = Projecting::new(&index, fields, most);
        let begin = self.node_of_body(fields, index.kind(index.whole()));
        writer.value(index.whole(), begin, false, 0);
        if writer.out.len() == compact.len() {
            return None;
        }
        let missing = fields.map(|fields| fields.missing(&writer.found)).unwrap_or_default();
        let Projecting { out, left_out, .. } = writer;
        if let Some(structured) = outcome.structured.take() {
            outcome.structured = self.restructured(structured, text, &out, false);
        }
        let whole = std::mem::replace(text, out);
        let fields = fields.map(|fields| fields.as_written().to_vec()).unwrap_or_default();
        Some(ProjectedText { whole, fields, missing, left_out })
    }
}

impl Tool {
    /// The node that the body stands for: its fields may be written as the schema has them, which has an array as
    /// the member `result`.
    fn node_of_body(&self, fields: Option<&FieldList>, body: Kind) -> usize {
        let is_wrapped = self.plan.response.wraps_result && body != Kind::Object;
        fields.filter(|_| is_wrapped).and_then(|fields| fields.child(0, "result")).unwrap_or(0)
    }
}

impl ResponseShape {
    /// The fields that the document's author wants shown.
    fn fields(&self) -> Option<FieldList> {
        match &self.projection {
            Some(Projection::Fields(fields)) => FieldList::parse(fields.iter().map(String::as_str)).ok(),
            Some(Projection::Jmespath(_)) | None => None,
        }
    }
}

struct Projecting<'a, 't> {
    json: &'a JsonIndex<'t>,
    fields: Option<&'a FieldList>,
    /// The most items of an array that is in no other.
    most: Option<usize>,
    /// Which nodes of the fields were found.
    found: Vec<bool>,
    /// Where the value stands that is written, outside of arrays.
    pointer: String,
    out: String,
    left_out: Vec<LeftOut>,
}

impl<'a, 't> Projecting<'a, 't> {
    fn new(json: &'a JsonIndex<'t>, fields: Option<&'a FieldList>, most: Option<usize>) -> Self {
        let found = vec![false; fields.map_or(0, FieldList::len)];
        Self { json, fields, most, found, pointer: String::new(), out: String::new(), left_out: Vec::new() }
    }

    /// Writes the value, of which the fields below `node` are shown.
    fn value(&mut self, span: Span, node: usize, in_array: bool, depth: usize) {
        let is_whole = self.fields.is_none_or(|fields| fields.is_whole(node));
        let has_all_items = self.most.is_none() || in_array;
        match self.json.kind(span) {
            _ if is_whole && has_all_items || depth > MAX_DEPTH => self.out.push_str(self.json.slice(span)),
            Kind::Array => self.array(span, node, in_array, depth),
            Kind::Object => self.object(span, node, is_whole, in_array, depth),
            Kind::String | Kind::Scalar => self.out.push_str(self.json.slice(span)),
        }
    }

    fn array(&mut self, span: Span, node: usize, in_array: bool, depth: usize) {
        let most = self.most.filter(|_| !in_array).unwrap_or(usize::MAX);
        self.out.push('[');
        let mut total = 0;
        for item in self.json.items(span) {
            if total < most {
                self.comma('[');
                self.value(item, node, true, depth + 1);
            }
            total += 1;
        }
        self.out.push(']');
        if total > most && self.left_out.len() < MOST_PLACES {
            let pointer = self.pointer.clone();
            self.left_out.push(LeftOut { pointer, offset: most, total, unit: Unit::Items });
        }
    }

    fn object(&mut self, span: Span, node: usize, is_whole: bool, in_array: bool, depth: usize) {
        self.out.push('{');
        for (key, value) in self.json.members(span) {
            let name: String = serde_json::from_str(self.json.slice(key)).unwrap_or_default();
            // Everything below a whole node is shown.
            let child =
                if is_whole { Some(node) } else { self.fields.and_then(|fields| fields.child(node, &name)) };
            let Some(child) = child else { continue };
            if let Some(found) = self.found.get_mut(child) {
                *found = true;
            }
            self.comma('{');
            self.out.push_str(self.json.slice(key));
            self.out.push(':');
            let end = self.pointer.len();
            if !in_array {
                // Writing to a string cannot fail.
                let _ = write!(self.pointer, "/{}", name.replace('~', "~0").replace('/', "~1"));
            }
            self.value(value, child, in_array, depth + 1);
            self.pointer.truncate(end);
        }
        self.out.push('}');
    }

    /// A comma, unless the one before opened what is written.
    fn comma(&mut self, opening: char) {
        if !self.out.ends_with(opening) {
            self.out.push(',');
        }
    }
}
