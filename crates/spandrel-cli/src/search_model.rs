//! The model that the operator gave for searching, and the vectors that it makes.

mod cache;
mod folder;

use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::Context;
use spandrel::embedding::EmbeddingModel;
use spandrel::runtime::{EmbeddingEndpoint, Secret};
use spandrel::search::{Filter, Ranked, SearchIndex, SemanticIndex};
use spandrel::{HttpBackend, HttpClientOptions};

use crate::args::SearchModelArguments;

/// The variable that holds the key of the endpoint.
const KEY: &str = "SPANDREL_SEARCH_KEY";

/// Finds tools, by a model where there is one.
pub(crate) enum Searcher {
    /// By words alone.
    Words(SearchIndex),
    /// By meaning too.
    Meaning(Box<SemanticIndex>, SearchModel),
}

/// Turns texts into vectors.
pub(crate) enum SearchModel {
    /// Here, by a model that was read from files.
    Here(Box<EmbeddingModel>, u64),
    /// By a server.
    There(EmbeddingEndpoint<HttpBackend>, u64),
}

impl Searcher {
    /// Makes the vectors of `index` where a model was given; those that were made before are kept in the
    /// user's cache.
    pub(crate) async fn new(index: SearchIndex, arguments: &SearchModelArguments) -> anyhow::Result<Self> {
        let Some(model) = SearchModel::open(arguments)? else { return Ok(Self::Words(index)) };
        let passages = index.passages();
        let place = cache::place(model.identity(), &passages);
        let kept = place.as_ref().and_then(|place| cache::read(place, passages.len()));
        let vectors = if let Some(vectors) = kept {
            vectors
        } else {
            let vectors = model.embed(&passages).await?;
            if let Some(place) = &place {
                cache::write(place, &vectors);
            }
            vectors
        };
        let index = SemanticIndex::new(index, &vectors).context("the search model")?;
        Ok(Self::Meaning(Box::new(index), model))
    }

    pub(crate) async fn search(
        &self,
        query: &str,
        filter: &Filter,
        limit: usize,
    ) -> anyhow::Result<Vec<Ranked<'_>>> {
        let (index, model) = match self {
            Self::Words(index) => return Ok(index.search(query, filter, limit)),
            Self::Meaning(index, model) => (index, model),
        };
        if query.trim().is_empty() {
            return Ok(Vec::new());
        }
        let query: String = query.chars().take(spandrel::search::MAX_QUERY_CHARACTERS).collect();
        let vectors = model.embed(std::slice::from_ref(&query)).await?;
        let vector = vectors.first().context("the search model gave no vector")?;
        index.search(&query, vector, filter, limit).context("the search model")
    }
}

impl SearchModel {
    fn open(arguments: &SearchModelArguments) -> anyhow::Result<Option<Self>> {
        if let Some(folder) = &arguments.folder {
            let (model, identity) = folder::read(folder)?;
            return Ok(Some(Self::Here(Box::new(model), identity)));
        }
        let Some(url) = &arguments.endpoint else { return Ok(None) };
        let model = arguments.endpoint_model.clone().unwrap_or_default();
        let mut identity = DefaultHasher::new();
        (url.as_str(), &model).hash(&mut identity);
        let key = std::env::var(KEY).ok().filter(|key| !key.trim().is_empty()).map(|key| Secret::new(&key));
        let backend = HttpBackend::new(&HttpClientOptions::default())?;
        let endpoint = EmbeddingEndpoint::new(backend, url.clone(), model, key.as_ref())?;
        Ok(Some(Self::There(endpoint, identity.finish())))
    }

    /// Tells models apart.
    fn identity(&self) -> u64 {
        match self {
            Self::Here(_, identity) | Self::There(_, identity) => *identity,
        }
    }

    async fn embed(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        match self {
            Self::Here(model, _) => Ok(embed_here(model, texts)?),
            Self::There(endpoint, _) => Ok(endpoint.embed(texts).await?),
        }
    }
}

/// Makes the vectors on as many processors as there are.
fn embed_here(
    model: &EmbeddingModel,
    texts: &[String],
) -> Result<Vec<Vec<f32>>, spandrel::embedding::ModelError> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let share = texts.len().div_ceil(processors).max(1);
    let embed = |texts: &[String]| texts.iter().map(|text| model.embed(text)).collect::<Result<Vec<_>, _>>();
    let shares: Result<Vec<Vec<Vec<f32>>>, _> = std::thread::scope(|scope| {
        let running: Vec<_> = texts.chunks(share).map(|texts| scope.spawn(move || embed(texts))).collect();
        // A thread that panicked leaves its share out, which the index then refuses.
        running.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Ok(Vec::new()))).collect()
    });
    Ok(shares?.concat())
}
