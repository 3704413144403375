//! TLS towards the API: whom to trust, and who this is.

use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, Error};
use rustls_platform_verifier::Verifier;

/// A certificate chain and the key of its first certificate.
pub(super) type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// The certificates of authorities in `pem`; none where it holds none that can be read.
pub(super) fn authorities(pem: &str) -> Option<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().ok()?;
    Some(found).filter(|found| !found.is_empty())
}

/// A certificate, further ones up to the authority, and the key, in any order.
pub(super) fn identity(pem: &str) -> Option<Identity> {
    let chain = authorities(pem)?;
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok()?;
    Some((chain, key))
}

/// Trusts the system's authorities and `extra` ones.
pub(super) fn config(
    extra: Vec<CertificateDer<'static>>,
    identity: Option<Identity>,
) -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier(extra, provider)?);
    let mut config = match identity {
        Some((chain, key)) => builder.with_client_auth_cert(chain, key)?,
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The platform's own; "dangerous" is any that is not built into the TLS library.
fn verifier(
    extra: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let verifier = if extra.is_empty() {
        Verifier::new(provider)?
    } else {
        Verifier::new_with_extra_roots(extra, provider)?
    };
    Ok(Arc::new(verifier))
}
