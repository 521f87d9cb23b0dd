import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { PassingMap } from '#base/kernel'
import { openAnswerHeads } from './answer-head.ts'
import type { FindPlain, LaneDeps } from './deps.ts'
import { takeConnection } from './take-connection.ts'
import { openAnswerWriter } from './write-answer.ts'

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
  const answerHead = openAnswerHeads(deps.now, deps.limits.keepAliveMs)
  const writeAnswer = openAnswerWriter()
  const waiting = { count: 0 }
  return {
    join(server, event, find) {
      const ordinary = server.listeners(event)
      const answers = { answerHead, writeAnswer }
      const shared = { ...deps, ...answers, server, ordinary, find, connections, waiting }
      server.removeAllListeners(event)
      server.on(event, (socket: Socket) => takeConnection(shared, socket))
    },
    endIdle() {
      for (const endIfIdle of connections.values()) endIfIdle()
    },
  }
}
