-- What was charged for orders, and the trades seen, by pages of 1024 record sequences (page = order id / 1024). Part 0 has
-- the orders and the first trades, further parts more trades; the body is base64, written and read by OrderPageText.
-- Rows of order_charge and trade are taken over into pages by the first start of billing, which leaves both empty.
CREATE TABLE order_page (
    page            BIGINT NOT NULL,
    part            INTEGER NOT NULL,
    open_orders     INTEGER NOT NULL,
    last_closed_ns  BIGINT NOT NULL,
    body            TEXT NOT NULL,
    PRIMARY KEY (page, part)
);
CREATE INDEX order_page_closed ON order_page (last_closed_ns) WHERE part = 0 AND open_orders = 0;

-- Pages whose orders were all final before this journaled time are forgotten; their rows are deleted some at a time.
CREATE TABLE order_horizon (
    id                   INTEGER PRIMARY KEY CHECK (id = 1),
    forgotten_before_ns  BIGINT NOT NULL
);
