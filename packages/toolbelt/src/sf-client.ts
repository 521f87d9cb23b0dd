import type { EventEmitter } from 'node:events'
import { messageOf } from './errors.ts'
import { toolbeltHeaders } from './host.ts'

type Callback = (error: unknown, result?: unknown) => void
type Method = (...given: unknown[]) => Promise<unknown>
interface Connection {
  _transport: {
    httpRequest(request: string | SalesforceRequest, options?: object): unknown
    getRequestStreamCreator(): StreamCreator
  }
  [member: string]: unknown
}
type StreamCreator = (request: object, options?: object) => EventEmitter
interface SalesforceRequest {
  url: string
  headers?: Record<string, string>
}

/** Published samples pass a callback to these methods. The library no longer takes one. */
const WITH_CALLBACK = [
  'login',
  'logout',
  'query',
  'queryMore',
  'search',
  'request',
  'create',
  'retrieve',
  'update',
  'upsert',
  'destroy',
  'delete',
  'del',
  'describe',
  'describeGlobal',
  'identity',
]

/** The published client for Salesforce. */
export function createSfClient() {
  return {
    /** A connection of `jsforce` whose requests carry the toolbelt's headers. */
    connectToSalesforce(params: object): Connection {
      const jsforce = require('jsforce') as { Connection: new (params: object) => Connection }
      const connection = new jsforce.Connection(params)
      addHeaders(connection)
      tellCauses(connection)
      for (const name of WITH_CALLBACK) acceptCallback(connection, name)
      return connection
    },
  }
}

function addHeaders({ _transport: transport }: Connection): void {
  const send = transport.httpRequest.bind(transport)
  transport.httpRequest = (request, options) => {
    const full = typeof request === 'string' ? { url: request } : request
    return send({ ...full, headers: { ...toolbeltHeaders(), ...full.headers } }, options)
  }
}

/** The library's "fetch failed" says nothing of what has failed, such as a domain that is not allowed. */
function tellCauses({ _transport: transport }: Connection): void {
  const create = transport.getRequestStreamCreator()
  transport.getRequestStreamCreator = () => (request, options) =>
    create(request, options).on('error', (error: unknown) => {
      if (!(error instanceof Error) || !(error.cause instanceof Error)) return
      error.message = `${error.message}: ${messageOf(error.cause)}`
    })
}

function acceptCallback(connection: Connection, name: string): void {
  const method = connection[name]
  if (typeof method !== 'function') return
  const bound = method.bind(connection) as Method
  connection[name] = (...given: unknown[]) => {
    const last = given.at(-1)
    if (typeof last !== 'function') return bound(...given)
    const report = last as Callback
    void bound(...given.slice(0, -1)).then(
      (result) => report(null, result),
      (error: unknown) => report(error),
    )
    return undefined
  }
}
