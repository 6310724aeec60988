//! Listening, connections and the end of both.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::AddExtension;
use axum::{Extension, Router};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use practice::Practice;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower_layer::Layer as _;

use crate::app::{self, App};
use crate::config::Config;
use crate::guard::Client;

/// How long to wait after `accept` has failed, as it does when file descriptors run out: trying at once
/// would only burn the core that could free some.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Largest request head. Ours have a few hundred bytes; browsers stay below 16 KB.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// Why the server did not start or stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Beyond loopback anybody could read and delete what is kept.
    #[error(
        "refusing to listen on `{address}` without a token: bind to 127.0.0.1, or give one with `--token-file FILE` \
         or `SPAR_TOKEN`"
    )]
    NoToken {
        /// Where.
        address: SocketAddr,
    },
    /// The address is taken or not ours.
    #[error(
        "cannot listen on `{address}`: is another `spar serve` running? choose another with `--bind ADDRESS:PORT`"
    )]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The listener has no address.
    #[error("cannot tell where the server listens")]
    Address(#[source] std::io::Error),
    /// The process cannot be told to stop.
    #[error("cannot listen for signals")]
    Signals(#[source] std::io::Error),
}

/// Opens the listener. Port 0 takes any free port; ask the listener which.
///
/// # Errors
/// The address is beyond loopback and there is no token, or it cannot be bound.
pub async fn listen(address: SocketAddr, config: &Config) -> Result<TcpListener, Error> {
    allowed(address, config)?;
    TcpListener::bind(address)
        .await
        .map_err(|source| Error::Listen { address, source })
}

fn allowed(address: SocketAddr, config: &Config) -> Result<(), Error> {
    if address.ip().is_loopback() || config.token.is_some() {
        Ok(())
    } else {
        Err(Error::NoToken { address })
    }
}

/// Completes at SIGTERM or SIGINT.
///
/// # Errors
/// The process cannot be told.
pub async fn stop_signal() -> Result<(), Error> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(Error::Signals)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::Signals)?;
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        Ok(())
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(Error::Signals)
}

/// Serves until `stop` completes, then lets requests that are being answered finish, ends event streams and
/// closes the store.
///
/// # Errors
/// The listener is beyond loopback and there is no token.
pub async fn serve(
    listener: TcpListener,
    practice: Practice,
    config: Config,
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    let address = listener.local_addr().map_err(Error::Address)?;
    allowed(address, &config)?;
    let (drain, draining) = watch::channel(false);
    let beyond_loopback = !address.ip().is_loopback();
    let (router, app) = app::build(practice.clone(), &config, beyond_loopback, draining);
    let connections = Arc::new(Semaphore::new(config.limits.connections));
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        // The permit is taken first: a connection that would have to wait stays in the backlog.
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = async {
                let permit = connections.clone().acquire_owned().await;
                (listener.accept().await, permit)
            } => accepted,
        };
        match accepted {
            (Ok((stream, peer)), permit) => {
                let connection = connect(stream, peer, &router, &app);
                let watched = graceful.watch(connection);
                let held = app.metrics().connection();
                tokio::spawn(async move {
                    let _until_closed = (permit, held);
                    // Resets, time-outs and garbage are the client's affair.
                    if let Err(error) = watched.await {
                        tracing::debug!(%error, "a connection ended early");
                    }
                });
            }
            (Err(error), _) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    let _ = drain.send(true);
    if tokio::time::timeout(config.limits.drain, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not finish in time");
    }
    practice.close().await;
    Ok(())
}

type Service = TowerToHyperService<AddExtension<Router, Client>>;
type Connection = hyper::server::conn::http1::Connection<TokioIo<TcpStream>, Service>;

fn connect(stream: TcpStream, peer: SocketAddr, router: &Router, app: &App) -> Connection {
    // Answers are small and complete: waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let service = Extension(Client(peer.ip())).layer(router.clone());
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(app.limits().head_timeout)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
}
