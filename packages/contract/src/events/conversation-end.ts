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

export const conversationEnd = messagingEvent({
  id: 'controllerbot_messaging_conversation_end',
  name: 'Messaging Conversation End',
  description: 'The conversation has been closed by the agent, the consumer or the system.',
  section: 'end',
  sampleType: 'AGENT_END_CONVERSATION',
  hint: 'input.payload.end.closeReason: AGENT, CONSUMER or SYSTEM. A message still arrives; transfer and close do nothing here.',
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
