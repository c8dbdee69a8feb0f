/** Tests of the exports, by DuckDB over the files themselves. */
package weir.billing.export;
