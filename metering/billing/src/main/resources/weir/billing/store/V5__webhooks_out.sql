-- Webhook endpoints of tenants, messages and their attempts.

-- What is known of an endpoint beside its configuration. endpoint: TENANT_ID/NAME. disabled_ms 0 = it is served.
CREATE TABLE webhook_endpoint (
    endpoint            TEXT PRIMARY KEY,
    tenant_id           INTEGER NOT NULL,
    url                 TEXT NOT NULL,
    disabled_ms         BIGINT NOT NULL,
    disabled_why        TEXT NOT NULL,
    throttled_until_ms  BIGINT NOT NULL
);

-- One event, as it is sent. tenant_id 0 = for every tenant. sequence 0 = it comes from no record.
CREATE TABLE webhook_message (
    message_id  TEXT PRIMARY KEY,
    tenant_id   INTEGER NOT NULL,
    type        TEXT NOT NULL,
    body        TEXT NOT NULL,
    sequence    BIGINT NOT NULL,
    created_ms  BIGINT NOT NULL
);

-- A message on its way to an endpoint. state: 0 PENDING, 1 DELIVERED, 2 DEAD. status: of the last answer, 0 none.
CREATE TABLE webhook_delivery (
    endpoint         TEXT NOT NULL,
    message_id       TEXT NOT NULL,
    state            INTEGER NOT NULL,
    attempts         INTEGER NOT NULL,
    next_attempt_ms  BIGINT NOT NULL,
    last_attempt_ms  BIGINT NOT NULL,
    status           INTEGER NOT NULL,
    detail           TEXT NOT NULL,
    PRIMARY KEY (endpoint, message_id)
);
CREATE INDEX webhook_due ON webhook_delivery (state, endpoint, next_attempt_ms);
