import * as z from 'zod'
import type { ChangeFacts, ChangeOf } from '../conversation-changes.ts'
import type { ConversationState, ParticipantRef } from '../conversations.ts'
import { messagingEvent } from './messaging-event.ts'

type ParticipantChange = ChangeOf<'assigned' | 'unassigned' | 'joined' | 'left'>

const Participant = z.object({
  id: z.string().describe('Its participant id'),
  role: z.string().describe('Such as CONSUMER, ASSIGNED_AGENT, AGENT, CONTROLLER'),
})

const CONSUMER = { id: 'f39fbc5f-da77-5417-8bc7-7584efdd1a5e', role: 'CONSUMER' } as const
const AGENT = { id: 'f9d58c57-c489-45f5-bae4-c5ebd52b3972', role: 'ASSIGNED_AGENT' } as const
const SECOND_AGENT = { id: '0f2f6d0e-5d53-4a4c-8f0e-0a8d8b7f3c61', role: 'AGENT' } as const
const CONTROLLER = { id: '8a2d6c1e-3f0b-5a77-9d0c-2b1f6e4c9a10', role: 'CONTROLLER' } as const

const assignment = { userId: '7', role: 'ASSIGNED_AGENT' } as const
const company = { userId: '8', role: 'AGENT' } as const

/** `spec/events.md` 2.2. */
export const participantsChange = messagingEvent({
  id: 'controllerbot_messaging_participants_change',
  name: 'Messaging Participants Change',
  description: 'An agent has joined the conversation or left it.',
  types: {
    YOU_ARE_CONNECTED_TO: {
      text: {
        en: 'You are now connected to an agent.',
        de: 'Sie sind jetzt mit einem Agenten verbunden.',
      },
      example: {
        change: { kind: 'assigned', ...assignment, before: [CONSUMER], after: [CONSUMER, AGENT] },
      },
    },
    BACK_TO_QUEUE: {
      text: {
        en: 'Your conversation is waiting for the next free agent.',
        de: 'Ihr Gespräch wartet auf den nächsten freien Agenten.',
      },
      example: {
        change: { kind: 'unassigned', ...assignment, before: [CONSUMER, AGENT], after: [CONSUMER] },
      },
    },
    JOINED_AGENT_LEFT_CONVERSATION: {
      text: {
        en: 'An agent has left the conversation.',
        de: 'Ein Agent hat das Gespräch verlassen.',
      },
      example: {
        change: {
          kind: 'left',
          ...company,
          before: [CONSUMER, AGENT, SECOND_AGENT],
          after: [CONSUMER, AGENT],
        },
      },
    },
    ANOTHER_AGENT_JOINED_CONVERSATION: {
      text: {
        en: 'Another agent has joined the conversation.',
        de: 'Ein weiterer Agent ist dem Gespräch beigetreten.',
      },
      example: {
        change: {
          kind: 'joined',
          ...company,
          before: [CONSUMER, AGENT],
          after: [CONSUMER, AGENT, SECOND_AGENT],
        },
      },
    },
  },
  section: {
    name: 'participantChange',
    schema: z.object({
      oldParticipants: z.array(Participant).describe('Who was in the conversation before'),
      newParticipants: z.array(Participant).describe('Who is in the conversation now'),
    }),
    sample: {
      oldParticipants: [CONSUMER, AGENT, CONTROLLER],
      newParticipants: [CONSUMER, AGENT, SECOND_AGENT, CONTROLLER],
    },
    current({ conversation }) {
      const now = participantsOf(conversation)
      return { oldParticipants: now, newParticipants: now }
    },
  },
  raisedBy: {
    assigned: { type: (change) => typeOf(change, 'YOU_ARE_CONNECTED_TO'), section },
    unassigned: {
      type: (change) => typeOf(change, 'BACK_TO_QUEUE'),
      section,
      // The consumer waits for nobody.
      sendsMessage: ({ isReplaced }) => !isReplaced,
    },
    joined: {
      type: (change) => typeOf(change, 'ANOTHER_AGENT_JOINED_CONVERSATION'),
      section,
      sendsMessage: isAnnounced,
    },
    left: {
      type: (change) => typeOf(change, 'JOINED_AGENT_LEFT_CONVERSATION'),
      section,
      sendsMessage: isAnnounced,
    },
  },
  sampleType: 'ANOTHER_AGENT_JOINED_CONVERSATION',
  hint: 'input.payload.participantChange: oldParticipants and newParticipants, lists of {id, role}.',
  answer: 'There has been a change among those who help you.',
})

/** The same participants as before are no change. */
function typeOf<const Type>({ before, after }: ParticipantChange, type: Type): Type | undefined {
  const isSame =
    before.length === after.length &&
    before.every(({ id, role }, at) => after[at]?.id === id && after[at]?.role === role)
  return isSame ? undefined : type
}

/** The consumer is not told of managers who look after a conversation. */
function isAnnounced({ role }: ParticipantChange): boolean {
  return role !== 'MANAGER'
}

/** The facts of a change name agents and consumer only: the Controller Bot is in every conversation, before and after. */
function section({ before, after }: ParticipantChange, { conversation }: ChangeFacts) {
  const controllers = participantsOf(conversation).filter(isController)
  const among = (listed: readonly ParticipantRef[]) => [
    ...listed.filter((participant) => !isController(participant)),
    ...controllers,
  ]
  return { oldParticipants: among(before), newParticipants: among(after) }
}

/** Who is in MAIN now; the Controller Bot stands last. */
function participantsOf({ dialogs }: ConversationState): ParticipantRef[] {
  const main = dialogs.find(({ type }) => type === 'MAIN')
  const active = (main?.participants ?? [])
    .filter(({ state }) => state === 'ACTIVE')
    .map(({ pid, role }) => ({ id: pid, role }))
  return [...active.filter((one) => !isController(one)), ...active.filter(isController)]
}

function isController({ role }: ParticipantRef): boolean {
  return role === 'CONTROLLER'
}
