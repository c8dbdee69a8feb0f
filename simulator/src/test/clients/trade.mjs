// Trades at one venue with ccxt as it is published: only the base address is another. Prints what it saw as one line of
// JSON. Argument: {"id","urls","hostname","apiKey","secret","password","symbol","amount","rest","cross","openOfAll"}.
import ccxt from 'ccxt';

const want = JSON.parse(process.argv[2]);
const exchange = new ccxt[want.id]({
    apiKey: want.apiKey, secret: want.secret, password: want.password, enableRateLimit: false,
    options: want.options ?? {},
});
for (const [name, url] of Object.entries(want.urls)) {
    exchange.urls.api[name] = url;
}

const seen = {};
try {
    await exchange.loadMarkets();
    const market = exchange.market(want.symbol);
    seen.market = { id: market.id, tick: market.precision.price, lot: market.precision.amount };
    const ticker = await exchange.fetchTicker(want.symbol);
    const book = exchange.has.fetchOrderBook ? await exchange.fetchOrderBook(want.symbol)
        : { bids: [[ticker.bid]], asks: [[ticker.ask]] };
    seen.book = { bid: book.bids[0]?.[0], ask: book.asks[0]?.[0] };
    seen.ticker = { bid: ticker.bid, ask: ticker.ask, last: ticker.last };

    const resting = await exchange.createOrder(want.symbol, 'limit', 'buy', want.amount, want.rest);
    const openOf = want.openOfAll ? undefined : want.symbol;
    const open = await exchange.fetchOpenOrders(openOf);
    seen.resting = { id: resting.id, open: open.map((order) => order.id), remaining: open[0]?.remaining };
    const cancelled = await exchange.cancelOrder(resting.id, want.symbol);
    seen.cancelled = { id: cancelled.id ?? resting.id, open: (await exchange.fetchOpenOrders(openOf)).length };

    const crossing = await exchange.createOrder(want.symbol, 'limit', 'buy', want.amount, want.cross);
    let trades = [];
    for (let i = 0; i < 50 && trades.length === 0; i++) {
        trades = (await exchange.fetchMyTrades(want.symbol)).filter((trade) => trade.order === crossing.id);
        await new Promise((done) => setTimeout(done, 50));
    }
    seen.trades = trades.map((trade) => ({
        amount: trade.amount, price: trade.price, fee: trade.fee?.cost, takerOrMaker: trade.takerOrMaker,
    }));

    const refused = new ccxt[want.id]({ apiKey: want.apiKey, secret: want.wrongSecret, password: want.password,
        enableRateLimit: false, options: want.options ?? {} });
    Object.assign(refused.urls.api, want.urls);
    try {
        // some venues' markets are loaded with signed calls
        await refused.loadMarkets();
        await refused.createOrder(want.symbol, 'limit', 'buy', want.amount, want.rest);
        seen.wrongSecret = 'accepted';
    } catch (error) {
        seen.wrongSecret = error.constructor.name;
    }
} catch (error) {
    seen.error = `${error.constructor.name}: ${error.message}`;
    seen.stack = String(error.stack).split('\n').slice(0, 6).join(' | ');
}
console.log(JSON.stringify(seen));
process.exit(seen.error ? 1 : 0);
