/** A runnable example of the client library. In: arguments, a secret from the environment. Out: lines on a console. */
package weir.client.example;
