/**
 * What an EVM chain asks of whoever signs for it: Keccak-256, addresses, secp256k1 signatures with a recovery value,
 * EIP-712 typed data, key custody, JSON-RPC. In: keys from files or references, typed values. Out: digests, signatures,
 * answers of a node. Holds no thread; values are immutable, {@link weir.chain.Signer} says who may call it. Nothing
 * here belongs on the order path: a signature costs a fraction of a millisecond.
 */
package weir.chain;
