-- Times *_ns are journaled epoch nanoseconds, *_ms wall-clock epoch milliseconds. Money is micro-units of the plan's
-- currency. Sequences are journal record sequences. Meters: 0 request, 1 order_sent, 2 order_filled, 3 compute_ms.

-- One row: which journal this database bills, and how far. Written in the same transaction as the effects.
CREATE TABLE journal_position (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    journal_id  TEXT NOT NULL,
    sequence    BIGINT NOT NULL,
    epoch_ns    BIGINT NOT NULL,
    updated_ms  BIGINT NOT NULL
);

-- Terms of a tenant, units and spend in its plan period.
CREATE TABLE tenant (
    tenant_id        INTEGER PRIMARY KEY,
    name             TEXT NOT NULL,
    postpaid         INTEGER NOT NULL,
    plan_id          INTEGER NOT NULL,
    budget_micros    BIGINT NOT NULL,
    period_start_ns  BIGINT NOT NULL,
    spent_micros     BIGINT NOT NULL,
    alerted_percent  INTEGER NOT NULL,
    units_request    BIGINT NOT NULL,
    units_sent       BIGINT NOT NULL,
    units_filled     BIGINT NOT NULL,
    units_compute    BIGINT NOT NULL
);

CREATE TABLE desk_session (
    session_id  INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL
);

CREATE TABLE plan (
    plan_id         INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    effective_ns    BIGINT NOT NULL,
    currency        TEXT NOT NULL,
    fill_per_order  INTEGER NOT NULL,
    PRIMARY KEY (plan_id, version)
);

-- up_to NULL is the open tier.
CREATE TABLE plan_price (
    plan_id       INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    meter         INTEGER NOT NULL,
    tier          INTEGER NOT NULL,
    up_to         BIGINT,
    price_micros  BIGINT NOT NULL,
    PRIMARY KEY (plan_id, version, meter, tier)
);

-- What was charged for an order: bits 1 sent, 2 filled.
CREATE TABLE order_charge (
    order_id   BIGINT PRIMARY KEY,
    tenant_id  INTEGER NOT NULL,
    flags      INTEGER NOT NULL,
    closed_ns  BIGINT
);

CREATE TABLE trade (
    order_id  BIGINT NOT NULL,
    trade_id  BIGINT NOT NULL,
    sequence  BIGINT NOT NULL,
    PRIMARY KEY (order_id, trade_id)
);

CREATE TABLE schedule (
    schedule_id  BIGINT PRIMARY KEY,
    tenant_id    INTEGER NOT NULL,
    start_ns     BIGINT NOT NULL
);

CREATE TABLE credit_grant (
    grant_id       BIGINT PRIMARY KEY,
    tenant_id      INTEGER NOT NULL,
    amount_micros  BIGINT NOT NULL,
    sequence       BIGINT NOT NULL
);

-- Rated usage: one line per window and price; amount = units x price. identifier is set when the window is sealed.
CREATE TABLE usage_line (
    tenant_id        INTEGER NOT NULL,
    meter            INTEGER NOT NULL,
    window_sequence  BIGINT NOT NULL,
    plan_id          INTEGER NOT NULL,
    plan_version     INTEGER NOT NULL,
    price_micros     BIGINT NOT NULL,
    units            BIGINT NOT NULL,
    amount_micros    BIGINT NOT NULL,
    first_sequence   BIGINT NOT NULL,
    last_sequence    BIGINT NOT NULL,
    identifier       TEXT,
    PRIMARY KEY (tenant_id, meter, window_sequence, plan_id, plan_version, price_micros)
);

-- Windows not sealed yet.
CREATE TABLE open_window (
    tenant_id       INTEGER NOT NULL,
    meter           INTEGER NOT NULL,
    first_sequence  BIGINT NOT NULL,
    last_sequence   BIGINT NOT NULL,
    opened_ns       BIGINT NOT NULL,
    last_ns         BIGINT NOT NULL,
    records         INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, meter)
);

-- One Stripe meter event each. state: 0 SEALED, 1 SENT, 2 ACKED, 3 QUARANTINED.
CREATE TABLE batch (
    identifier       TEXT PRIMARY KEY,
    tenant_id        INTEGER NOT NULL,
    meter            INTEGER NOT NULL,
    first_sequence   BIGINT NOT NULL,
    last_sequence    BIGINT NOT NULL,
    units            BIGINT NOT NULL,
    amount_micros    BIGINT NOT NULL,
    event_ns         BIGINT NOT NULL,
    state            INTEGER NOT NULL,
    attempts         INTEGER NOT NULL,
    first_sent_ms    BIGINT,
    last_sent_ms     BIGINT,
    next_attempt_ms  BIGINT NOT NULL,
    outcome          TEXT,
    detail           TEXT
);
CREATE INDEX batch_due ON batch (state, next_attempt_ms, first_sequence);
CREATE INDEX batch_event ON batch (tenant_id, meter, event_ns);

-- Double entry: balance per account, and entries. The entries of one transaction sum to zero per tenant and name
-- the records they come from; each record's sum is checked before.
CREATE TABLE balance (
    tenant_id      INTEGER NOT NULL,
    account        TEXT NOT NULL,
    amount_micros  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, account)
);

CREATE TABLE ledger_entry (
    tenant_id       INTEGER NOT NULL,
    first_sequence  BIGINT NOT NULL,
    last_sequence   BIGINT NOT NULL,
    account         TEXT NOT NULL,
    amount_micros   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, first_sequence, account)
);

-- Gap between the engine's balances and ours that was reported last, so that one cause is reported once.
CREATE TABLE balance_gap (
    tenant_id          INTEGER PRIMARY KEY,
    balance_micros     BIGINT NOT NULL,
    receivable_micros  BIGINT NOT NULL
);

CREATE TABLE discrepancy (
    sequence   BIGINT NOT NULL,
    kind       TEXT NOT NULL,
    tenant_id  INTEGER NOT NULL,
    expected   BIGINT NOT NULL,
    found      BIGINT NOT NULL,
    PRIMARY KEY (sequence, kind)
);

-- Budget thresholds passed, once per tenant, period and percent.
CREATE TABLE budget_alert (
    tenant_id        INTEGER NOT NULL,
    period_start_ns  BIGINT NOT NULL,
    percent          INTEGER NOT NULL,
    sequence         BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, period_start_ns, percent)
);

CREATE TABLE stripe_customer (
    tenant_id    INTEGER PRIMARY KEY,
    customer_id  TEXT NOT NULL
);

CREATE TABLE stripe_meter (
    meter       INTEGER PRIMARY KEY,
    meter_id    TEXT NOT NULL,
    event_name  TEXT NOT NULL
);
