import type { RouteSpec } from '@parley/contract'
import type { z } from 'zod'
import { type Door, request } from './request.ts'

type Input<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined
type Reply<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

export interface CallInput<Spec extends RouteSpec> {
  /** Without `accountId`, which the door knows. */
  params?: Omit<Record<string, string | number>, 'accountId'>
  query?: Partial<Input<Spec['query']>>
  body?: Input<Spec['body']>
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

/** Calls an operation of the native API: types, path and the reply's check come from its contract. */
export async function call<Spec extends RouteSpec>(
  door: Door & { bearer?: string },
  spec: Spec,
  { params = {}, query = {}, body }: CallInput<Spec> = {},
): Promise<Reply<Spec['reply']>> {
  const path = fillPath(spec.path, { ...params, accountId: door.accountId }) + queryString(query)
  const answer = await request(door.url, { method: spec.method, path, bearer: door.bearer, body })
  return (spec.reply ? spec.reply.parse(answer) : undefined) as Reply<Spec['reply']>
}
