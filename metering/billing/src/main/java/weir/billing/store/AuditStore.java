package weir.billing.store;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * State of the audit, its summaries and the keys that were announced, in the transaction of the records. Writes without
 * committing. Billing thread.
 */
public final class AuditStore {
    private static final HexFormat HEX = HexFormat.of();

    private final Sql sql;

    /**
     * A store on an open database.
     *
     * @param database holds the transaction
     */
    public AuditStore(final Database database) {
        sql = new Sql(database);
    }

    /**
     * State after a record.
     *
     * @param sequence       last record digested; 0 none
     * @param chainHead      link of the last whole batch
     * @param chainBatch     records per link in the running day
     * @param epochDay       running UTC day, days since 1970
     * @param firstSequence  first record of the day; 0 when no day has begun
     * @param count          records of the day
     * @param tree           hashes of the day's tree
     * @param units          of the day, per meter
     * @param previousSha256 of the last summary, 64 hex digits
     * @param previousDay    of the last summary, days since 1970; {@link Long#MIN_VALUE} none
     */
    public record State(long sequence, byte[] chainHead, int chainBatch, long epochDay, long firstSequence, long count,
                        byte[] tree, long[] units, String previousSha256, long previousDay) {
    }

    /**
     * A stored summary.
     *
     * @param firstSequence first record
     * @param name          of its files, without ending
     * @param date          UTC day
     * @param json          canonical form
     * @param keyId         key that signed; null none
     * @param signature     base64; null none
     */
    public record Row(long firstSequence, String name, LocalDate date, String json, String keyId, String signature) {
    }

    /**
     * Position of billing, which the state must be at.
     *
     * @return last record billed
     */
    public long position() {
        final long[] position = new long[1];
        sql.query("SELECT sequence FROM journal_position", row -> position[0] = row.getLong(1));
        return position[0];
    }

    /**
     * The stored state.
     *
     * @return null when nothing was digested yet
     */
    public State load() {
        final State[] state = new State[1];
        sql.query("SELECT sequence, chain_head, chain_batch, epoch_day, first_sequence, records, tree, "
            + "units_request, units_sent, units_filled, units_compute, previous_sha256, previous_day "
            + "FROM audit_state", row ->
            state[0] = new State(row.getLong(1), HEX.parseHex(row.getString(2)), row.getInt(3), row.getLong(4),
                row.getLong(5), row.getLong(6), HEX.parseHex(row.getString(7)),
                new long[]{row.getLong(8), row.getLong(9), row.getLong(10), row.getLong(11)}, row.getString(12),
                row.getLong(13)));
        return state[0];
    }

    /**
     * Replaces the state.
     *
     * @param state after the last record
     */
    public void save(final State state) {
        sql.update("INSERT INTO audit_state (id, sequence, chain_head, chain_batch, epoch_day, first_sequence, "
            + "records, tree, units_request, units_sent, units_filled, units_compute, previous_sha256, previous_day) "
            + "VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            + "sequence = excluded.sequence, chain_head = excluded.chain_head, "
            + "chain_batch = excluded.chain_batch, epoch_day = excluded.epoch_day, "
            + "first_sequence = excluded.first_sequence, records = excluded.records, tree = excluded.tree, "
            + "units_request = excluded.units_request, units_sent = excluded.units_sent, "
            + "units_filled = excluded.units_filled, units_compute = excluded.units_compute, "
            + "previous_sha256 = excluded.previous_sha256, previous_day = excluded.previous_day",
            state.sequence(), HEX.formatHex(state.chainHead()), state.chainBatch(), state.epochDay(),
            state.firstSequence(), state.count(), HEX.formatHex(state.tree()), state.units()[0],
            state.units()[1], state.units()[2], state.units()[3], state.previousSha256(), state.previousDay());
    }

    /**
     * Stores a summary that has no files yet.
     *
     * @param row          the summary
     * @param lastSequence last record
     * @param count        records
     * @param sha256       of its canonical form
     */
    public void insert(final Row row, final long lastSequence, final long count, final String sha256) {
        sql.update("INSERT INTO audit_summary (first_sequence, last_sequence, records, day, name, json, sha256, "
            + "key_id, signature, published) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)", row.firstSequence(),
            lastSequence, count, row.date().toString(), row.name(), row.json(), sha256, row.keyId(), row.signature());
    }

    /**
     * Signs a stored summary, whose files are to be written anew.
     *
     * @param firstSequence which
     * @param keyId         key
     * @param signature     base64
     */
    public void sign(final long firstSequence, final String keyId, final String signature) {
        sql.update("UPDATE audit_summary SET key_id = ?, signature = ?, published = 0 WHERE first_sequence = ?",
            keyId, signature, firstSequence);
    }

    /**
     * Summaries without signature.
     *
     * @return in order
     */
    public List<Row> unsigned() {
        return rows("signature IS NULL");
    }

    /**
     * Summaries whose files are not written.
     *
     * @return in order
     */
    public List<Row> unpublished() {
        return rows("published = 0");
    }

    /**
     * Every summary.
     *
     * @return in order
     */
    public List<Row> all() {
        return rows("1 = 1");
    }

    private List<Row> rows(final String where) {
        final List<Row> rows = new ArrayList<>();
        sql.query("SELECT first_sequence, name, day, json, key_id, signature FROM audit_summary WHERE " + where
            + " ORDER BY first_sequence", row -> rows.add(new Row(row.getLong(1), row.getString(2),
            LocalDate.parse(row.getString(3)), row.getString(4), row.getString(5), row.getString(6))));
        return rows;
    }

    /**
     * The files of a summary are written.
     *
     * @param firstSequence which
     */
    public void published(final long firstSequence) {
        sql.update("UPDATE audit_summary SET published = 1 WHERE first_sequence = ?", firstSequence);
    }

    /**
     * Keys that have signed or were announced.
     *
     * @return their ids
     */
    public Set<String> knownKeys() {
        final Set<String> ids = new TreeSet<>();
        sql.query("SELECT key_id FROM audit_key", row -> ids.add(row.getString(1)));
        return ids;
    }

    /**
     * A key signs or is announced.
     *
     * @param keyId     key
     * @param publicKey base64
     * @param sequence  first record of the summary
     */
    public void know(final String keyId, final String publicKey, final long sequence) {
        sql.update("INSERT INTO audit_key (key_id, public_key, known_sequence) VALUES (?, ?, ?) "
            + "ON CONFLICT DO NOTHING", keyId, publicKey, sequence);
    }
}
