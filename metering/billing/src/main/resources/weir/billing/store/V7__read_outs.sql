-- Months of each tenant: the first record of each period. A usage line belongs to the last period that began at or
-- before its first record; windows are cut when a period rolls, so no line is of two.
CREATE TABLE usage_period (
    tenant_id        INTEGER NOT NULL,
    period_start_ns  BIGINT NOT NULL,
    first_sequence   BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, period_start_ns)
);
