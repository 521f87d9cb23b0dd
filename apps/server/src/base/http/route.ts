import { changedParameter, type ErrorDetail, type RouteSpec, topicsOf } from '@parley/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type * as z from 'zod'
import { tellChange } from '#base/changes'
import { ParleyError } from '#base/kernel'
import { requireActive, requireKnown, type Store, type Suspensions } from '#base/store'
import { checkText, fieldName, parsePublished, unknownMembers } from '#base/input'
import type { ClientAddress, tlsReach } from './client-address.ts'
import { splitUrl } from './error-dialects.ts'
import {
  beforeItRuns,
  type CallAudit,
  type CurrentCall,
  type Guard,
  type GuardedRequest,
  type Principal,
  requirePermission,
  within,
} from './principal.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Finds the caller of a request. */
    parleyGuard: Guard
    /** Notes what callers do. Without it nothing is noted. */
    parleyAudit: CallAudit | undefined
    parleyAddress: ClientAddress
    /** Whether the client has reached this server by TLS. */
    parleyByTls: ReturnType<typeof tlsReach>
    /** Counts a request of an account, or refuses it while this node has too much to do. */
    parleyAdmit: (accountId: string) => void
    /** Knows which accounts are suspended, and tells other nodes of changes. */
    parleyStore: { suspensions: Pick<Suspensions, 'has'>; notify: Store['notify'] }
    /** The contracts of all routes, for the API's page. */
    parleySpecs: RouteSpec[]
  }
}

type Parsed<Spec, Part extends string> =
  Spec extends Record<Part, infer Schema extends z.ZodType> ? z.output<Schema> : undefined

export interface RouteCall<Spec extends RouteSpec, Admitted = unknown> {
  readonly params: Parsed<Spec, 'params'>
  readonly query: Parsed<Spec, 'query'>
  readonly body: Parsed<Spec, 'body'>
  readonly principal: Spec extends { auth: 'public' | 'operator' } ? undefined : Principal
  /** What the route's own check of credentials found. */
  readonly admitted: Admitted
  readonly request: FastifyRequest
  /** For headers, cookies and streams; a handler that answers by itself returns it. */
  readonly reply: FastifyReply
}

type RouteReply<Spec> =
  Spec extends Record<'reply', infer Schema extends z.ZodType> ? z.input<Schema> : unknown

export type RouteHandler<Spec extends RouteSpec, Admitted = unknown> = (
  call: RouteCall<Spec, Admitted>,
) => RouteReply<Spec> | FastifyReply | Promise<RouteReply<Spec> | FastifyReply>

/** Checks credentials other than the API's own, for a route that is public, or the operator's, in its contract. */
export type Admit<Admitted> = (request: FastifyRequest) => Promise<Admitted>

/** Of routes that take bodies from anybody: log-ins and sign-ups. */
const PUBLIC_BODY_BYTES = 65_536

/**
 * Joins a contract and an operation: checks the caller, then reads the body, parses what came in, and answers with what the
 * handler returns. Nothing of a body is read before the caller's credentials are checked.
 */
