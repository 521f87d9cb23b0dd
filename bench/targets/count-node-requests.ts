// Loaded into the server by `--import`: writes a dot for every invocation that Node's own HTTP server has read.
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'

const file = process.env['COUNT_NODE_REQUESTS_IN'] ?? ''

subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage }
  if (/\/invoke\/?(?:\?|$)/.test(request.url ?? '')) appendFileSync(file, '.')
})
