//! Security schemes and requirements.

use indexmap::IndexMap;
use serde_json::Value;

use super::Reader;
use super::object::{Object, scalar_text};
use crate::diagnostic::Code;
use crate::location::Location;
use crate::model::{
    OAuthFlow, ParameterIn, SecurityRequirement, SecurityScheme, SecuritySchemeKind, SpecVersion,
};

impl<'a> Reader<'a> {
    /// Reads the schemes that the document defines.
    pub(super) fn read_security_schemes(&mut self, root: &Object<'a>) {
        let schemes = if self.version == SpecVersion::V2_0 {
            self.named(root, "securityDefinitions")
        } else {
            let components = self.member(root, "components");
            components.map(|components| self.named(&components, "securitySchemes")).unwrap_or_default()
        };
        for (name, scheme) in schemes {
            let scheme = self.security_scheme(name, &scheme);
            self.security_schemes.insert(name.clone(), scheme);
        }
    }

    fn security_scheme(&mut self, name: &str, scheme: &Object<'a>) -> SecurityScheme {
        let kind = self.text(scheme, "type").unwrap_or_else(|| {
            self.report_missing(scheme, "type");
            String::new()
        });
        let kind = match kind.as_str() {
            "apiKey" => self.api_key(scheme),
            "basic" => SecuritySchemeKind::Http { scheme: "basic".to_owned(), bearer_format: None },
            "http" => self.http_scheme(scheme),
            "oauth2" => SecuritySchemeKind::OAuth2 {
                flows: self.flows(scheme),
                metadata_url: self.text(scheme, "oauth2MetadataUrl"),
            },
            "openIdConnect" => self.open_id_connect(scheme),
            "mutualTLS" => SecuritySchemeKind::MutualTls,
            _ => SecuritySchemeKind::Unknown(kind),
        };
        let description = self.description(scheme);
        SecurityScheme { location: scheme.location.clone(), name: name.to_owned(), description, kind }
    }

    fn api_key(&mut self, scheme: &Object<'a>) -> SecuritySchemeKind {
        let place = match self.text(scheme, "in").as_deref() {
            Some("header") => Some(ParameterIn::Header),
            Some("query") => Some(ParameterIn::Query),
            Some("cookie") => Some(ParameterIn::Cookie),
            _ => None,
        };
        if let (Some(place), Some(name)) = (place, self.text(scheme, "name")) {
            return SecuritySchemeKind::ApiKey { place, name };
        }
        let message = "an API key needs `name`, and `in` with `header`, `query` or `cookie`";
        self.report(Code::MissingField, &scheme.location, message, "say where the key is sent");
        SecuritySchemeKind::Unknown("apiKey".to_owned())
    }

    fn http_scheme(&mut self, scheme: &Object<'a>) -> SecuritySchemeKind {
        let bearer_format = self.text(scheme, "bearerFormat");
        if let Some(name) = self.text(scheme, "scheme") {
            return SecuritySchemeKind::Http { scheme: name.to_ascii_lowercase(), bearer_format };
        }
        self.report_missing(scheme, "scheme");
        SecuritySchemeKind::Unknown("http".to_owned())
    }

    fn open_id_connect(&mut self, scheme: &Object<'a>) -> SecuritySchemeKind {
        if let Some(url) = self.text(scheme, "openIdConnectUrl") {
            return SecuritySchemeKind::OpenIdConnect { url };
        }
        self.report_missing(scheme, "openIdConnectUrl");
        SecuritySchemeKind::Unknown("openIdConnect".to_owned())
    }

    fn flows(&mut self, scheme: &Object<'a>) -> IndexMap<String, OAuthFlow> {
        if self.version == SpecVersion::V2_0 {
            return self.swagger_flow(scheme).into_iter().collect();
        }
        let flows = self.named(scheme, "flows").into_iter().filter(|(name, _)| !name.starts_with("x-"));
        flows.map(|(name, flow)| (name.clone(), self.flow(&flow))).collect()
    }

    pub(super) fn flow(&mut self, flow: &Object<'a>) -> OAuthFlow {
        OAuthFlow {
            authorization_url: self.text(flow, "authorizationUrl"),
            token_url: self.text(flow, "tokenUrl"),
            refresh_url: self.text(flow, "refreshUrl"),
            device_authorization_url: self.text(flow, "deviceAuthorizationUrl"),
            scopes: self.scopes(flow),
        }
    }

    fn scopes(&mut self, flow: &Object<'a>) -> IndexMap<String, String> {
        let Some(scopes) = self.member(flow, "scopes") else { return IndexMap::new() };
        let scopes = scopes.members.iter();
        // Scopes may be called anything; in 2.0 they may stand beside extensions.
        scopes
            .filter(|(name, _)| !(name.starts_with("x-") && self.version == SpecVersion::V2_0))
            .map(|(name, meaning)| (name.clone(), scalar_text(meaning).unwrap_or_default()))
            .collect()
    }

    /// The alternatives that an operation or document names; none where it says nothing of them.
    pub(super) fn security(&mut self, owner: &Object<'a>) -> Option<Vec<SecurityRequirement>> {
        if !matches!(owner.get("security"), Some(Value::Array(_))) {
            if let Some(other) = owner.get("security") {
                self.report_type(&owner.at("security"), other, "an array");
            }
            return None;
        }
        let items = self.items(owner, "security");
        let says_something = !items.is_empty();
        let alternatives = items.into_iter().filter_map(|(location, item)| {
            let requirement = self.object(item, location)?;
            Some(self.requirement(&requirement))
        });
        let alternatives: Vec<SecurityRequirement> = alternatives.collect();
        if says_something && alternatives.is_empty() {
            // An empty list would say that no credential is needed.
            let message = "none of the security requirements can be read; those of the document hold instead";
            let help = "write each as an object: `- scheme: []`";
            self.report(Code::UnexpectedType, &owner.at("security"), message, help);
            return None;
        }
        Some(alternatives)
    }

    fn requirement(&mut self, requirement: &Object<'a>) -> SecurityRequirement {
        let mut schemes = IndexMap::new();
        for (name, _) in requirement.members {
            self.check_defined(name, &requirement.location);
            schemes.insert(name.clone(), self.texts(requirement, name));
        }
        SecurityRequirement { schemes }
    }

    fn check_defined(&mut self, name: &str, requirement: &Location) {
        if self.security_schemes.contains_key(name) || self.read_scheme_by_url(name, requirement) {
            return;
        }
        let message = format!("the security scheme `{name}` is not defined");
        let help = "define it under `components.securitySchemes` (2.0: `securityDefinitions`)";
        self.report(Code::SecuritySchemeUndefined, &requirement.child(name), message, help);
    }

    /// Since 3.2 a requirement may name a scheme by URL.
    fn read_scheme_by_url(&mut self, name: &str, requirement: &Location) -> bool {
        if self.version != SpecVersion::V3_2 || !name.contains(['/', '#', '.']) {
            return false;
        }
        let target = self.set.resolve(requirement, name).and_then(|place| self.set.follow(place));
        let Ok((place, Value::Object(members))) = target else { return false };
        let scheme = self.security_scheme(name, &Object::new(members, place));
        self.security_schemes.insert(name.to_owned(), scheme);
        true
    }
}
