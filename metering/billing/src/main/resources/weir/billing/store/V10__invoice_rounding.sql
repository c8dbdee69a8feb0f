-- Whether an invoice differs by its rounding alone, and what of it stands in the ledger. judged: NULL until it was
-- looked at; EXACT, ROUNDING, TIERS_CONTINUE, DIFFERS, VOID, or EARLIER when it came before there was a judgement.
ALTER TABLE stripe_invoice ADD COLUMN line_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stripe_invoice ADD COLUMN rounding_micros BIGINT NOT NULL DEFAULT 0;
ALTER TABLE stripe_invoice ADD COLUMN judged TEXT;
UPDATE stripe_invoice SET judged = 'EARLIER';
