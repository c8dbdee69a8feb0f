package weir.venue.intx;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import weir.fix.text.DecimalText;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** Our instructions in the venue's form ("Create order", "Modify open order", "Cancel orders"). Agent's thread. */
final class RequestForms {
    private static final long MS = 1_000_000L;

    private String portfolio;
    private String portfolioUuid;
    private final String decrementWord;

    RequestForms(final String portfolio, final String decrementWord) {
        this.portfolio = portfolio;
        this.portfolioUuid = portfolio.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") ? portfolio : "";
        this.decrementWord = decrementWord;
    }

    /** Empty until the venue named it. */
    String portfolio() {
        return portfolio;
    }

    /** Its other name, which FIX wants; empty until it is known. */
    String portfolioUuid() {
        return portfolioUuid;
    }

    void portfolio(final String newPortfolio, final String newPortfolioUuid) {
        portfolio = newPortfolio;
        portfolioUuid = newPortfolioUuid;
    }

    /** Why the venue has no form for the order; NONE when it has. */
    static RejectReason refusal(final OrderLine line) {
        if (line.cashOrderQty() != Scale.NULL) {
            return RejectReason.CASH_QTY_UNSUPPORTED;
        }
        if (line.ordType() == OrdType.NULL_VAL || line.ordType() == null) {
            return RejectReason.ORD_TYPE_UNSUPPORTED;
        }
        if (line.side() != Side.BUY && line.side() != Side.SELL) {
            return RejectReason.SIDE_INVALID;
        }
        final TimeInForce tif = line.timeInForce();
        final boolean immediate = tif == TimeInForce.IOC || tif == TimeInForce.FOK;
        if (line.ordType() == OrdType.MARKET) {
            // "market orders must be IoC"; it never rests, so that a day or longer is as good as now
            return tif == TimeInForce.FOK || tif == TimeInForce.GTD ? RejectReason.TIF_UNSUPPORTED
                : line.postOnly() ? RejectReason.EXEC_INST_UNSUPPORTED : RejectReason.NONE;
        }
        if (!immediate && tif != TimeInForce.GTC && tif != TimeInForce.GTD || immediate && isStop(line)) {
            return RejectReason.TIF_UNSUPPORTED;
        }
        if (tif == TimeInForce.GTD && line.expireNs() == Scale.NULL) {
            return RejectReason.EXPIRE_TIME_INVALID;
        }
        if (line.postOnly() && (immediate || line.ordType() != OrdType.LIMIT)) {
            return RejectReason.EXEC_INST_UNSUPPORTED;
        }
        return RejectReason.NONE;
    }

    static boolean isImmediate(final OrderLine line) {
        return line.ordType() == OrdType.MARKET || line.timeInForce() == TimeInForce.IOC
            || line.timeInForce() == TimeInForce.FOK;
    }

    static boolean isStop(final OrderLine line) {
        return line.ordType() == OrdType.STOP || line.ordType() == OrdType.STOP_LIMIT;
    }

    static String encoded(final String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** {@code portfolio=..}, with which every query begins. */
    String portfolioQuery() {
        return "portfolio=" + encoded(portfolio);
    }

    /** Path of the portfolio's fills. */
    String fillsPath() {
        return "/portfolios/" + encoded(portfolio) + "/fills";
    }

    /** Fills in path, query and body of an instruction. */
    void form(final OutboundRequest request) {
        switch (request.endpoint) {
            case SEND:
                request.path = "/orders";
                request.body = newOrder(request.line);
                break;
            case REPLACE:
                request.path = "/orders/" + encoded(request.line.order().venueOrderId);
                request.body = replace(request.line);
                break;
            case CANCEL:
                request.path = "/orders/" + encoded(request.line.order().venueOrderId);
                request.query = portfolioQuery();
                break;
            case CANCEL_ALL:
                request.path = "/orders";
                request.query = portfolioQuery()
                    + (request.symbol.isEmpty() ? "" : "&instrument=" + encoded(request.symbol));
                break;
            default:
                break;
        }
    }

    private String newOrder(final OrderLine line) {
        final StringBuilder json = new StringBuilder(320).append("{\"client_order_id\":\"").append(line.id())
            .append("\",\"side\":\"").append(line.side() == Side.BUY ? "BUY" : "SELL").append("\",\"size\":\"")
            .append(DecimalText.format(line.orderQty())).append("\",\"tif\":\"").append(tif(line))
            .append("\",\"instrument\":\"").append(line.order().symbol).append("\",\"type\":\"").append(type(line))
            .append('"');
        if (hasLimit(line)) {
            json.append(",\"price\":\"").append(DecimalText.format(line.price())).append('"');
        }
        if (isStop(line)) {
            json.append(",\"stop_price\":\"").append(DecimalText.format(line.stopPx())).append('"');
        }
        if (line.timeInForce() == TimeInForce.GTD && line.ordType() != OrdType.MARKET) {
            json.append(",\"expire_time\":\"").append(Instant.ofEpochMilli(line.expireNs() / MS)).append('"');
        }
        json.append(",\"portfolio\":\"").append(portfolio).append("\",\"stp_mode\":\"").append(mode(line.selfTrade()))
            .append('"');
        if (line.postOnly()) {
            json.append(",\"post_only\":true");
        }
        if (line.closeOnly()) {
            json.append(",\"close_only\":true");
        }
        return json.append('}').toString();
    }

    private String replace(final OrderLine line) {
        final StringBuilder json = new StringBuilder(200).append("{\"portfolio\":\"").append(portfolio)
            .append("\",\"client_order_id\":\"").append(line.id()).append('"');
        if (hasLimit(line)) {
            json.append(",\"price\":\"").append(DecimalText.format(line.price())).append('"');
        }
        if (isStop(line)) {
            json.append(",\"stop_price\":\"").append(DecimalText.format(line.stopPx())).append('"');
        }
        return json.append(",\"size\":\"").append(DecimalText.format(line.orderQty())).append("\"}").toString();
    }

    private String mode(final SelfTradePrevention flag) {
        switch (flag) {
            case CANCEL_NEWEST:
                return "AGGRESSING";
            case CANCEL_OLDEST:
                return "RESTING";
            case CANCEL_BOTH:
                return "BOTH";
            case DECREMENT:
                return decrementWord;
            default:
                return "NONE";
        }
    }

    private static String type(final OrderLine line) {
        switch (line.ordType()) {
            case MARKET:
                return "MARKET";
            case STOP:
                return "STOP";
            case STOP_LIMIT:
                return "STOP_LIMIT";
            default:
                return "LIMIT";
        }
    }

    private static String tif(final OrderLine line) {
        if (line.ordType() == OrdType.MARKET) {
            return "IOC";
        }
        switch (line.timeInForce()) {
            case IOC:
                return "IOC";
            case FOK:
                return "FOK";
            case GTD:
                return "GTT";
            default:
                return "GTC";
        }
    }

    private static boolean hasLimit(final OrderLine line) {
        return line.ordType() == OrdType.LIMIT || line.ordType() == OrdType.STOP_LIMIT;
    }
}
