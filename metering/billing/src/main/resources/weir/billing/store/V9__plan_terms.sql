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
