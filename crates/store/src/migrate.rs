//! Forward-only migrations, each in one transaction with the note that it ran.

use std::path::Path;

use sqlx::{Connection as _, Row, SqliteConnection, SqlitePool};

use crate::error::{Error, Fault};

/// Every migration in order; the number is the schema version it leads to.
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("../migrations/sqlite/0001_attempts.sql")),
    (2, include_str!("../migrations/sqlite/0002_overrides.sql")),
    (3, include_str!("../migrations/sqlite/0003_readings.sql")),
    (4, include_str!("../migrations/sqlite/0004_documents.sql")),
    (5, include_str!("../migrations/sqlite/0005_programs.sql")),
];

/// Brings the file to the newest schema. Two processes may do this at once: the second waits for the
/// write lock and then finds nothing left to do.
pub(crate) async fn run(writer: &SqlitePool, path: &Path) -> Result<(), Error> {
    let known = MIGRATIONS.last().map_or(0, |(version, _)| *version);
    for &(version, sql) in MIGRATIONS {
        apply(writer, version, sql)
            .await
            .map_err(|source| Error::Migrate {
                version,
                fault: Fault::of(&source),
                source,
            })?;
    }
    let found: i64 = sqlx::query("SELECT MAX(version) AS version FROM migration")
        .fetch_one(writer)
        .await
        .and_then(|row| row.try_get("version"))
        .map_err(Error::read("the schema version"))?;
    if found > known {
        return Err(Error::NewerSchema {
            path: path.to_owned(),
            found,
            known,
        });
    }
    Ok(())
}

async fn apply(writer: &SqlitePool, version: i64, sql: &'static str) -> Result<(), sqlx::Error> {
    let mut connection = writer.acquire().await?;
    // A table that is made anew must not take along what refers to it. Has no effect inside a transaction, hence here;
    // what refers to nothing afterwards fails the migration.
    sqlx::query("PRAGMA foreign_keys = OFF")
        .execute(&mut *connection)
        .await?;
    let applied = apply_to(&mut connection, version, sql).await;
    sqlx::query("PRAGMA foreign_keys = ON")
        .execute(&mut *connection)
        .await?;
    applied
}

async fn apply_to(on: &mut SqliteConnection, version: i64, sql: &'static str) -> Result<(), sqlx::Error> {
    let mut tx = on.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY) STRICT")
        .execute(&mut *tx)
        .await?;
    let done = sqlx::query("SELECT version FROM migration WHERE version >= $1")
        .bind(version)
        .fetch_optional(&mut *tx)
        .await?;
    if done.is_none() {
        sqlx::raw_sql(sql).execute(&mut *tx).await?;
        let dangling = sqlx::query("PRAGMA foreign_key_check")
            .fetch_all(&mut *tx)
            .await?;
        if !dangling.is_empty() {
            let why = format!(
                "{} rows refer to nothing after migration {version}",
                dangling.len()
            );
            return Err(sqlx::Error::Protocol(why));
        }
        sqlx::query("INSERT INTO migration (version) VALUES ($1)")
            .bind(version)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await
}
