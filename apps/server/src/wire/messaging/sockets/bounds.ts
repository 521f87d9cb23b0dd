import { declareBound } from '#base/bounds'

export const UNAUTHENTICATED = declareBound({
  kind: 'places',
  holds: 'sockets whose client has not authenticated',
  limit: 5000,
  each: 200,
  per: 'node',
  beyond: 'the handshake is refused with 429',
})

export const INCOMING = declareBound({
  kind: 'shares',
  holds: 'bytes of frames that are not complete, or not answered yet',
  limit: 134_217_728,
  each: 16_777_216,
  per: 'node',
  beyond: 'the socket that holds most is cut: of the same agent or address, when that has too many',
})

export const OUTGOING = declareBound({
  kind: 'shares',
  holds: 'bytes that clients of sockets have not read',
  limit: 268_435_456,
  each: 67_108_864,
  per: 'node',
  beyond: 'the socket that holds most is cut: of the same agent or address, when that has too many',
})
