//! Embeds the shipped bank: writes a table of `(path, text)` with one `include_str!` a file, so the
//! binary needs no folder beside it and the compiler tracks every file. No dependency.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../bank");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut table = String::from("[\n");
    for file in &files {
        let name = file
            .strip_prefix(&root)
            .expect("below the root")
            .to_string_lossy()
            .replace('\\', "/");
        writeln!(
            table,
            "    ({name:?}, include_str!({:?})),",
            file.display().to_string()
        )
        .expect("a string takes any write");
    }
    table.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("shipped.rs"), table)
}

/// What files of a pack end in.
const KINDS: [&str; 8] = ["md", "toml", "txt", "py", "js", "ts", "go", "rs"];

/// Item files, lexicons, and the programs and tests of items; anything else in the folder is not part of a pack.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|e| KINDS.iter().any(|kind| e == *kind))
        {
            files.push(path);
        }
    }
    Ok(())
}
