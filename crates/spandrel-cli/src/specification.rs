//! What was meant: the document, loaded and compiled as the operator asked, or a lock file in its place.

mod locked;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use bytes::Bytes;
use spandrel::loader::Trail;
use spandrel::openapi::{Code, Diagnostic, DocumentSet, Location, SourceId};
use spandrel::plan::{LockFile, LockedDocument};
use spandrel::{
    ArgumentLayout, BaseUrl, Compaction, Compiled, Loader, LoaderOptions, Options, Selection, Source,
    StaticHeaders, Tool, compile,
};

use url::Url;

use crate::args::SpecArguments;
use crate::args::serve::BackendArguments;
use crate::args::spec::{Layout, ToolArguments};
use crate::credential::{Credentials, Schemes};
use crate::header::Headers;
use crate::header_origin::HeaderOrigins;
use crate::{lock, rule_advice};

/// Stands for the API where nothing is sent to it and nobody named a server.
const MOCK_SERVER: &str = "http://mock.invalid";

/// A document and the tools made of it.
pub(crate) struct Specification {
    pub(crate) source: Source,
    pub(crate) set: Arc<DocumentSet>,
    /// The text of each document.
    pub(crate) texts: BTreeMap<SourceId, Bytes>,
    pub(crate) compiled: Compiled,
    /// Where the operator's headers and credentials go.
    pub(crate) header_origins: HeaderOrigins,
    /// The operator's credentials.
    pub(crate) credentials: Credentials,
    /// What a lock file says of its document, where there is one instead of a document.
    lock: Option<LockedDocument>,
    options: Options,
}

impl Specification {
    /// Loads and compiles the document, or reads the lock file that is named in its place.
    pub(crate) async fn load(arguments: &SpecArguments) -> anyhow::Result<Self> {
        let loader = Self::loader(arguments)?;
        Self::load_with(&loader, arguments, &Trail::default()).await
    }

    /// The same, noting what it looks at.
    pub(crate) async fn load_with(
        loader: &Loader,
        arguments: &SpecArguments,
        trail: &Trail,
    ) -> anyhow::Result<Self> {
        let source = Source::parse(&arguments.spec)?;
        if let Some(lock) = lock::read(&source)? {
            locked::refuse_options(&arguments.tools, &source.name())?;
            return Self::of_lock(source, lock, options(&arguments.tools));
        }
        Self::of_document(source, loader, options(&arguments.tools), trail).await
    }

    /// The document or lock file `spec`; the options are for documents only, and let lock files be.
    pub(crate) async fn load_named(spec: &str, tools: &ToolArguments) -> anyhow::Result<Self> {
        let source = Source::parse(spec)?;
        if let Some(lock) = lock::read(&source)? {
            return Self::of_lock(source, lock, options(tools));
        }
        let loader = Self::loader_of(&source, tools)?;
        Self::of_document(source, &loader, options(tools), &Trail::default()).await
    }

    /// What a lock file holds. Its document is known by its title and version only.
    fn of_lock(source: Source, lock: LockFile, options: Options) -> anyhow::Result<Self> {
        let document = lock.document().clone();
        let compiled = locked::compiled(lock, options.base_url.as_ref());
        let set = Arc::new(DocumentSet::new(Url::parse("file:///lock")?, b"{}")?);
        Ok(Self {
            source,
            set,
            texts: BTreeMap::new(),
            compiled,
            header_origins: HeaderOrigins::default(),
            credentials: Credentials::default(),
            lock: Some(document),
            options,
        })
    }

    /// Makes sure that there is a document, not only a lock file.
    pub(crate) fn need_document(&self) -> anyhow::Result<()> {
        ensure!(
            self.lock.is_none(),
            "{} is a lock file: it holds the tools, but not the document that this needs",
            self.source.name()
        );
        Ok(())
    }

    /// Whether the tools are those of a lock file.
    pub(crate) const fn is_locked(&self) -> bool {
        self.lock.is_some()
    }

    /// The URL or the origin that the document came from; none for a file.
    pub(crate) fn document_url(&self) -> Option<&Url> {
        match (&self.lock, &self.source) {
            (Some(document), _) => document.origin.as_ref().map(BaseUrl::as_url),
            (None, Source::Url(url)) => Some(url),
            _ => None,
        }
    }

    async fn of_document(
        source: Source,
        loader: &Loader,
        options: Options,
        trail: &Trail,
    ) -> anyhow::Result<Self> {
        let found = loader.load_with(&source, trail).await?;
        let is_openapi =
            ["openapi", "swagger", "paths"].iter().any(|key| found.documents.root().get(key).is_some());
        ensure!(
            is_openapi,
            "{}: this is not an OpenAPI document: it has neither `openapi` nor `swagger`",
            source.name()
        );
        let (set, texts) = (Arc::new(found.documents), found.texts);
        let compiled = compiled(&set, &options);
        let header_origins = HeaderOrigins::default();
        let credentials = Credentials::default();
        Ok(Self { source, set, texts, compiled, header_origins, credentials, lock: None, options })
    }

