//! Packs from folders: what is read, and what is not.

use std::fs;

use domain::Level;
use practice::{Error, load};

use crate::{fixture, item};

#[test]
fn a_pack_adds_its_items_to_the_shipped_ones() {
    let shipped = load(&[]).unwrap();
    let with = load(&[fixture()]).unwrap();
    assert_eq!(with.bank.items().count(), shipped.bank.items().count() + 2);
    let added = with.bank.item(&item("fixture-stampede")).unwrap();
    assert_eq!(added.levels, [Level::Mid, Level::Senior]);
    let of_fixture = with
        .findings
        .iter()
        .filter(|f| f.pack.is_some())
        .collect::<Vec<_>>();
    assert!(of_fixture.is_empty(), "{of_fixture:?}");
}

#[test]
fn a_later_pack_replaces_items_of_the_same_id() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("answer")).unwrap();
    let text = fs::read_to_string(fixture().join("answer/fixture-second.md")).unwrap();
    let text = text.replace("another question", "a replaced question");
    fs::write(folder.path().join("answer/fixture-second.md"), text).unwrap();
    let loaded = load(&[fixture(), folder.path().to_owned()]).unwrap();
    let replaced = loaded.bank.item(&item("fixture-second")).unwrap();
    assert_eq!(replaced.title, "Fixture: a replaced question");
}

#[test]
fn a_file_that_is_no_item_is_a_finding_and_the_rest_loads() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("answer")).unwrap();
    fs::write(folder.path().join("answer/broken.md"), "# No head").unwrap();
    let loaded = load(&[folder.path().to_owned(), fixture()]).unwrap();
    let finding = loaded.findings.iter().find(|f| f.pack.is_some()).unwrap();
    assert_eq!(finding.pack.as_deref(), Some(folder.path()));
    assert_eq!(finding.diagnostic.path, "answer/broken.md");
    assert!(loaded.bank.item(&item("fixture-second")).is_some());
}

#[test]
fn what_is_no_folder_is_named() {
    let error = load(&[fixture().join("gone")]).unwrap_err();
    assert!(matches!(error, Error::ReadPack { .. }), "{error}");
    let error = load(&[fixture().join("lexicon.toml")]).unwrap_err();
    assert!(error.to_string().contains("not a folder"), "{error}");
}

#[test]
fn files_and_their_number_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("big.md"), vec![b'x'; 1024 * 1024 + 1]).unwrap();
    let error = load(&[folder.path().to_owned()]).unwrap_err();
    assert!(error.to_string().contains("big.md"), "{error}");

    let folder = tempfile::tempdir().unwrap();
    for n in 0..=2000 {
        fs::write(folder.path().join(format!("{n}.md")), "").unwrap();
    }
    let error = load(&[folder.path().to_owned()]).unwrap_err();
    assert!(error.to_string().contains("2000 files"), "{error}");

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("latin.md"), [b'a', 0xff]).unwrap();
    let error = load(&[folder.path().to_owned()]).unwrap_err();
    assert!(error.to_string().contains("not UTF-8 at byte 1"), "{error}");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_pack_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("pack");
    fs::create_dir_all(pack.join("answer")).unwrap();
    let outside = folder.path().join("secret.md");
    fs::write(&outside, "# My secret").unwrap();
    std::os::unix::fs::symlink(&outside, pack.join("answer/secret.md")).unwrap();
    std::os::unix::fs::symlink(fixture(), pack.join("all")).unwrap();
    std::os::unix::fs::symlink(&pack, pack.join("loop")).unwrap();
    let loaded = load(&[pack]).unwrap();
    assert!(
        loaded.findings.iter().all(|f| f.pack.is_none()),
        "{:?}",
        loaded.findings
    );
    assert!(loaded.bank.item(&item("fixture-second")).is_none());
}
