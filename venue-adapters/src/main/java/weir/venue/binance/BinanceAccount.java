package weir.venue.binance;

import java.net.URI;
import weir.protocol.sbe.SelfTradePrevention;

/**
 * One API key at Binance Spot. Its text never shows the secret.
 *
 * @param accountId of our VenueAccountConfig
 * @param apiKey    header X-MBX-APIKEY
 * @param secret    of an HMAC key as issued, or an Ed25519 private key as PKCS#8, PEM or its base64
 * @param restUri   base without path, no slash at the end
 * @param socketUri of the WebSocket API, {@code /ws-api/v3} included
 * @param shared    true when several tenants trade on the account
 * @param selfTrade mode of orders that ask for none; NONE = the pair's own default
 */
public record BinanceAccount(int accountId, String apiKey, String secret, URI restUri, URI socketUri, boolean shared,
    SelfTradePrevention selfTrade) {

    @Override
    public String toString() {
        return "BinanceAccount[accountId=" + accountId + ", rest=" + restUri + ", socket=" + socketUri + ", shared="
            + shared + "]";
    }
}
