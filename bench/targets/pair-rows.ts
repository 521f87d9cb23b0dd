/** What a pair of event and command writes, for all who are measured with it. */
export const TEXT = 'a message of a conversation, as long as this one is; '.repeat(4)

export function conversationState(conversationId: string, version: number) {
  return { consumerId: conversationId, stage: 'OPEN', skillId: '-1', version, words: TEXT }
}

export const MESSAGE_BODY = { event: { type: 'ContentEvent', message: TEXT } }