    /// What loads the document as the operator's overlays make it, with what it refers to.
    pub(crate) fn loader(arguments: &SpecArguments) -> anyhow::Result<Loader> {
        Self::loader_of(&Source::parse(&arguments.spec)?, &arguments.tools)
    }

    fn loader_of(source: &Source, tools: &ToolArguments) -> anyhow::Result<Loader> {
        let overlays: Result<Vec<Source>, _> = tools.overlay.iter().map(|text| Source::parse(text)).collect();
        let overlays = overlays?;
        let stdin = std::iter::once(source).chain(&overlays).filter(|source| **source == Source::Stdin);
        ensure!(stdin.count() <= 1, "standard input can be the document or one overlay, not several of them");
        Ok(Loader::new(LoaderOptions {
            allow_remote_refs: tools.allow_remote_refs,
            overlays,
            ..LoaderOptions::default()
        }))
    }

    /// The same with the operator's headers: they go to the origins that may see them, and take the
    /// place of parameters of their names.
    pub(crate) fn with_headers(
        mut self,
        headers: &Headers,
        backend: &BackendArguments,
    ) -> anyhow::Result<Self> {
        if headers.is_empty() {
            return Ok(self);
        }
        let tools = self.compiled.catalog.tools();
        if headers.names().any(|name| name == http::header::COOKIE)
            && let Some(tool) = tools.iter().find(|tool| !tool.plan.cookies.is_empty())
        {
            bail!(
                "--header Cookie: would take the place of cookies that tools have as arguments, such as those \
                 of `{}`; leave these tools out with --exclude, or the header away",
                tool.name
            );
        }
        // What a mock is sent leaves nobody's hands.
        self.header_origins = if backend.mock {
            HeaderOrigins::of_catalog(&self.compiled.catalog)
        } else {
            HeaderOrigins::choose(&self.compiled.catalog, &backend.header_origin)?
        };
        let supplied = |tool: &Tool| {
            let mut parameters = tool.plan.headers.iter().map(|parameter| parameter.name.as_str());
            parameters
                .any(|parameter| headers.names().any(|name| name.as_str().eq_ignore_ascii_case(parameter)))
        };
        if self.header_origins.hold_all_of(&self.compiled.catalog) && tools.iter().any(|tool| supplied(tool))
        {
            ensure!(
                !self.is_locked(),
                "{} is a lock file, in which a header of --header is an argument; hide it with x-spandrel in an \
                 overlay and compile again, or give the document",
                self.source.name()
            );
            self.options.supplied_headers = headers.names().cloned().collect();
            self.compiled = compiled(&self.set, &self.options);
        }
        Ok(self)
    }

    /// The same with the operator's credentials: they go to the origins that may see them, and keys that
    /// the caller gives are arguments.
    pub(crate) fn with_credentials(mut self, backend: &BackendArguments) -> anyhow::Result<Self> {
        let schemes = Schemes::of(&self.compiled);
        self.credentials = Credentials::read(backend, &schemes)?;
        let arguments: Vec<String> = self.credentials.arguments().map(str::to_owned).collect();
        if !arguments.is_empty() {
            self.need_document().context("--credential SCHEME=argument")?;
            self.options.credential_arguments = arguments;
            self.compiled = compiled(&self.set, &self.options);
        }
        if self.credentials.need_origin(&schemes) && !backend.mock {
            self.header_origins = HeaderOrigins::choose(&self.compiled.catalog, &backend.header_origin)?;
        }
        Ok(self)
    }

    /// Makes sure that there is a tool.
    pub(crate) fn with_tools(self) -> anyhow::Result<Self> {
        if !self.compiled.catalog.tools().is_empty() {
            return Ok(self);
        }
        let reasons: Vec<String> = self.option_warnings().map(told).collect();
        let name = self.source.name();
        match (self.compiled.operations, self.compiled.unselected) {
            (0, _) => bail!("{name}: the document has no operations"),
            (_, 0) => bail!("{name}: no operation could become a tool; `spandrel check {name}` says why"),
            _ if self.options.selection.is_empty() => {
                bail!("{name}: the document's own extensions leave no operation, such as `x-mcp: false`")
            }
            _ if reasons.is_empty() => bail!("{name}: {} leave no operation", self.selecting()),
            _ => bail!("{name}: {} leave no operation: {}", self.selecting(), reasons.join("; ")),
        }
    }

    /// Whether the operator chose among the operations.
    pub(crate) fn selects(&self) -> bool {
        !self.options.selection.is_empty()
    }

