import * as z from 'zod'

/** What the process of a local world is started with, as JSON in its only argument. */
export const WorldStart = z.object({
  dataDir: z.string(),
  clock: z.enum(['virtual', 'system']),
  /** The data are removed when the world ends, however it ends. */
  isTemporary: z.boolean(),
})
export type WorldStart = z.infer<typeof WorldStart>

/** A mail that the world has sent. It is kept as it came over the wire in `file`. */
export const CaughtMail = z.object({
  to: z.array(z.string()),
  from: z.string(),
  subject: z.string(),
  file: z.string(),
})
export type CaughtMail = z.infer<typeof CaughtMail>

/** What the parent asks of the process of a local world. */
export const WorldRequest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('inspect'),
    functionId: z.string(),
    sourceUrl: z.string(),
    port: z.int().min(1).max(65_535),
  }),
  /** To be answered behind all mails that were sent before. */
  z.object({ kind: z.literal('mails') }),
])
export type WorldRequest = z.infer<typeof WorldRequest>

/** What the process of a local world tells its parent. */
export const WorldMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), port: z.int(), tlsPort: z.int() }),
  z.object({ kind: z.literal('inspecting'), functionId: z.string() }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
  z.object({ kind: z.literal('mail'), mail: CaughtMail }),
  z.object({ kind: z.literal('mails') }),
])
export type WorldMessage = z.infer<typeof WorldMessage>
