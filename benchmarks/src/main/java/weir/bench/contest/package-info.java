/**
 * Who is measured, each in a process of its own, and how: started, warmed, paused while others are measured, looked at
 * from outside. One thread, the tester's, drives all of it.
 */
package weir.bench.contest;
