/** Client libraries that know nothing of Weir, unmodified, against each simulator. */
package weir.sim.clients;
