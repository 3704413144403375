#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::sync::Mutex as StdMutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{Request, Response};
use serde_json::{Value, json};
use spandrel_plan::CallError;

use super::*;
use crate::backend::BackendBody;

/// An authorization server that remembers what it was asked.
#[derive(Clone, Default)]
struct Server {
    requests: Arc<StdMutex<Vec<String>>>,
    answers: Arc<StdMutex<Vec<(u16, Value)>>>,
    count: Arc<AtomicUsize>,
}

impl Server {
    /// Answers with these in turn, then with tokens `t1`, `t2` and so on that live for `lifetime` s.
    fn new(answers: &[(u16, Value)]) -> Self {
        let server = Self::default();
        server.answers.lock().unwrap().extend(answers.iter().rev().cloned());
        server
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

impl Backend for Server {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<BackendBody>, CallError>> {
        async move {
            tokio::task::yield_now().await;
            let header = |name: &str| {
                request
                    .headers()
                    .get(name)
                    .map(|value| value.to_str().unwrap().to_owned())
                    .unwrap_or_default()
            };
            let body = String::from_utf8(request.body().to_vec()).unwrap();
            let line = format!("{} {} {} {body}", request.method(), request.uri(), header("authorization"));
            self.requests.lock().unwrap().push(line);
            let (status, body) = self.answers.lock().unwrap().pop().unwrap_or_else(|| {
                let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
                (
                    200,
                    json!({"access_token": format!("t{number}"), "token_type": "bearer", "expires_in": 3600}),
                )
            });
            Ok(Response::builder()
                .status(status)
                .body(BackendBody::whole(body.to_string().into_bytes()))
                .unwrap())
        }
        .boxed()
    }
}

fn client(endpoint: TokenEndpoint) -> ClientCredentials {
    ClientCredentials {
        endpoint,
        client_id: SecretSource::fixed(Secret::new("my id")),
        client_secret: SecretSource::fixed(Secret::new("s3:cret")),
        authentication: None,
        scopes: None,
        parameters: Vec::new(),
    }
}

fn token_url() -> TokenEndpoint {
    TokenEndpoint::Url("https://auth.example/token".parse().unwrap())
}

/// A clock that stands still until it is moved, in seconds.
fn clock() -> (Arc<AtomicU64>, impl Fn() -> Instant + Send + Sync + 'static) {
    let (started, seconds) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let read = Arc::clone(&seconds);
    (seconds, move || started + Duration::from_secs(read.load(Ordering::SeqCst)))
}

async fn token(client: &TokenClient, scopes: &[&str]) -> Result<String, TokenError> {
    let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
    client.token(&scopes).await.map(|(secret, _)| secret.expose().to_owned())
}

#[tokio::test]
async fn many_calls_fetch_one_token_for_each_set_of_scopes() {
    let server = Server::new(&[]);
    let client = TokenClient::new(client(token_url()), server.clone());
    let calls = (0..50).map(|number| {
        let client = client.clone();
        async move { token(&client, if number % 2 == 0 { &["b", "a"] } else { &["a", "b", "a"] }).await }
    });
    let tokens = futures_util::future::join_all(calls).await;
    assert!(tokens.iter().all(|token| token.as_deref() == Ok("t1")), "{tokens:?}");
    assert_eq!(token(&client, &[]).await.as_deref(), Ok("t2"));
    let basic = "Basic bXkraWQ6czMlM0FjcmV0";
    assert_eq!(
        server.asked(),
        [
            format!("POST https://auth.example/token {basic} grant_type=client_credentials&scope=a+b"),
            format!("POST https://auth.example/token {basic} grant_type=client_credentials"),
        ]
    );
}

#[tokio::test]
async fn tokens_are_renewed_before_they_expire() {
    let lives = |token: &str, seconds: Value| {
        (200, json!({"access_token": token, "token_type": "Bearer", "expires_in": seconds}))
    };
    // The lifetime that was told, how long the token is used, and how long the margin is.
    for (lifetime, used) in [
        (json!(3600), 3540),
        (json!("3600"), 3540),
        (json!(100), 90),
        (json!(10_000_000), 86_400 - 60),
        (Value::Null, 270),
    ] {
        let server = Server::new(&[lives("old", lifetime.clone()), lives("new", json!(60))]);
        let (seconds, clock) = clock();
        let client = TokenClient::with_clock(client(token_url()), server, clock);
        for (at, expected) in [(0, "old"), (used - 1, "old"), (used, "new")] {
            seconds.store(at, Ordering::SeqCst);
            assert_eq!(token(&client, &[]).await.as_deref(), Ok(expected), "{lifetime} at {at}");
        }
    }
}

#[tokio::test]
async fn a_failure_is_shared_and_an_old_token_serves_to_its_end() {
    let no = || (503, json!({"error": "temporarily_unavailable"}));
    let grant = (200, json!({"access_token": "old", "expires_in": 100}));
    let server = Server::new(&[no(), grant, no(), no()]);
    let (seconds, clock) = clock();
    let client = TokenClient::with_clock(client(token_url()), server.clone(), clock);
    let calls = (0..20).map(|_| token(&client, &[]));
    assert!(futures_util::future::join_all(calls).await.iter().all(Result::is_err));
    assert_eq!(server.asked().len(), 1);
    for (at, expected, asked) in [
        (5, Some("old"), 1),
        (98, Some("old"), 1),
        (99, Some("old"), 0),
        (106, None, 1),
        (112, Some("t1"), 1),
    ] {
        seconds.store(at, Ordering::SeqCst);
        assert_eq!(token(&client, &[]).await.ok().as_deref(), expected, "at {at}");
        assert_eq!(server.asked().len(), asked, "at {at}");
    }
}

#[tokio::test]
async fn a_token_that_the_api_refuses_is_fetched_again_but_not_for_ever() {
    let (seconds, clock) = clock();
    let client = TokenClient::with_clock(client(token_url()), Server::new(&[]), clock);
    let (_, first) = client.token(&[]).await.unwrap();
    assert!(!client.renew(&[], first).await, "it was fetched just now");
    seconds.store(6, Ordering::SeqCst);
    assert!(client.renew(&[], first).await);
    let (secret, second) = client.token(&[]).await.unwrap();
    assert_eq!(secret.expose(), "t2");
    assert!(client.renew(&[], first).await, "another call has renewed it");
    assert!(!client.renew(&[], second).await);
    assert_eq!(token(&client, &[]).await.as_deref(), Ok("t2"));
}

#[tokio::test]
async fn refusals_are_told_without_secrets() {
    let table = [
        (
            401,
            json!({"error": "invalid_client", "error_description": "bad s3:cret of my id"}),
            "auth.example:443 refused the client: 401 invalid_client: bad *** of ***; check the client's id, secret and scopes",
        ),
        (
            500,
            json!("oops"),
            "auth.example:443 refused the client: 500; check the client's id, secret and scopes",
        ),
        (
            302,
            json!({}),
            "auth.example:443 refused the client: 302; check the client's id, secret and scopes",
        ),
        (200, json!({}), "the answer of auth.example:443 cannot be used: it holds no access_token"),
        (
            200,
            json!({"access_token": " "}),
            "the answer of auth.example:443 cannot be used: it holds no access_token",
        ),
        (
            200,
            json!({"access_token": "x", "token_type": "DPoP"}),
            "the answer of auth.example:443 cannot be used: its token is of the type `DPoP`, not a bearer token",
        ),
    ];
    for (status, body, expected) in table {
        let client = TokenClient::new(client(token_url()), Server::new(&[(status, body.clone())]));
        let error = token(&client, &[]).await.unwrap_err();
        assert_eq!(error.to_string(), expected, "{body}");
        assert!(!format!("{error:?} {client:?}").contains("s3:cret"));
    }
}

#[tokio::test]
async fn discovery_names_the_endpoint() {
    let url: Url = "https://id.example/.well-known/openid-configuration".parse().unwrap();
    let found = |endpoint: &str, methods: &[&str]| {
        let issuer = "https://id.example/";
        let methods = json!(methods);
        (
            200,
            json!({"issuer": issuer, "token_endpoint": endpoint, "token_endpoint_auth_methods_supported": methods}),
        )
    };
    let issued = |issuer: Value| (200, json!({"issuer": issuer, "token_endpoint": "https://id.example/t"}));
    let not_its = "is not that of the issuer https://id.example;";
    let table = [
        (found("https://id.example/t", &[]), Ok(("https://id.example/t", true))),
        (found("https://other.example/t", &["client_secret_post"]), Ok(("https://other.example/t", false))),
        (
            found("https://id.example/t", &["client_secret_post", "client_secret_basic"]),
            Ok(("https://id.example/t", true)),
        ),
        (found("http://id.example/t", &[]), Err("its token_endpoint is not https")),
        ((200, json!({"issuer": "https://id.example"})), Err("it names no token_endpoint")),
        (issued(json!("https://evil.example")), Err(not_its)),
        (issued(json!("https://id.example/evil")), Err(not_its)),
        (issued(Value::Null), Err(not_its)),
        ((404, json!({})), Err("the discovery document: 404")),
        ((200, json!([])), Err("the discovery document is not the JSON of a provider")),
    ];
    for (answer, expected) in table {
        let server = Server::new(std::slice::from_ref(&answer));
        let client = TokenClient::new(client(TokenEndpoint::Discovery(url.clone())), server.clone());
        let result = token(&client, &["openid"]).await;
        let asked = server.asked();
        assert!(asked[0].starts_with("GET https://id.example/.well-known/openid-configuration"), "{asked:?}");
        match expected {
            Ok((endpoint, basic)) => {
                assert_eq!(result.as_deref(), Ok("t1"), "{answer:?}");
                assert!(asked[1].starts_with(&format!("POST {endpoint} ")), "{asked:?}");
                assert_eq!(asked[1].contains("Basic "), basic, "{asked:?}");
                assert_eq!(asked[1].contains("client_id=my+id&client_secret=s3%3Acret"), !basic, "{asked:?}");
                token(&client, &[]).await.unwrap();
                assert_eq!(server.asked().len(), 1, "it is discovered once");
            }
            Err(reason) => assert!(result.unwrap_err().to_string().contains(reason), "{answer:?}"),
        }
    }
}

#[tokio::test]
async fn an_issuer_may_have_a_path() {
    let answer = (200, json!({"issuer": "https://id.example/a/b", "token_endpoint": "https://id.example/t"}));
    let table = [
        ("https://id.example/a/b/.well-known/openid-configuration", true),
        ("https://id.example/.well-known/oauth-authorization-server/a/b", true),
        ("https://id.example/.well-known/openid-configuration", false),
        ("https://id.example/b/.well-known/openid-configuration", false),
        ("https://id.example/metadata.json", true),
    ];
    for (url, is_its) in table {
        let endpoint = TokenEndpoint::Discovery(url.parse().unwrap());
        let client = TokenClient::new(client(endpoint), Server::new(std::slice::from_ref(&answer)));
        assert_eq!(token(&client, &[]).await.is_ok(), is_its, "{url}");
    }
}
