import { messagingEvent } from './messaging-event.ts'

export const participantsChange = messagingEvent({
  id: 'controllerbot_messaging_participants_change',
  name: 'Messaging Participants Change',
  description: 'An agent has joined the conversation or left it.',
  section: 'participantChange',
  sampleType: 'ANOTHER_AGENT_JOINED_CONVERSATION',
  hint: 'input.payload.participantChange: oldParticipants and newParticipants, lists of {id, role}.',
})
