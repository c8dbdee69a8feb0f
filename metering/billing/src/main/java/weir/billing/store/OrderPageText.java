package weir.billing.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

/**
 * A page as text for a column of any database: base64 of bytes. Part 0 is the version (1), the number of orders, each
 * as distance of its slot, tenant and flags, then trades; a further part is the version and trades; {@value #TRADES}
 * trades to a part, each as its order's slot and the distance of its id from the trade before. Numbers are LEB128,
 * signed ones in zigzag. Buffers are reused; billing thread.
 */
final class OrderPageText {
    /** Trades of a part. */
    static final int TRADES = 512;

    private static final int VERSION = 1;

    private byte[] bytes = new byte[16 * 1024];
    private byte[] stored;
    private int at;

    /** Parts that a page has. */
    static int parts(final int trades) {
        return Math.max(1, (trades + TRADES - 1) / TRADES);
    }

    String encode(final OrderPage page, final int part) {
        at = 0;
        put(VERSION);
        if (part == 0) {
            putOrders(page);
        }
        final int first = part * TRADES;
        final int last = Math.min(page.trades(), first + TRADES);
        put(last - first);
        long before = 0;
        for (int i = first; i < last; i++) {
            put(page.tradeSlot(i));
            putSigned(page.tradeId(i) - before);
            before = page.tradeId(i);
        }
        return new String(Base64.getEncoder().encode(Arrays.copyOf(bytes, at)), StandardCharsets.ISO_8859_1);
    }

    private void putOrders(final OrderPage page) {
        int orders = 0;
        for (int slot = 0; slot < OrderPage.ORDERS; slot++) {
            orders += page.flags(slot) >>> 7;
        }
        put(orders);
        int before = 0;
        for (int slot = 0; slot < OrderPage.ORDERS; slot++) {
            if (page.flags(slot) != 0) {
                put(slot - before);
                putSigned(page.tenant(slot));
                put(page.flags(slot));
                before = slot;
            }
        }
    }

    /** Adds a part to a page; parts come in their order. */
    void decode(final String text, final int part, final OrderPage page) {
        try {
            stored = Base64.getDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
            at = 0;
            if (take() != VERSION) {
                throw new BillingException(BillingError.DATABASE,
                    "order page " + page.number + " is of another version");
            }
            if (part == 0) {
                takeOrders(page);
            }
            long tradeId = 0;
            for (long i = take(); i > 0; i--) {
                final int slot = (int)take();
                tradeId += takeSigned();
                page.addTrade(slot, tradeId);
            }
        } catch (final IllegalArgumentException | ArrayIndexOutOfBoundsException ex) {
            throw new BillingException(BillingError.DATABASE, "order page " + page.number + " part " + part
                + " cannot be read: " + ex.getMessage(), ex);
        }
    }

    private void takeOrders(final OrderPage page) {
        int slot = 0;
        for (long i = take(); i > 0; i--) {
            slot += (int)take();
            final int tenantId = (int)takeSigned();
            page.put(slot, tenantId, (int)take());
        }
    }

    private void putSigned(final long value) {
        put(value << 1 ^ value >> 63);
    }

    private void put(final long value) {
        if (at + 10 > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[at++] = (byte)(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte)rest;
    }

    private long takeSigned() {
        final long value = take();
        return value >>> 1 ^ -(value & 1);
    }

    private long take() {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = stored[at++];
            value |= (long)(next & 0x7F) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }
}
