import type { z } from 'zod'
import type { Permission } from './permissions.ts'

/**
 * Who may call: anybody, the operator of the server, any caller of the account, or a caller of the account with this
 * permission.
 */
export type RouteAuth = 'public' | 'operator' | 'account' | Permission

/** One operation of an HTTP API. Server, clients, console and the OpenAPI page read the same object. */
export interface RouteSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `:name` placeholders. An `:accountId` ties the caller's token to that account. */
  readonly path: string
  readonly auth: RouteAuth
  /** The caller's token may come without `Bearer`, as published connectors send it. */
  readonly bareToken?: true
  /** One line for the reader of the API's page. */
  readonly summary?: string
  /**
   * What the audit calls it. A reading leaves an entry only with a name; a change of the native API leaves one unless this is
   * `false`: it changes nothing that lasts, or what it does is kept elsewhere.
   */
  readonly audit?: string | false
  readonly params?: z.ZodType
  /** Parsed from strings; an empty value counts as absent, a repeated one is an array. */
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly reply?: z.ZodType
  /** Of a success; 200 unless given, 204 when nothing is answered. */
  readonly status?: number
  /** In bytes; 1 MiB unless given, 64 KiB where anybody may send one or none is wanted. */
  readonly bodyLimit?: number
  /** Values and names in a JSON body; 10,000 unless given. */
  readonly maxValues?: number
}
