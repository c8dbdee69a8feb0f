-- Grants that an operator or a payment ordered, until they are seen in the journal. amount_micros as on the wire: a
-- refund is negative, a chargeback positive. kind: GrantKind of the schema. state: 0 NEW, 1 SENT, 2 JOURNALED, 3 REFUSED.
CREATE TABLE grant_order (
    grant_id         BIGINT PRIMARY KEY,
    tenant_id        INTEGER NOT NULL,
    kind             INTEGER NOT NULL,
    amount_micros    BIGINT NOT NULL,
    reference        TEXT NOT NULL,
    state            INTEGER NOT NULL,
    created_ms       BIGINT NOT NULL,
    attempts         INTEGER NOT NULL,
    first_sent_ms    BIGINT,
    last_sent_ms     BIGINT,
    next_attempt_ms  BIGINT NOT NULL,
    sequence         BIGINT,
    ended_ms         BIGINT,
    reason           TEXT
);
CREATE INDEX grant_due ON grant_order (state, next_attempt_ms);
