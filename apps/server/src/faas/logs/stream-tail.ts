import * as contract from '@parley/contract'
import type { FastifyReply } from 'fastify'
import { guarded } from '#base/http'
import type { LogsDeps } from './deps.ts'
import { tailLogs } from './tail.ts'

/** The connection of a reader that is further behind is closed, to bound the server's memory. */
const MAX_BEHIND_BYTES = 1_048_576

/** Sends one event per log entry, until the reader disconnects or loses its permission. */
export function streamTail(
  deps: LogsDeps,
  accountId: string,
  filter: contract.LogFilter,
  reply: FastifyReply,
): FastifyReply {
  const request = guarded(reply.request)
  const stream = deps.streams.open(reply, { maxBehindBytes: MAX_BEHIND_BYTES })
  const resources = new DisposableStack()
  resources.use(
    tailLogs(deps, accountId, filter, (entries) => {
      for (const entry of entries) void stream.send('log', entry)
    }),
  )
  const permission = contract.tailLogs.auth
  resources.use(deps.accounts.watchCall({ accountId, request, permission, end: stream.end }))
  stream.onClose(() => resources.dispose())
  return reply
}
