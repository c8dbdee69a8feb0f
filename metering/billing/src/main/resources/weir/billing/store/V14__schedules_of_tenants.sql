-- Schedules that are active. Ids are of their tenant.
CREATE TABLE tenant_schedule (
    tenant_id    INTEGER NOT NULL,
    schedule_id  BIGINT NOT NULL,
    start_ns     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, schedule_id)
);
INSERT INTO tenant_schedule (tenant_id, schedule_id, start_ns) SELECT tenant_id, schedule_id, start_ns FROM schedule;
DROP TABLE schedule;
