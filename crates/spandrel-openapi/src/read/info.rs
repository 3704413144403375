//! The Info Object and the tags.

use serde_json::Value;

use super::Reader;
use super::object::Object;
use crate::model::{Contact, Info, Tag};

impl<'a> Reader<'a> {
    pub(super) fn info(&mut self, root: &Object<'a>) -> Info {
        let Some(info) = self.member(root, "info") else {
            if root.get("info").is_none() {
                self.report_missing(root, "info");
            }
            return Info::default();
        };
        for required in ["title", "version"] {
            if info.get(required).is_none() {
                self.report_missing(&info, required);
            }
        }
        Info {
            title: self.text(&info, "title").unwrap_or_default(),
            summary: self.text(&info, "summary"),
            description: self.description(&info),
            version: self.text(&info, "version").unwrap_or_default(),
            contact: self.contact(&info),
        }
    }

    fn contact(&mut self, info: &Object<'a>) -> Option<Contact> {
        let contact = self.member(info, "contact")?;
        Some(Contact {
            name: self.text(&contact, "name"),
            url: self.text(&contact, "url"),
            email: self.text(&contact, "email"),
        })
    }

    pub(super) fn tags(&mut self, root: &Object<'a>) -> Vec<Tag> {
        let mut tags = Vec::new();
        for (location, item) in self.items(root, "tags") {
            if let Value::String(name) = item {
                tags.push(Tag { name: name.clone(), description: None, parent: None });
                continue;
            }
            let Some(tag) = self.referenced(item, location) else { continue };
            match self.text(&tag, "name") {
                Some(name) => {
                    let (description, parent) = (self.description(&tag), self.text(&tag, "parent"));
                    tags.push(Tag { name, description, parent });
                }
                None => self.report_missing(&tag, "name"),
            }
        }
        tags
    }
}
