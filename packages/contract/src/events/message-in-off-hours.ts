import * as z from 'zod'
import { messagingEvent } from './messaging-event.ts'

/** `spec/events.md` 2.2. Published as "Line in Off-Hours". */
export const messageInOffHours = messagingEvent({
  id: 'controllerbot_messaging_mid_conversation_msg',
  name: 'Messaging Line in Off-Hours',
  description:
    'The consumer has written a line in off-hours, in a conversation that was opened during office hours.',
  types: {
    CONSUMER_SEND_MESSAGE_ON_OFFHOURS: {
      text: {
        en: 'We are closed at the moment and will read your message as soon as we are back.',
        de: 'Im Moment ist niemand da. Wir lesen Ihre Nachricht, sobald wir zurück sind.',
      },
      example: {
        change: {
          kind: 'message',
          dialogId: 'c840e51e-5f65-4ad4-8d34-5c82b99a2200',
          sequence: 3,
          role: 'CONSUMER',
        },
        offHours: true,
      },
    },
  },
  section: {
    name: 'mid',
    schema: z.object({
      openedInOffHours: z
        .boolean()
        .optional()
        .describe('Whether the conversation was opened in off-hours'),
    }),
    sample: { openedInOffHours: true },
    current: () => ({}),
  },
  raisedBy: {
    message: {
      /**
       * Only where the contact centre was open when the conversation began: otherwise the message at its
       * opening has said that no agent is there. Answers to a survey are written in another dialog.
       */
      type: ({ role, dialogId }, { offHours, conversation }) =>
        role === 'CONSUMER' &&
        offHours &&
        !conversation.openedOffHours &&
        dialogId === conversation.conversationId
          ? 'CONSUMER_SEND_MESSAGE_ON_OFFHOURS'
          : undefined,
      section: (_, { conversation }) => ({ openedInOffHours: conversation.openedOffHours }),
    },
  },
  sampleType: 'CONSUMER_SEND_MESSAGE_ON_OFFHOURS',
  hint: 'input.payload.mid.openedInOffHours: was the conversation opened in off-hours, too?',
  answer: 'Nobody is here at this hour. We read this first when we are back.',
})
