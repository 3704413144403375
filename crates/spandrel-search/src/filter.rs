//! Which tools are searched at all.

use spandrel_plan::Tool;

/// Narrows a search. What is empty narrows nothing; of several tags or methods, one is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Tags of the document, in any case.
    pub tags: Vec<String>,
    /// HTTP methods, in any case.
    pub methods: Vec<String>,
}

impl Filter {
    /// Whether `tool` is searched.
    #[must_use]
    pub fn admits(&self, tool: &Tool) -> bool {
        let tagged = |tag: &String| tool.tags.iter().any(|other| other.to_lowercase() == tag.to_lowercase());
        let method = |method: &String| method.eq_ignore_ascii_case(&tool.operation.method);
        (self.tags.is_empty() || self.tags.iter().any(tagged))
            && (self.methods.is_empty() || self.methods.iter().any(method))
    }
}
