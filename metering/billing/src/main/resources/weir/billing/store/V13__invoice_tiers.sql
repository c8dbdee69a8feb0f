-- The invoice item that makes a draft equal to what was rated where tiers continued over a change of prices.
-- tiers_state: NULL until it was looked at to the end; then ITEM, EVEN or CLOSED. tiers_minor: its amount.
ALTER TABLE stripe_invoice ADD COLUMN tiers_state TEXT;
ALTER TABLE stripe_invoice ADD COLUMN tiers_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stripe_invoice ADD COLUMN tiers_next_ms BIGINT NOT NULL DEFAULT 0;
