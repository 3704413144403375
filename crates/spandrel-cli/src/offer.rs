//! How tools are offered: in one list, shortened where that makes them fit, or by search.

use spandrel::{Compaction, Discovery};

use crate::args::serve::{Offer, OfferArguments};
use crate::output::grouped;
use crate::specification::Specification;
use crate::tokens;

/// More tools than this are offered by search where that is left to Spandrel; clients take 40 to 128.
const MANY_TOOLS: usize = 100;
/// The same for what a model reads.
const MANY_TOKENS: usize = 20_000;

/// About what the tool takes that reads on in long results.
const READER_TOKENS: usize = 100;

/// How tools are offered.
pub(crate) struct Offering {
    /// The specification, with tools as long as they may be.
    pub(crate) specification: Specification,
    /// None where every tool is listed.
    pub(crate) discovery: Option<Discovery>,
    /// What was done, for a person.
    pub(crate) notes: Vec<String>,
    /// What was asked for in vain.
    pub(crate) warnings: Vec<String>,
}

impl Offering {
    /// Decides by what the operator asked for, and how much there is.
    pub(crate) fn choose(specification: Specification, arguments: &OfferArguments) -> Self {
        let listed = Self { specification, discovery: None, notes: Vec::new(), warnings: Vec::new() };
        let offering = match (arguments.tools, arguments.budget) {
            (Offer::Search, _) => listed.by_search(None, arguments),
            (Offer::Auto, None) => match listed.reason_to_search() {
                Some(reason) => listed.by_search(Some(&reason), arguments),
                None => listed,
            },
            (Offer::All | Offer::Auto, Some(budget)) => listed.within(budget.get(), arguments),
            (Offer::All, None) => listed,
        };
        offering.with_pins_checked(arguments)
    }

    fn reason_to_search(&self) -> Option<String> {
        let catalog = &self.specification.compiled.catalog;
        if catalog.tools().len() > MANY_TOOLS {
            return Some(format!("more than {MANY_TOOLS} tools"));
        }
        (!tokens::fit(catalog, MANY_TOKENS)).then(|| format!("more than {} tokens", grouped(MANY_TOKENS)))
    }

    /// Shortens the tools until they fit, or offers them by search.
    fn within(mut self, budget: usize, arguments: &OfferArguments) -> Self {
        let reader = arguments.max_result_tokens.0.map_or(0, |_| READER_TOKENS);
        let left = budget.saturating_sub(reader);
        let asked = self.specification.compaction();
        for level in Compaction::ALL.into_iter().filter(|level| *level >= asked) {
            if level > asked {
                self.specification = self.specification.with_compaction(level);
            }
            if tokens::fit(&self.specification.compiled.catalog, left) {
                if level > asked {
                    self.notes
                        .push(format!("shortened (--compact={level}) to fit {} tokens", grouped(budget)));
                }
                return self;
            }
        }
        self.specification = self.specification.with_compaction(asked.max(Compaction::Moderate));
        self.by_search(Some(&format!("however short, more than {} tokens", grouped(budget))), arguments)
    }

    fn by_search(mut self, reason: Option<&str>, arguments: &OfferArguments) -> Self {
        let compiled = &self.specification.compiled;
        let mut discovery = Discovery::new();
        let mut pinned = 0;
        for tool in compiled.catalog.tools().iter().filter(|_| !arguments.pin.is_empty()) {
            let operation = compiled.operation(tool);
            let is_pinned =
                |operation| arguments.pin.iter().any(|rule| rule.matches(operation, tool.annotations));
            if operation.is_some_and(is_pinned) {
                discovery = discovery.pin(&tool.name);
                pinned += 1;
            }
        }
        let pins = match pinned {
            0 => String::new(),
            number => format!(", {} of them listed, too", grouped(number)),
        };
        let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        self.notes.push(format!("offered by search{reason}{pins}"));
        self.discovery = Some(discovery);
        self
    }

    /// Says which pins list nothing.
    fn with_pins_checked(mut self, arguments: &OfferArguments) -> Self {
        if self.discovery.is_none() {
            if !arguments.pin.is_empty() {
                self.warnings.push("--pin changes nothing where every tool is listed".to_owned());
            }
            return self;
        }
        let compiled = &self.specification.compiled;
        let matches = |rule: &spandrel::Rule| {
            let tools = compiled.catalog.tools();
            tools.iter().any(|tool| {
                compiled.operation(tool).is_some_and(|operation| rule.matches(operation, tool.annotations))
            })
        };
        let unmatched = arguments.pin.iter().filter(|rule| !matches(rule));
        self.warnings.extend(unmatched.map(|rule| format!("--pin {rule}: the rule matches no tool")));
        self
    }
}
