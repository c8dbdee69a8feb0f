package weir.sim.cow;

/** Keccak-256 with the padding of the submission ("The Keccak reference" 3.0): rate 136 bytes, 0x01 first. */
final class KeccakSponge {
    private static final int RATE = 136;
    private static final long[] ROUND = new long[24];
    private static final int[] ROTATION = new int[25];
    private static final int[] TARGET = new int[25];

    static {
        int lfsr = 1;
        for (int round = 0; round < 24; round++) {
            for (int j = 0; j < 7; j++) {
                if ((lfsr & 1) != 0) {
                    ROUND[round] ^= 1L << (1 << j) - 1;
                }
                lfsr = lfsr << 1 ^ ((lfsr & 0x80) != 0 ? 0x171 : 0);
            }
        }
        int x = 1;
        int y = 0;
        for (int t = 0; t < 24; t++) {
            ROTATION[x + 5 * y] = (t + 1) * (t + 2) / 2 % 64;
            final int next = (2 * x + 3 * y) % 5;
            x = y;
            y = next;
        }
        for (int i = 0; i < 25; i++) {
            TARGET[i] = i / 5 + 5 * ((2 * (i % 5) + 3 * (i / 5)) % 5);
        }
    }

    private KeccakSponge() {
    }

    /** The digest of the concatenation, 32 bytes. */
    static byte[] hash(final byte[]... parts) {
        final long[] state = new long[25];
        int at = 0;
        for (final byte[] part : parts) {
            for (final byte each : part) {
                state[at / 8] ^= (each & 0xffL) << 8 * (at % 8);
                at++;
                if (at == RATE) {
                    permute(state);
                    at = 0;
                }
            }
        }
        state[at / 8] ^= 1L << 8 * (at % 8);
        state[(RATE - 1) / 8] ^= 0x80L << 8 * ((RATE - 1) % 8);
        permute(state);
        final byte[] digest = new byte[32];
        for (int i = 0; i < 32; i++) {
            digest[i] = (byte)(state[i / 8] >>> 8 * (i % 8));
        }
        return digest;
    }

    private static void permute(final long[] a) {
        final long[] c = new long[5];
        final long[] b = new long[25];
        for (int round = 0; round < 24; round++) {
            for (int x = 0; x < 5; x++) {
                c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
            }
            for (int i = 0; i < 25; i++) {
                final int x = i % 5;
                final long lane = a[i] ^ c[(x + 4) % 5] ^ Long.rotateLeft(c[(x + 1) % 5], 1);
                b[TARGET[i]] = Long.rotateLeft(lane, ROTATION[i]);
            }
            for (int y = 0; y < 25; y += 5) {
                for (int x = 0; x < 5; x++) {
                    a[y + x] = b[y + x] ^ ~b[y + (x + 1) % 5] & b[y + (x + 2) % 5];
                }
            }
            a[0] ^= ROUND[round];
        }
    }
}
