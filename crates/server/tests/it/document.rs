//! The OpenAPI document equals its committed snapshot, from which the page's client is generated.

use std::path::Path;

#[test]
fn the_snapshot_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let document = server::document();
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == document,
        "crates/server/openapi.json differs from the routes: run `UPDATE_SNAPSHOTS=1 cargo test -p server \
         the_snapshot_is_current`, then `npm run api` in web/, and review both diffs"
    );
}
