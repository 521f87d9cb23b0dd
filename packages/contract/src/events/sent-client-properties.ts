import * as z from 'zod'
import type { ClientProperties } from '../conversations.ts'

/** What a client has said of itself, as payloads carry it: with its published type. */
export const SentClientProperties = z.looseObject({ type: z.literal('.ClientProperties') })
export type SentClientProperties = z.infer<typeof SentClientProperties>

/** What a client has said of itself, as it is published: clients name the type of the header or none. */
export function typedClientProperties(properties: ClientProperties): SentClientProperties {
  const { type: _type, ...said } = properties
  return { type: '.ClientProperties', ...said }
}

/** `undefined` where the client has said nothing: its address is what the server saw. */
export function sentClientProperties(
  properties: ClientProperties | undefined,
): SentClientProperties | undefined {
  const { type: _type, ipAddress: _address, ...said } = properties ?? {}
  return properties && Object.keys(said).length > 0 ? typedClientProperties(properties) : undefined
}
