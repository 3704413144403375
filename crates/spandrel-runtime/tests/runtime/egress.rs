//! Where requests may go, and whom a client certificate is presented to.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Map;
use spandrel_plan::CallErrorKind::{self, EgressRefused};
use spandrel_plan::{BaseUrl, CallError, Outcome};
use spandrel_runtime::{
    Bridge, ClientIdentity, EgressRules, HttpBackend, HttpClientOptions, Origin, Reach, RedirectScope, Secret,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::api;

const AUTHORITY: &str = include_str!("../../../../fixtures/tls/authority.pem");
const SERVER: &str = include_str!("../../../../fixtures/tls/server.pem");
const SERVER_KEY: &str = include_str!("../../../../fixtures/tls/server.key");
const CLIENT: &str = include_str!("../../../../fixtures/tls/client.pem");
const CLIENT_KEY: &str = include_str!("../../../../fixtures/tls/client.key");

async fn call(base: &str, tool: &str, options: &HttpClientOptions) -> Result<Outcome, CallError> {
    let backend = HttpBackend::new(options).unwrap();
    let bridge = Bridge::builder(api::catalog(base)).backend(backend).build().unwrap();
    bridge.call(tool, Map::new()).await
}

fn origin(base: &str) -> Origin {
    Origin::of_server(&BaseUrl::parse(base).unwrap()).unwrap()
}

fn options(named: &[&str], others: Reach) -> HttpClientOptions {
    let named: BTreeSet<Origin> = named.iter().map(|base| origin(base)).collect();
    HttpClientOptions { egress: EgressRules { named, others }, ..HttpClientOptions::default() }
}

#[tokio::test]
async fn servers_within_reach_are_called() {
    let address = api::start().await;
    let name = address.replace("127.0.0.1", "localhost");
    let table = [
        (&address, options(&[], Reach::Anywhere), None),
        (&address, options(&[], Reach::Network), None),
        (&address, options(&[], Reach::Public), Some(EgressRefused)),
        (&address, options(&[&address], Reach::Public), None),
        (&address, options(&[&name], Reach::Public), Some(EgressRefused)),
        (&address, options(&["http://127.0.0.1:1"], Reach::Public), Some(EgressRefused)),
        // A name is held to what it leads to.
        (&name, options(&[], Reach::Public), Some(EgressRefused)),
        (&name, options(&[], Reach::Network), None),
        (&name, options(&[&name], Reach::Public), None),
    ];
    for (base, options, expected) in table {
        let error = call(base, "headers", &options).await.err();
        let kind: Option<CallErrorKind> = error.as_ref().map(|error| error.kind);
        assert_eq!(kind, expected, "{base} {:?}: {error:?}", options.egress);
    }
}

#[tokio::test]
async fn redirects_are_held_to_the_same_rules() {
    let base = api::start().await;
    let any =
        |options: HttpClientOptions| HttpClientOptions { redirect_scope: RedirectScope::Any, ..options };
    // It leads to a port of 127.0.0.2 where nothing listens.
    let table = [
        (options(&[], Reach::Network), None),
        (any(options(&[], Reach::Network)), Some(EgressRefused)),
        (any(options(&[&base], Reach::Public)), Some(EgressRefused)),
        (any(options(&["http://127.0.0.2:9"], Reach::Network)), Some(CallErrorKind::ConnectFailed)),
        (any(options(&[], Reach::Anywhere)), Some(CallErrorKind::ConnectFailed)),
    ];
    for (options, expected) in table {
        let result = call(&base, "away", &options).await;
        let kind = result.as_ref().err().map(|error| error.kind);
        assert_eq!(kind, expected, "{options:?}");
        assert!(kind.is_some() || result.unwrap().status == Some(302));
    }
}

/// An API over TLS that asks for a client certificate.
async fn guarded() -> String {
    let certificates = |pem: &str| -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().unwrap()
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates(AUTHORITY));
    let provider = Arc::new(default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let key = PrivateKeyDer::from_pem_slice(SERVER_KEY.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(certificates(SERVER), key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            let Ok(mut connection) = acceptor.accept(connection).await else { continue };
            let mut request = [0; 4096];
            let _ = connection.read(&mut request).await;
            let _ = connection.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
            let _ = connection.shutdown().await;
        }
    });
    base
}

#[tokio::test]
async fn a_client_certificate_is_presented_to_its_origin_only() {
    let base = guarded().await;
    let identity = |base: &str| ClientIdentity {
        origin: origin(base),
        pem: Secret::new(&format!("{CLIENT}\n{CLIENT_KEY}")),
    };
    let table = [
        ("its origin", vec![AUTHORITY], vec![identity(&base)], true),
        ("another origin", vec![AUTHORITY], vec![identity("https://127.0.0.1:1")], false),
        ("no certificate", vec![AUTHORITY], vec![], false),
        ("a server that nobody vouches for", vec![], vec![identity(&base)], false),
    ];
    for (case, authorities, identities, expected) in table {
        let root_certificates = authorities.into_iter().map(str::to_owned).collect();
        let options = HttpClientOptions { identities, root_certificates, ..HttpClientOptions::default() };
        let result = call(&base, "headers", &options).await;
        assert_eq!(result.is_ok_and(|outcome| outcome.status == Some(204)), expected, "{case}");
        assert!(!format!("{options:?}").contains("PRIVATE KEY"), "{case}");
    }
}

#[test]
fn what_is_no_certificate_is_refused_at_the_start() {
    let identity = |pem: &str| ClientIdentity { origin: origin("https://a.example"), pem: Secret::new(pem) };
    let default = HttpClientOptions::default;
    let table = [
        HttpClientOptions { identities: vec![identity("s3cret")], ..default() },
        HttpClientOptions { identities: vec![identity(CLIENT)], ..default() },
        HttpClientOptions { root_certificates: vec!["s3cret".to_owned()], ..default() },
        HttpClientOptions { user_agent: "a\nb".to_owned(), ..default() },
    ];
    for options in table {
        let error = HttpBackend::new(&options).unwrap_err().to_string();
        assert!(!error.contains("s3cret"), "{error}");
    }
}
