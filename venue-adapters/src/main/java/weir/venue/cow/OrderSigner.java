package weir.venue.cow;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.chain.Address;
import weir.chain.Eip712Domain;
import weir.chain.Hex;
import weir.chain.Keccak256;
import weir.chain.Signer;
import weir.chain.StructType;

/**
 * Orders and cancellations of one owner as the settlement contract checks them ("GPv2Order.sol", "GPv2Signing.sol"),
 * with the UID that the venue will give, known before anything is sent. The signed fee is 0: solvers take theirs from
 * the amounts. The app data name our id, so that two orders never have one UID and each is found again by its id alone.
 * The thread that signs; what is
 * static any.
 */
final class OrderSigner {
    static final StructType ORDER = StructType.of("Order(address sellToken,address buyToken,address receiver,"
        + "uint256 sellAmount,uint256 buyAmount,uint32 validTo,bytes32 appData,uint256 feeAmount,string kind,"
        + "bool partiallyFillable,string sellTokenBalance,string buyTokenBalance)");
    /** Plural, whatever a comment of the service says: this is what its constant is the digest of. */
    static final StructType CANCELLATIONS = StructType.of("OrderCancellations(bytes[] orderUids)");
    private static final String UUID_TEXT = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern DOCUMENT = Pattern.compile(".*\"weir\":\\{(?:\"after\":\"(?<after>" + UUID_TEXT
        + ")\",)?\"id\":\"(?<id>" + UUID_TEXT + ")\"}.*");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ERC20 = "erc20";

    private final Signer signer;
    private final byte[] separator;

    /** A signed order: what is posted, and what the venue will call it. */
    record Signed(String uid, String body) {
    }

    OrderSigner(final Signer signer, final long chainId, final Address settlementContract) {
        this.signer = signer;
        separator = new Eip712Domain("Gnosis Protocol", "v2", chainId, settlementContract).separator();
    }

    Address owner() {
        return signer.address();
    }

    /**
     * The document that an order carries.
     *
     * @param id    ours
     * @param after of the order that this one replaces, null for none
     */
    static String appData(final UUID id, final UUID after) {
        return "{\"appCode\":\"weir\",\"metadata\":{\"weir\":{" + (after == null ? "" : "\"after\":\"" + after + "\",")
            + "\"id\":\"" + id + "\"}},\"version\":\"1.3.0\"}";
    }

    /** An id of {@link #appData}; null when the document is not of ours. */
    static UUID idOf(final String document, final String field) {
        final Matcher matcher = DOCUMENT.matcher(document);
        if (!matcher.matches()) {
            return null;
        }
        final String text = matcher.group(field);
        return text == null ? null : UUID.fromString(text);
    }

    Signed order(final CowPair pair, final OrderTerms terms, final String document, final Long quoteId) {
        final Address sellToken = (terms.sell() ? pair.base() : pair.quote()).address();
        final Address buyToken = (terms.sell() ? pair.quote() : pair.base()).address();
        final byte[] digest = StructType.digest(separator, ORDER.hash(values(sellToken, buyToken, terms, document)));
        final String uid = Hex.of(digest) + signer.address().lower().substring(2)
            + String.format("%08x", terms.validTo());
        final ObjectNode body = MAPPER.createObjectNode().put("sellToken", sellToken.lower())
            .put("buyToken", buyToken.lower()).put("receiver", signer.address().lower())
            .put("sellAmount", terms.sellAmount().toString()).put("buyAmount", terms.buyAmount().toString())
            .put("validTo", terms.validTo()).put("feeAmount", "0").put("kind", terms.sell() ? "sell" : "buy")
            .put("partiallyFillable", terms.partiallyFillable()).put("sellTokenBalance", ERC20)
            .put("buyTokenBalance", ERC20).put("signingScheme", "eip712")
            .put("signature", signer.sign(digest).toString()).put("from", signer.address().lower())
            .put("appData", document).put("appDataHash", Hex.of(Keccak256.hash(document)));
        if (quoteId != null) {
            body.put("quoteId", quoteId);
        }
        return new Signed(uid, body.toString());
    }

    String cancellation(final List<String> uids) {
        final byte[] digest = StructType.digest(separator,
            CANCELLATIONS.hash(Map.of("orderUids", uids.stream().map(Hex::bytes).toList())));
        final ObjectNode body = MAPPER.createObjectNode();
        uids.forEach(body.putArray("orderUids")::add);
        return body.put("signature", signer.sign(digest).toString()).put("signingScheme", "eip712").toString();
    }

    private Map<String, Object> values(final Address sellToken, final Address buyToken, final OrderTerms terms,
        final String document) {
        final Map<String, Object> values = new LinkedHashMap<>();
        values.put("sellToken", sellToken);
        values.put("buyToken", buyToken);
        values.put("receiver", signer.address());
        values.put("sellAmount", terms.sellAmount());
        values.put("buyAmount", terms.buyAmount());
        values.put("validTo", terms.validTo());
        values.put("appData", Keccak256.hash(document));
        values.put("feeAmount", 0);
        values.put("kind", terms.sell() ? "sell" : "buy");
        values.put("partiallyFillable", terms.partiallyFillable());
        values.put("sellTokenBalance", ERC20);
        values.put("buyTokenBalance", ERC20);
        return values;
    }
}
