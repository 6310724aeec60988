//! One request on one connection, with a bound on everything that comes back.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::address::Address;
use crate::{ApiKey, EndpointError};

/// Largest body that is read. Twenty verdicts with quotes take about 10 KB, five minutes of speech 50 KB.
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// Largest response head, in bytes.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// What a way to an endpoint is made from.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Up to and without the resource, e.g. `http://127.0.0.1:11434/v1`. Plain `http` only within this machine
    /// or a private network.
    pub base_url: &'a str,
    /// What is posted to below it, such as `/chat/completions`.
    pub resource: &'static str,
    /// Sent as bearer token.
    pub api_key: Option<&'a ApiKey>,
    /// Certificates in PEM that are trusted besides those of the machine.
    pub extra_roots_pem: Option<&'a str>,
    /// Time to reach it, TLS included.
    pub connect_timeout: Duration,
}

/// The way to one endpoint.
pub struct Wire {
    address: Address,
    tls: Option<Tls>,
    authorization: Option<HeaderValue>,
    connect_timeout: Duration,
}

struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// What came back.
pub struct Received {
    /// The HTTP status.
    pub status: u16,
    /// Seconds of `retry-after`. The form with a date is passed over: it needs a clock that both trust.
    pub retry_after_s: Option<u64>,
    /// Empty where only the status counts.
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug)]
pub enum Fault {
    /// No connection; what the system or TLS said.
    Connect(String),
    /// The connection ended or turned to noise.
    Cut,
    /// More than [`MAX_BODY_BYTES`].
    TooLarge,
    /// What came back is not HTTP.
    NoHttp,
}

impl Wire {
    /// Checks what no request could repair.
    ///
    /// # Errors
    /// [`EndpointError`] names the setting, the rule and the cure.
    pub fn new(target: &Target<'_>) -> Result<Self, EndpointError> {
        let address = Address::parse(target.base_url, target.resource)?;
        let tls = address
            .https
            .then(|| tls(&address, target.extra_roots_pem))
            .transpose()?;
        Ok(Self {
            tls,
            authorization: target.api_key.map(ApiKey::authorization).transpose()?,
            connect_timeout: target.connect_timeout,
            address,
        })
    }

    /// Scheme, host and port: for whoever has to know where their words go.
    pub fn origin(&self) -> String {
        let scheme = if self.address.https { "https" } else { "http" };
        format!("{scheme}://{}", self.address.authority)
    }

    /// Posts a body of a media type and takes JSON back. Dropping the future closes the connection.
    ///
    /// # Errors
    /// [`Fault`]: nothing came back, or nothing that is HTTP. A status that is no success is none.
    pub async fn post(&self, media_type: &str, body: Vec<u8>) -> Result<Received, Fault> {
        let late = |_| Fault::Connect("no connection in time".to_owned());
        match timeout(self.connect_timeout, self.connect())
            .await
            .map_err(late)??
        {
            Stream::Plain(stream) => {
                self.exchange(TokioIo::new(stream), self.request(media_type, body))
                    .await
            }
            Stream::Tls(stream) => {
                self.exchange(TokioIo::new(stream), self.request(media_type, body))
                    .await
            }
        }
    }

    async fn connect(&self) -> Result<Stream, Fault> {
        let stream = TcpStream::connect((self.address.host.as_str(), self.address.port))
            .await
            .map_err(|error| Fault::Connect(error.kind().to_string()))?;
        let Some(tls) = &self.tls else {
            return Ok(Stream::Plain(stream));
        };
        let stream = tls.connector.connect(tls.name.clone(), stream).await;
        let stream = stream.map_err(|error| Fault::Connect(format!("TLS: {error}")))?;
        Ok(Stream::Tls(Box::new(stream)))
    }

    async fn exchange<S>(&self, io: S, request: Request<Full<Bytes>>) -> Result<Received, Fault>
    where
        S: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
    {
        let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
            .max_buf_size(MAX_HEAD_BYTES)
            .handshake(io)
            .await
            .map_err(|_| Fault::Cut)?;
        // Aborts the connection when this future is dropped.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| fault(&error))?;
        receive(response).await
    }

    fn request(&self, media_type: &str, body: Vec<u8>) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.method_mut() = hyper::Method::POST;
        // Parsed before, when the endpoint was made.
        *request.uri_mut() = self.address.path.parse().unwrap_or_default();
        let headers = request.headers_mut();
        if let Ok(host) = HeaderValue::try_from(&self.address.authority) {
            headers.insert(header::HOST, host);
        }
        if let Ok(media_type) = HeaderValue::try_from(media_type) {
            headers.insert(header::CONTENT_TYPE, media_type);
        }
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static("spar"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        if let Some(key) = &self.authorization {
            headers.insert(header::AUTHORIZATION, key.clone());
        }
        request
    }
}

async fn receive(response: Response<Incoming>) -> Result<Received, Fault> {
    let status = response.status();
    let retry_after_s = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let mut received = Received {
        status: status.as_u16(),
        retry_after_s,
        body: Vec::new(),
    };
    // Of a redirect or a failing server only the status counts; a refusal may say what it does not take.
    if !status.is_success() && !status.is_client_error() {
        return Ok(received);
    }
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Fault::Cut)?;
        let Some(data) = frame.data_ref() else { continue };
        if received.body.len() + data.len() > MAX_BODY_BYTES {
            return Err(Fault::TooLarge);
        }
        received.body.extend_from_slice(data);
    }
    Ok(received)
}

fn fault(error: &hyper::Error) -> Fault {
    if error.is_parse() {
        Fault::NoHttp
    } else {
        Fault::Cut
    }
}

fn tls(address: &Address, extra_roots_pem: Option<&str>) -> Result<Tls, EndpointError> {
    let fault = |field, rule: String, cure| EndpointError { field, rule, cure };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(pem) = extra_roots_pem {
        let bad = |what: String| fault("extra_roots_pem", what, "give the authority's certificate in PEM");
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|error| bad(format!("is no PEM ({error})")))?;
            roots
                .add(certificate)
                .map_err(|error| bad(format!("has a bad certificate ({error})")))?;
        }
        if roots.len() == before {
            return Err(bad("holds no certificate".to_owned()));
        }
    }
    if roots.is_empty() {
        return Err(fault(
            "base_url",
            "needs TLS, and this machine has no root certificates".to_owned(),
            "install `ca-certificates`, or set `SSL_CERT_FILE`",
        ));
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| fault("base_url", format!("cannot use TLS ({error})"), "report this"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let name = ServerName::try_from(address.host.clone()).map_err(|_| {
        fault(
            "base_url",
            "names no host that TLS can check".to_owned(),
            "use its DNS name",
        )
    })?;
    Ok(Tls {
        connector: TlsConnector::from(Arc::new(config)),
        name,
    })
}
