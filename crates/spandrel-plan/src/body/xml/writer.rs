//! Writing XML that is well-formed whatever the values are.

use crate::arguments::invalid;
use crate::error::CallError;
use crate::plan::XmlShape;

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

const CDATA: &str = "<![CDATA[";

/// Writes elements and attributes, and the namespaces that they need.
pub(super) struct XmlWriter {
    out: String,
    /// Prefix and namespace of each declaration in scope, innermost last.
    declared: Vec<(String, String)>,
}

/// An element that is open.
pub(super) struct Scope {
    name: String,
    /// How many declarations were in scope before it.
    declared: usize,
}

impl XmlWriter {
    pub(super) fn new() -> Self {
        Self { out: String::from(r#"<?xml version="1.0" encoding="UTF-8"?>"#), declared: Vec::new() }
    }

    /// Begins an element; its attributes may follow.
    ///
    /// # Errors
    /// When it cannot have that name.
    pub(super) fn open(&mut self, name: &str, shape: &XmlShape) -> Result<Scope, CallError> {
        let scope = Scope { name: qualified(name, shape)?, declared: self.declared.len() };
        self.out.push('<');
        self.out.push_str(&scope.name);
        self.declare(shape)?;
        Ok(scope)
    }

    /// Writes an attribute.
    ///
    /// # Errors
    /// When it cannot have that name or value.
    pub(super) fn attribute(&mut self, name: &str, shape: &XmlShape, value: &str) -> Result<(), CallError> {
        let qualified = qualified(name, shape)?;
        if shape.prefix.is_some() {
            self.declare(shape)?;
        }
        self.push_attribute(&qualified, value).map_err(|problem| invalid(name, problem))
    }

    /// Ends the start tag.
    pub(super) fn end_of_start(&mut self) {
        self.out.push('>');
    }

    /// Ends the start tag of an element that stands for null.
    pub(super) fn nil(&mut self) {
        self.out.push_str(" xmlns:xsi=\"");
        self.out.push_str(XSI);
        self.out.push_str("\" xsi:nil=\"true\">");
    }

    /// Writes character data.
    pub(super) fn text(&mut self, text: &str) -> Result<(), &'static str> {
        for character in text.chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                // Parsers turn it into a line feed.
                '\r' => self.out.push_str("&#13;"),
                character => self.out.push(allowed(character)?),
            }
        }
        Ok(())
    }

    /// Writes a CDATA section; as many as are needed, where the text holds what ends one or what
    /// parsers change in one.
    pub(super) fn cdata(&mut self, text: &str) -> Result<(), &'static str> {
        self.out.push_str(CDATA);
        for character in text.chars() {
            match character {
                '>' if self.out.ends_with("]]") => self.out.push_str("]]><![CDATA[>"),
                '\r' => self.out.push_str("]]>&#13;<![CDATA["),
                character => self.out.push(allowed(character)?),
            }
        }
        self.out.push_str("]]>");
        Ok(())
    }

    /// Ends an element.
    pub(super) fn close(&mut self, scope: &Scope) {
        self.declared.truncate(scope.declared);
        self.out.push_str("</");
        self.out.push_str(&scope.name);
        self.out.push('>');
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    fn declare(&mut self, shape: &XmlShape) -> Result<(), CallError> {
        let Some(namespace) = &shape.namespace else { return Ok(()) };
        let prefix = shape.prefix.as_deref().unwrap_or_default();
        let in_scope = self.declared.iter().rev().find(|(known, _)| known == prefix);
        if in_scope.is_some_and(|(_, known)| known == namespace) {
            return Ok(());
        }
        let attribute = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        self.push_attribute(&attribute, namespace).map_err(|problem| invalid(&attribute, problem))?;
        self.declared.push((prefix.to_owned(), namespace.clone()));
        Ok(())
    }

    fn push_attribute(&mut self, name: &str, value: &str) -> Result<(), &'static str> {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        for character in value.chars() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                // Parsers turn white space in attributes into spaces.
                '\r' => self.out.push_str("&#13;"),
                '\n' => self.out.push_str("&#10;"),
                '\t' => self.out.push_str("&#9;"),
                character => self.out.push(allowed(character)?),
            }
        }
        self.out.push('"');
        Ok(())
    }
}

/// `Char` of XML 1.0, section 2.2.
fn allowed(character: char) -> Result<char, &'static str> {
    match character {
        '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}' => Ok(character),
        _ => Err("sent as XML, which cannot hold control characters"),
    }
}

fn qualified(name: &str, shape: &XmlShape) -> Result<String, CallError> {
    let text = match &shape.prefix {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}:{name}"),
        _ => name.to_owned(),
    };
    if is_name(&text) {
        Ok(text)
    } else {
        Err(invalid(name, "cannot be the name of an XML element or attribute"))
    }
}

/// `Name` of XML 1.0, section 2.3.
fn is_name(text: &str) -> bool {
    let starts = |character: char| {
        matches!(character,
            ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
            | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
            | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
            | '\u{10000}'..='\u{EFFFF}')
    };
    let continues = |character: char| {
        starts(character)
            || matches!(character, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
    };
    let mut characters = text.chars();
    characters.next().is_some_and(starts) && characters.all(continues)
}
