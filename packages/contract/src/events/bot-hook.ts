import type { EventDefinition } from './event.ts'

/** What the three hooks of a bot have in common: no template, only something to begin with. */
export function botHook(
  own: Pick<
    EventDefinition,
    'id' | 'name' | 'description' | 'payload' | 'result' | 'samplePayload' | 'skeleton'
  >,
): EventDefinition {
  return { ...own, source: 'Bot Connector', limit: 15, supportsSkills: false, templates: [] }
}

/** The skeleton of a hook whose result replaces what it was given. */
export const PASS_ON = `function lambda(input, callback) {
  // Return the payload as it is, or a changed one: it replaces what came in.
  callback(null, input.payload);
}
`

/** What a bot is asked, in samples (`spec/bots.md` 3.3). */
export const sampleBotRequest = {
  message: 'Hello, where is my order?',
  convId: 'c840e51e-5f65-4ad4-8d34-5c82b99a2200',
  context: {
    lpEvent: {
      type: 'ContentEvent',
      contentType: 'text/plain',
      message: 'Hello, where is my order?',
      conversationContext: { skillId: '563267', type: 'MESSAGING' },
    },
    lpSdes: { unauthenticatedSdes: {}, authenticatedSdes: {} },
  },
}

/** What a bot answers, in samples (`spec/bots.md` 3.4). */
export const sampleBotAnswer = { messages: ['Let me look that up.'], context: {} }
