//! Embeds the page: writes a table of `(path, bytes)` over `web/dist`, or a one-page placeholder where
//! the page has not been built, so that `cargo build` needs no Node. No dependency.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const PLACEHOLDER: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Spar</title>
<h1>The page is not in this binary</h1>
<p>Build it with <code>cargo xtask run</code>. The API is at <a href=\"/api/v1/health\">/api/v1</a>.</p>
</html>
";

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let root = manifest.join("../../web/dist");
    // Cargo rebuilds on every run while a watched path is missing, so the (ignored) folder is made.
    // A read-only source tree only costs that.
    let _ = fs::create_dir_all(&root);
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut table = String::from("[\n");
    for (number, file) in files.iter().enumerate() {
        let name = file.strip_prefix(&root).expect("below the root");
        let name = name.to_string_lossy().replace('\\', "/");
        // Copied, since the next build of the page deletes what this one may still be compiling.
        let copy = out.join(format!("page-{number}"));
        fs::copy(file, &copy)?;
        entry(&mut table, &name, &copy);
    }
    if !files.contains(&root.join("index.html")) {
        let placeholder = out.join("placeholder.html");
        fs::write(&placeholder, PLACEHOLDER)?;
        entry(&mut table, "index.html", &placeholder);
    }
    table.push_str("]\n");
    fs::write(out.join("page.rs"), table)
}

fn entry(table: &mut String, name: &str, file: &Path) {
    let file = file.display().to_string();
    writeln!(table, "    ({name:?}, include_bytes!({file:?}).as_slice()),")
        .expect("a string takes any write");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // Source maps are for the developer's own server.
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_none_or(|e| e != "map") {
            files.push(path);
        }
    }
    Ok(())
}
