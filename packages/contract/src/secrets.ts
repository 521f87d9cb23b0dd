import { z } from 'zod'
import type { RouteSpec } from './route.ts'
import { Instant, StorableText } from './text.ts'

/** A secret without its value (`spec/platform.md` 6). */
export const SecretSummary = z.object({
  name: z.string(),
  type: z.enum(['text', 'json']),
  version: z.int().positive(),
  /** Made with the account. */
  provisioned: z.boolean(),
  createdAt: Instant,
  createdBy: z.string(),
  updatedAt: Instant,
  updatedBy: z.string(),
  lastUsedAt: Instant.optional(),
})
export type SecretSummary = z.infer<typeof SecretSummary>

/** What a new secret is made of. */
export const SecretDraft = z.object({
  name: StorableText.regex(/^[A-Za-z0-9_-]+$/, 'must consist of A-Z, a-z, 0-9, _ and -'),
  type: z.enum(['text', 'json']).default('text'),
  /** JSON may be given as text or as a value. */
  value: z.unknown().refine((value) => value !== undefined, 'is missing'),
})
export type SecretDraft = z.infer<typeof SecretDraft>

const InAccount = z.object({ accountId: z.string() })
const OneSecret = InAccount.extend({ name: z.string() })
const base = '/api/v1/accounts/:accountId/secrets'

export const listSecrets = {
  method: 'GET',
  path: base,
  auth: 'secret:read',
  summary: 'Secrets without their values',
  params: InAccount,
  query: z.object({ provisioned: z.stringbool().default(false) }),
  reply: z.object({ secrets: z.array(SecretSummary) }),
} as const satisfies RouteSpec

export const createSecret = {
  method: 'POST',
  path: base,
  auth: 'secret:write',
  summary: 'Keeps a secret; its value is never shown again',
  params: InAccount,
  body: SecretDraft,
  reply: SecretSummary,
  status: 201,
} as const satisfies RouteSpec

export const replaceSecret = {
  method: 'PUT',
  path: `${base}/:name`,
  auth: 'secret:write',
  summary: 'Gives a secret a new value',
  params: OneSecret,
  body: SecretDraft.omit({ name: true }),
  reply: SecretSummary,
} as const satisfies RouteSpec

export const deleteSecret = {
  method: 'DELETE',
  path: `${base}/:name`,
  auth: 'secret:write',
  summary: 'Deletes a secret at once',
  params: OneSecret,
  status: 204,
} as const satisfies RouteSpec
