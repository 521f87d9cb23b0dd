import { PassThrough } from 'node:stream'
import * as contract from '@parley/contract'
import type { FastifyReply } from 'fastify'
import { guarded } from '#base/http'
import type { LogsDeps } from './deps.ts'
import { tailLogs } from './tail.ts'

/** Proxies close connections that are silent for long. */
const PING_EVERY_MS = 15_000
/** A reader that is further behind loses its connection, not the server its memory. */
const MAX_BEHIND_BYTES = 1_048_576

/** Server-sent events, one per log entry, until the reader goes or may no longer read. */
export function streamTail(
  deps: LogsDeps,
  accountId: string,
  filter: contract.LogFilter,
  reply: FastifyReply,
): FastifyReply {
  const stream = new PassThrough()
  const open = new DisposableStack()
  open.use(
    tailLogs(deps, accountId, filter, (entries) => {
      for (const entry of entries) {
        stream.write(`event: log\ndata: ${JSON.stringify(entry)}\n\n`)
      }
      if (stream.writableLength > MAX_BEHIND_BYTES) stream.destroy()
    }),
  )
  open.use(deps.monotonic.every(PING_EVERY_MS, () => stream.write(': ping\n\n')))
  open.use(deps.onClose(() => stream.end()))
  open.use(
    deps.accounts.watchCall({
      accountId,
      request: guarded(reply.request),
      permission: contract.tailLogs.auth,
      end: () => stream.end(),
    }),
  )
  stream.once('close', () => open.dispose())
  reply.raw.once('close', () => stream.destroy())
  stream.write(': listening\n\n')
  return reply
    .type('text/event-stream')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .send(stream)
}
