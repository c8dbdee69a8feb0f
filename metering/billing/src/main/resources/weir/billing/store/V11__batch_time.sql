-- What is read by time, and by what a tenant has not delivered. sent_ns: the time that Stripe was told when it is not
-- event_ns, which statements go by; NULL = the same.
ALTER TABLE batch ADD COLUMN sent_ns BIGINT;
CREATE INDEX batch_time ON batch (event_ns);
CREATE INDEX batch_sent ON batch (sent_ns);
CREATE INDEX batch_open ON batch (tenant_id, state, first_sequence);
