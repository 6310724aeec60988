//! Opening, closing, and what keeps deleted text from staying in the file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row, Sqlite, SqlitePool, Transaction};

use crate::error::{Error, Fault};
use crate::{keys, migrate};

/// The file inside the data folder.
pub const FILE_NAME: &str = "spar.db";

/// How long a statement waits for another process's write lock. Our own transactions last
/// milliseconds; a copy or backup of a large file may last seconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a verb waits for a free connection before it reports the store as busy.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Reader connections. Reads take tens of microseconds and each connection is a thread with its own
/// page cache (2 MB), so a few are enough for any number of clients.
const READERS: u32 = 4;

/// Tries to switch the file to write-ahead logging: SQLite does not wait for the lock there, so two
/// processes that create the file at the same moment meet.
const OPEN_TRIES: u32 = 50;
const OPEN_PAUSE: Duration = Duration::from_millis(20);

/// Handle on the store; clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    /// One connection: writers queue in this process instead of fighting for the file lock.
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
    /// One connection that only watches the version of the file, see [`Store::version`].
    watcher: SqlitePool,
    path: PathBuf,
    /// A scrub could not finish because a reader stood in its way.
    unscrubbed: Arc<AtomicBool>,
}

impl Store {
    /// Opens or creates the store in `folder`, migrates it and purges idempotency keys older than a
    /// day at `now_us` (microseconds since the Unix epoch).
    ///
    /// # Errors
    /// The folder cannot be made or written, the file is not a store, or is a newer one.
    pub async fn open(folder: &Path, now_us: i64) -> Result<Self, Error> {
        create_private(folder).map_err(|source| Error::CreateFolder {
            path: folder.to_owned(),
            source,
        })?;
        let path = folder.join(FILE_NAME);
        let writer = open_writer(&path).await?;
        migrate::run(&writer, &path).await?;
        // Readers cannot write even by mistake, and never meet a half-made schema.
        let reading = options(&path).create_if_missing(false).pragma("query_only", "ON");
        let readers = pool(READERS).connect_lazy_with(reading.clone());
        let watcher = pool(1).connect_lazy_with(reading);
        let store = Self {
            writer,
            readers,
            watcher,
            path,
            unscrubbed: Arc::default(),
        };
        keys::purge(&store.writer, now_us).await?;
        Ok(store)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A number that changes whenever any process, this one included, has committed to the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn version(&self) -> Result<i64, Error> {
        sqlx::query("PRAGMA data_version")
            .fetch_one(&self.watcher)
            .await
            .and_then(|row| row.try_get(0))
            .map_err(Error::read("the version of the store"))
    }

    /// Empties the write-ahead log into the file and closes all connections.
    pub async fn close(&self) {
        // A log that cannot be emptied now is read at the next start: nothing is lost.
        let _ = self.checkpoint().await;
        self.watcher.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Starts a transaction that holds the write lock from its first statement, so it can never fail
    /// half-way because somebody else wrote in between.
    pub(crate) async fn begin(&self, subject: &str) -> Result<Transaction<'static, Sqlite>, Error> {
        self.writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(Error::write(subject))
    }

    /// Makes deleted text vanish from disk. `secure_delete` has zeroed it in the file's pages; old
    /// copies of those pages may still lie in the write-ahead log, which this empties.
    pub(crate) async fn scrub(&self) -> Result<(), Error> {
        let left = !self.checkpoint().await.map_err(Error::write("the emptied log"))?;
        self.unscrubbed.store(left, Ordering::Relaxed);
        Ok(())
    }

    /// Finishes a scrub that a slow reader held up; called by the verbs that write.
    pub(crate) async fn scrub_if_left(&self) -> Result<(), Error> {
        if self.unscrubbed.load(Ordering::Relaxed) {
            self.scrub().await?;
        }
        Ok(())
    }

    /// Whether the log could be emptied; false when a reader of another process stood in the way.
    async fn checkpoint(&self) -> Result<bool, sqlx::Error> {
        let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&self.writer)
            .await?;
        Ok(row.try_get::<i64, _>(0)? == 0)
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        // FULL, not NORMAL: an acknowledged attempt survives power loss, not only a crash.
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON")
        // Sorts and temporary tables may hold a candidate's words: keep them off the disk.
        .pragma("temp_store", "MEMORY")
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        // The connection is a file handle in this process: there is no network to lose it to.
        .test_before_acquire(false)
}

async fn open_writer(path: &Path) -> Result<SqlitePool, Error> {
    let options = options(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let mut tries = 0;
    loop {
        tries += 1;
        match pool(1).connect_with(options.clone()).await {
            Ok(writer) => return Ok(writer),
            Err(source) if Fault::of(&source) == Fault::Busy && tries < OPEN_TRIES => {
                tokio::time::sleep(OPEN_PAUSE).await;
            }
            Err(source) => {
                return Err(Error::Open {
                    path: path.to_owned(),
                    fault: Fault::of(&source),
                    source,
                });
            }
        }
    }
}

/// Creates the folder for its owner only: answers are nobody else's business on a shared machine.
fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use sqlx::ConnectOptions;

    use super::*;
    use crate::Draft;

    #[tokio::test]
    async fn a_full_disk_is_told_and_what_was_kept_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), 0).await.unwrap();
        let draft = |text: String| Draft {
            item: "pagination".parse().unwrap(),
            text,
            elapsed_ms: None,
            updated_at_us: 0,
        };
        store.put_draft(&draft("Kept".to_owned())).await.unwrap();
        // SQLite reports the same error for its own limit as for a disk without room.
        sqlx::query("PRAGMA max_page_count = 30")
            .execute(&store.writer)
            .await
            .unwrap();
        let error = store.put_draft(&draft("x".repeat(1 << 20))).await.unwrap_err();
        assert_eq!(error.fault(), Fault::Full);
        assert!(error.to_string().contains("the disk is full"), "{error}");
        let kept = store
            .draft(&"pagination".parse().unwrap())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(kept.text, "Kept");
    }

    #[tokio::test]
    async fn a_scrub_that_a_reader_held_up_is_finished_by_the_next_write() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), 0).await.unwrap();
        let item = || "pagination".parse().unwrap();
        let text = "the words to forget".to_owned();
        let draft = Draft {
            item: item(),
            text,
            elapsed_ms: None,
            updated_at_us: 0,
        };
        store.put_draft(&draft).await.unwrap();
        let mut reader = options(store.path()).connect().await.unwrap();
        sqlx::query("BEGIN").execute(&mut reader).await.unwrap();
        sqlx::query("SELECT * FROM draft")
            .fetch_all(&mut reader)
            .await
            .unwrap();
        sqlx::query("PRAGMA busy_timeout = 50")
            .execute(&store.writer)
            .await
            .unwrap();
        let left = || {
            let log = std::fs::read(folder.path().join("spar.db-wal")).unwrap();
            log.windows(19).any(|w| w == b"the words to forget")
        };
        assert!(store.delete_draft(&item()).await.unwrap());
        assert!(left(), "the reader still needs the log");
        sqlx::query("COMMIT").execute(&mut reader).await.unwrap();
        store
            .put_draft(&Draft {
                text: "New words".to_owned(),
                ..draft
            })
            .await
            .unwrap();
        assert!(!left());
    }

    #[tokio::test]
    async fn a_write_that_cannot_get_the_lock_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), 0).await.unwrap();
        let mut other = options(store.path()).connect().await.unwrap();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
        sqlx::query("PRAGMA busy_timeout = 50")
            .execute(&store.writer)
            .await
            .unwrap();
        let item = "pagination".parse().unwrap();
        let error = store.delete_draft(&item).await.unwrap_err();
        assert_eq!(error.fault(), Fault::Busy, "{error}");
    }
}
