//! What compiling needs besides the tools and is made once for each of them: Go's compiler, linker and standard
//! library, and the crate that all shims of Rust share.
//!
//! A kit is made by the tool itself, outside the sandbox: nothing of a candidate has a part in it. It lies on the
//! shelf and is shown to compilers read-only as `/app`.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use domain::Language;

use super::compile::Stage;
use super::shim::RUST_RUNTIME;
use super::toolchains::{Tool, Toolchains};
use crate::Error;

/// Changed when a kit is made in another way.
const FORMAT: &str = "2";

/// A kit that was not used for so long is that of a tool that was replaced.
const UNUSED: Duration = Duration::from_secs(60 * 24 * 3600);

/// What programs of Go may import, with all that these import: what rounds like ours ask for. Sockets are not
/// among it: they do not work in the sandbox, and their packages take as long to compile as all of these.
const GO_PACKAGES: &str = "bufio bytes cmp container/heap container/list container/ring context crypto/hmac \
    crypto/md5 crypto/rand crypto/sha1 crypto/sha256 crypto/sha512 encoding/base64 encoding/binary encoding/csv \
    encoding/hex encoding/json errors fmt hash/crc32 hash/fnv hash/maphash html io iter log maps math math/big \
    math/bits math/cmplx math/rand math/rand/v2 mime net/url os os/signal path path/filepath reflect regexp runtime \
    runtime/debug slices sort strconv strings sync sync/atomic syscall text/tabwriter text/template time unicode \
    unicode/utf16 unicode/utf8 unsafe";

/// Makes a kit in a folder.
type Make = fn(&Tool, &Path) -> Result<(), Error>;

/// The folder with a language's kit, made if it is not there yet. `None`: the language needs none. For Go the
/// first time takes half a minute of one core.
pub(super) fn ready(tools: &Toolchains, language: Language, shelf: &Path) -> Result<Option<PathBuf>, Error> {
    let (name, make): (_, Make) = match language {
        Language::Go => ("go", go),
        Language::Rust => ("rust", rust),
        Language::Python | Language::Javascript | Language::Typescript => return Ok(None),
    };
    let tool = tools.expect(language)?;
    let mut hash = blake3::Hasher::new();
    for part in [
        FORMAT,
        name,
        &tool.version,
        GO_PACKAGES,
        RUST_RUNTIME[0].1,
        RUST_RUNTIME[1].1,
    ] {
        hash.update(part.as_bytes()).update(&[0]);
    }
    hash.update(tool.program.as_os_str().as_encoded_bytes());
    let kits = shelf.join("kits");
    let place = kits.join(format!("{name}-{}", &hash.finalize().to_hex()[..16]));
    if let Ok(kit) = File::open(&place) {
        // Marked as used; a shelf that is read-only serves all the same.
        let _ = kit.set_modified(SystemTime::now());
        return Ok(Some(place));
    }
    let failed = |doing: &str, source: std::io::Error| Error::Judge(format!("{doing} for {name}: {source}"));
    fs::create_dir_all(&kits).map_err(|source| failed("making the folder of kits", source))?;
    let lock = File::create(kits.join("lock")).map_err(|source| failed("locking the kits", source))?;
    lock.lock().map_err(|source| failed("locking the kits", source))?;
    if !place.is_dir() {
        clean(&kits);
        let stage =
            Stage::in_folder(&kits.join("stages")).map_err(|source| failed("making a kit", source))?;
        make(tool, &stage.folder)?;
        stage
            .settle(&place)
            .map_err(|source| failed("settling a kit", source))?;
    }
    Ok(Some(place))
}

/// Drops what died half made, which nobody is at while we hold the lock, and kits of tools that are gone.
fn clean(kits: &Path) {
    let _ = fs::remove_dir_all(kits.join("stages"));
    for kit in fs::read_dir(kits).into_iter().flatten().flatten() {
        let used = kit.metadata().and_then(|data| data.modified());
        let idle = used.ok().and_then(|used| used.elapsed().ok()).unwrap_or_default();
        if idle > UNUSED && kit.path().is_dir() {
            let _ = fs::remove_dir_all(kit.path());
        }
    }
}

fn go(tool: &Tool, folder: &Path) -> Result<(), Error> {
    let cache = folder.join("cache");
    let failed = |source: std::io::Error| Error::Judge(format!("collecting Go's standard library: {source}"));
    fs::create_dir(&cache).map_err(failed)?;
    let ask = |args: &[&str]| {
        told(
            Command::new(&tool.program)
                .args(args)
                .env_clear()
                .envs([("PATH", "/usr/bin:/bin"), ("GO111MODULE", "off")])
                .envs([("CGO_ENABLED", "0"), ("GOTOOLCHAIN", "local"), ("GOENV", "off")])
                .env("HOME", &cache)
                .env("GOCACHE", &cache)
                .current_dir(&cache),
        )
    };
    let format = "{{if .Export}}{{.ImportPath}} {{.Export}}{{end}}";
    let list: Vec<&str> = ["list", "-deps", "-export", "-trimpath", "-f", format]
        .into_iter()
        .chain(GO_PACKAGES.split_whitespace())
        .collect();
    let mut config = File::create(folder.join("importcfg")).map_err(failed)?;
    for (i, line) in ask(&list)?.lines().enumerate() {
        let Some((package, archive)) = line.split_once(' ') else {
            continue;
        };
        fs::copy(archive, folder.join(format!("{i}.a"))).map_err(failed)?;
        writeln!(config, "packagefile {package}=/app/{i}.a").map_err(failed)?;
    }
    for name in ["compile", "link"] {
        let program = ask(&["tool", "-n", name])?;
        fs::copy(program.trim(), folder.join(name)).map_err(failed)?;
    }
    fs::remove_dir_all(cache).map_err(failed)
}

fn rust(tool: &Tool, folder: &Path) -> Result<(), Error> {
    for (name, text) in RUST_RUNTIME {
        fs::write(folder.join(name), text)
            .map_err(|source| Error::Judge(format!("writing the runtime of Rust: {source}")))?;
    }
    told(
        Command::new(&tool.program)
            .args(["--edition=2024", "--crate-type=lib", "--crate-name=spar_runtime"])
            .args(["-Copt-level=2", "-Cdebuginfo=0", "-Aunused", RUST_RUNTIME[0].0])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .current_dir(folder),
    )
    .map(drop)
}

/// Runs a tool to its end and gives what it printed.
fn told(command: &mut Command) -> Result<String, Error> {
    let tool = command.get_program().display().to_string();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|source| Error::Judge(format!("starting `{tool}`: {source}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let said: String = said.chars().take(2000).collect();
        return Err(Error::Judge(format!(
            "`{tool}` failed with {}: {said}",
            output.status
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
