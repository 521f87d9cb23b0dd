import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, StorableText, Uuid } from './text.ts'

/** Of one payload, as JSON. */
const MAX_PAYLOAD_CHARACTERS = 100_000

const NewPayload = z.object({
  /** Another one of this name is replaced: among the author's own, or among those for all. */
  name: StorableText.trim().min(1, 'must not be empty').max(100),
  /** For everybody who works on the function; otherwise only for its author. */
  shared: z.boolean().default(false),
  payload: z
    .unknown()
    .refine((payload) => payload !== undefined, 'is missing')
    .refine(
      (payload) => (JSON.stringify(payload) ?? '').length <= MAX_PAYLOAD_CHARACTERS,
      `must have at most ${MAX_PAYLOAD_CHARACTERS} characters as JSON`,
    ),
})

/** An input that a function is tried with again and again. */
export const SavedPayload = z.object({
  payloadId: Uuid,
  functionId: Uuid,
  name: z.string(),
  shared: z.boolean(),
  payload: z.unknown(),
  /** Whoever may write the function deletes and replaces shared ones; others' own ones are seen by nobody else. */
  mine: z.boolean(),
  createdAt: Instant,
  createdBy: z.string(),
})
export type SavedPayload = z.infer<typeof SavedPayload>

const OneFunction = z.object({ accountId: z.string(), functionId: AskedId })
const base = '/api/v1/accounts/:accountId/functions/:functionId/payloads'

export const listSavedPayloads = {
  method: 'GET',
  path: base,
  auth: 'function:source',
  summary: 'Inputs that were saved to try a function with: your own, and those for all',
  params: OneFunction,
  reply: z.object({ payloads: z.array(SavedPayload) }),
} as const satisfies RouteSpec

export const savePayload = {
  method: 'POST',
  path: base,
  auth: 'function:write',
  summary:
    'Saves an input to try a function with, for oneself or for all; replaces the one of its name',
  params: OneFunction,
  body: NewPayload,
  reply: SavedPayload,
  status: 201,
} as const satisfies RouteSpec

export const deleteSavedPayload = {
  method: 'DELETE',
  path: `${base}/:payloadId`,
  auth: 'function:write',
  summary: 'Deletes a saved input',
  params: OneFunction.extend({ payloadId: AskedId }),
  status: 204,
} as const satisfies RouteSpec
