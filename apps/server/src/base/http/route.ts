import type { RouteSpec } from '@parley/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { ParleyError } from '#base/kernel'
import { checkText } from './check-text.ts'
import { type Guard, type GuardedRequest, type Principal, requirePermission } from './principal.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Finds the caller of a request. */
    parleyGuard: Guard
    /** The contracts of all routes, for the API's page. */
    parleySpecs: RouteSpec[]
  }
}

type Parsed<Spec, Part extends string> =
  Spec extends Record<Part, infer Schema extends z.ZodType> ? z.output<Schema> : undefined

export interface RouteCall<Spec extends RouteSpec> {
  readonly params: Parsed<Spec, 'params'>
  readonly query: Parsed<Spec, 'query'>
  readonly body: Parsed<Spec, 'body'>
  readonly principal: Spec extends { auth: 'public' } ? undefined : Principal
  readonly request: FastifyRequest
  /** For headers, cookies and streams; a handler that answers by itself returns it. */
  readonly reply: FastifyReply
}

type RouteReply<Spec> =
  Spec extends Record<'reply', infer Schema extends z.ZodType> ? z.input<Schema> : unknown

export type RouteHandler<Spec extends RouteSpec> = (
  call: RouteCall<Spec>,
) => RouteReply<Spec> | FastifyReply | Promise<RouteReply<Spec> | FastifyReply>

/** Joins a contract and an operation: checks the caller, parses what came in, answers with what the handler returns. */
export function route<const Spec extends RouteSpec>(
  app: FastifyInstance,
  spec: Spec,
  handler: RouteHandler<Spec>,
): void {
  app.parleySpecs.push(spec)
  app.route({
    method: spec.method,
    url: spec.path,
    ...(spec.bodyLimit !== undefined && { bodyLimit: spec.bodyLimit }),
    handler: async (request, reply) => {
      // Before the guard: it looks the account up.
      checkText(request.params, 'params')
      const principal = await admit(app, spec, request)
      const call = {
        params: parse(spec.params, request.params, 'params'),
        query: parse(spec.query, request.query, 'query'),
        body: parse(spec.body, request.body, 'body'),
        principal,
        request,
        reply,
        // The types of the parts follow from the schemas that were just applied; TypeScript cannot see it.
      } as RouteCall<Spec>
      const answer = await handler(call)
      if (answer === reply) return reply
      if (answer === undefined) return reply.code(spec.status ?? 204).send()
      return reply
        .code(spec.status ?? 200)
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(answer))
    },
  })
}

async function admit(
  app: FastifyInstance,
  spec: RouteSpec,
  request: FastifyRequest,
): Promise<Principal | undefined> {
  if (spec.auth === 'public') return undefined
  const { accountId } = request.params as { accountId?: string }
  const principal = await app.parleyGuard(guarded(request), accountId)
  if (spec.auth !== 'account') requirePermission(principal, spec.auth)
  return principal
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
  if (!schema) return undefined
  if (part === 'query') checkText(value, part)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw invalidRequest(parsed.error, part)
}

/** A 400 that names every field that broke a rule. `part` is what the fields are in: `body`, `query`, `params`. */
export function invalidRequest(error: z.ZodError, part: string): ParleyError {
  const details = error.issues.map((issue) => ({
    path: [part, ...issue.path.map(String)].join('.'),
    message: issue.message,
  }))
  const message = details
    .slice(0, 5)
    .map(({ path, message: rule }) => `${path}: ${rule}`)
    .join('; ')
  return new ParleyError('invalid_request', message, { details, cause: error })
}
