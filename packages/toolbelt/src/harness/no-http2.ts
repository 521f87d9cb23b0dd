/** HTTP/2 as libraries have it. The egress speaks HTTP/1.1, and no module of the runtime takes longer to load. */
export const constants = {}

/** @throws that there is none */
export function connect(): never {
  throw new Error('Functions have no HTTP/2: send the request with HTTP/1.1')
}
