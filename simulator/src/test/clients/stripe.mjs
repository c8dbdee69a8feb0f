// Bills one customer with stripe as it is published: only the host is another. Prints what it saw as one line of JSON.
// Argument: {"port","key"}. Webhooks are received here and verified with constructEvent.
import http from 'node:http';
import Stripe from 'stripe';

const want = JSON.parse(process.argv[2]);
const stripe = new Stripe(want.key, { host: '127.0.0.1', port: want.port, protocol: 'http', telemetry: false });

const received = [];
const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
        received.push({ body, signature: request.headers['stripe-signature'] });
        response.end('{}');
    });
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));

const awaitWebhook = async (type) => {
    for (let i = 0; i < 500; i++) {
        const found = received.find((one) => JSON.parse(one.body).type === type);
        if (found) {
            return found;
        }
        await new Promise((done) => setTimeout(done, 20));
    }
    throw new Error(`no webhook ${type} within 10 s; came: ${received.map((one) => JSON.parse(one.body).type)}`);
};
const refusal = async (call) => {
    try {
        await call();
        return 'accepted';
    } catch (error) {
        return `${error.statusCode} ${error.type}: ${error.message}`;
    }
};

const seen = {};
try {
    const start = Date.parse('2026-01-01T00:00:00Z') / 1000;
    const switched = Date.parse('2026-01-16T00:00:00Z') / 1000;
    const end = Date.parse('2026-02-01T00:00:00Z') / 1000;

    const endpoint = await stripe.webhookEndpoints.create({
        url: `http://127.0.0.1:${server.address().port}/`, enabled_events: ['*'],
    });
    const meter = await stripe.billing.meters.create({
        display_name: 'Orders sent', event_name: 'order_sent', default_aggregation: { formula: 'sum' },
    });
    const product = await stripe.products.create({ name: 'Orders' });
    const recurring = { interval: 'month', usage_type: 'metered', meter: meter.id };
    const tiered = await stripe.prices.create({
        currency: 'usd', product: product.id, billing_scheme: 'tiered', tiers_mode: 'graduated', recurring,
        tiers: [{ up_to: 1000, unit_amount_decimal: '10' }, { up_to: 10000, unit_amount_decimal: '5' },
            { up_to: 'inf', unit_amount_decimal: '1' }],
    });
    const flat = await stripe.prices.create({
        currency: 'usd', product: product.id, recurring, unit_amount_decimal: '0.25', lookup_key: 'orders-flat',
    });
    seen.tiers = (await stripe.prices.retrieve(tiered.id, { expand: ['tiers'] })).tiers.length;
    const byKey = await stripe.prices.list({ lookup_keys: ['orders-flat'] });
    seen.byLookupKey = byKey.data.map((one) => one.id === flat.id);

    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start });
    const customer = await stripe.customers.create({ name: 'alpha', test_clock: clock.id });
    const subscription = await stripe.subscriptions.create({
        customer: customer.id, items: [{ price: tiered.id }], billing_mode: { type: 'flexible' },
    });
    seen.mode = subscription.billing_mode.type;

    // v1: one event a call; the same identifier again is refused
    const v1 = { event_name: 'order_sent', identifier: 'v1-1', timestamp: start,
        payload: { stripe_customer_id: customer.id, value: '12000' } };
    await stripe.billing.meterEvents.create(v1);
    seen.duplicate = await refusal(() => stripe.billing.meterEvents.create(v1));

    // v2: a session and a stream
    const session = await stripe.v2.billing.meterEventSession.create();
    const stream = new Stripe(session.authentication_token, { host: '127.0.0.1', port: want.port, protocol: 'http',
        telemetry: false });
    const event = (identifier, value) => ({ event_name: 'order_sent', identifier,
        timestamp: new Date(start * 1000).toISOString(), payload: { stripe_customer_id: customer.id, value } });
    await stream.v2.billing.meterEventStream.create({
        events: [event('v2-1', '300'), event('v2-2', '45'), event('v2-1', '300')],
    });
    const summaries = await stripe.billing.meters.listEventSummaries(meter.id, {
        customer: customer.id, start_time: start, end_time: switched,
    });
    seen.used = summaries.data.map((one) => one.aggregated_value);

    // another price in mid-cycle
    const advance = async (to) => {
        await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to });
        seen.clock = (await stripe.testHelpers.testClocks.retrieve(clock.id)).status;
    };
    await advance(switched);
    await stripe.subscriptions.update(subscription.id, { items: [
        { id: subscription.items.data[0].id, deleted: true }, { price: flat.id }] });
    await stripe.billing.meterEvents.create({ event_name: 'order_sent', identifier: 'v1-2', timestamp: switched,
        payload: { stripe_customer_id: customer.id, value: '12345' } });
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
    seen.preview = preview.amount_due;
    await advance(end + 3600);
    const invoices = await stripe.invoices.list({ customer: customer.id });
    const invoice = await stripe.invoices.retrieve(invoices.data[0].id);
    seen.invoice = { status: invoice.status, total: invoice.total, paid: invoice.amount_paid,
        lines: invoice.lines.data.map((line) => line.amount) };
    seen.allLines = [];
    for await (const line of stripe.invoices.listLineItems(invoice.id, { limit: 2 })) {
        seen.allLines.push(line.amount);
    }

    // the webhook of it, verified, and refused when changed
    const paid = await awaitWebhook('invoice.paid');
    const verified = stripe.webhooks.constructEvent(paid.body, paid.signature, endpoint.secret);
    seen.webhook = { type: verified.type, same: verified.data.object.id === invoice.id };
    try {
        stripe.webhooks.constructEvent(`${paid.body} `, paid.signature, endpoint.secret);
        seen.tampered = 'accepted';
    } catch (error) {
        seen.tampered = error.type;
    }
    seen.event = (await stripe.events.retrieve(verified.id)).type;
    const refused = new Stripe('sk_test_wrong', { host: '127.0.0.1', port: want.port, protocol: 'http' });
    seen.wrongKey = await refusal(() => refused.customers.list());
} catch (error) {
    seen.error = `${error.constructor.name}: ${error.message}`;
    seen.stack = String(error.stack).split('\n').slice(0, 6).join(' | ');
}
console.log(JSON.stringify(seen));
process.exit(seen.error ? 1 : 0);
