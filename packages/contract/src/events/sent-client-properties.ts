import * as z from 'zod'
import type { ClientProperties } from '../conversations.ts'

/** What a client has said of itself, as payloads carry it: with its published type. */
export const SentClientProperties = z.looseObject({ type: z.literal('.ClientProperties') })
export type SentClientProperties = z.infer<typeof SentClientProperties>

/** `undefined` where the client has said nothing: its address is what the server saw. */
export function sentClientProperties(
  properties: ClientProperties | undefined,
): SentClientProperties | undefined {
  const { type: _type, ipAddress: _address, ...said } = properties ?? {}
  return Object.keys(said).length > 0 ? { ...properties, type: '.ClientProperties' } : undefined
}
