//! Where a value stands: a document of the set and a JSON Pointer into it.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

/// Identifies one document of a [`DocumentSet`](crate::DocumentSet); the root is [`SourceId::ROOT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SourceId(pub(crate) u32);

impl SourceId {
    /// The document that the set was made from.
    pub const ROOT: Self = Self(0);
}

/// A JSON Pointer ([RFC 6901]); the empty pointer is the whole document.
///
/// [RFC 6901]: https://www.rfc-editor.org/rfc/rfc6901
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Takes an already escaped pointer: empty, or starting with `/`.
    #[must_use]
    pub fn from_escaped(escaped: impl Into<String>) -> Self {
        Self(escaped.into())
    }

    /// The pointer to the member or item `token` below this one; `token` is not escaped yet.
    #[must_use]
    pub fn child(&self, token: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + token.len() + 1);
        text.push_str(&self.0);
        text.push('/');
        for character in token.chars() {
            match character {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                other => text.push(other),
            }
        }
        Self(text)
    }

    /// The pointer to the item `index` below this one.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The pointer itself, or to the innermost value around it whose pointer takes at most `limit`
    /// bytes.
    #[must_use]
    pub(crate) fn within(&self, limit: usize) -> Self {
        let mut around = self.0.as_str();
        while around.len() > limit {
            around = around.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
        Self(around.to_owned())
    }

    /// The unescaped tokens, outermost first.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(|token| {
            if token.contains('~') {
                Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
            } else {
                Cow::Borrowed(token)
            }
        })
    }

    /// The pointer as text, escaped.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A value's place in a [`DocumentSet`](crate::DocumentSet).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Location {
    /// The document.
    pub source: SourceId,
    /// The place in it.
    pub pointer: Pointer,
}

impl Location {
    /// The place of the member `token` of the object that stands here.
    #[must_use]
    pub fn child(&self, token: &str) -> Self {
        Self { source: self.source, pointer: self.pointer.child(token) }
    }

    /// The place of the item `index` of the array that stands here.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        Self { source: self.source, pointer: self.pointer.item(index) }
    }
}
