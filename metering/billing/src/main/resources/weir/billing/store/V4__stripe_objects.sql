-- Stripe's products, prices, subscriptions, events that came from it, and what differs.

-- Objects that we create at Stripe, each under a name of ours. A row is committed before the first call; object_id is
-- set when Stripe's id is known. attempt counts answers that were stored under an idempotency key and are of no use.
CREATE TABLE stripe_object (
    name       TEXT PRIMARY KEY,
    object_id  TEXT,
    attempt    INTEGER NOT NULL,
    begun_ms   BIGINT NOT NULL,
    outcome    TEXT
);

-- The subscription of a tenant: the plan version whose prices its items have, and since when.
CREATE TABLE stripe_subscription (
    tenant_id          INTEGER PRIMARY KEY,
    subscription_id    TEXT NOT NULL,
    plan_id            INTEGER NOT NULL,
    version            INTEGER NOT NULL,
    switched_ns        BIGINT NOT NULL,
    status             TEXT NOT NULL,
    status_created_ms  BIGINT NOT NULL
);
CREATE INDEX stripe_subscription_id ON stripe_subscription (subscription_id);

-- Events from Stripe, stored before they are answered. state: 0 NEW, 1 HANDLED, 2 IGNORED, 3 REFUSED by its content.
CREATE TABLE stripe_event (
    event_id         TEXT PRIMARY KEY,
    type             TEXT NOT NULL,
    created_ms       BIGINT NOT NULL,
    received_ms      BIGINT NOT NULL,
    deliveries       INTEGER NOT NULL,
    state            INTEGER NOT NULL,
    next_attempt_ms  BIGINT NOT NULL,
    outcome          TEXT,
    body             TEXT
);
CREATE INDEX stripe_event_due ON stripe_event (state, next_attempt_ms, created_ms);

-- Errors that Stripe found after its 200: how many per code, how many of them it named, how many were batches of ours.
CREATE TABLE stripe_error (
    event_id     TEXT NOT NULL,
    code         TEXT NOT NULL,
    meter_id     TEXT NOT NULL,
    errors       BIGINT NOT NULL,
    named        BIGINT NOT NULL,
    quarantined  BIGINT NOT NULL,
    PRIMARY KEY (event_id, code)
);

-- Invoices as Stripe last stated them, and what we rated for the same customer and span. Amounts in micro-units.
CREATE TABLE stripe_invoice (
    invoice_id         TEXT PRIMARY KEY,
    customer_id        TEXT NOT NULL,
    tenant_id          INTEGER NOT NULL,
    status             TEXT NOT NULL,
    status_rank        INTEGER NOT NULL,
    event_created_ms   BIGINT NOT NULL,
    currency           TEXT NOT NULL,
    from_ms            BIGINT NOT NULL,
    until_ms           BIGINT NOT NULL,
    stripe_micros      BIGINT NOT NULL,
    rated_micros       BIGINT NOT NULL,
    difference_micros  BIGINT NOT NULL,
    late_errors        BIGINT NOT NULL
);

-- Corrections ordered by an operator. state: 0 NEW, 1 BEGUN, 2 DONE, 3 FAILED. way: CANCEL, EVENT; NULL until chosen.
CREATE TABLE stripe_adjustment (
    adjustment_id    INTEGER PRIMARY KEY,
    identifier       TEXT NOT NULL,
    kind             TEXT NOT NULL,
    units            BIGINT NOT NULL,
    reason           TEXT NOT NULL,
    created_ms       BIGINT NOT NULL,
    state            INTEGER NOT NULL,
    way              TEXT,
    begun_ms         BIGINT,
    ended_ms         BIGINT,
    event_identifier TEXT,
    outcome          TEXT
);
CREATE INDEX stripe_adjustment_open ON stripe_adjustment (state, adjustment_id);
CREATE INDEX stripe_adjustment_event ON stripe_adjustment (event_identifier);
CREATE INDEX stripe_adjustment_batch ON stripe_adjustment (identifier);

-- One row per UTC day, tenant and meter that was compared. counted is Stripe's sum.
CREATE TABLE stripe_drift (
    day          BIGINT NOT NULL,
    tenant_id    INTEGER NOT NULL,
    meter        INTEGER NOT NULL,
    rated        BIGINT NOT NULL,
    adjusted     BIGINT NOT NULL,
    delivered    BIGINT NOT NULL,
    quarantined  BIGINT NOT NULL,
    waiting      BIGINT NOT NULL,
    counted      TEXT NOT NULL,
    difference   TEXT NOT NULL,
    checked_ms   BIGINT NOT NULL,
    PRIMARY KEY (day, tenant_id, meter)
);
