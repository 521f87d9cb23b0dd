import * as z from 'zod'
import { Closer } from '../conversations.ts'
import type { ChangeOf } from '../conversation-changes.ts'
import { messagingEvent } from './messaging-event.ts'

const keywordScanner = `const { Toolbelt } = require('lp-faas-toolbelt');
const util = Toolbelt.ConversationUtil();

async function lambda(input, callback) {
  try {
    const conversation = await util.getConversationById(input.payload.general.convId);
    const hits = util.scanConversationForKeywords(conversation, ['refund', 'cancel']);
    hits.forEach(({ tag, sentBy, sentTimestamp }) => console.info(tag, { sentBy, sentTimestamp }));
    callback(null, []);
  } catch (error) {
    callback(error, null);
  }
}
`

const replaceFiles = `const { Toolbelt } = require('lp-faas-toolbelt');

// The JSON secret "file-store" is the login of an administrator: {"username": "<account>:<login name>", "password": "…"}
async function lambda(input, callback) {
  try {
    const { value: credentials } = await Toolbelt.SecretClient().readSecret('file-store');
    const conversation = await Toolbelt.ConversationUtil().getConversationById(input.payload.general.convId);
    const replaced = await Toolbelt.GDPRUtil().replaceConversationFiles(conversation, credentials, () => true);
    console.info('Replaced files', { count: replaced.length });
    callback(null, []);
  } catch (error) {
    callback(error, null);
  }
}
`

/** `spec/events.md` 2.2. */
export const conversationEnd = messagingEvent({
  id: 'controllerbot_messaging_conversation_end',
  name: 'Messaging Conversation End',
  description: 'The conversation has been closed by the agent, the consumer or the system.',
  types: {
    AGENT_END_CONVERSATION: {
      text: {
        en: 'The agent has ended the conversation.',
        de: 'Der Agent hat das Gespräch beendet.',
      },
      example: { change: closedBy('AGENT') },
    },
    CONSUMER_END_CONVERSATION: {
      text: {
        en: 'You have ended the conversation. Thank you for writing to us.',
        de: 'Sie haben das Gespräch beendet. Vielen Dank für Ihre Nachricht.',
      },
      example: { change: closedBy('CONSUMER') },
    },
    SYSTEM_END_CONVERSATION: {
      text: {
        en: 'The conversation has been closed.',
        de: 'Das Gespräch wurde beendet.',
      },
      example: { change: closedBy('SYSTEM') },
    },
  },
  section: {
    name: 'end',
    schema: z.object({
      closeReason: Closer.optional().describe('Who has closed the conversation'),
    }),
    sample: { closeReason: 'AGENT' },
    current: ({ conversation: { closedBy } }) =>
      closedBy === undefined ? {} : { closeReason: closedBy },
  },
  raisedBy: {
    closed: {
      type: ({ by }) => `${by}_END_CONVERSATION` as const,
      section: ({ by }) => ({ closeReason: by }),
    },
  },
  sampleType: 'AGENT_END_CONVERSATION',
  hint: 'input.payload.end.closeReason: AGENT, CONSUMER or SYSTEM. A message still arrives; transfer and close do nothing here.',
  answer: 'Thank you for talking to us. Goodbye!',
  templates: [
    {
      name: 'Keyword Scanner',
      description: 'Reads the conversation with the Conversation Util and looks for keywords.',
      code: keywordScanner,
    },
    {
      name: 'Replace Files for Conversation',
      description: 'Replaces every file of the conversation with the GDPR Util.',
      code: replaceFiles,
    },
  ],
})

function closedBy(by: Closer): ChangeOf<'closed'> {
  return { kind: 'closed', by, autoClosed: false, wholeConversation: false }
}
