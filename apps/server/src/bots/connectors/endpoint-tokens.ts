import { boundedMap, declareBound } from '#base/bounds'

const TOKENS = declareBound({
  kind: 'map',
  holds: 'tokens for custom endpoints of bots',
  limit: 5_000,
  per: 'node',
  beyond: 'the least recently used one is forgotten, and made anew when it is needed',
})

/** Tokens that this node has made, by account and connector. */
export type EndpointTokens = ReturnType<typeof openEndpointTokens>

export function openEndpointTokens() {
  return boundedMap<string, { token: string; sealedSecret: string; until: number }>(TOKENS)
}
