/**
 * The whole system over real TCP, Aeron, Chronicle and HTTP. In: FIX from desks, commands of operators, house orders at
 * the venue. Out: the clients' reports, the venue's log, the journal and the bill, compared exactly.
 */
package weir.system;