export function route<const Spec extends RouteSpec, Admitted = undefined>(
  app: FastifyInstance,
  spec: Spec,
  handler: RouteHandler<Spec, Admitted>,
  admit?: Admit<Admitted>,
): void {
  if (spec.auth === 'operator' && !admit) throw new Error(`Nothing admits to ${spec.path}`)
  app.parleySpecs.push(spec)
  const callers = new WeakMap<FastifyRequest, { principal?: Principal; admitted?: Admitted }>()
  const isOpen = (spec.auth === 'public' && !admit) || !spec.body
  const bodyLimit = spec.bodyLimit ?? (isOpen ? PUBLIC_BODY_BYTES : undefined)
  app.route({
    method: spec.method,
    url: spec.path,
    ...(bodyLimit !== undefined && { bodyLimit }),
    config: { maxValues: spec.maxValues },
    async onRequest(request) {
      // Before the guard: it looks the account up.
      checkText(request.params, 'params')
      const principal = await identify(app, spec, request)
      const admitted = await admit?.(request)
      refuseSuspended(app, spec, request, admitted !== undefined)
      callers.set(request, { ...(principal && { principal }), ...(admitted && { admitted }) })
    },
    handler: async (request, reply) => {
      const call = {
        params: parse(spec.params, request.params, 'params'),
        query: parse(spec.query, request.query, 'query'),
        body: parseBody(spec, request.body),
        ...callers.get(request),
        request,
        reply,
        // The types of the parts follow from the schemas that were just applied; TypeScript cannot see it.
      } as RouteCall<Spec, Admitted>
      if (spec.path.startsWith(NATIVE)) refuseUnknown(spec, request, call)
      const caller = currentCallOf(app, request, call.principal)
      const asked = { request, params: call.params }
      const answer = await handleAudited(app, spec, asked, caller, () => handler(call))
      // A handler that waits has answered by itself: who waits for a reply gets nothing.
      if (answer === reply || reply.sent) return reply
      if (answer === undefined) return reply.code(spec.status ?? 204).send()
      return reply
        .code(spec.status ?? 200)
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(answer))
    },
  })
}

function currentCallOf(
  { parleyAddress }: FastifyInstance,
  { raw }: FastifyRequest,
  principal: Principal | undefined,
): CurrentCall | undefined {
  return principal && { principal, address: parleyAddress(raw) }
}

/**
 * Runs the handler so that the audit knows on whose behalf. A change has its entry before it is made, so that none is without one;
 * the operation's own entry takes its place. Readings that the contract names, and what has a record of its own, are noted before,
 * too.
 */
async function handleAudited<Answer>(
  { parleyAudit: audit, parleyStore: store }: FastifyInstance,
  spec: RouteSpec,
  { request, params }: { request: FastifyRequest; params: unknown },
  call: CurrentCall | undefined,
  handle: () => Answer,
): Promise<Awaited<Answer>> {
  if (!call) return await handle()
  if (!audit || spec.audit === false) return await within(call, handle)
  const entry = { action: actionOf(spec), object: objectOf(spec, request) }
  if (spec.method === 'GET' || typeof spec.audit === 'object') {
    if (isNoted(spec, call.principal)) await audit.repeat(call, entry)
    return await within(call, handle)
  }
  await audit.begin(call, entry)
  try {
    const answer = await within(call, handle)
    await audit.end(call)
    tellChanged(store, spec, params, call)
    return answer
  } catch (thrown) {
    await audit.end(call, { thrown })
    throw thrown
  }
}

/** Tells the readers of updates, on every node, what the operation may have changed. */
function tellChanged(
  store: Pick<Store, 'notify'>,
  spec: RouteSpec,
  params: unknown,
  { principal: { accountId } }: CurrentCall,
): void {
  const id = (params as Record<string, string | number> | undefined)?.[changedParameter(spec) ?? '']
  for (const topic of topicsOf(spec) ?? []) {
    tellChange(store, accountId, { topic, ...(id !== undefined && { id: String(id) }) })
  }
  tellChange(store, accountId, { topic: 'audit' })
}

/** Programs read, and speak for consumers, all day: people are noted. */
function isNoted({ audit }: RouteSpec, { kind, isImpersonated }: Principal): boolean {
  if (!audit || kind !== 'user') return false
  return typeof audit === 'string' || audit.of === 'people' || isImpersonated === true
}

function actionOf(spec: RouteSpec): string {
  const { audit } = spec
  if (typeof audit === 'object') return audit.as
  return audit || patternOf(spec)
}

/** The method, and the path below the account. */
function patternOf({ method, path }: RouteSpec): string {
  return `${method} ${path.split('/').slice(accountAt(path)).join('/')}`
}

/** The path that was asked for, below the account. */
function objectOf({ path }: RouteSpec, { originalUrl }: FastifyRequest): string {
  const asked = splitUrl(originalUrl).path.split('/').slice(accountAt(path)).join('/')
  return asked.slice(0, MAX_OBJECT_CHARACTERS)
}

function accountAt(path: string): number {
  return path.split('/').indexOf(':accountId') + 1
}

const MAX_OBJECT_CHARACTERS = 500

