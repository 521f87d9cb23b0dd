import * as z from 'zod'
import type { RouteSpec } from './route.ts'

export const getEventSchemas = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/function-events/:eventId/schemas',
  auth: 'function:read',
  summary:
    'JSON schemas of what a function of the event gets as its payload, and of what it may return',
  params: z.object({ accountId: z.string(), eventId: z.string() }),
  reply: z.object({ payload: z.unknown(), result: z.unknown() }),
} as const satisfies RouteSpec

export const listFunctionEvents = {
  method: 'GET',
  path: '/api/v1/accounts/:accountId/function-events',
  auth: 'function:read',
  summary: 'Events that a function may be created for, with sample payloads and templates',
  params: z.object({ accountId: z.string() }),
  reply: z.object({
    events: z.array(
      z.object({
        eventId: z.string(),
        name: z.string(),
        description: z.string(),
        source: z.string(),
        limit: z.int(),
        supportsSkills: z.boolean(),
        samplePayload: z.unknown(),
        templates: z.array(
          z.object({ name: z.string(), description: z.string(), code: z.string() }),
        ),
        skeleton: z.string(),
      }),
    ),
    /** For functions without an event. */
    noEvent: z.object({
      name: z.string(),
      description: z.string(),
      templates: z.array(z.object({ name: z.string(), description: z.string(), code: z.string() })),
      skeleton: z.string(),
      samplePayload: z.unknown(),
    }),
  }),
} as const satisfies RouteSpec
