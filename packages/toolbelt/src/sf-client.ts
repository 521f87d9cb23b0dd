import type { EventEmitter } from 'node:events'
import { messageOf } from './errors.ts'
import { toolbeltHeaders } from './host.ts'

type Callback = (error: unknown, result?: unknown) => void
type Method = (...given: unknown[]) => PromiseLike<unknown>
type Methods = Record<string, unknown>
interface Connection extends Methods {
  _transport: {
    httpRequest(request: string | SalesforceRequest, options?: object): unknown
    getRequestStreamCreator(): StreamCreator
  }
  sobject(type: string): Methods
  apex?: Methods
}
type StreamCreator = (request: object, options?: object) => EventEmitter
interface SalesforceRequest {
  url: string
  headers?: Record<string, string>
}

/**
 * Published samples, and functions that were written for version 1 of the library, pass a callback to these methods. The library no longer
 * takes one: without an answer the function would stand until its time is over.
 */
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
const OF_OBJECTS = [
  'create',
  'insert',
  'retrieve',
  'update',
  'upsert',
  'destroy',
  'delete',
  'del',
  'describe',
  'find',
  'findOne',
  'select',
  'count',
  'recent',
  'updated',
  'deleted',
]
const OF_QUERIES = ['execute', 'exec', 'run']
const OF_APEX = ['get', 'post', 'put', 'patch', 'delete', 'del']

/** The published client for Salesforce. */
export function createSfClient() {
  return {
    /** A connection of `jsforce` whose requests carry the toolbelt's headers. */
    connectToSalesforce(params: object): Connection {
      const jsforce = require('jsforce') as { Connection: new (params: object) => Connection }
      const connection = new jsforce.Connection(params)
      addHeaders(connection)
      tellCauses(connection)
      acceptCallbacks(connection)
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

function acceptCallbacks(connection: Connection): void {
  const accepting = new WeakSet<object>()

  function accept<Owner extends Methods>(owner: Owner, names: readonly string[]): Owner {
    if (accepting.has(owner)) return owner
    accepting.add(owner)
    const methods: Methods = owner
    for (const name of names) {
      const method = methods[name]
      if (typeof method === 'function') methods[name] = withCallback(method.bind(owner) as Method)
    }
    return owner
  }

  function withCallback(method: Method): Method {
    return (...given) => {
      const last = given.at(-1)
      if (typeof last !== 'function') return ofQuery(method(...given))
      const report = last as Callback
      const answer = ofQuery(method(...given.slice(0, -1)))
      answer.then(
        (result) => report(null, result),
        (error: unknown) => report(error),
      )
      return answer
    }
  }

  /** A query is sent by a method of its own, which takes the callback, too. */
  function ofQuery(answer: PromiseLike<unknown>): PromiseLike<unknown> {
    if ('execute' in answer) accept(answer as unknown as Methods, OF_QUERIES)
    return answer
  }

  const objectOf = connection.sobject.bind(connection)
  connection.sobject = (type) => accept(objectOf(type), OF_OBJECTS)
  if (connection.apex) accept(connection.apex, OF_APEX)
  accept(connection, WITH_CALLBACK)
}
