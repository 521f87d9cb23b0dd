type Metadata = readonly Record<string, unknown>[]

/** What a message or a step was sent with, as it is and member by member. */
export function contextData(metadata: Metadata | undefined) {
  if (!metadata) return {}
  const rawMetadata = JSON.stringify(metadata)
  return { contextData: { rawMetadata, structuredMetadata: structured(metadata) } }
}

/** What a bot has understood, and why somebody acts, member by member. Other types of metadata are only in `rawMetadata`. */
function structured(metadata: Metadata): object[] {
  return metadata.flatMap((entry): object[] => {
    const { type, reason, externalConversationId, businessCases, intents } = entry
    if (type === 'ActionReason') return [{ actionReason: { reason } }]
    if (type !== 'BotResponse') return []
    return [{ botResponse: { externalConversationId, businessCases, intents } }]
  })
}
