//! `spandrel search`: the tools that a request in plain words asks for.

use std::io::{self, BufRead, BufReader, Read};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use serde::Serialize;
use spandrel::search::{Filter, Ranked, SearchIndex};

use crate::args::{SearchArguments, SearchFormat};
use crate::output::{self, lines, one_line};
use crate::search_model::Searcher;
use crate::specification::{Specification, told};
use crate::table::Table;

/// Bytes of one request that are taken from standard input.
const MAX_LINE: u32 = 64 * 1024;

pub(crate) async fn run(arguments: &SearchArguments) -> anyhow::Result<ExitCode> {
    let from_stdin = arguments.query.iter().any(|word| word == "-");
    ensure!(
        !from_stdin || arguments.query.len() == 1,
        "`-` reads the requests from standard input: give no other"
    );
    ensure!(
        !from_stdin || arguments.spec.spec != "-",
        "standard input can be the document or the requests, not both"
    );
    let specification = Specification::load(&arguments.spec).await?.with_tools()?;
    specification.option_warnings().for_each(|finding| output::warning(told(finding)));
    let index = SearchIndex::new(&specification.compiled.catalog);
    let searcher = Searcher::new(index, &arguments.model).await?;
    let filter = Filter { tags: arguments.tag.clone(), methods: arguments.method.clone() };
    let limit = usize::from(arguments.limit);
    if from_stdin {
        return answer_lines(io::stdin(), &searcher, &filter, limit).await;
    }
    let query = arguments.query.join(" ");
    let ranked = searcher.search(&query, &filter, limit).await?;
    let text = match arguments.format {
        SearchFormat::Json => output::json_text(&Answer::new(&query, &ranked))?,
        SearchFormat::Text => table(&ranked),
    };
    output::result(&text)?;
    if ranked.is_empty() {
        output::warning("no tool has anything to do with this; try other words, or fewer filters");
    }
    Ok(ExitCode::SUCCESS)
}

/// Answers each line with one of JSON, at once.
async fn answer_lines(
    requests: impl Read,
    searcher: &Searcher,
    filter: &Filter,
    limit: usize,
) -> anyhow::Result<ExitCode> {
    let mut requests = BufReader::new(requests);
    loop {
        let mut line = Vec::new();
        let read = requests
            .by_ref()
            .take(u64::from(MAX_LINE))
            .read_until(b'\n', &mut line)
            .context("standard input")?;
        if read == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        ensure!(
            line.len() < MAX_LINE as usize,
            "a request on standard input is longer than {MAX_LINE} bytes"
        );
        let query = String::from_utf8_lossy(&line);
        let query = query.trim();
        let ranked = searcher.search(query, filter, limit).await?;
        let answer = serde_json::to_string(&Answer::new(query, &ranked))?;
        output::result(&(answer + "\n"))?;
    }
}

fn table(ranked: &[Ranked<'_>]) -> String {
    let mut table = Table::new(&["NAME", "METHOD", "PATH", "SCORE", "TITLE"], &[3]);
    for Ranked { tool, score, .. } in ranked {
        table.row([
            tool.name.clone(),
            one_line(&tool.operation.method),
            one_line(&tool.operation.path),
            format!("{score:.1}"),
            one_line(tool.title.as_deref().unwrap_or_default()),
        ]);
    }
    if ranked.is_empty() { String::new() } else { lines(table.lines(output::columns())) }
}

/// What a script is told.
#[derive(Serialize)]
struct Answer<'a> {
    query: &'a str,
    ranked: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    tool: &'a str,
    operation: Operation<'a>,
    score: f32,
}

#[derive(Serialize)]
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
}

impl<'a> Answer<'a> {
    fn new(query: &'a str, ranked: &'a [Ranked<'_>]) -> Self {
        let found = |ranked: &'a Ranked<'_>| Found {
            tool: &ranked.tool.name,
            operation: Operation { method: &ranked.tool.operation.method, path: &ranked.tool.operation.path },
            score: ranked.score,
        };
        Self { query, ranked: ranked.iter().map(found).collect() }
    }
}
