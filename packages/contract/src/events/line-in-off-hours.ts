import { messagingEvent } from './messaging-event.ts'

export const lineInOffHours = messagingEvent({
  id: 'controllerbot_messaging_mid_conversation_msg',
  name: 'Messaging Line in Off-Hours',
  description:
    'The consumer has written a line in off-hours, in a conversation that was opened during office hours.',
  section: 'mid',
  sampleType: 'CONSUMER_SEND_MESSAGE_ON_OFFHOURS',
  hint: 'input.payload.mid.openedInOffHours: was the conversation opened in off-hours, too?',
})
