import type { SamplePayload, Template } from './event.ts'

const greeting = `function lambda(input, callback) {
  callback(null, \`Hello World\`);
}
`

const http = `const { Toolbelt } = require('lp-faas-toolbelt');

async function lambda(input, callback) {
  const http = Toolbelt.HTTPClient();
  try {
    const { statusCode, body } = await http(process.env.TARGET_URL || 'https://example.com/', {
      method: 'GET', headers: {}, simple: false, resolveWithFullResponse: true,
    });
    if (statusCode === 200) return callback(null, { statusCode, length: String(body).length });
    if (statusCode === 403) return callback(new Error('Domain is not allowed for this account'), null);
    return callback(new Error(\`Unexpected status code \${statusCode}\`), null);
  } catch (error) {
    return callback(error, null);
  }
}
`

const logging = `function lambda(input, callback) {
  console.debug('Only visible while testing', { payload: input.payload });
  console.info('Started', new Date().toISOString(), 42);
  console.warn('About to call something that is missing');
  try {
    notDefinedAnywhere();
  } catch (error) {
    console.error('Caught', { name: error.name });
  }
  callback(null, 'Function has finished');
}
`

const salesforce = `const { Toolbelt } = require('lp-faas-toolbelt');

// The secret "salesforce-token" is an access token. The domain of SF_URL must be allowed.
async function lambda(input, callback) {
  try {
    if (!URL.canParse(process.env.SF_URL || '')) {
      throw new Error('The environment variable SF_URL must be an address such as https://example.my.salesforce.com');
    }
    const { value: accessToken } = await Toolbelt.SecretClient().readSecret('salesforce-token');
    const con = Toolbelt.SFClient().connectToSalesforce({ instanceUrl: process.env.SF_URL, accessToken });
    const term = String(input.payload.filterName || 'cars').replace(/['\\\\%_]/g, '');
    con.query(\`SELECT Id, Name, Website, Phone FROM Account WHERE Name LIKE '%\${term}%'\`, (error, found) => {
      if (error) return callback(error, null);
      return callback(null, { totalSize: found.totalSize, firstRecord: found.records[0] });
    });
  } catch (error) {
    callback(error, null);
  }
}
`

const secretStorage = `const { Toolbelt } = require('lp-faas-toolbelt');
const secrets = Toolbelt.SecretClient();

async function lambda(input, callback) {
  try {
    const secret = await secrets.readSecret('my-secret');
    await secrets.updateSecret({ key: secret.key, value: input.payload.newValue || secret.value });
    callback(null, { message: 'Secret updated' });
  } catch (error) {
    console.error(\`Secret operation failed: \${error.message}\`);
    callback(error, null);
  }
}
`

const samplePayload: SamplePayload = { headers: [], payload: {} }
const templates: Template[] = [
  { name: 'Greeting Template', description: 'Says hello.', code: greeting },
  { name: 'HTTP Template', description: 'Sends an HTTP request.', code: http },
  { name: 'Logging Template', description: 'Writes log entries of every level.', code: logging },
  { name: 'Salesforce Template', description: 'Asks Salesforce for an account.', code: salesforce },
  {
    name: 'Secret Storage Template',
    description: 'Reads a secret and changes it.',
    code: secretStorage,
  },
]

/** What a function without an event starts from. `name` is what the published command line writes into its files. */
export const NO_EVENT = {
  name: 'No Event',
  description: 'Called by bots, schedules and other systems.',
  samplePayload,
  templates,
  skeleton: greeting,
}
