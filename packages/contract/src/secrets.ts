import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { Instant, StorableText } from './text.ts'

/** Functions get the text of a `text` secret, and the parsed value of a `json` one. */
export const SecretType = z.enum(['text', 'json'])

/** A secret without its value (`spec/platform.md` 6). */
export const SecretSummary = z.object({
  name: z.string(),
  type: SecretType,
  version: z.int().positive(),
  /** Made with the account. */
  provisioned: z.boolean(),
  createdAt: Instant,
  createdBy: z.string(),
  updatedAt: Instant,
  updatedBy: z.string(),
  lastUsedAt: Instant.optional(),
  /** What of the value cannot be masked in logs and records without spoiling data, and why. Empty: all of it is masked. */
  unmasked: z.array(z.object({ path: z.string(), message: z.string() })),
  /** The value was sealed with another key: functions cannot read it until it gets a new one. */
  unreadable: z.literal(true).optional(),
})
export type SecretSummary = z.infer<typeof SecretSummary>

/** What a new secret is made of. */
export const SecretDraft = z.object({
  name: StorableText.regex(/^[A-Za-z0-9_-]+$/, 'must consist of A-Z, a-z, 0-9, _ and -'),
  type: SecretType.default('text'),
  /** JSON may be given as text or as a value. */
  value: z.unknown().refine((value) => value !== undefined, 'is missing'),
})
export type SecretDraft = z.infer<typeof SecretDraft>
export type SecretType = z.infer<typeof SecretType>

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
  /** Without `type` the secret keeps the one it has. */
  body: SecretDraft.omit({ name: true }).extend({ type: SecretType.optional() }),
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
