// What `npm run demo` deploys for the event Messaging New Conversation. Change it and play again.
function lambda(input, callback) {
  const { general, start } = input.payload
  console.info('New conversation', general.convId)

  const greeting = start.firstConversation ? 'Welcome!' : 'Welcome back!'
  callback(null, [
    {
      type: 'systemMessage',
      text: `${greeting} A function greets you, an agent is on the way.`,
    },
  ])
}
