-- Format 1 of the archive. A row never points to a file that is not whole and on disk.
-- Times that people read are RFC 3339 UTC. Times that programs measure with count nanoseconds
-- since the boot named beside them (clock.rs), because the wall clock may be moved.

-- One answer as it came. Added, never changed, never deleted.
CREATE TABLE answer (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,  -- a later answer has a higher one
    question     TEXT NOT NULL,     -- SHA-256 of the canonical text of the question (question.rs)
    any_updated  TEXT NOT NULL,     -- the same, whatever `updated` is
    host         TEXT NOT NULL,
    api          TEXT NOT NULL,     -- v0, v2
    language     TEXT NOT NULL,
    table_id     TEXT,              -- NULL: the question is not about one table
    what         TEXT NOT NULL,     -- config, metadata, or the canonical query of a block
    updated      TEXT,              -- publication of the table that was asked about, when known
    method       TEXT NOT NULL,
    url          TEXT NOT NULL,
    request_body TEXT,
    status       INTEGER NOT NULL,  -- HTTP; only 200 to 299 is ever recalled
    headers      TEXT NOT NULL,     -- JSON: [[name, value], ...]
    received_at  TEXT NOT NULL,
    sha256       TEXT NOT NULL,     -- of the body: raw/<2 first digits>/<sha256>.zst
    bytes        INTEGER NOT NULL   -- of the body, uncompressed
) STRICT;
CREATE INDEX answer_question ON answer (question, id);
CREATE INDEX answer_any_updated ON answer (any_updated, id);
CREATE INDEX answer_sha256 ON answer (sha256);

-- An answer found unusable after it had been kept; it is never recalled.
CREATE TABLE rejection (
    answer      INTEGER PRIMARY KEY REFERENCES answer (id),
    reason      TEXT NOT NULL,
    rejected_at TEXT NOT NULL
) STRICT;

-- Somebody is asking this question. Void when the process is gone or the lease is over.
CREATE TABLE claim (
    question   TEXT PRIMARY KEY,    -- as answer.question
    process    TEXT NOT NULL,       -- who: see clock.rs
    boot       TEXT NOT NULL,
    until_ns   INTEGER NOT NULL,    -- end of the lease, in that boot
    lease_ns   INTEGER NOT NULL,    -- length of the lease; more than this cannot be left
    claimed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A call to a host, from before it is sent until long after it can matter; then deleted.
CREATE TABLE budget_call (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    host     TEXT NOT NULL,
    process  TEXT NOT NULL,
    boot     TEXT NOT NULL,
    taken_ns INTEGER NOT NULL,
    done_ns  INTEGER                -- NULL: still running, as far as is known
) STRICT;
CREATE INDEX budget_call_host ON budget_call (host, id);

-- The host asked for a pause.
CREATE TABLE budget_hold (
    host     TEXT PRIMARY KEY,
    boot     TEXT NOT NULL,
    until_ns INTEGER NOT NULL,      -- in that boot
    until_ms INTEGER NOT NULL,      -- wall clock, for after a reboot
    pause_ns INTEGER NOT NULL       -- length of the pause; more than this cannot be left
) STRICT, WITHOUT ROWID;

-- One publication of an extract. Added, never changed, never deleted. The same bytes may be
-- published again after others (a publisher takes a correction back); then they get a new row.
CREATE TABLE publication (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    extract    TEXT NOT NULL,
    version    TEXT NOT NULL,       -- extracts/<extract>/<version>.parquet; 12 digits of sha256
    sha256     TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    known_from TEXT NOT NULL,       -- when the last answer in it was received
    known_ns   INTEGER NOT NULL,    -- the same since 1970, for comparing
    table_id   TEXT NOT NULL,
    server     TEXT NOT NULL,
    language   TEXT NOT NULL,
    updated    TEXT,
    query      TEXT NOT NULL,       -- JSON
    answers    TEXT NOT NULL,       -- JSON: [answer.id, ...], in the order of the blocks
    drift      TEXT                 -- why the contract is broken; such a version is never current
) STRICT;
CREATE INDEX publication_extract ON publication (extract, id);

-- The same bytes were fetched again.
CREATE TABLE sighting (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    publication INTEGER NOT NULL REFERENCES publication (id),
    seen_at     TEXT NOT NULL,
    updated     TEXT,               -- what the publisher then wrote; may be newer than the figures
    answers     TEXT NOT NULL       -- JSON, as publication.answers
) STRICT;
CREATE INDEX sighting_publication ON sighting (publication, id);

-- The newest catalogue of a server in one language; older ones are answers.
CREATE TABLE catalogue (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    server     TEXT NOT NULL,
    language   TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    analysis   INTEGER NOT NULL,    -- version of the word analysis that made the index
    documents  BLOB NOT NULL,       -- what ranking needs of each entry, by position (search/index.rs)
    UNIQUE (server, language)
) STRICT;

-- One table of a catalogue.
CREATE TABLE catalogue_entry (
    catalogue INTEGER NOT NULL REFERENCES catalogue (id),
    position  INTEGER NOT NULL,     -- in the server's order, from 0
    table_id  TEXT NOT NULL,
    entry     TEXT NOT NULL,        -- JSON of CatalogueEntry
    PRIMARY KEY (catalogue, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX catalogue_entry_table ON catalogue_entry (table_id);

-- Where a word occurs in a catalogue.
CREATE TABLE catalogue_word (
    catalogue INTEGER NOT NULL REFERENCES catalogue (id),
    word      TEXT NOT NULL,        -- one letter for its kind, then the word (search/index.rs)
    places    BLOB NOT NULL,
    PRIMARY KEY (catalogue, word)
) STRICT, WITHOUT ROWID;

-- A run of a sync.
CREATE TABLE run (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    process    TEXT NOT NULL,
    boot       TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at   TEXT,                -- NULL: it still runs, or was killed
    summary    TEXT NOT NULL        -- JSON; empty until it has ended
) STRICT;
