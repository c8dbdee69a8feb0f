-- Digest of the journal, signed summaries and what statements name. Hashes are hexadecimal, signatures base64.

-- One row: the digest after the last record of the last transaction. tree holds the hashes of the complete subtrees of
-- the running day, the largest first.
CREATE TABLE audit_state (
    id               INTEGER PRIMARY KEY CHECK (id = 1),
    sequence         BIGINT NOT NULL,
    chain_head       TEXT NOT NULL,
    epoch_day        BIGINT NOT NULL,
    first_sequence   BIGINT NOT NULL,
    records          BIGINT NOT NULL,
    tree             TEXT NOT NULL,
    units_request    BIGINT NOT NULL,
    units_sent       BIGINT NOT NULL,
    units_filled     BIGINT NOT NULL,
    units_compute    BIGINT NOT NULL,
    previous_sha256  TEXT NOT NULL,
    previous_day     BIGINT NOT NULL
);

-- One row per finished UTC day. published: its files are written.
CREATE TABLE audit_summary (
    first_sequence  BIGINT PRIMARY KEY,
    last_sequence   BIGINT NOT NULL,
    records         BIGINT NOT NULL,
    day             TEXT NOT NULL,
    name            TEXT NOT NULL,
    json            TEXT NOT NULL,
    sha256          TEXT NOT NULL,
    key_id          TEXT,
    signature       TEXT,
    published       INTEGER NOT NULL
);

-- Public keys that have signed a summary or stand in one.
CREATE TABLE audit_key (
    key_id          TEXT PRIMARY KEY,
    public_key      TEXT NOT NULL,
    known_sequence  BIGINT NOT NULL
);

-- Credit as it was journaled: kind of the schema, time and reference, which credit_grant does not hold.
CREATE TABLE statement_credit (
    grant_id       BIGINT PRIMARY KEY,
    tenant_id      INTEGER NOT NULL,
    sequence       BIGINT NOT NULL,
    epoch_ns       BIGINT NOT NULL,
    kind           INTEGER NOT NULL,
    amount_micros  BIGINT NOT NULL,
    reference      TEXT NOT NULL
);
CREATE INDEX statement_credit_tenant ON statement_credit (tenant_id, sequence);

-- Where plan periods began; tenant_id 0 = every tenant's.
CREATE TABLE statement_period (
    sequence   BIGINT PRIMARY KEY,
    tenant_id  INTEGER NOT NULL,
    start_ns   BIGINT NOT NULL,
    end_ns     BIGINT NOT NULL
);
