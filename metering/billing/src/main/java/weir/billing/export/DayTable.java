package weir.billing.export;

/** Tables of an export: columns as they are appended, and what is written of them. */
enum DayTable {
    /** One row per record, meter and price. */
    METER_EVENTS("meter_events", "record_seq BIGINT, epoch_ns BIGINT, tenant_id INTEGER, tenant VARCHAR, "
        + "session_id INTEGER, session VARCHAR, record_kind VARCHAR, verdict_code INTEGER, verdict VARCHAR, "
        + "order_id BIGINT, meter VARCHAR, units BIGINT, price_micros BIGINT, amount_micros BIGINT, currency VARCHAR, "
        + "plan_id INTEGER, plan_version INTEGER, leaf_hash VARCHAR, batch BIGINT"),
    /** One row per message of a desk or client. */
    API_LOG("api_log", "record_seq BIGINT, epoch_ns BIGINT, tenant_id INTEGER, tenant VARCHAR, session_id INTEGER, "
        + "session VARCHAR, authentication VARCHAR, request VARCHAR, request_sha256 VARCHAR, idempotency_key VARCHAR, "
        + "duplicate BOOLEAN, verdict_code INTEGER, verdict VARCHAR, order_id BIGINT, meter VARCHAR, units BIGINT, "
        + "price_micros BIGINT, amount_micros BIGINT, currency VARCHAR, plan_id INTEGER, plan_version INTEGER, "
        + "leaf_hash VARCHAR, batch BIGINT");

    /** Links of the day's batches; the rows of a batch are there before its link is known. */
    static final String LINKS = "chain_link";

    private final String label;
    private final String columns;

    DayTable(final String label, final String columns) {
        this.label = label;
        this.columns = columns;
    }

    String label() {
        return label;
    }

    String create() {
        return "CREATE OR REPLACE TABLE " + label + " (" + columns + ')';
    }

    static String createLinks() {
        return "CREATE OR REPLACE TABLE " + LINKS + " (batch BIGINT, chain_hash VARCHAR)";
    }

    /** The rows in the order they came, with the time in a form for people and the link of their batch. */
    String select() {
        return "SELECT r.record_seq, make_timestamp(r.epoch_ns // 1000) AS time_utc, r.* EXCLUDE (record_seq, batch), "
            + "l.chain_hash FROM " + label + " r LEFT JOIN " + LINKS + " l ON r.batch = l.batch ORDER BY r.rowid";
    }
}
