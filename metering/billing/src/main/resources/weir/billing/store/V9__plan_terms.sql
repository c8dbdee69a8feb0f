-- Terms of plan versions, and how far each tenant is in the tiers of the version that priced last.
CREATE TABLE plan_terms (
  plan_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  valid_until_ns BIGINT NOT NULL,
  restart INTEGER NOT NULL,
  PRIMARY KEY (plan_id, version)
);
CREATE TABLE tenant_tiers (
  tenant_id INTEGER PRIMARY KEY,
  plan_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  units_request BIGINT NOT NULL,
  units_sent BIGINT NOT NULL,
  units_filled BIGINT NOT NULL,
  units_compute BIGINT NOT NULL
);
-- A database of before: the version that priced a tenant last, and its units in the period. Versions follow each other, so
-- those are all that it ever priced, or the period's where it priced before as well.
INSERT INTO tenant_tiers (tenant_id, plan_id, version, units_request, units_sent, units_filled, units_compute)
SELECT last.tenant_id, last.plan_id, last.version,
  CASE WHEN last.u0 < last.p0 THEN last.u0 ELSE last.p0 END,
  CASE WHEN last.u1 < last.p1 THEN last.u1 ELSE last.p1 END,
  CASE WHEN last.u2 < last.p2 THEN last.u2 ELSE last.p2 END,
  CASE WHEN last.u3 < last.p3 THEN last.u3 ELSE last.p3 END
FROM (
  SELECT t.tenant_id, u.plan_id, u.plan_version AS version,
    t.units_request AS p0, t.units_sent AS p1, t.units_filled AS p2, t.units_compute AS p3,
    SUM(CASE WHEN u.meter = 0 THEN u.units ELSE 0 END) AS u0,
    SUM(CASE WHEN u.meter = 1 THEN u.units ELSE 0 END) AS u1,
    SUM(CASE WHEN u.meter = 2 THEN u.units ELSE 0 END) AS u2,
    SUM(CASE WHEN u.meter = 3 THEN u.units ELSE 0 END) AS u3,
    MAX(u.last_sequence) AS newest
  FROM tenant t JOIN usage_line u ON u.tenant_id = t.tenant_id
  GROUP BY t.tenant_id, u.plan_id, u.plan_version, t.units_request, t.units_sent, t.units_filled, t.units_compute
) last
WHERE last.newest = (SELECT MAX(v.last_sequence) FROM usage_line v WHERE v.tenant_id = last.tenant_id);
