//! `spar serve`: the web page and the API on this machine.

use std::io::IsTerminal as _;
use std::num::NonZeroU32;
use std::process::ExitCode;

use anyhow::Context as _;
use server::{Config, Token};
use tracing_subscriber::EnvFilter;

use crate::args::{Common, Serve};
use crate::failure::Failure;
use crate::say::say;
use crate::{judge, open};

/// Shortest token that is taken: 16 random characters cannot be guessed over a network.
const MIN_TOKEN_CHARS: usize = 16;

/// Largest token file.
const MAX_TOKEN_BYTES: u64 = 1024;

pub(crate) async fn run(common: &Common, args: Serve) -> Result<ExitCode, Failure> {
    log_to_stderr();
    let config = config(&args)?;
    // The address first: a taken port should be said before anything is loaded.
    let listener = server::listen(args.bind, &config).await.map_err(Failure::input)?;
    let address = listener
        .local_addr()
        .context("ask where the server listens")
        .map_err(Failure::Platform)?;
    let practice = open::with_store(common, &args.reader).await?;
    practice.hear_by(args.speech.open(common)?);
    for capability in practice.capabilities().iter().filter(|c| !c.ok) {
        tracing::warn!(
            capability = capability.name,
            cure = &*capability.cure,
            "{}",
            capability.detail
        );
    }
    // What leaves this machine is said at every start.
    let told =
        |c: &&practice::Capability| matches!(c.name, "second reader" | "speech") && c.ok && c.cure.is_empty();
    for capability in practice.capabilities().iter().filter(told) {
        tracing::info!(capability = capability.name, "{}", capability.detail);
    }
    practice.judge_by(judge::config(common)?);
    practice.grade_waiting(open::now_us);
    say!("Spar is ready on http://{address}");
    if std::io::stderr().is_terminal() {
        eprintln!("Ctrl-C stops it.");
    }
    let stop = async {
        if let Err(error) = server::stop_signal().await {
            // Without signals the server still serves; it then stops only when it is killed.
            tracing::error!(%error, "cannot be told to stop");
            std::future::pending::<()>().await;
        }
    };
    server::serve(listener, practice.clone(), config, stop)
        .await
        .map_err(Failure::platform)?;
    practice.close().await;
    Ok(ExitCode::SUCCESS)
}

fn config(args: &Serve) -> Result<Config, Failure> {
    let usage = |message: String| Failure::Input(anyhow::anyhow!(message));
    let rate_limit = match args.rate_limit {
        None => None,
        Some(n) => {
            Some(NonZeroU32::new(n).ok_or_else(|| usage("`--rate-limit` must be 1 or more".to_owned()))?)
        }
    };
    let token = token(args)?;
    if token
        .as_ref()
        .is_some_and(|token| token.chars().count() < MIN_TOKEN_CHARS)
    {
        return Err(usage(format!(
            "the token has fewer than {MIN_TOKEN_CHARS} characters; hint: `openssl rand -hex 16`"
        )));
    }
    Ok(Config {
        token: token.map(Token::new),
        hosts: args.host.clone(),
        rate_limit,
        ..Config::default()
    })
}

/// The token from its file or the environment; never from an argument, which every process can read.
fn token(args: &Serve) -> Result<Option<String>, Failure> {
    let from_file = |path: &std::path::PathBuf| open::read_text(path, MAX_TOKEN_BYTES);
    let text = args.token_file.as_ref().map(from_file).transpose()?;
    let text = text.or_else(|| std::env::var("SPAR_TOKEN").ok());
    Ok(text
        .map(|token| token.trim().to_owned())
        .filter(|token| !token.is_empty()))
}

/// Structured logs on standard error: one JSON object a line, readable text at a terminal.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("SPAR_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second initialisation can only happen in tests and may be ignored.
    let _ = if std::io::stderr().is_terminal() {
        builder.compact().try_init()
    } else {
        builder.json().flatten_event(true).try_init()
    };
}
