//! Responses and headers.

use super::Reader;
use super::object::Object;
use crate::diagnostic::Code;
use crate::model::{Header, MediaType, Response, ResponseStatus, SpecVersion};

impl<'a> Reader<'a> {
    pub(super) fn responses(&mut self, operation: &Object<'a>) -> Vec<Response> {
        let Some(responses) = self.member(operation, "responses") else { return Vec::new() };
        let mut read = Vec::new();
        for (key, value) in responses.members.iter().filter(|(key, _)| !key.starts_with("x-")) {
            let Some(status) = status(key) else {
                let message = format!("`{key}` is not a status code, a range such as `2XX` or `default`");
                let help = "write a status code of three digits";
                self.report(Code::UnexpectedType, &responses.at(key), message, help);
                continue;
            };
            if let Some(response) = self.referenced(value, responses.at(key)) {
                read.push(self.response(status, &response, operation));
            }
        }
        read
    }

    fn response(
        &mut self,
        status: ResponseStatus,
        response: &Object<'a>,
        operation: &Object<'a>,
    ) -> Response {
        let content = self.response_content(response, operation);
        Response {
            location: response.location.clone(),
            status,
            description: self.description(response),
            headers: self.headers(response),
            content,
        }
    }

    fn response_content(&mut self, response: &Object<'a>, operation: &Object<'a>) -> Vec<MediaType> {
        match self.version {
            SpecVersion::V2_0 => self.swagger_response_content(response, operation),
            _ => self.media_types(response, "content"),
        }
    }

    /// The headers of a response or part, without `Content-Type`, which the media type rules.
    pub(super) fn headers(&mut self, owner: &Object<'a>) -> Vec<Header> {
        let named = self.named(owner, "headers").into_iter();
        let named = named.filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        named.map(|(name, header)| self.header(name, &header)).collect()
    }

    fn header(&mut self, name: &str, header: &Object<'a>) -> Header {
        let schema = match self.version {
            // A header of 2.0 is its own schema.
            SpecVersion::V2_0 => header.get("type").map(|_| header.location.clone()),
            _ => header.place_of("schema").or_else(|| self.schema_in_content(header)),
        };
        Header {
            location: header.location.clone(),
            name: name.to_owned(),
            required: self.flag(header, "required").unwrap_or(false),
            description: self.description(header),
            schema,
            example: self.examples(header).into_iter().next(),
        }
    }

    fn schema_in_content(&mut self, header: &Object<'a>) -> Option<crate::location::Location> {
        let (_, media_type) = self.named(header, "content").into_iter().next()?;
        media_type.place_of("schema")
    }
}

fn status(key: &str) -> Option<ResponseStatus> {
    if key.eq_ignore_ascii_case("default") {
        return Some(ResponseStatus::Default);
    }
    match *key.trim().as_bytes() {
        [class @ b'1'..=b'9', b'X' | b'x', b'X' | b'x'] => Some(ResponseStatus::Range(class - b'0')),
        [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] => key.trim().parse().ok().map(ResponseStatus::Exact),
        _ => None,
    }
}
