//! Access tokens by the client-credentials grant (RFC 6749, section 4.4), fetched once for all calls
//! that need them, and renewed before they expire.

mod endpoint;
mod exchange;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use thiserror::Error;
use tokio::sync::Mutex;
use url::Url;

use super::secret::Secret;
use super::source::{SecretError, SecretSource};
use crate::backend::Backend;

/// How long a token is used whose lifetime nobody told.
const UNTOLD_LIFETIME: Duration = Duration::from_mins(5);
/// The longest lifetime that is believed.
const LONGEST_LIFETIME: Duration = Duration::from_hours(24);
/// A token is renewed when this little of its life is left, or a tenth, whichever is less.
const MARGIN: Duration = Duration::from_mins(1);
/// After a failure nobody asks again for so long: those who waited get the same answer.
const PAUSE: Duration = Duration::from_secs(5);
/// A token younger than this is not fetched again when the API refuses it.
const FRESH: Duration = Duration::from_secs(5);
/// The most sets of scopes that tokens are kept for.
const MOST_SLOTS: usize = 1_000;

/// Where tokens are fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenEndpoint {
    /// There.
    Url(Url),
    /// Where the provider says that describes itself here (OpenID Connect Discovery 1.0).
    Discovery(Url),
}

/// How a client proves who it is (RFC 6749, section 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// `client_secret_basic`: in the `Authorization` header.
    Basic,
    /// `client_secret_post`: in the form.
    Post,
}

/// A client of an authorization server.
#[derive(Debug, Clone)]
pub struct ClientCredentials {
    /// Where tokens are fetched.
    pub endpoint: TokenEndpoint,
    /// The client's name.
    pub client_id: SecretSource,
    /// Its secret.
    pub client_secret: SecretSource,
    /// How the two are sent; none for what the provider asks for, else [`ClientAuthentication::Basic`].
    pub authentication: Option<ClientAuthentication>,
    /// The scopes to ask for; none for those that each operation names.
    pub scopes: Option<Vec<String>>,
    /// Further parameters of the token request, such as `audience` or `resource`.
    pub parameters: Vec<(String, String)>,
}

/// Fetches tokens for a client and keeps them. Clones share what they keep.
#[derive(Clone)]
pub struct TokenClient(Arc<Shared>);

struct Shared {
    client: ClientCredentials,
    backend: Box<dyn Backend>,
    clock: Box<dyn Fn() -> Instant + Send + Sync>,
    slots: std::sync::Mutex<Slots>,
    discovered: Mutex<Option<(endpoint::Discovered, Instant)>>,
}

/// A slot for each set of scopes.
type Slots = BTreeMap<Vec<String>, Arc<Mutex<Slot>>>;

/// The token for one set of scopes.
#[derive(Default)]
struct Slot {
    token: Option<Token>,
    /// Counts the tokens.
    generation: u64,
    failure: Option<(TokenError, Instant)>,
}

#[derive(Clone)]
struct Token {
    secret: Secret,
    fetched: Instant,
    refresh: Instant,
    expires: Instant,
}

/// Why there is no token. No secret is repeated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TokenError {
    /// The client's own secret is not there.
    #[error("the {0}: {1}")]
    Client(&'static str, #[source] SecretError),
    /// The authorization server was not reached.
    #[error("{0}")]
    Unreachable(String),
    /// It said no.
    #[error("{host} refused the client: {answer}; check the client's id, secret and scopes")]
    Refused {
        /// The server.
        host: String,
        /// The status, and the error's code and description where they are told.
        answer: String,
    },
    /// What it said cannot be used.
    #[error("the answer of {0} cannot be used: {1}")]
    Answer(String, String),
}

impl TokenClient {
    /// A client that fetches its tokens through `backend`, which must not follow redirects.
    pub fn new(client: ClientCredentials, backend: impl Backend) -> Self {
        Self::with_clock(client, backend, Instant::now)
    }

    pub(super) fn with_clock(
        client: ClientCredentials,
        backend: impl Backend,
        clock: impl Fn() -> Instant + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Shared {
            client,
            backend: Box::new(backend),
            clock: Box::new(clock),
            slots: std::sync::Mutex::default(),
            discovered: Mutex::default(),
        }))
    }

    /// A token for `scopes`, and which one it is. Calls that come while it is fetched wait for it.
    pub(super) async fn token(&self, scopes: &[String]) -> Result<(Secret, u64), TokenError> {
        let scopes = self.scopes(scopes);
        let slot = self.slot(scopes.clone());
        let mut slot = slot.lock().await;
        let now = (self.0.clock)();
        let held = slot.token.clone();
        if let Some(token) = held.as_ref().filter(|token| now < token.refresh) {
            return Ok((token.secret.clone(), slot.generation));
        }
        // A token that is only about to expire still serves when no other is to be had.
        let valid = held.filter(|token| now < token.expires);
        let failed = slot.failure.as_ref().filter(|(_, until)| now < *until).map(|(error, _)| error.clone());
        let error = match failed {
            Some(error) => error,
            None => match exchange::fetch(&self.0, &scopes).await {
                Ok(granted) => {
                    let token = Token::new(granted, (self.0.clock)());
                    let secret = token.secret.clone();
                    slot.token = Some(token);
                    slot.failure = None;
                    slot.generation += 1;
                    return Ok((secret, slot.generation));
                }
                Err(error) => {
                    slot.failure = Some((error.clone(), (self.0.clock)() + PAUSE));
                    error
                }
            },
        };
        valid.map(|token| (token.secret, slot.generation)).ok_or(error)
    }

    /// Forgets the token `used`, which the API refused. Whether another may be had.
    pub(super) async fn renew(&self, scopes: &[String], used: u64) -> bool {
        let slot = self.slot(self.scopes(scopes));
        let mut slot = slot.lock().await;
        if slot.generation != used {
            return true;
        }
        let now = (self.0.clock)();
        let is_fresh = slot.token.as_ref().is_some_and(|token| now < token.fetched + FRESH);
        if !is_fresh {
            slot.token = None;
        }
        !is_fresh
    }

    fn scopes(&self, of_operation: &[String]) -> Vec<String> {
        let mut scopes = self.0.client.scopes.clone().unwrap_or_else(|| of_operation.to_vec());
        scopes.sort();
        scopes.dedup();
        scopes
    }

    fn slot(&self, scopes: Vec<String>) -> Arc<Mutex<Slot>> {
        let mut slots = self.0.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST_SLOTS && !slots.contains_key(&scopes) {
            slots.clear();
        }
        Arc::clone(slots.entry(scopes).or_default())
    }
}

impl Token {
    fn new(granted: exchange::Granted, now: Instant) -> Self {
        let lifetime = granted.lifetime.unwrap_or(UNTOLD_LIFETIME).min(LONGEST_LIFETIME);
        let margin = MARGIN.min(lifetime / 10);
        let expires = now + lifetime;
        Self { secret: granted.token, fetched: now, refresh: now + lifetime.saturating_sub(margin), expires }
    }
}

impl fmt::Debug for TokenClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TokenClient").field("client", &self.0.client).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
