package weir.venue.coinbase;

import java.util.UUID;
import quickfix.Message;

/**
 * The rules of the wire that tests break on purpose, to prove that the venue's side notices: one overridable method
 * each. Production code makes no other instance than this class itself.
 */
class WireRules {
    /** RawData(96) of a Logon. */
    String logonSignature(final CoinbaseAccount account, final CoinbaseSigner signer, final String sendingTime) {
        return signer.signLogon(sendingTime, "1", account.apiKey(), CoinbaseApplication.TARGET, account.passphrase());
    }

    /** Last change of a Logon before it is signed. */
    void beforeSigning(final Message logon) {
        // the header is right as QuickFIX/J made it
    }

    /** Form of an id on the wire: a lower-case UUIDv4 with hyphens. */
    String idText(final UUID id) {
        return id.toString();
    }

    /** Symbol(55) of one order of a batch. */
    String symbol(final String symbol, final int indexInBatch) {
        return symbol;
    }

    /** Most orders in NewOrderBatch(U6). */
    int batchMax() {
        return 15;
    }

    /** News in any second. */
    int newsLimit(final CoinbaseAdapter.Context context) {
        return context.newsPerSecond();
    }

    /** Application messages in any second. */
    int messageLimit(final CoinbaseAdapter.Context context) {
        return context.messagesPerSecond();
    }

    /** Requests without an answer. */
    int inFlightMax(final CoinbaseAdapter.Context context) {
        return context.inFlightMax();
    }

    /** Messages in any second from which application messages are held. */
    int guardHold(final CoinbaseAdapter.Context context) {
        return context.guardHold();
    }

    /** Messages in any second from which nothing is written. */
    int guardDrop(final CoinbaseAdapter.Context context) {
        return context.guardDrop();
    }
}
