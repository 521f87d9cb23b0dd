export interface Snippet {
  /** As published, where the original editor has such a one. */
  name: string
  about: { en: string; de: string }
  /** What it takes out of the toolbelt. */
  uses: readonly string[]
  /** In the syntax of the editor: `${1:what}` is a place to fill in. */
  body: string
}

const TAKE_CONTEXT_CLIENT = `const contextClient = Toolbelt.ContextServiceClient({
  apiKey: '\${1:YOUR_DEVELOPER_KEY}',
  accountId: String(process.env.BRAND_ID),
});
`

/** Patterns of code that stand inside of a function. */
export const SNIPPETS: readonly Snippet[] = [
  {
    name: 'HTTP Snippet',
    about: {
      en: 'Sends an HTTP request to an allowed domain.',
      de: 'Sendet eine HTTP-Anfrage an eine erlaubte Domain.',
    },
    uses: ['Toolbelt'],
    body: `const httpClient = Toolbelt.HTTPClient();
const { statusCode, body } = await httpClient('\${1:https://example.com/}', {
  method: '\${2:GET}',
  headers: {},
  // Any status is an answer, with its headers.
  simple: false,
  resolveWithFullResponse: true,
});
if (statusCode !== 200) throw new Error(\`Unexpected status \\\${statusCode}\`);
console.info('Received', body);`,
  },
  {
    name: 'mTLS Request Snippet',
    about: {
      en: 'Sends an HTTP request with a certificate of the client.',
      de: 'Sendet eine HTTP-Anfrage mit einem Zertifikat des Clients.',
    },
    uses: ['Toolbelt'],
    body: `const secretClient = Toolbelt.SecretClient();
const { value: key } = await secretClient.readSecret('\${1:mtls-key}');
const { value: cert } = await secretClient.readSecret('\${2:mtls-certificate}');
const mtlsClient = Toolbelt.MTLSClient({ key: String(key), cert: String(cert) });
const { statusCode, body } = await mtlsClient.post(
  '\${3:https://example.com/}',
  {},
  { \${4:name}: '\${5:value}' },
  { json: true, timeout: 10000 },
);
console.info('Received', statusCode, body);`,
  },
  {
    name: 'Read Secret Snippet',
    about: {
      en: 'Reads a secret as it is now.',
      de: 'Liest ein Geheimnis, wie es jetzt ist.',
    },
    uses: ['Toolbelt'],
    body: `const { value } = await Toolbelt.SecretClient().readSecret('\${1:my-secret}');`,
  },
  {
    name: 'Update Secret Snippet',
    about: { en: 'Changes a secret.', de: 'Ändert ein Geheimnis.' },
    uses: ['Toolbelt'],
    body: `await Toolbelt.SecretClient().updateSecret({ key: '\${1:my-secret}', value: '\${2:new value}' });`,
  },
  {
    name: 'Conversation Util Snippet',
    about: {
      en: 'Reads a conversation and looks for words in it.',
      de: 'Liest ein Gespräch und sucht Wörter darin.',
    },
    uses: ['Toolbelt', 'ConversationContentTypes'],
    body: `const conversationUtil = Toolbelt.ConversationUtil();
const conversation = await conversationUtil.getConversationById('\${1:conversation id}', [
  ConversationContentTypes.MESSAGE_RECORDS,
]);
// Each keyword is a regular expression, without regard to case.
const found = conversationUtil.scanConversationForKeywords(conversation, ['\${2:refund}']);
console.info(\`Found \\\${found.length}\`);`,
  },
  {
    name: 'SDE Util Snippet',
    about: {
      en: 'Adds engagement attributes to a visit.',
      de: 'Gibt einem Besuch Engagement-Attribute.',
    },
    uses: ['Toolbelt', 'SDETypes'],
    body: `await Toolbelt.SDEUtil().addSDEs(
  [{ type: SDETypes.PERSONAL_INFO, personal: { contacts: [{ email: '\${1:ada@example.com}' }] } }],
  '\${2:visitor id}',
  '\${3:session id}',
);`,
  },
  {
    name: 'GDPR Util Snippet',
    about: {
      en: 'Replaces all files of a conversation for good.',
      de: 'Ersetzt alle Dateien eines Gesprächs endgültig.',
    },
    uses: ['Toolbelt'],
    body: `const conversation = await Toolbelt.ConversationUtil().getConversationById('\${1:conversation id}');
const { value: password } = await Toolbelt.SecretClient().readSecret('\${2:file-storage-password}');
const replaced = await Toolbelt.GDPRUtil().replaceConversationFiles(
  conversation,
  { username: '\${3:user name}', password: String(password) },
  // Which files; all of them without it.
  (path) => path.endsWith('\${4:.png}'),
);
console.info('Replaced', replaced);`,
  },
  {
    name: 'Salesforce Snippet',
    about: { en: 'Asks Salesforce for records.', de: 'Fragt Salesforce nach Datensätzen.' },
    uses: ['Toolbelt'],
    body: `const { value: accessToken } = await Toolbelt.SecretClient().readSecret('\${1:salesforce-token}');
const connection = Toolbelt.SFClient().connectToSalesforce({
  instanceUrl: '\${2:https://example.my.salesforce.com}',
  accessToken: String(accessToken),
});
const { totalSize, records } = await connection.query('\${3:SELECT Id, Name FROM Account LIMIT 10}');
console.info(\`Found \\\${totalSize}\`, records);`,
  },
  {
    name: 'LP Client Snippet',
    about: {
      en: 'Calls an API of the platform with the default key.',
      de: 'Ruft eine API der Plattform mit dem Standardschlüssel auf.',
    },
    uses: ['Toolbelt', 'LpServices'],
    body: `const answer = await Toolbelt.LpClient()(
  LpServices.MSG_HIST,
  \`/messaging_history/api/account/\\\${process.env.BRAND_ID}/agent-view/status\`,
  { method: 'POST', json: true, body: { skillIds: ['\${1:skill id}'] } },
);
console.info('Answered', answer);`,
  },
  {
    name: 'Create Context Session Storage Snippet',
    about: {
      en: 'Writes properties into the context store.',
      de: 'Schreibt Eigenschaften in den Kontextspeicher.',
    },
    uses: ['Toolbelt'],
    body: `${TAKE_CONTEXT_CLIENT}// Without an id of a session, the default one.
await contextClient.setPropertiesInNamespace('\${2:namespace}', { \${3:name}: '\${4:value}' }, '\${5:session id}');`,
  },
  {
    name: 'Read Context Session Storage Snippet',
    about: {
      en: 'Reads a property from the context store.',
      de: 'Liest eine Eigenschaft aus dem Kontextspeicher.',
    },
    uses: ['Toolbelt'],
    body: `${TAKE_CONTEXT_CLIENT}const property = await contextClient.getPropertyInSession('\${2:namespace}', '\${3:name}', '\${4:session id}');`,
  },
  {
    name: 'Update Context Session Storage Snippet',
    about: {
      en: 'Changes properties in the context store.',
      de: 'Ändert Eigenschaften im Kontextspeicher.',
    },
    uses: ['Toolbelt'],
    body: `${TAKE_CONTEXT_CLIENT}await contextClient.updatePropertiesInNamespace('\${2:namespace}', { \${3:name}: '\${4:value}' }, '\${5:session id}');`,
  },
  {
    name: 'Delete Context Session Storage Snippet',
    about: {
      en: 'Removes a property from the context store.',
      de: 'Entfernt eine Eigenschaft aus dem Kontextspeicher.',
    },
    uses: ['Toolbelt'],
    body: `${TAKE_CONTEXT_CLIENT}await contextClient.deletePropertyInSession('\${2:namespace}', '\${3:name}', '\${4:session id}');`,
  },
  {
    name: 'Commands Snippet',
    about: {
      en: 'What a function of a messaging event may answer: the first command of each type counts.',
      de: 'Was eine Funktion eines Messaging-Ereignisses antworten kann: Von jeder Art zählt der erste Befehl.',
    },
    uses: [],
    body: `const commands = [
  { type: 'systemMessage', text: '\${1:your message}' },
  { type: 'transfer', skillId: '\${2:123456}', agentId: '\${3:123456}' },
  { type: 'closeConversation' },
];`,
  },
]
