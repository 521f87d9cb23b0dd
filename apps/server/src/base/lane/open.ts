import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { PassingMap } from '#base/kernel'
import type { FindPlain, LaneDeps } from './deps.ts'
import { openAnswers } from './send-answer.ts'
import { takeConnection } from './take-connection.ts'

export interface Lane {
  /** Takes the connections of a server from now on. `event` is the one that brings them, decrypted: `connection` or `secureConnection`. */
  join(server: Server, event: string, find: FindPlain): void
  /** Ends connections that wait for their next request. */
  endIdle(): void
}

/**
 * A lane in front of `node:http` for what is called very often: it answers the plainest requests itself, and gives every connection that
 * brings something else, with the bytes read so far, to `node:http` for good.
 */
export function openLane(deps: LaneDeps): Lane {
  const connections = new PassingMap<Socket, () => void>()
  const sendAnswer = openAnswers(deps.now, deps.limits.keepAliveMs)
  const waiting = { count: 0 }
  return {
    join(server, event, find) {
      const ordinary = server.listeners(event)
      const shared = { ...deps, server, ordinary, find, sendAnswer, connections, waiting }
      server.removeAllListeners(event)
      server.on(event, (socket: Socket) => takeConnection(shared, socket))
    },
    endIdle() {
      for (const endIfIdle of connections.values()) endIfIdle()
    },
  }
}
