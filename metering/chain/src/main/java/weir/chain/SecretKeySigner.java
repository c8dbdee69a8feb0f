package weir.chain;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A key in this process's memory. Its bytes are zeroed by {@link #close()}; numbers made from them while signing are
 * the garbage collector's and cannot be. Its text is the address.
 */
public final class SecretKeySigner implements Signer {
    private final byte[] key;
    private final byte[] publicKey;
    private final Address address;
    private boolean closed;

    private SecretKeySigner(final byte[] key) {
        if (!Secp256k1.isKey(key)) {
            Arrays.fill(key, (byte)0);
            throw new IllegalArgumentException("no private key: expected 32 bytes, not zero, below the group's order");
        }
        this.key = key;
        publicKey = Secp256k1.publicKey(key);
        address = Address.ofPublicKey(publicKey);
    }

    /**
     * Holds a key.
     *
     * @param key 32 bytes; the signer's from here on, and zeroed by it
     * @return the signer
     * @throws IllegalArgumentException when it is no key; it is zeroed then too
     */
    public static SecretKeySigner of(final byte[] key) {
        return new SecretKeySigner(key);
    }

    /**
     * Holds the key that a reference to a secret resolves to.
     *
     * @param secret gives hexadecimal text, with or without {@code 0x}; white space around it is no part of it
     * @return the signer
     * @throws IllegalArgumentException when it is no key; the text is not repeated
     */
    public static SecretKeySigner of(final Supplier<String> secret) {
        return of(Hex.bytes(secret.get().strip()));
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public synchronized Signature sign(final byte[] digest) {
        if (closed) {
            throw new IllegalStateException("the key of " + address + " was closed");
        }
        if (digest.length != Keccak256.LENGTH) {
            throw new IllegalArgumentException("a digest has 32 bytes, not " + digest.length);
        }
        return Secp256k1.sign(key, publicKey, digest);
    }

    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(key, (byte)0);
    }

    @Override
    public String toString() {
        return "SecretKeySigner[" + address + ']';
    }
}
