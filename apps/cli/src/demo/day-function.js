// One source for every event of the demo's day: says in the conversation what has just happened.
const TEXTS = {
  CONSUMER_OPEN_NEW_CONVERSATION_FIRST_TIME_OFF_HOURS:
    'We are closed now, but we have your message.',
  CONSUMER_ASKED_URGENT_RESPONSE_TIME: 'Understood: we hurry.',
  YOU_ARE_CONNECTED_TO: 'An agent is with you now.',
  AGENT_NON_RESPONSIVE: 'Your agent needs a moment longer.',
  ENGAGEMENT_TRANSFERED: 'A colleague with the right skill takes over.',
  CONSUMER_END_CONVERSATION: 'Thank you, and goodbye.',
}

function lambda(input, callback) {
  const text = TEXTS[input.payload.general.cbotEventType]
  callback(null, { type: 'systemMessage', text: text ?? [] })
}
