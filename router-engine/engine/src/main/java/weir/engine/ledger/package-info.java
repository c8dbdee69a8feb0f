/**
 * Money: plans and prices, prepaid credit, budgets, period quotas. In: requests and executions to charge. Out: debits
 * in the verdict, thresholds to announce. Engine thread only; integers only (micro-units).
 */
package weir.engine.ledger;
