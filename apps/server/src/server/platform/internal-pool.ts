import type { Socket } from 'node:net'
import { buildConnector, Pool } from 'undici'
import { OWN_HOST } from '#base/http'
import type { InternalListener } from '#faas/egress'

/** One for each account, so that each connection belongs to one; for all names of this node: the name stands in the request. */
export function openPool(
  { ca, connected, host, port }: InternalListener,
  accountId: string,
  connections: number,
): Pool {
  const connect = buildConnector({ ca, servername: OWN_HOST })
  return new Pool(`https://${host}:${port}`, {
    connections,
    connect(options, callback) {
      connect(options, (...[error, socket]) => {
        if (error) return callback(error, null)
        connected(socket as Socket, accountId)
        callback(null, socket)
      })
    },
  })
}
