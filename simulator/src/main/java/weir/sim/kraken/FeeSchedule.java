package weir.sim.kraken;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import weir.sim.market.Json;

/** The one fee schedule: lowest tier, 2 bps maker, 5 bps taker. Source: Kraken Derivatives fee schedule. */
final class FeeSchedule {
    static final String UID = "eef90775-995b-4596-9257-0917f6134766";
    static final BigDecimal MAKER = new BigDecimal("0.0002");
    static final BigDecimal TAKER = new BigDecimal("0.0005");

    private FeeSchedule() {
    }

    /** As GET feeschedules shows it: fees in percent. */
    static ObjectNode toJson() {
        final ObjectNode node = Json.object();
        final ObjectNode schedule = node.putArray("feeSchedules").addObject().put("uid", UID)
            .put("name", "Standard Fees");
        schedule.putArray("tiers").addObject().put("makerFee", new BigDecimal("0.02"))
            .put("takerFee", new BigDecimal("0.05")).put("usdVolume", new BigDecimal("0.0"));
        return node;
    }
}
