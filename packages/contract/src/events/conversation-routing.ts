import * as z from 'zod'
import { messagingEvent } from './messaging-event.ts'

/** `spec/events.md` 2.2. */
export const conversationRouting = messagingEvent({
  id: 'controllerbot_messaging_conversation_routing',
  name: 'Messaging Conversation Routing',
  description: 'The conversation has been transferred to a different skill.',
  types: {
    /** Published misspelling: one R (`spec/events.md` 2.1). */
    ENGAGEMENT_TRANSFERED: {
      text: {
        en: 'You are being transferred to another team.',
        de: 'Sie werden an ein anderes Team übergeben.',
      },
      example: { change: { kind: 'skill-changed', from: '1', to: '2' } },
    },
  },
  section: {
    name: 'routing',
    schema: z.object({
      oldSkillId: z.string().describe('The skill before; `-1` for none'),
      newSkillId: z.string().describe('The skill now; `-1` for none'),
    }),
    sample: { oldSkillId: '563268', newSkillId: '563267' },
    current: ({ conversation: { skillId } }) => ({ oldSkillId: skillId, newSkillId: skillId }),
  },
  raisedBy: {
    'skill-changed': {
      type: ({ from, to }) => (from === to ? undefined : 'ENGAGEMENT_TRANSFERED'),
      section: ({ from, to }) => ({ oldSkillId: from, newSkillId: to }),
    },
  },
  sampleType: 'ENGAGEMENT_TRANSFERED',
  hint: 'input.payload.routing: oldSkillId and newSkillId.',
  answer: 'The team that knows most about this takes over now.',
})
