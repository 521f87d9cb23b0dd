type Exported = Record<string, unknown>

/*
 * undici as `fetch` and jsforce have it: all of it is more than twice as much, which nothing uses. Always in this order: its files need each other in
 * circles.
 */
export const Agent: unknown = require('undici/lib/dispatcher/agent.js')
export const ProxyAgent: unknown = require('undici/lib/dispatcher/proxy-agent.js')
export const errors: unknown = require('undici/lib/core/errors.js')
export const { fetch } = require('undici/lib/web/fetch/index.js') as {
  fetch(...given: unknown[]): Promise<unknown>
}
export const { FormData } = require('undici/lib/web/fetch/formdata.js') as Exported
export const { Headers } = require('undici/lib/web/fetch/headers.js') as Exported
export const { Response } = require('undici/lib/web/fetch/response.js') as Exported
export const { Request } = require('undici/lib/web/fetch/request.js') as Exported

export function loadWebSocket(): unknown {
  return (require('undici/lib/web/websocket/websocket.js') as Exported)['WebSocket']
}
