import type { ConversationState } from './conversations.ts'

/** What the consumer's client can show. It names its features when it connects or, older, with its request for a conversation. */
export function clientFeaturesOf({
  clientProperties,
  context,
}: Pick<ConversationState, 'clientProperties' | 'context'>): string[] | undefined {
  const nested = context?.clientProperties
  const candidates = [
    clientProperties?.features,
    typeof nested === 'object' && nested !== null && 'features' in nested
      ? nested.features
      : undefined,
    context?.features,
  ]
  const found = candidates.find((features) => Array.isArray(features))
  return found?.filter((feature): feature is string => typeof feature === 'string')
}
