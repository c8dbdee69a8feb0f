/** Arithmetic of paired rounds, numbers as text, histograms as files and pictures. No state, any thread. */
package weir.bench.figures;
