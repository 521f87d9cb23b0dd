import type { EventDefinition } from './event.ts'
import { sampleClientProperties } from './sample-client-properties.ts'

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

const CONVERSATION = 'c840e51e-5f65-4ad4-8d34-5c82b99a2200'
const CONSUMER = 'f39fbc5f-da77-5417-8bc7-7584efdd1a5e'

/** What a bot is asked, in samples: a line of messaging (`spec/bots.md` 3.3). */
export const sampleBotRequest = {
  message: 'Hello, where is my order?',
  convId: CONVERSATION,
  context: {
    lpEvent: {
      sequence: 2,
      originatorId: CONSUMER,
      originatorMetadata: {
        id: CONSUMER,
        role: 'CONSUMER',
        clientProperties: sampleClientProperties,
      },
      serverTimestamp: 1528463781807,
      event: {
        type: 'ContentEvent',
        message: 'Hello, where is my order?',
        contentType: 'text/plain',
      },
      dialogId: CONVERSATION,
      conversationId: CONVERSATION,
      metadata: null,
      messageAudience: 'ALL',
      conversationContext: {
        skillId: '563267',
        campaignId: 2327699812,
        engagementId: 2327699912,
        type: 'MESSAGING',
        visitor: {
          visitorId: 'hjMTk3ZTcwZmFhZjc3NDk2',
          sessionId: 'iGY4vsiETB-Zsyi7IGlIk1',
          contextId: '5',
        },
      },
    },
    lpSdes: { unauthenticatedSdes: {}, authenticatedSdes: {} },
  },
}

/** What a bot answers, in samples (`spec/bots.md` 3.4). */
export const sampleBotAnswer = { messages: ['Let me look that up.'], context: {} }
