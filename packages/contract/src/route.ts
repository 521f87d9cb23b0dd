import type * as z from 'zod'
import type { Permission } from './permissions.ts'

/**
 * Who may call: anybody, the operator of the server, any caller of the account, or a caller of the account with this
 * permission.
 */
export type RouteAuth = 'public' | 'operator' | 'account' | Permission

/** People, or only people whom a key or an application has logged in. */
export type AuditedCallers = 'people' | 'acting'

/** One operation of an HTTP API. Server, clients, console and the OpenAPI page read the same object. */
export interface RouteSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `:name` placeholders. An `:accountId` ties the caller's token to that account. */
  readonly path: string
  readonly auth: RouteAuth
  /**
   * The operation of a public route decides by itself what it says of a suspended account: it finds out who calls, or answers with a
   * page. Other public routes do not know accounts that are suspended.
   */
  readonly knowsSuspended?: true
  /** The caller's token may come without `Bearer`, as published connectors send it. */
  readonly bareToken?: true
  /** One line for the reader of the API's page. */
  readonly summary?: string
  /**
   * What the audit calls it. A reading by a person leaves an entry only with a name. Everything else leaves one, by its method and
   * path unless it has a name: but not what is `false`, because it changes nothing that lasts; and only for some callers, once a
   * minute with a count, what has a record of its own, such as the message that was sent.
   */
  readonly audit?: string | false | { readonly as: string; readonly of: AuditedCallers }
  readonly params?: z.ZodType
  /** Parsed from strings; an empty value counts as absent, a repeated one is an array. */
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly reply?: z.ZodType
  /** Media types of a success that the operation writes itself, without a `reply`: a text, a file or a stream. */
  readonly answers?: readonly string[]
  /** Of a success; 200 unless given, 204 when nothing is answered. */
  readonly status?: number
  /** In bytes; 1 MiB unless given, 64 KiB where anybody may send one or none is wanted. */
  readonly bodyLimit?: number
  /** Values and names in a JSON body; 10,000 unless given. */
  readonly maxValues?: number
}
