/** The default template of a messaging event: `hint` says what the event fills in its payload, `answer` is its message. */
export function messagingTemplate({ hint, answer }: { hint: string; answer: string }): string {
  return `function lambda(input, callback) {
  // ${hint}
  const { general } = input.payload;
  console.info(\`\${general.cbotEventType} for \${general.convId}\`);
  // No systemMessage in the result: the account's default message is sent. { type: 'systemMessage', text: [] } sends nothing.
  const commands = [
    { type: 'systemMessage', text: '${answer}' },
    // { type: 'transfer', skillId: '123456', agentId: '123456' },
    // { type: 'closeConversation' },
  ];
  callback(null, commands);
}
`
}
