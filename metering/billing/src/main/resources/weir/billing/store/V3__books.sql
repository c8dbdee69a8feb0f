-- What the books say beyond V1's balances: kinds of entries, and what grants were settled in.

-- One row per tenant, span, kind and account. A span is 65536 sequences, named by its first: rows are the same whatever
-- the transactions were. The entries of one kind of one record sum to zero, so those of a kind and span do.
-- kind: EntryKind. Entries of V1 were not kept apart by kind: MIXED, and their span is their first record.
ALTER TABLE ledger_entry RENAME TO ledger_entry_v1;
CREATE TABLE ledger_entry (
    tenant_id       INTEGER NOT NULL,
    span            BIGINT NOT NULL,
    kind            TEXT NOT NULL,
    account         TEXT NOT NULL,
    amount_micros   BIGINT NOT NULL,
    first_sequence  BIGINT NOT NULL,
    last_sequence   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, span, kind, account)
);
INSERT INTO ledger_entry (tenant_id, span, kind, account, amount_micros, first_sequence, last_sequence)
    SELECT tenant_id, first_sequence, 'MIXED', account, amount_micros, first_sequence, last_sequence
    FROM ledger_entry_v1;
DROP TABLE ledger_entry_v1;

-- What a grant was paid or paid out in. atoms: decimal digits of the asset's smallest unit, a token's may have 78.
-- Plan currency per whole unit of the asset = rate_mantissa x 10^rate_exponent. rounding: EXACT, DOWN or HALF_EVEN.
-- reference: hash of the chain's transaction, id of the payment.
CREATE TABLE settlement_line (
    grant_id        BIGINT NOT NULL,
    line            INTEGER NOT NULL,
    tenant_id       INTEGER NOT NULL,
    asset           TEXT NOT NULL,
    decimals        INTEGER NOT NULL,
    atoms           TEXT NOT NULL,
    rate_mantissa   BIGINT NOT NULL,
    rate_exponent   INTEGER NOT NULL,
    rate_source     TEXT NOT NULL,
    rate_ms         BIGINT NOT NULL,
    rounding        TEXT NOT NULL,
    amount_micros   BIGINT NOT NULL,
    reference       TEXT NOT NULL,
    PRIMARY KEY (grant_id, line)
);
CREATE INDEX settlement_reference ON settlement_line (reference);
