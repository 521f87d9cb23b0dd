/** The default template of a messaging event. `hint` says what its payload holds besides `general`. */
export function messagingTemplate(hint: string): string {
  return `function lambda(input, callback) {
  // ${hint}
  const { general } = input.payload;
  console.info(\`\${general.cbotEventType} for \${general.convId}\`);
  // No systemMessage in the result: the account's default message is sent. { type: 'systemMessage', text: [] } sends nothing.
  const commands = [
    { type: 'systemMessage', text: 'Thank you, we will be with you soon.' },
    // { type: 'transfer', skillId: '123456', agentId: '123456' },
    // { type: 'closeConversation' },
  ];
  callback(null, commands);
}
`
}
