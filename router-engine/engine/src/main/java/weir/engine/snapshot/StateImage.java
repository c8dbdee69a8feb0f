package weir.engine.snapshot;

import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a table hands its fields to, one after the other, to be saved or to be filled again. A table lists its fields
 * once, in one method, so that what is saved and what is loaded cannot differ:
 * <pre>
 * public void image(final StateImage image) {
 *     image.section("sessions", 1);
 *     image.column(tenant);
 *     size = image.value(size);
 * }
 * </pre>
 * The directions are {@link StateWriter} and {@link StateReader}. A column may be loaded into a longer one: the rest
 * keeps what the constructor put there. Not thread-safe; failures to write or read are unchecked.
 */
public abstract class StateImage {
    StateImage() {
    }

    /**
     * Begins a table. A reader refuses another name or version.
     *
     * @param name    of the table
     * @param version of its list of fields; raised when the list changes
     */
    public abstract void section(String name, int version);

    /**
     * Are fields being filled?
     *
     * @return false when they are being saved
     */
    public abstract boolean loading();

    /**
     * One value.
     *
     * @param current value now
     * @return the same when saving, the saved one when loading
     */
    public abstract long value(long current);

    /**
     * Part of a column in which one value is common, which takes no room in the stream.
     *
     * @param column elements
     * @param from   first element
     * @param to     end; when loading, the most that may be filled
     * @param blank  the common value
     */
    abstract void column(Column column, int from, int to, long blank);

    /**
     * Entries of a map, saved in the order of their keys, so that equal states make equal streams.
     *
     * @param map cleared before it is filled
     */
    public abstract void map(Long2LongHashMap map);

    /**
     * A size that may grow from one run to the next and not shrink.
     *
     * @param here configured size
     * @return size of the table that was saved; the same when saving
     */
    public final int extent(final int here) {
        final int saved = value(here);
        if (saved < 0 || saved > here) {
            throw new SnapshotUnusableException(SnapshotUnusableException.Cause.SNAPSHOT_CAPACITY,
                where() + " holds " + saved + " entries, configured are " + here);
        }
        return saved;
    }

    /**
     * How much of a table is in use, which may not be more than there is here.
     *
     * @param used entries in use now
     * @param here configured size
     * @return entries in use in the table that was saved; the same when saving
     */
    public final int extent(final int used, final int here) {
        final int saved = value(used);
        if (saved < 0 || saved > here) {
            throw new SnapshotUnusableException(SnapshotUnusableException.Cause.SNAPSHOT_CAPACITY,
                where() + " holds " + saved + " entries, configured are " + here);
        }
        return saved;
    }

    /**
     * A size that may not change.
     *
     * @param here configured size
     */
    public final void fixed(final int here) {
        final int saved = value(here);
        if (saved != here) {
            throw new SnapshotUnusableException(SnapshotUnusableException.Cause.SNAPSHOT_CAPACITY,
                where() + " has the fixed size " + saved + ", here it is " + here);
        }
    }

    /**
     * One value.
     *
     * @param current value now
     * @return the same when saving, the saved one when loading
     */
    public final int value(final int current) {
        return (int) value((long) current);
    }

    /**
     * One value.
     *
     * @param current value now
     * @return the same when saving, the saved one when loading
     */
    public final byte value(final byte current) {
        return (byte) value((long) current);
    }

    /**
     * A whole column.
     *
     * @param column elements
     */
    public final void column(final long[] column) {
        column(column, 0, column.length);
    }

    /**
     * Part of a column.
     *
     * @param column elements
     * @param from   first element
     * @param to     end; when loading, the most that may be filled
     */
    public final void column(final long[] column, final int from, final int to) {
        column(Column.of(column), from, to, 0);
    }

    /**
     * A whole column.
     *
     * @param column elements
     */
    public final void column(final int[] column) {
        column(column, 0, column.length, 0);
    }

    /**
     * Part of a column in which one value is common.
     *
     * @param column elements
     * @param from   first element
     * @param to     end; when loading, the most that may be filled
     * @param blank  the common value
     */
    public final void column(final int[] column, final int from, final int to, final int blank) {
        column(Column.of(column), from, to, blank);
    }

    /**
     * The first elements of a column.
     *
     * @param column elements
     * @param used   how many
     */
    public final void first(final long[] column, final int used) {
        column(Column.of(column), 0, used, 0);
    }

    /**
     * The first elements of a column.
     *
     * @param column elements
     * @param used   how many
     */
    public final void first(final int[] column, final int used) {
        column(Column.of(column), 0, used, 0);
    }

    /**
     * The first elements of a column.
     *
     * @param column elements
     * @param used   how many
     */
    public final void first(final short[] column, final int used) {
        column(Column.of(column), 0, used, 0);
    }

    /**
     * The first elements of a column.
     *
     * @param column elements
     * @param used   how many
     */
    public final void first(final byte[] column, final int used) {
        column(Column.of(column), 0, used, 0);
    }

    /**
     * The first elements of a column.
     *
     * @param column elements
     * @param used   how many
     */
    public final void first(final boolean[] column, final int used) {
        column(Column.of(column), 0, used, 0);
    }

    /**
     * The first bytes of a buffer.
     *
     * @param bytes buffer, a multiple of 4 long
     * @param used  how many bytes, a multiple of 4
     */
    public final void first(final UnsafeBuffer bytes, final int used) {
        bytes(bytes, 0, used);
    }

    /**
     * Part of a buffer.
     *
     * @param bytes buffer, a multiple of 4 long
     * @param from  first byte, a multiple of 4
     * @param to    end, a multiple of 4; when loading, the most that may be filled
     */
    public final void bytes(final UnsafeBuffer bytes, final int from, final int to) {
        column(Column.of(bytes), from / Integer.BYTES, to / Integer.BYTES, 0);
    }

    /**
     * A whole column.
     *
     * @param column elements
     */
    public final void column(final byte[] column) {
        column(Column.of(column), 0, column.length, 0);
    }

    /**
     * A whole column.
     *
     * @param column elements
     */
    public final void column(final boolean[] column) {
        column(Column.of(column), 0, column.length, 0);
    }

    abstract String where();
}
