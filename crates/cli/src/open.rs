//! Opens what a command needs: the packs, the encoder, the store. The clock and the environment are
//! read here and nowhere below.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use encoder::Encoder;
use practice::{Limits, Loaded, Practice, Store};

use crate::args::Common;
use crate::failure::Failure;
use crate::second::SecondReader;

/// The weights inside this binary, when it was built with them.
const WEIGHTS: Option<(&[u8], &str)> = include!(concat!(env!("OUT_DIR"), "/weights.rs"));

/// Microseconds since the Unix epoch.
pub(crate) fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// The date, as YYYY-MM-DD in UTC.
pub(crate) fn today() -> String {
    let text = jiff::Timestamp::from_microsecond(now_us())
        .unwrap_or_default()
        .to_string();
    text.split('T').next().unwrap_or_default().to_owned()
}

/// The shipped bank with the packs given.
pub(crate) fn packs(common: &Common) -> Result<Loaded, Failure> {
    let loaded = practice::load(&common.bank)?;
    // Findings in the shipped bank are ours and caught in CI; those of a given pack are worth a line.
    let theirs = loaded.findings.iter().filter(|f| f.pack.is_some()).count();
    if theirs > 0 {
        eprintln!("warning: {theirs} findings in the packs given; `spar bank check` lists them");
    }
    Ok(loaded)
}

/// The encoder carried in this binary; `None` when it was built without.
pub(crate) fn encoder() -> Result<Option<Arc<Encoder>>, Failure> {
    let load = |(model, vocabulary)| Encoder::load(model, vocabulary).map(Arc::new);
    WEIGHTS.map(load).transpose().map_err(Failure::platform)
}

/// Everything, with the store in the data folder and the second reader where one is configured.
pub(crate) async fn with_store(common: &Common, reader: &SecondReader) -> Result<Practice, Failure> {
    let loaded = packs(common)?;
    let reader = reader.open()?;
    let store = store(common).await?;
    Ok(Practice::with_reader(
        loaded,
        encoder()?,
        Some(store),
        Limits::of_this_machine(),
        reader,
    ))
}

/// The bank and the store, for commands that grade nothing.
pub(crate) async fn records(common: &Common) -> Result<Practice, Failure> {
    let loaded = packs(common)?;
    Ok(Practice::new(
        loaded,
        None,
        Some(store(common).await?),
        Limits::of_this_machine(),
    ))
}

/// The bank alone: no grading, and nothing is kept.
pub(crate) fn bank(common: &Common) -> Result<Practice, Failure> {
    Ok(Practice::new(
        packs(common)?,
        None,
        None,
        Limits::of_this_machine(),
    ))
}

/// The bank, the encoder and the second reader where one is configured; nothing is kept.
pub(crate) fn without_store(common: &Common, reader: &SecondReader) -> Result<Practice, Failure> {
    Ok(Practice::with_reader(
        packs(common)?,
        encoder()?,
        None,
        Limits::of_this_machine(),
        reader.open()?,
    ))
}

async fn store(common: &Common) -> Result<Store, Failure> {
    let folder = data_folder(common)?;
    Store::open(&folder, now_us()).await.map_err(Failure::platform)
}

/// Where attempts are kept: `--data`, `SPAR_DATA`, or the platform's user data folder.
pub(crate) fn data_folder(common: &Common) -> Result<PathBuf, Failure> {
    if let Some(folder) = &common.data {
        return Ok(folder.clone());
    }
    let base = dirs::data_dir().context("no user data folder on this platform; hint: give `--data DIR`");
    Ok(base.map_err(Failure::input)?.join("spar"))
}

/// Reads an input file, or standard input for `-`, up to `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
    };
    read.with_context(|| format!("cannot read `{}`", path.display()))
        .map_err(Failure::Input)?;
    if bytes.len() as u64 > limit {
        let message = format!("`{}` has more than {limit} bytes", path.display());
        return Err(Failure::Input(anyhow::anyhow!(message)));
    }
    Ok(bytes)
}

/// Reads a text as [`read`] does.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, Failure> {
    let bytes = read(path, limit)?;
    String::from_utf8(bytes)
        .map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            anyhow::anyhow!("`{}` is not UTF-8 at byte {at}", path.display())
        })
        .map_err(Failure::Input)
}
