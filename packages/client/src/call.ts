import type { RouteSpec } from '@parley/contract'
import type * as z from 'zod'
import { type Endpoint, request } from './request.ts'

type Input<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined
type Reply<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** Input of an operation, by its contract. */
export interface CallInput<Spec extends RouteSpec> {
  /** Parameters of the path, without `accountId`: the endpoint has it. */
  params?: Omit<Record<string, string | number>, 'accountId'>
  /** Members that are `undefined` are left out; those of a list are repeated. */
  query?: Partial<Input<Spec['query']>>
  /** Sent as JSON. */
  body?: Input<Spec['body']>
  /** Ends the waiting: the promise is rejected with its reason. */
  signal?: AbortSignal | undefined
}

function fillPath(path: string, values: Record<string, string | number>): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new TypeError(`No value for ":${name}" of ${path}`)
    return encodeURIComponent(value)
  })
}

function queryString(query: object): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const item of [value].flat()) if (item !== undefined) search.append(name, String(item))
  }
  return search.size === 0 ? '' : `?${search}`
}

/**
 * Calls an operation of the native API. Types, path and the check of the reply come from its contract.
 * @param spec an operation of `@parley/contract`
 * @throws {RequestError} for every status of 400 and above
 * @throws {TypeError} when a parameter of the path is missing, or when the server cannot be reached
 * @throws {ZodError} when the reply does not have the form of the contract
 */
export async function call<Spec extends RouteSpec>(
  endpoint: Endpoint & { bearer?: string },
  spec: Spec,
  { params = {}, query = {}, body, signal }: CallInput<Spec> = {},
): Promise<Reply<Spec['reply']>> {
  const path =
    fillPath(spec.path, { ...params, accountId: endpoint.accountId }) + queryString(query)
  const answer = await request(endpoint.url, {
    method: spec.method,
    path,
    bearer: endpoint.bearer,
    body,
    signal,
  })
  return (spec.reply ? spec.reply.parse(answer) : undefined) as Reply<Spec['reply']>
}
