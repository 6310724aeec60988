//! The second reader as configured: by arguments and the environment, the key never by an argument.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use practice::{ApiKey, Endpoint, EndpointError, Reader};

use crate::failure::Failure;
use crate::open;

/// Largest key file.
const MAX_KEY_BYTES: u64 = 4096;

/// A language model that reads answers a second time; off unless URL and model are given. Answers are sent there.
#[derive(Debug, Default, ClapArgs)]
#[command(next_help_heading = "Second reader")]
pub(crate) struct SecondReader {
    /// An OpenAI-compatible endpoint, such as `http://127.0.0.1:11434/v1`. Answers are sent there.
    #[arg(long, value_name = "URL", env = "SPAR_READER_URL", hide_env_values = true)]
    reader_url: Option<String>,
    /// The model, as the endpoint names it.
    #[arg(long, value_name = "NAME", env = "SPAR_READER_MODEL")]
    reader_model: Option<String>,
    /// File with the key of the endpoint; or in `SPAR_READER_KEY`. Never an argument: every process can read those.
    #[arg(long, value_name = "FILE", env = "SPAR_READER_KEY_FILE")]
    reader_key_file: Option<PathBuf>,
}

impl SecondReader {
    /// The reader; `None` when it is off.
    pub(crate) fn open(&self) -> Result<Option<Reader>, Failure> {
        let given = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
        let (url, model) = match (given(&self.reader_url), given(&self.reader_model)) {
            (None, None) => return Ok(None),
            (Some(url), Some(model)) => (url, model),
            (Some(_), None) => {
                return Err(usage(
                    "the second reader has a URL and no model; hint: give `--reader-model NAME` or \
                     `SPAR_READER_MODEL`, or leave out both",
                ));
            }
            (None, Some(_)) => {
                return Err(usage(
                    "the second reader has a model and no URL; hint: give `--reader-url URL` or \
                     `SPAR_READER_URL`, or leave out both",
                ));
            }
        };
        let mut endpoint = Endpoint::new(url, model);
        endpoint.api_key = secret(self.reader_key_file.as_ref(), "SPAR_READER_KEY")?.map(ApiKey::new);
        let reader = Reader::new(endpoint, practice::random());
        reader.map(Some).map_err(|error| usage(&told(&error)))
    }
}

/// A key from its file, or from a variable of the environment.
pub(crate) fn secret(file: Option<&PathBuf>, variable: &str) -> Result<Option<String>, Failure> {
    let from_file = |path: &PathBuf| open::read_text(path, MAX_KEY_BYTES);
    let text = file.map(from_file).transpose()?;
    let text = text.or_else(|| std::env::var(variable).ok());
    Ok(text
        .map(|key| key.trim().to_owned())
        .filter(|key| !key.is_empty()))
}

/// The error with the settings named as they are given here.
fn told(error: &EndpointError) -> String {
    let setting = match error.field {
        "base_url" => "--reader-url` or `SPAR_READER_URL",
        "model" => "--reader-model` or `SPAR_READER_MODEL",
        "api_key" => "SPAR_READER_KEY",
        field => field,
    };
    let cure = error.cure.replace("`api_key`", "`SPAR_READER_KEY`");
    format!("`{setting}` {}; hint: {cure}", error.rule)
}

fn usage(message: &str) -> Failure {
    Failure::Input(anyhow::anyhow!(message.to_owned()))
}
