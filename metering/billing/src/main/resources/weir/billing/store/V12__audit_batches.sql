-- Records per link of the audit's chain in the running day; a day that was begun before has a link for each.
ALTER TABLE audit_state ADD COLUMN chain_batch INTEGER NOT NULL DEFAULT 1;
