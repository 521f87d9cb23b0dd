/**
 * HTTP/2 as libraries have it. The egress speaks HTTP/1.1, and the runtime takes as long to load this module as for everything
 * else that a first call needs.
 */
export const constants = {}

/** @throws that there is none */
export function connect(): never {
  throw new Error('Functions have no HTTP/2: send the request with HTTP/1.1')
}
