/** A command that a reader of the API's page can paste into a shell. */
export interface Example {
  title: string
  command: string
}

const FUNCTION = {
  name: 'hello_from_the_api',
  description: 'says hello',
  code: 'function lambda(input, callback) { callback(null, "Hello " + input.payload.name) }',
}

/**
 * From the log-in to a function that has run. They stand on each other: the first one sets `TOKEN`, the third one `ID`.
 * @param url scheme, host and port of this server
 */
export function examplesOf(url: string, accountId: string): Example[] {
  const api = `${url}/api/v1/accounts/${accountId}`
  const auth = '-H "authorization: Bearer $TOKEN"'
  const json = "-H 'content-type: application/json'"
  const pick = (member: string) => `sed 's/.*"${member}":"\\([^"]*\\)".*/\\1/'`
  return [
    {
      title:
        'Log in. LOGIN and PASSWORD are those of a user; the first start has left an administrator in first-run.json of the data directory',
      command: `TOKEN=$(curl -s '${url}/api/account/${accountId}/login?v=1.3' ${json} \\
  -d "{\\"username\\":\\"$LOGIN\\",\\"password\\":\\"$PASSWORD\\"}" | ${pick('bearer')})`,
    },
    { title: 'List the functions', command: `curl -s '${api}/functions' ${auth}` },
    {
      title: 'Create one',
      command: `ID=$(curl -s '${api}/functions' ${auth} ${json} \\
  -d '${JSON.stringify(FUNCTION)}' | ${pick('functionId')})`,
    },
    {
      title: 'Deploy it',
      command: `curl -s -X PUT "${api}/functions/$ID/deployment" ${auth}`,
    },
    {
      title: 'Run it once, and keep its log',
      command: `curl -s "${api}/functions/$ID/test" ${auth} ${json} \\
  -d '{"payload":{"name":"Ada"},"keepLogs":true}'`,
    },
    { title: 'Read the newest log entries', command: `curl -s '${api}/logs?limit=10' ${auth}` },
    { title: 'Read what ran', command: `curl -s '${api}/invocations?limit=10' ${auth}` },
    {
      title: 'Remove it',
      command: `curl -s -X DELETE "${api}/functions/$ID/deployment" ${auth}
curl -s -X DELETE "${api}/functions/$ID" ${auth}`,
    },
  ]
}
