//! What was meant: the document, loaded and compiled as the operator asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use spandrel::openapi::{DocumentSet, SourceId};
use spandrel::{
    ArgumentLayout, BaseUrl, Compiled, Loader, LoaderOptions, Options, Selection, Source, StaticHeaders,
    Tool, compile,
};

use crate::args::SpecArguments;
use crate::args::spec::{Layout, ToolArguments};
use crate::header::Headers;

/// Stands for the API where nothing is sent to it and nobody named a server.
const MOCK_SERVER: &str = "http://mock.invalid";

/// A document and the tools made of it.
pub(crate) struct Specification {
    pub(crate) source: Source,
    pub(crate) set: Arc<DocumentSet>,
    /// The text of each document.
    pub(crate) texts: BTreeMap<SourceId, Bytes>,
    pub(crate) compiled: Compiled,
    options: Options,
}

impl Specification {
    /// Loads and compiles the document.
    pub(crate) async fn load(arguments: &SpecArguments) -> anyhow::Result<Self> {
        let source = Source::parse(&arguments.spec)?;
        let options = options(&arguments.tools);
        let loader_options = LoaderOptions {
            allow_remote_refs: arguments.tools.allow_remote_refs,
            ..LoaderOptions::default()
        };
        let loaded = Loader::new(loader_options).load(&source).await?;
        let compiled = compile(&loaded.documents, &options);
        let (set, texts) = (Arc::new(loaded.documents), loaded.texts);
        Ok(Self { source, set, texts, compiled, options })
    }

    /// The same where no request leaves this process: tools without a server get one.
    pub(crate) fn with_mock_server(mut self) -> anyhow::Result<Self> {
        if self.compiled.catalog.tools().iter().any(|tool| tool.plan.base.is_none()) {
            self.options.base_url = Some(BaseUrl::parse(MOCK_SERVER)?);
            self.compiled = compile(&self.set, &self.options);
        }
        Ok(self)
    }

    /// The server that takes the place of the document's.
    pub(crate) fn base_url(&self) -> Option<&BaseUrl> {
        self.options.base_url.as_ref()
    }

    /// The operator's headers, bound to the servers of the tools.
    pub(crate) fn bind(&self, headers: &Headers) -> anyhow::Result<StaticHeaders> {
        headers.bind(StaticHeaders::for_catalog(&self.compiled.catalog))
    }

    /// The tool of that name, or what it may have been meant to be.
    pub(crate) fn tool(&self, name: &str) -> anyhow::Result<&Arc<Tool>> {
        self.compiled.catalog.get(name).with_context(|| self.unknown_tool(name))
    }

    fn unknown_tool(&self, name: &str) -> String {
        let names = self.compiled.catalog.tools().iter().map(|tool| tool.name.as_str());
        let alike = |other: &str| strsim::jaro_winkler(&name.to_lowercase(), &other.to_lowercase());
        let mut near: Vec<(f64, &str)> = names.map(|other| (alike(other), other)).collect();
        near.retain(|(likeness, _)| *likeness > 0.8);
        near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let near: Vec<String> = near.iter().take(3).map(|(_, other)| format!("`{other}`")).collect();
        let advice = match near.as_slice() {
            [] => format!("`spandrel inspect {}` lists the tools", self.source.name()),
            near => format!("did you mean {}?", near.join(" or ")),
        };
        format!("there is no tool `{name}`; {advice}")
    }
}

fn options(arguments: &ToolArguments) -> Options {
    Options {
        selection: Selection { include: arguments.include.clone(), exclude: arguments.exclude.clone() },
        base_url: arguments.base_url.clone(),
        server_variables: arguments.server_var.iter().cloned().collect(),
        arguments: match arguments.arguments {
            Layout::Flat => ArgumentLayout::Flat,
            Layout::Grouped => ArgumentLayout::Grouped,
        },
        name_limit: arguments.name_limit.map(usize::from),
        omit_output_schemas: arguments.no_output_schemas,
    }
}