/** The native API. Published clients may send what is not known here, and `null` for what they leave out. */
const NATIVE = '/api/v1/'

function refuseUnknown(
  spec: RouteSpec,
  given: Pick<FastifyRequest, 'query' | 'body'>,
  parsed: { query: unknown; body: unknown },
): void {
  const unknown = [
    ...unknownMembers(spec.query, given.query, parsed.query, 'query'),
    ...unknownMembers(spec.body, given.body, parsed.body, 'body'),
  ]
  if (unknown.length > 0) throw invalidFields(unknown)
}

/** The guard has refused callers by token. */
function refuseSuspended(
  app: FastifyInstance,
  { auth, knowsSuspended }: RouteSpec,
  request: FastifyRequest,
  isAdmitted: boolean,
): void {
  const { accountId } = request.params as { accountId?: string }
  if (accountId === undefined || auth !== 'public' || knowsSuspended) return
  if (isAdmitted) requireActive(app.parleyStore, accountId)
  else requireKnown(app.parleyStore, accountId)
}

async function identify(
  app: FastifyInstance,
  spec: RouteSpec,
  request: FastifyRequest,
): Promise<Principal | undefined> {
  if (spec.auth === 'public' || spec.auth === 'operator') return undefined
  const { accountId } = request.params as { accountId?: string }
  const sent = guarded(request)
  const principal = await app.parleyGuard(spec.bareToken ? withBearer(sent) : sent, accountId)
  await beforeItRuns(principal, () => app.parleyAdmit(principal.accountId))
  if (spec.auth === 'account') return principal
  if (spec.method !== 'GET' && !principal.permissions.has(spec.auth)) {
    const call = { principal, address: app.parleyAddress(request.raw) }
    app.parleyAudit?.refuse(call, { object: patternOf(spec), lacks: spec.auth })
  }
  requirePermission(principal, spec.auth)
  return principal
}

/** As if its token, which stands alone, were a bearer token. */
function withBearer(request: GuardedRequest): GuardedRequest {
  const { authorization } = request.headers
  if (authorization === undefined || /\s/.test(authorization)) return request
  const headers = { ...request.headers, authorization: `Bearer ${authorization}` }
  return { ...request, headers }
}

/** What a guard, or another check of credentials, reads of a request. */
export function guarded(request: FastifyRequest): GuardedRequest {
  return {
    method: request.method,
    url: request.raw.url ?? '/',
    headers: request.headers,
    encrypted: request.protocol === 'https',
  }
}

function parse(schema: z.ZodType | undefined, value: unknown, part: string): unknown {
  return schema && parsePart(schema, value, part)
}

function parseBody({ path, body: schema }: RouteSpec, value: unknown): unknown {
  if (!schema || path.startsWith(NATIVE)) return parse(schema, value, 'body')
  const parsed = parsePublished(schema, value, { lists: false })
  if (parsed.success) return parsed.data
  throw invalidRequest(parsed.error, 'body')
}

/**
 * A part of a request: its `body`, `query` or `params`.
 * @throws ParleyError `invalid_request` that names the fields and the rules that they break
 */
export function parsePart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  part: string,
): z.output<Schema> {
  if (part === 'query') checkText(value, part)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw invalidRequest(parsed.error, part)
}

/** Of one error. */
const MAX_DETAILS = 50
const MAX_RULE_CHARACTERS = 500

/** A 400 that names the fields that broke a rule. `part` is what the fields are in: `body`, `query`, `params`. */
export function invalidRequest(error: z.ZodError, part: string): ParleyError {
  const details = error.issues.slice(0, MAX_DETAILS).map(({ path, message }) => ({
    path: fieldName([part, ...path]),
    message: message.slice(0, MAX_RULE_CHARACTERS),
  }))
  return invalidFields(details, error)
}

function invalidFields(details: ErrorDetail[], cause?: unknown): ParleyError {
  const message = details
    .slice(0, 5)
    .map(({ path, message: rule }) => `${path}: ${rule}`)
    .join('; ')
  return new ParleyError('invalid_request', message, { details, cause })
}