    /// The options that choose operations.
    pub(crate) fn selecting(&self) -> &'static str {
        if self.options.selection.read_only {
            "--include, --exclude and --read-only"
        } else {
            "--include and --exclude"
        }
    }

    /// What was found about the operator's own choices rather than about the document.
    pub(crate) fn option_warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.compiled.diagnostics.iter().filter(|finding| {
            let about_variable =
                finding.code == Code::ServerInvalid && finding.location == Location::default();
            about_variable
                || matches!(
                    finding.code,
                    Code::SelectionUnmatched | Code::OverlayUnmatched | Code::TooManyTools
                )
        })
    }

    /// Why the servers of a tool's operation cannot be used, as far as something was found.
    pub(crate) fn server_problems(&self, tool: &Tool) -> Vec<&str> {
        let servers =
            self.compiled.operation(tool).map(|operation| operation.servers.as_slice()).unwrap_or_default();
        let of_servers = |finding: &&Diagnostic| {
            finding.code == Code::ServerInvalid
                && (servers.iter().any(|server| server.location == finding.location)
                    || finding.location.pointer.as_str() == tool.operation.pointer)
        };
        self.compiled.diagnostics.iter().filter(of_servers).map(|finding| finding.message.as_str()).collect()
    }

    /// The same where no request leaves this process: tools without a server get one.
    pub(crate) fn with_mock_server(mut self) -> anyhow::Result<Self> {
        self.need_document().context("nothing here says what the API would answer")?;
        if self.compiled.catalog.tools().iter().any(|tool| tool.plan.base.is_none()) {
            self.options.base_url = Some(BaseUrl::parse(MOCK_SERVER)?);
            self.compiled = compiled(&self.set, &self.options);
        }
        Ok(self)
    }

    /// How much shorter tools are than the document has them.
    pub(crate) fn compaction(&self) -> Compaction {
        self.options.compaction
    }

    /// The same with tools of another length.
    pub(crate) fn with_compaction(mut self, compaction: Compaction) -> Self {
        // The tools of a lock file are made already.
        if self.is_locked() {
            return self;
        }
        self.options.compaction = compaction;
        self.compiled = compiled(&self.set, &self.options);
        self
    }

    /// The server that takes the place of the document's.
    pub(crate) fn base_url(&self) -> Option<&BaseUrl> {
        self.options.base_url.as_ref()
    }

    /// The operator's headers, bound to the origins that may see them.
    pub(crate) fn bind(&self, headers: &Headers) -> anyhow::Result<StaticHeaders> {
        headers.bind(self.header_origins.bound())
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

/// A finding with its advice.
pub(crate) fn told(finding: &Diagnostic) -> String {
    match &finding.help {
        Some(help) => format!("{}; {help}", finding.message),
        None => finding.message.clone(),
    }
}

/// Compiles, and says what is wrong with the operator's own choices.
fn compiled(set: &DocumentSet, options: &Options) -> Compiled {
    let mut compiled = compile(set, options);
    let rules = options.selection.rules().chain(&options.confirm);
    for rule in rules.map(ToString::to_string) {
        let advice = rule_advice::advice(&rule, &compiled);
        let message = format!("the rule `{rule}` matches no operation");
        let unmatched = compiled.diagnostics.iter_mut().find(|finding| {
            finding.code == Code::SelectionUnmatched && finding.help.is_none() && finding.message == message
        });
        if let Some(finding) = unmatched {
            finding.help = advice;
        }
    }
    let unknown: Vec<Diagnostic> = unknown_variables(&compiled, options).collect();
    compiled.diagnostics.extend(unknown);
    compiled
}

/// The server variables that no server of the document has.
fn unknown_variables<'c>(
    compiled: &'c Compiled,
    options: &'c Options,
) -> impl Iterator<Item = Diagnostic> + 'c {
    let is_used = |name: &str| {
        let mut servers = compiled.document.operations.iter().flat_map(|operation| &operation.servers);
        servers
            .any(|server| server.variables.contains_key(name) || server.url.contains(&format!("{{{name}}}")))
    };
    let unknown = options.server_variables.keys().filter(move |name| !is_used(name));
    unknown.map(|name| {
        let message = format!("no server has the variable `{name}`, which --server-var names");
        Diagnostic::new(Code::ServerInvalid, Location::default(), message)
    })
}

fn options(arguments: &ToolArguments) -> Options {
    Options {
        selection: Selection {
            include: arguments.include.clone(),
            exclude: arguments.exclude.clone(),
            read_only: arguments.read_only,
        },
        confirm: arguments.confirm.clone(),
        base_url: arguments.base_url.clone(),
        server: arguments.server.clone(),
        file_paths: arguments.allow_files.is_some(),
        server_variables: arguments.server_var.iter().cloned().collect(),
        arguments: match arguments.arguments {
            Layout::Flat => ArgumentLayout::Flat,
            Layout::Grouped => ArgumentLayout::Grouped,
        },
        profile: arguments.profile,
        compaction: arguments.compact,
        name_limit: arguments.name_limit.map(usize::from),
        result_fields: arguments.result_fields,
        omit_output_schemas: arguments.no_output_schemas,
        supplied_headers: Vec::new(),
        credential_arguments: Vec::new(),
        catalog_bytes: None,
    }
}
