//! TLS: an endpoint with a certificate of one's own authority, and one that nobody vouches for.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use reader::{Endpoint, ReadError, Reader};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::{ANSWER, ask, good};
use scripted::completion;

/// An endpoint for `localhost` over TLS, and the certificate of the authority that vouches for it.
async fn start() -> (u16, String, tokio::task::JoinSet<()>) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // A client that does not trust us ends the handshake.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut bytes = Vec::new();
            // The end of the JSON is the end of the request.
            while !bytes.ends_with(b"}}}}") && stream.read_buf(&mut bytes).await.unwrap() > 0 {}
            stream.write_all(&completion(&good())).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    (port, authority.pem(), tasks)
}

#[tokio::test]
async fn a_certificate_counts_if_its_authority_is_trusted() {
    let (port, authority, _tasks) = start().await;
    let endpoint = |host: &str, roots: Option<&str>| {
        let mut endpoint = Endpoint::new(format!("https://{host}:{port}/v1"), "test-model");
        endpoint.extra_roots_pem = roots.map(str::to_owned);
        endpoint.tries = 1;
        endpoint
    };
    let read = async |endpoint| Reader::new(endpoint, 1).unwrap().read(&ask(ANSWER)).await;

    let trusted = read(endpoint("localhost", Some(&authority))).await.unwrap();
    assert_eq!(trusted.verdicts.len(), 4);
    // The right authority for another name.
    let misnamed = read(endpoint("127.0.0.1", Some(&authority))).await.unwrap_err();
    assert!(
        matches!(&misnamed, ReadError::Connect { what } if what.contains("TLS")),
        "{misnamed}"
    );

    for pem in [
        "",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let error = Reader::new(endpoint("localhost", Some(pem)), 1).unwrap_err();
        assert_eq!(error.field, "extra_roots_pem", "{error}");
    }
    // Without the authority: refused at the handshake, or at the start on a machine without any roots.
    match Reader::new(endpoint("localhost", None), 1) {
        Ok(reader) => {
            let error = reader.read(&ask(ANSWER)).await.unwrap_err();
            assert!(
                matches!(&error, ReadError::Connect { what } if what.contains("certificate")),
                "{error}"
            );
        }
        Err(error) => assert!(error.rule.contains("root certificates"), "{error}"),
    }
}
