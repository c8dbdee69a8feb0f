package weir.billing.audit;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which key signs a day: of the keys valid then, the one whose validity began last, but only if a summary signed before
 * has announced it; so whoever trusts the first key comes to trust every later one. A key that nobody announced signs
 * when no other can.
 *
 * @param signer   signs; empty when none is valid
 * @param linked   false when the signer was never announced although there were summaries before
 * @param announce keys to be announced in this summary
 */
record KeyChoice(Optional<SigningKey> signer, boolean linked, List<AuditKey> announce) {

    /** Chooses for a day; {@code known} holds the ids that signed or were announced before. */
    static KeyChoice of(final List<SigningKey> keys, final Set<String> known, final LocalDate day) {
        final Comparator<SigningKey> age = Comparator.comparing((SigningKey key) -> key.key().notBefore())
            .thenComparing(key -> key.key().keyId());
        final List<SigningKey> valid = keys.stream().filter(key -> key.key().isValidOn(day)).toList();
        Optional<SigningKey> signer = valid.stream().filter(key -> known.contains(key.key().keyId())).max(age);
        boolean linked = true;
        if (signer.isEmpty()) {
            // the first of all: the oldest, so that it can announce the others
            signer = known.isEmpty() ? valid.stream().min(age) : valid.stream().max(age);
            linked = known.isEmpty();
        }
        final Optional<SigningKey> chosen = signer;
        final List<AuditKey> announce = chosen.isEmpty() ? List.of() : keys.stream().map(SigningKey::key)
            .filter(key -> !known.contains(key.keyId()) && !key.equals(chosen.get().key())
                && !key.notAfter().isBefore(day)).toList();
        return new KeyChoice(signer, linked, announce);
    }
}
