import * as contract from '@parley/contract'
import type { FastifyReply } from 'fastify'
import { guarded } from '#base/http'
import type { LogsDeps } from './deps.ts'
import { tailLogs } from './tail.ts'

/** A reader that is further behind loses its connection, not the server its memory. */
const MAX_BEHIND_BYTES = 1_048_576

/** Sends an event for each log entry until the reader goes or may no longer read. */
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
